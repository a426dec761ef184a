"""Classes that are under way, and people on their lists. The day of the tests is 2 November 2026."""

from datetime import datetime
from typing import Any

from core.access import Viewer
from people.models import Cadre
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.factories.slots import at
from tests.factories.training import make_class
from training.choices import ClassState, EnrolmentWay
from training.models import Participation, Slot, TrainingClass
from training.services.enrolment import apply_for

NOW = at(2026, 11, 2, 10)
FIRST_DAY = at(2026, 11, 16).date()


def live_class(*, slots: int = 0, **values: Any) -> TrainingClass:
    """Enrolling; two weeks ahead, with slots of three hours on the mornings from the first day on."""
    values = {
        "starts_on": FIRST_DAY,
        "state": ClassState.ENROLLING,
        "enrolment_way": EnrolmentWay.OPEN,
        "enrol_closes_at": at(2026, 11, 10, 18),
    } | values
    held = make_class(**values)
    for day in range(slots):
        start = at(2026, 11, 16 + day, 9)
        Slot.objects.create(training_class=held, starts_at=start, ends_at=start.replace(hour=12))
    return held


def make_self(cadre: Cadre | None = None) -> Viewer:
    """A cadre with an account of the own."""
    return make_viewer(cadre=cadre or make_cadre(unit=make_unit()))


def enter(held: TrainingClass, by: Viewer | None = None, moment: datetime = NOW) -> Participation:
    return apply_for(training_class=held, by=by or make_self(), at=moment)
