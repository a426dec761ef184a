"""Reads of classes for lists, the clash radar and the timeline."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, QuerySet

from core.access import Viewer
from training.choices import ClassKind
from training.models import Participation, TrainingClass


def class_list(viewer: Viewer) -> QuerySet[TrainingClass]:
    """The catalogue, each class with the number of people in it as `people`."""
    return TrainingClass.objects.visible_to(viewer).annotate(people=Count("participations"))


def participations_between(cadre_ids: Sequence[int], since: date, until: date) -> QuerySet[Participation]:
    """Parts in classes that touch the closed period."""
    found = Participation.objects.filter(
        cadre_id__in=cadre_ids, training_class__starts_on__lte=until, training_class__ends_on__gte=since
    )
    return found.select_related("training_class").order_by("training_class__starts_on", "pk")


def occupying_classes(cadre_ids: Sequence[int], since: date, until: date) -> QuerySet[Participation]:
    """Those of them that keep a person away from the desk; an online course does not."""
    found = participations_between(cadre_ids, since, until)
    return found.exclude(training_class__kind=ClassKind.ONLINE)
