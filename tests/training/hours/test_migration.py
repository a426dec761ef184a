"""What was credited before the ledger was kept: the migration posts exactly what the service would."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from tests.factories.people import make_cadre
from tests.factories.training import attend, credit, make_class
from training.choices import ClassKind, ParticipationState
from training.models import HourEntry, Participation
from training.services import settle_participations
from training.services.ledger import Settled

pytestmark = pytest.mark.django_db

post_participations = import_module("training.migrations.0009_post_participations").post_participations


def test_existing_participations_are_posted_as_the_service_posts_them():
    cadre = make_cadre()
    attend(cadre, date(2026, 3, 1), 8)
    attend(cadre, date(2021, 3, 1), 8)
    attend(cadre, date(2026, 3, 2), "7.25", "0.5", kind=ClassKind.ONLINE)
    credit(cadre, make_class("跨年班", starts_on=date(2025, 12, 29), ends_on=date(2026, 1, 2)))
    attend(cadre, date(2026, 4, 1), 0, 0)
    attend(cadre, date(2026, 5, 1), 8, name="未结业班")
    Participation.objects.filter(training_class__name="未结业班").update(
        state=ParticipationState.NOT_COMPLETED
    )
    HourEntry.objects.all().delete()
    post_participations(apps, SimpleNamespace(connection=connection))
    assert HourEntry.objects.count() == 4
    everyone = Participation.objects.values_list("pk", flat=True)
    assert settle_participations(keys=everyone, by=None) == Settled(kept=4)
