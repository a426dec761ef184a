from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from core.access import Role, Viewer
from people.models import Cadre
from tests.factories.people import make_cadre, make_viewer
from tests.factories.slots import at, expect, make_slot, make_slot_rule
from training.checkin import code_of, token_of, window_at
from training.models import Attendance, Slot
from training.queries.checkin import secret_of
from training.services.checkin import Outcome, Proof, check_in, scan

START = at(2026, 11, 2, 9)


@dataclass
class Room:
    """A slot with a screen, and one cadre who is expected."""

    slot: Slot
    cadre: Cadre
    viewer: Viewer

    @property
    def row(self) -> Attendance:
        return self.slot.attendances.get(cadre=self.cadre)

    def code(self, moment: datetime = START) -> str:
        return code_of(secret_of(self.slot), window_at(moment))

    def token(self, moment: datetime = START) -> str:
        return token_of(secret_of(self.slot), self.slot.pk, window_at(moment))

    def type_code(self, moment: datetime = START, *, by: Viewer | None = None, **more) -> Outcome:
        """Types the code on the screen at the moment."""
        proof = Proof(code=self.code(moment))
        return check_in(proof=proof, by=by or self.viewer, at=moment, **more)

    def scan(self, moment: datetime = START, *, device: str = "phone") -> str:
        return scan(token=self.token(moment), device=device, at=moment)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def room(db: None) -> Room:
    make_slot_rule()
    slot = make_slot(START, hours=2, topic="安全生产")
    cadre = make_cadre("李示例")
    expect(slot, cadre)
    return Room(slot, cadre, make_viewer(cadre=cadre))


@pytest.fixture
def hr(db: None) -> Viewer:
    return make_viewer(Role.HR)
