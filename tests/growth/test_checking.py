"""The cadre confirms lines or asks for a correction; the office decides, nobody about the own record."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.access import Role
from core.errors import DomainError
from growth.checking import checked, own_lines
from growth.completeness import state_of_file
from growth.contracts import Edition, editor_of, source_of
from growth.evidence import Verdict
from growth.models import CorrectionRequest, CorrectionState
from growth.queries import snapshot_of
from growth.services import (
    apply_correction,
    ask_correction,
    confirm_lines,
    refuse_correction,
    withdraw_correction,
)
from people.models import Cadre, Honour
from tests.factories.documents import blank_pdf
from tests.factories.people import make_account, make_cadre, make_viewer

AT = datetime(2026, 7, 1, 1, tzinfo=UTC)


@pytest.fixture
def me(cadre: Cadre):
    return make_viewer(cadre=cadre)


@pytest.fixture
def key(cadre: Cadre) -> str:
    return source_of(Honour.objects.get(cadre=cadre), "").key


def line_of(cadre: Cadre, viewer, key: str):
    return next(line for line in own_lines(cadre, viewer=viewer) if line.key == key)


def test_all_open_lines_are_confirmed_at_once(cadre: Cadre, me) -> None:
    lines = own_lines(cadre, viewer=me)
    assert confirm_lines(cadre=cadre, keys=None, by=me, at=AT) == len(lines)
    state = checked(own_lines(cadre, viewer=me))
    assert (state.confirmed, state.percent) == (len(lines), 100)
    assert confirm_lines(cadre=cadre, keys=None, by=me, at=AT) == 0


def test_a_line_that_changes_is_open_again(cadre: Cadre, me, key: str) -> None:
    confirm_lines(cadre=cadre, keys={key}, by=me, at=AT)
    assert line_of(cadre, me, key).verdict == Verdict.CONFIRMED
    Honour.objects.filter(cadre=cadre).update(title="改过的荣誉")
    assert line_of(cadre, me, key).verdict == Verdict.NONE


def test_only_the_cadre_confirms(cadre: Cadre) -> None:
    officer = make_viewer(Role.HR)
    with pytest.raises(DomainError, match="只有本人"):
        confirm_lines(cadre=cadre, keys=None, by=officer, at=AT)


def test_a_correction_goes_from_asking_to_the_new_line(cadre: Cadre, me, key: str) -> None:
    proof = SimpleUploadedFile("证书.pdf", blank_pdf(), "application/pdf")
    request = ask_correction(cadre=cadre, key=key, wanted="名称应为先进工作者", by=me, at=AT, proof=proof)
    assert (request.proof.name, line_of(cadre, me, key).verdict) == ("证书.pdf", Verdict.DISPUTED)
    with pytest.raises(DomainError, match="已有待处理"):
        ask_correction(cadre=cadre, key=key, wanted="再来一次", by=me, at=AT)
    officer = make_viewer(Role.HR)
    with pytest.raises(DomainError, match="还是原来的内容"):
        apply_correction(request=request, by=officer, at=AT)
    Honour.objects.filter(cadre=cadre).update(title="先进工作者")
    apply_correction(request=request, by=officer, at=AT)
    request.refresh_from_db()
    assert (request.state, request.decided_by_id) == (CorrectionState.APPLIED, officer.user_id)
    assert "先进工作者" in request.new_line
    assert line_of(cadre, me, key).is_open  # the new words are the cadre's to confirm


def test_refusing_needs_a_reason_and_happens_once(cadre: Cadre, me, key: str) -> None:
    request = ask_correction(cadre=cadre, key=key, wanted="名称不对", by=me, at=AT)
    officer = make_viewer(Role.HR)
    with pytest.raises(DomainError, match="理由"):
        refuse_correction(request=request, by=officer, at=AT, answer=" ")
    refuse_correction(request=request, by=officer, at=AT, answer="与证书一致")
    with pytest.raises(DomainError, match="已经处理过"):
        refuse_correction(request=request, by=officer, at=AT, answer="与证书一致")


def test_nobody_decides_the_own_request(cadre: Cadre, key: str) -> None:
    own_officer = make_viewer(Role.HR, Role.CADRE, cadre=cadre)
    request = ask_correction(cadre=cadre, key=key, wanted="名称不对", by=own_officer, at=AT)
    with pytest.raises(DomainError, match="不能处理本人"):
        apply_correction(request=request, by=own_officer, at=AT)


def test_withdrawing_opens_the_line_again(cadre: Cadre, me, key: str) -> None:
    request = ask_correction(cadre=cadre, key=key, wanted="名称不对", by=me, at=AT)
    withdraw_correction(request=request, by=me, at=AT)
    assert line_of(cadre, me, key).is_open


def test_what_is_declared_not_to_exist_is_no_gap(cadre: Cadre, client: Client) -> None:
    Honour.objects.filter(cadre=cadre).delete()
    on = AT.date()
    missing = [item.label for item in state_of_file(cadre, on=on).missing]
    assert {"奖励荣誉", "在职教育"} <= set(missing)
    client.force_login(make_account(cadre=cadre))
    assert client.post("/growth/mine/", {"none": "honours"}).status_code == 302
    after = state_of_file(cadre, on=on)
    assert [item.label for item in after.missing] == [label for label in missing if label != "奖励荣誉"]
    client.post("/growth/mine/", {"some": "honours"})
    assert [item.label for item in state_of_file(cadre, on=on).missing] == missing
    assert client.post("/growth/mine/", {"none": "phone"}).status_code == 404


def test_the_pages_from_asking_to_deciding(cadre: Cadre, key: str, client: Client) -> None:
    client.force_login(make_account(cadre=cadre))
    assert "全部确认" in client.get("/growth/mine/").content.decode()
    answer = client.post(f"/growth/mine/correct/?key={key}", {"wanted": "名称应为先进工作者"})
    assert answer.status_code == 302
    assert "更正申请处理中" in client.get("/growth/mine/").content.decode()
    uid = CorrectionRequest.objects.get().uid
    client.force_login(make_account(Role.HR))
    page = client.get(f"/growth/corrections/{uid}/").content.decode()
    assert "名称应为先进工作者" in page
    assert "打开这条记录去更正" in page
    refused = client.post(f"/growth/corrections/{uid}/", {"verdict": "apply", "answer": ""})
    assert refused.status_code == 422
    done = client.post(f"/growth/corrections/{uid}/", {"verdict": "refuse", "answer": "与证书一致"})
    assert done.status_code == 302


@pytest.mark.django_db
def test_the_own_page_costs_the_same_whatever_it_shows(client: Client) -> None:
    counts = []
    for lines in (1, 3):
        cadre = make_cadre("张示例")
        for number in range(lines):
            Honour.objects.create(cadre=cadre, title=f"荣誉{number}", awarded_on=date(2024, 1, 1))
        client.force_login(make_account(cadre=cadre))
        client.get("/growth/mine/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/growth/mine/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 60  # a few for each section of the file


def test_what_the_cadre_confirmed_is_confirmed_for_leaders_too(cadre: Cadre, me) -> None:
    """Phone and address, which leaders do not read, are a line of their own."""
    confirm_lines(cadre=cadre, keys=None, by=me, at=AT)
    file = snapshot_of(cadre, edition=Edition.LEADER, as_of=me.on)
    about = next(row for row in file.evidence if row.key == f"people.cadre:{cadre.pk}")
    assert (about.verdict, about.trail.recorder) == (Verdict.CONFIRMED, "")
    assert editor_of(f"people.contact:{cadre.pk}", cadre.pk) == reverse("people:cadre_edit", args=[cadre.pk])
