"""The pages of checking in: the telephone's, the screen's and those of the staff."""

from datetime import timedelta
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access import Role
from tests.factories.people import make_account, make_cadre
from tests.factories.slots import expect, make_slot, make_slot_rule
from training.checkin import code_of, token_of, window_at
from training.choices import AttendanceSource, AttendanceState
from training.models import Slot
from training.queries.checkin import secret_of

pytestmark = pytest.mark.django_db
BACKEND = "people.backends.AccountBackend"


def client_of(*roles: Role, **values) -> Client:
    client = Client()
    client.force_login(make_account(*roles, **values), backend=BACKEND)
    return client


@pytest.fixture
def cadre():
    return make_cadre("李示例", staff_no="T90001")


@pytest.fixture
def slot(cadre) -> Slot:
    """Now, whatever the clock says."""
    make_slot_rule()
    found = make_slot(timezone.now() - timedelta(minutes=1), hours=2)
    expect(found, cadre)
    return found


def shown(slot: Slot) -> str:
    return code_of(secret_of(slot), window_at(timezone.now()))


def address(slot: Slot) -> str:
    return f"/training/c/{token_of(secret_of(slot), slot.pk, window_at(timezone.now()))}/"


def state(slot: Slot, cadre) -> str:
    return slot.attendances.get(cadre=cadre).state


# The telephone


def test_a_typed_code_ends_on_the_result(slot: Slot, cadre) -> None:
    answer = client_of(cadre=cadre).post("/training/checkin/", {"code": shown(slot).lower()}, follow=True)
    assert "签到成功" in answer.content.decode()
    assert state(slot, cadre) == AttendanceState.PRESENT


@pytest.mark.parametrize("code", ["", "12", "0O1I00", "ABCDEFG"])
def test_what_is_no_code_is_said_at_the_field(slot: Slot, cadre, code: str) -> None:
    answer = client_of(cadre=cadre).post("/training/checkin/", {"code": code})
    assert answer.status_code == 422
    assert "请输入大屏上的 6 位签到码" in answer.content.decode()


def test_a_refusal_stays_on_the_page_with_its_reason(slot: Slot, cadre) -> None:
    answer = client_of(cadre=make_cadre()).post("/training/checkin/", {"code": shown(slot)})
    assert (answer.status_code, "不在这场活动的应到名单中" in answer.content.decode()) == (422, True)


def test_a_stranger_scans_logs_in_and_presses(slot: Slot, cadre) -> None:
    account, client = make_account(cadre=cadre), Client()
    scanned = client.get(address(slot))
    assert scanned["Location"].startswith("/training/checkin/?t=")
    assert client.get(scanned["Location"])["Location"].startswith("/login/?next=/training/checkin/")
    client.force_login(account, backend=BACKEND)
    page = client.get(scanned["Location"])
    ticket = page.context["ticket"]
    assert "扫码成功" in page.content.decode()
    client.post("/training/checkin/", {"ticket": ticket})
    assert slot.attendances.get(cadre=cadre).source == AttendanceSource.QR


def test_a_scan_changes_nothing_by_itself(slot: Slot, cadre) -> None:
    client_of(cadre=cadre).get(address(slot), follow=True)
    assert state(slot, cadre) == AttendanceState.EXPECTED


def test_a_code_that_is_none_says_it_has_expired(cadre) -> None:
    answer = client_of(cadre=cadre).get("/training/c/xxxx/", follow=True)
    assert "这个码已经过期" in answer.content.decode()


def test_nobody_sees_another_ones_result(slot: Slot, cadre) -> None:
    client_of(cadre=cadre).post("/training/checkin/", {"code": shown(slot)})
    row = slot.attendances.get(cadre=cadre)
    assert client_of(cadre=make_cadre()).get(f"/training/checkin/{row.pk}/").status_code == 404


# The API that the telephone's script uses


def post(client: Client, **body):
    return client.post("/api/v1/check-ins/", body, content_type="application/json")


def test_the_api_takes_a_code_once(slot: Slot, cadre) -> None:
    client = client_of(cadre=cadre)
    first, second = post(client, code=shown(slot)), post(client, code=shown(slot))
    assert [(a.status_code, a.json()["result"]) for a in (first, second)] == [
        (201, "present"),
        (200, "already"),
    ]
    assert first.json()["url"] == f"/training/checkin/{slot.attendances.get(cadre=cadre).pk}/"


