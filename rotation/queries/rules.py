"""The amounts in force on a day."""

from dataclasses import fields
from datetime import date

from rotation.models import MoveRule
from rotation.thresholds import USUAL, Thresholds

NAMES = tuple(field.name for field in fields(Thresholds))


def thresholds_on(day: date) -> Thresholds:
    """The usual amounts where no version is in force."""
    row = MoveRule.objects.covering(day).order_by("-starts_on").values(*NAMES).first()
    return Thresholds(**row) if row else USUAL
