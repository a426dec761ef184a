"""People of a class, a slot, an activity changed many at once: previewed, changed, taken back."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from core.access import Role
from core.bulk import services
from core.choices import BulkRowState
from core.models import BulkChange
from people.access import viewer_for
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.slots import expect, make_meeting, make_slot
from tests.factories.training import credit, make_class
from training.choices import AttendanceState, LeaveReason
from training.models import Attendance, HourEntry, Participation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
BACKEND = "people.backends.AccountBackend"
DAY = date(2026, 3, 5)


@pytest.fixture
def office():
    return make_unit("党政办公室")


@pytest.fixture
def hr():
    return make_account(Role.HR)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def yesterday(hour: int = 9):
    return (timezone.localtime() - timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


def prepare(user, list_key, field, value, rows) -> BulkChange:
    return services.prepare(
        list_key=list_key,
        field_key=field,
        value=value,
        ids=[row.pk for row in rows],
        by=viewer_for(user, on=timezone.localdate()),
        at=timezone.now(),
    )


def apply(user, change) -> BulkChange:
    by = viewer_for(user, on=timezone.localdate())
    return services.apply_change(change=change, by=by, at=timezone.now())


def undo(user, change) -> BulkChange:
    by = viewer_for(user, on=timezone.localdate())
    return services.undo_change(change=change, by=by, at=timezone.now())


def states(change) -> list[str]:
    return list(change.rows.values_list("state", flat=True))


def test_hours_of_a_class_are_changed_and_taken_back_with_the_ledger(hr, office) -> None:
    held = make_class(starts_on=DAY, hours=8)
    rows = [credit(make_cadre(unit=office), held) for _ in range(3)]
    change = apply(hr, prepare(hr, "training:class", "hours", Decimal("6.5"), rows))
    assert set(Participation.objects.values_list("hours", flat=True)) == {Decimal("6.50")}
    assert sum(HourEntry.objects.filter(reversed_at=None).values_list("hours", flat=True)) == Decimal("19.50")
    undo(hr, change)
    assert set(Participation.objects.values_list("hours", flat=True)) == {Decimal("8.00")}
    assert sum(HourEntry.objects.filter(reversed_at=None).values_list("hours", flat=True)) == Decimal("24.00")


def test_results_and_notes_and_what_is_the_same(hr, office) -> None:
    held = make_class(starts_on=DAY)
    good = credit(make_cadre(unit=office), held, result="excellent")
    plain = credit(make_cadre(unit=office), held)
    change = prepare(hr, "training:class", "result", "excellent", [good, plain])
    assert states(change) == [BulkRowState.SAME, BulkRowState.READY]
    apply(hr, change)
    plain.refresh_from_db()
    assert plain.result == "excellent"


def test_the_own_row_and_a_class_under_way_are_refused(office) -> None:
    own = make_cadre("办事示例", unit=office)
    officer = make_account(Role.HR, cadre=own)
    held = make_class(starts_on=DAY)
    live = make_class(starts_on=DAY, state="running")
    rows = [credit(own, held), credit(make_cadre(unit=office), live)]
    change = prepare(officer, "training:class", "hours", Decimal(4), rows)
    assert states(change) == [BulkRowState.REFUSED, BulkRowState.REFUSED]


def test_who_came_to_an_activity(office) -> None:
    party = make_account(Role.PARTY)
    cadres = [make_cadre(unit=office) for _ in range(2)]
    slot = make_meeting(yesterday(), *cadres)
    rows = list(slot.attendances.all())
    change = apply(
        party, prepare(party, "training:activity_people", "state", f"leave:{LeaveReason.values[0]}", rows)
    )
    found = set(Attendance.objects.values_list("state", "leave_reason"))
    assert found == {("leave", LeaveReason.values[0])}, list(change.rows.values_list("note", flat=True))
    undo(party, change)
    assert set(Attendance.objects.values_list("state", flat=True)) == {AttendanceState.EXPECTED}


def test_who_came_to_a_slot_of_a_class(hr, office) -> None:
    slot = make_slot(yesterday())
    rows = expect(slot, *[make_cadre(unit=office) for _ in range(2)])
    change = apply(hr, prepare(hr, "training:slot", "state", "present:", rows))
    assert states(change) == [BulkRowState.DONE, BulkRowState.DONE]
    undo(hr, change)
    assert set(Attendance.objects.values_list("state", flat=True)) == {AttendanceState.EXPECTED}


def test_from_the_page_of_a_class_to_the_batch_and_back(hr, office) -> None:
    held = make_class(starts_on=DAY)
    rows = [credit(make_cadre(unit=office), held) for _ in range(52)]  # more than a page
    client = client_of(hr)
    page = client.get(f"/training/classes/{held.pk}/").content.decode()
    assert "选中全部 52 人" in page
    whole = client.get(f"/training/classes/{held.pk}/?all=1").content.decode()
    assert whole.count('name="chosen"') == 52
    here = f"/bulk/new/?list=training:class&next=/training/classes/{held.pk}/"
    sent = {"chosen": [row.pk for row in rows], "field": "note", "value_note": "统一核定", "reason": "复核"}
    answer = client.post(here, sent)
    batch = client.get(answer.headers["Location"]).content.decode()
    assert f'href="/training/classes/{held.pk}/"' in batch
    assert "统一核定" in batch


def test_a_class_under_way_has_nothing_to_choose(hr, office) -> None:
    held = make_class(starts_on=DAY, state="running")
    credit(make_cadre(unit=office), held, state="confirmed")
    assert 'name="chosen"' not in client_of(hr).get(f"/training/classes/{held.pk}/").content.decode()


def test_the_list_of_an_activity_offers_all_that_match(office) -> None:
    party = make_account(Role.PARTY)
    slot = make_meeting(yesterday(), *[make_cadre(unit=office) for _ in range(17)])
    client = client_of(party)
    here = f"/training/study/{slot.activity_id}/people/"
    assert "选中全部 17 人" in client.get(here).content.decode()
    assert client.get(f"{here}?all=1").content.decode().count('name="chosen"') == 17


def test_the_history_of_bulk_changes_is_in_the_menu_of_who_makes_them(hr) -> None:
    assert 'href="/bulk/"' in client_of(hr).get("/bulk/").content.decode()
    assert 'href="/bulk/"' not in client_of(make_account(Role.AUDITOR)).get("/").content.decode()
    own = make_account(cadre=make_cadre(unit=make_unit()))
    assert 'href="/bulk/"' not in client_of(own).get("/").content.decode()


def test_an_export_has_the_rows_columns_and_order_of_the_view(office) -> None:
    """The same on every list page: here of one whose columns, filter and order are all turned."""
    party = make_account(Role.PARTY)
    cadres = [make_cadre(name, unit=office) for name in ("安示例", "白示例", "程示例")]
    slot = make_meeting(yesterday(), *cadres)
    slot.attendances.update(unit=office)
    slot.attendances.filter(cadre=cadres[1]).update(state="absent", source="manual")
    query = "state=expected&sort=-name&col=unit&col=name"
    here = f"/training/study/{slot.activity_id}/people/?{query}"
    client = client_of(party)
    shown = client.get(here).context["rows"]
    sheet = load_workbook(BytesIO(client.get(f"{here}&export=xlsx").content)).active
    rows = [
        row[:2]
        for row in sheet.iter_rows(values_only=True)
        if row[1] in ("姓名", "安示例", "白示例", "程示例")
    ]
    assert rows == [("时任部门", "姓名"), ("党政办公室", "程示例"), ("党政办公室", "安示例")]
    assert [cells[1][1] for _, cells in shown] == ["程示例", "安示例"]