def test_the_api_refuses_with_a_code_and_a_sentence(slot: Slot, cadre) -> None:
    answer = post(client_of(cadre=cadre), code="ZZZZZZ")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown")
    assert post(client_of(cadre=make_cadre()), code="").status_code == 400


def test_the_api_corrects_only_with_a_reason(slot: Slot, cadre) -> None:
    client, row = client_of(Role.HR), slot.attendances.get(cadre=cadre)

    def patch(**body) -> int:
        address = f"/api/v1/attendances/{row.pk}/"
        return client.patch(address, body, content_type="application/json").status_code

    assert [patch(state="present"), patch(state="absent"), patch(state="absent", reason="代签")] == [
        200,
        422,
        200,
    ]


# The screen and the staff


def test_the_screen_shows_a_code_and_who_is_missing(slot: Slot, cadre) -> None:
    client = client_of(Role.HR)
    page = client.get(f"/training/slots/{slot.pk}/screen/").content.decode()
    code = shown(slot)
    assert f"<b>{code[:3]}</b><b>{code[3:]}</b>" in page
    assert "<svg" in page
    assert "style=" not in page
    board = client.get(f"/training/slots/{slot.pk}/screen/board/", headers={"HX-Request": "true"})
    assert ("李示例" in board.content.decode(), board["Cache-Control"]) == (True, "no-store")


def test_no_code_is_shown_before_and_after(cadre) -> None:
    make_slot_rule()
    client = client_of(Role.HR)
    for hours in (-30, 30):
        found = make_slot(timezone.now() + timedelta(hours=hours))
        page = client.get(f"/training/slots/{found.pk}/screen/").content.decode()
        assert (shown(found)[:3] in page, "qrbox off" in page) == (False, True)


def test_chosen_people_are_registered(slot: Slot, cadre) -> None:
    client, row = client_of(Role.HR), slot.attendances.get(cadre=cadre)
    chosen = client.post(f"/training/slots/{slot.pk}/mark/", {"chosen": [row.pk]})
    assert chosen["Location"] == f"/training/slots/{slot.pk}/mark/?rows={row.pk}"
    assert client.get(chosen["Location"]).status_code == 200
    client.post(chosen["Location"], {"state": "leave", "leave_reason": "sick"})
    assert state(slot, cadre) == AttendanceState.LEAVE


def test_the_own_row_cannot_be_chosen(slot: Slot, cadre) -> None:
    client, row = client_of(Role.HR, cadre=cadre), slot.attendances.get(cadre=cadre)
    answer = client.post(f"/training/slots/{slot.pk}/mark/", {"chosen": [row.pk]}, follow=True)
    assert "本人的考勤由其他经办人登记" in answer.content.decode()


def test_a_pasted_list_tells_whom_it_did_not_find(slot: Slot, cadre) -> None:
    answer = client_of(Role.HR).post(
        f"/training/slots/{slot.pk}/import/", {"names": "T90001、查无此人", "state": "present"}, follow=True
    )
    assert "查无此人" in answer.content.decode()
    row = slot.attendances.get(cadre=cadre)
    assert (row.state, row.source) == (AttendanceState.PRESENT, AttendanceSource.IMPORTED)


def test_a_workbook_is_read_by_its_heading_and_walk_ins_are_added(slot: Slot, cadre) -> None:
    make_cadre("临时到场")
    data = BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["安全班签到表"])
    sheet.write_row(1, 0, ["序号", "姓名"])
    sheet.write_row(2, 0, [1, "李示例"])
    sheet.write_row(3, 0, [2, "临时到场"])
    book.close()
    upload = SimpleUploadedFile("签到表.xlsx", data.getvalue())
    client_of(Role.HR).post(
        f"/training/slots/{slot.pk}/import/", {"file": upload, "state": "late", "add_missing": "on"}
    )
    found = dict(slot.attendances.values_list("cadre__name", "state"))
    assert found == {"李示例": "late", "临时到场": "late"}


def test_those_who_are_left_are_absent(slot: Slot, cadre) -> None:
    client_of(Role.HR).post(f"/training/slots/{slot.pk}/rest/")
    assert state(slot, cadre) == AttendanceState.ABSENT


@pytest.mark.parametrize("where", ["", "screen/", "screen/board/"])
def test_queries_do_not_grow(slot: Slot, where: str) -> None:
    client, path = client_of(Role.HR), f"/training/slots/{slot.pk}/{where}"

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    client.get(path)
    one = queries()
    expect(slot, make_cadre(), make_cadre())
    assert queries() == one <= 12
