"""A draft is the planners' own until it is published."""

from datetime import UTC, date, datetime

import pytest

from core.access import Role
from tests.factories.people import make_cadre, make_viewer
from tests.factories.training import make_class
from training.choices import ClassState
from training.models import Slot, TrainingClass

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("roles", "sees"),
    [((Role.HR,), True), ((Role.DEPARTMENT_HEAD,), False), ((Role.TOP_LEADER,), False), ((), False)],
)
def test_drafts_are_seen_by_those_who_plan(roles, sees) -> None:
    draft = make_class(starts_on=date(2026, 12, 1), state=ClassState.DRAFT)
    Slot.objects.create(
        training_class=draft,
        starts_at=datetime(2026, 12, 1, 1, tzinfo=UTC),
        ends_at=datetime(2026, 12, 1, 3, tzinfo=UTC),
    )
    viewer = make_viewer(*roles) if roles else make_viewer(cadre=make_cadre("张示例"))
    assert TrainingClass.objects.visible_to(viewer).exists() is sees
    assert Slot.objects.visible_to(viewer).exists() is sees
    TrainingClass.objects.update(state=ClassState.PUBLISHED)
    assert TrainingClass.objects.visible_to(viewer).exists()
    assert Slot.objects.visible_to(viewer).exists()
