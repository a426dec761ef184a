"""冲销: with a reason, kept away while the source says the same, never deleted, never for oneself."""

from datetime import date

import pytest

from core.access import Role
from core.choices import AuditAction
from core.errors import DomainError
from core.models import AuditEvent
from tests.factories.hours import AT
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.factories.training import attend
from training.models import HourEntry
from training.queries import hours_of
from training.services import (
    change_participation,
    restore_entry,
    reverse_entry,
    settle_participations,
    update_class,
)
from training.services.ledger import Settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
DAY = date(2026, 3, 2)


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


def test_a_reversed_entry_stays_away_until_the_source_is_corrected(hr):
    cadre = make_cadre()
    row = attend(cadre, DAY, 8)
    reverse_entry(entry=HourEntry.objects.get(), reason="代签到", by=hr, at=AT)
    assert hours_of(cadre, on=AT.date()).summary.hours == 0
    assert settle_participations(keys=[row.pk], by=hr) == Settled(withheld=1)
    change_participation(participation=row, values={"hours": 4}, by=hr)
    assert hours_of(cadre, on=AT.date()).summary.hours == 4
    assert HourEntry.objects.count() == 2
    event = AuditEvent.objects.filter(action=AuditAction.HOURS_REVERSED).get()
    assert (event.reason, event.actor_name) == ("代签到", hr.name)


def test_a_reversal_can_be_taken_back_and_both_stay_in_the_history(hr):
    cadre = make_cadre()
    attend(cadre, DAY, 8)
    entry = HourEntry.objects.get()
    reverse_entry(entry=entry, reason="误判", by=hr, at=AT)
    entry.refresh_from_db()
    copy = restore_entry(entry=entry, by=hr, at=AT)
    assert (copy.hours, copy.reversed_at, copy.source_key) == (8, None, entry.source_key)
    assert hours_of(cadre, on=AT.date()).summary.hours == 8
    with pytest.raises(DomainError, match="新的入账"):
        restore_entry(entry=entry, by=hr, at=AT)


def test_twice_is_refused(hr):
    attend(make_cadre(), DAY, 8)
    entry = HourEntry.objects.get()
    reverse_entry(entry=entry, reason="重复", by=hr, at=AT)
    with pytest.raises(DomainError, match="已经冲销"):
        reverse_entry(entry=entry, reason="重复", by=hr, at=AT)


def test_a_reason_is_needed_and_the_own_entry_is_not_reached():
    cadre = make_cadre(unit=make_unit())
    attend(cadre, DAY, 8)
    entry, both = HourEntry.objects.get(), make_viewer(Role.HR, cadre=cadre)
    with pytest.raises(DomainError, match="本人"):
        reverse_entry(entry=entry, reason="改", by=both, at=AT)
    with pytest.raises(DomainError, match="原因"):
        reverse_entry(entry=entry, reason="", by=make_viewer(Role.HR), at=AT)


def test_a_class_that_moves_takes_its_entries_along(hr):
    cadre = make_cadre()
    held = attend(cadre, date(2026, 1, 2), 8).training_class
    moved = {"starts_on": date(2025, 12, 31), "ends_on": date(2025, 12, 31), "name": "岁末班"}
    update_class(training_class=held, values=moved, by=hr)
    old, new = HourEntry.objects.order_by("pk")
    assert (old.reversal_reason, new.title, new.starts_on) == ("班次信息已修改", "岁末班", date(2025, 12, 31))
    assert hours_of(cadre, on=date(2026, 3, 1)).summary.hours == 0
