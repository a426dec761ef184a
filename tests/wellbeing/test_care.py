"""Care: who is owed what, one case for one event, three people for three steps, and who learns why."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification, StoredFile
from growth.contracts import Edition, SectionContext, sections_for
from people.choices import KinRelation, PoliticalStatus
from people.contracts import duties_of, occasions_of
from people.models import Cadre, KinTie
from tests.factories.care import approved, clerk, consent, given, leader, make_budget, make_event, start
from tests.factories.people import TODAY, make_account, make_cadre, make_unit
from tests.factories.wellbeing import NOW, viewer_of
from wellbeing.choices.care import CareCause, CareKind, CareState
from wellbeing.models import CareAllowance, CareBudget, CareCase, CareEvent
from wellbeing.queries.care.owed import owed
from wellbeing.queries.privacy import readings_of
from wellbeing.services.care.cases import (
    BulkItem,
    resubmit_case,
    start_in_bulk,
    take_over,
    withdraw_case,
)
from wellbeing.services.care.deciding import (
    approve_case,
    file_receipt,
    give_case,
    return_case,
    sign_for,
)
from wellbeing.services.care.events import report_event, settle_event, take_event
from wellbeing.services.care.reading import note_receipt, read_detail, read_reason
from wellbeing.services.care.supports import add_visit, end_support, open_support
from wellbeing.services.privacy import erase_cadre
from wellbeing.services.retention import apply_retention

pytestmark = pytest.mark.django_db


@pytest.fixture
def party(office):
    return clerk(cadre=make_cadre("工会示例", unit=office))


@pytest.fixture
def top(zone):
    return leader(cadre=make_cadre("领导示例", unit=zone))


@pytest.fixture
def budget(db):
    return make_budget()


# Who is owed what


def titles(user, on):
    return {(row.cadre.name, row.title): (row.due_on, row.light) for row in owed(viewer_of(user, on), on=on)}


def test_birthdays_retirements_and_festivals_are_reckoned(office):
    user = clerk()
    make_cadre("张示例", unit=office, birth_month=date(1980, 11, 1))
    make_cadre("赵示例", unit=office, retirement_month=date(2026, 12, 1))
    make_cadre("孙示例", unit=office, birth_month=date(1966, 11, 1), sex="M")
    new = make_cadre("钱示例", unit=office, post_since=date(2026, 10, 20))
    found = titles(user, date(2026, 11, 2))
    assert found["张示例", "11 月生日"] == (date(2026, 12, 1), "green")
    assert found["赵示例", "到龄退休"] == (date(2026, 12, 31), "green")
    assert ("孙示例", "到龄退休") not in found  # the reform moves it beyond the horizon
    assert found["张示例", "中秋节"] == (date(2026, 10, 2), "red")
    assert not [key for key in found if key[0] == new.name]  # came after the festivals
    for on, listed in ((date(2026, 12, 17), False), (date(2026, 12, 18), True)):
        days = {row.happened_on for row in owed(viewer_of(user, on), on=on)}
        assert (date(2027, 1, 1) in days) is listed


def test_the_list_is_as_of_its_day(cadre, party, top, budget):
    event = make_event(cadre)
    assert titles(party, TODAY)["王示例", "住院"] == (TODAY + timedelta(days=30), "green")
    assert ("王示例", "住院") not in titles(party, TODAY - timedelta(days=1))
    given(event, party)
    assert ("王示例", "住院") not in titles(party, TODAY)


def test_nobody_finds_themselves_or_other_departments(cadre, office, party):
    local = clerk(unit=make_unit("财政局"))
    make_event(cadre)
    assert titles(local, TODAY) == {}
    assert not [name for name, _ in titles(party, TODAY) if name == "工会示例"]


def test_birthdays_start_in_bulk_and_say_what_they_refuse(office, party):
    make_cadre("张示例", unit=office, birth_month=date(1980, 11, 1))
    rows = [row for row in owed(viewer_of(party), on=TODAY) if row.cause == CareCause.BIRTHDAY]
    items = [BulkItem(r.cadre, r.cause, r.key, r.happened_on, r.rule) for r in rows]
    first = start_in_bulk(items=items, by=viewer_of(party), on=TODAY)
    again = start_in_bulk(items=items, by=viewer_of(party), on=TODAY)
    assert (first.done, first.refused, again.done) == (1, [], 0)
    assert "同一件事只办理一次" in again.refused[0]
    assert CareCase.objects.get().amount == Decimal(300)


# The way of a case


def test_a_case_goes_from_application_to_signature(cadre, own, party, top, budget):
    case = start(make_event(cadre), party, reason="手术")
    with pytest.raises(DomainError, match="退回时请写明"):
        return_case(case=case, by=viewer_of(top), on=TODAY, opinion="")
    return_case(case=case, by=viewer_of(top), on=TODAY, opinion="金额偏高")
    resubmit_case(case=case, amount=Decimal(600), reason="手术住院", by=viewer_of(party), on=TODAY)
    approve_case(case=case, by=viewer_of(top), on=TODAY)
    budget.refresh_from_db()
    assert (budget.committed, budget.given) == (Decimal(600), 0)
    give_case(case=case, giver="李示例", given_on=TODAY, by=viewer_of(party), on=TODAY)
    budget.refresh_from_db()
    assert (budget.committed, budget.given) == (0, Decimal(600))
    assert Notification.objects.filter(recipient=own, key=f"wellbeing.care:case:{case.pk}:given").exists()
    sign_for(case=case, by=viewer_of(own), at=NOW, on=TODAY)
    case.refresh_from_db()
    assert (case.state, case.receipt_kind, case.received_on) == ("closed", "signed", TODAY)
    assert CareAllowance.objects.get().used == Decimal(600)


def test_a_paper_receipt_keeps_no_telling_name(cadre, own, party, budget):
    case = given(make_event(cadre), party)
    upload = SimpleUploadedFile("王示例手术.txt", "签收".encode())
    file_receipt(case=case, upload=upload, by=viewer_of(party), at=NOW, on=TODAY)
    assert StoredFile.objects.get().name == "签收单.txt"
    case.refresh_from_db()
    assert case.state == CareState.CLOSED
    opens = [
        user for user in (party, own, leader(), clerk()) if note_receipt(viewer=viewer_of(user), case=case)
    ]
    assert opens == [party, own]


def test_handler_approver_and_recipient_are_three(cadre, own, party, top, budget, office):
    with pytest.raises(DomainError, match="不能为本人办理"):
        start(make_event(party.cadre), party)
    case = start(make_event(cadre), party)
    both = make_account(Role.PARTY, Role.TOP_LEADER)
    mine = start(make_event(cadre, CareCause.MARRIAGE), both, kind=CareKind.MARRIAGE, amount=Decimal(100),
                 distinct=True)  # fmt: skip
    with pytest.raises(DomainError, match="不能审批自己经办"):
        approve_case(case=mine, by=viewer_of(both), on=TODAY)
    own.grants.create(role=Role.TOP_LEADER, starts_on=date(2020, 1, 1))
    with pytest.raises(DomainError, match="不能审批给本人"):
        approve_case(case=case, by=viewer_of(own), on=TODAY)
    with pytest.raises(DomainError, match="不在您审批的范围"):
        approve_case(case=case, by=viewer_of(make_account(Role.HR)), on=TODAY)
    approve_case(case=case, by=viewer_of(top), on=TODAY)
    with pytest.raises(DomainError, match="接手办理"):
        give_case(case=case, giver="某人", given_on=TODAY, by=viewer_of(clerk()), on=TODAY)
    give_case(case=case, giver="某人", given_on=TODAY, by=viewer_of(party), on=TODAY)
    with pytest.raises(DomainError, match="只有本人能签收"):
        sign_for(case=case, by=viewer_of(make_account(cadre=make_cadre())), at=NOW, on=TODAY)


def test_amounts_beyond_the_rule_are_refused_with_the_way_out(cadre, party):
    with pytest.raises(DomainError, match="住院慰问每次不超过 1000 元.*请把金额改为 1000 元"):
        start(make_event(cadre, CareCause.HOSPITAL, key="x"), party, amount=Decimal("1000.01"))
    first = make_event(cadre, happened_on=TODAY - timedelta(days=200))
    start(first, party, amount=Decimal(1000))
    start(make_event(cadre, happened_on=TODAY - timedelta(days=100)), party, amount=Decimal(700))
    with pytest.raises(DomainError, match="已用 1700 元.*不超过 2000 元.*还可办理 300 元"):
        start(make_event(cadre), party, amount=Decimal(301))
    start(make_event(cadre, happened_on=TODAY - timedelta(days=40)), party, amount=Decimal(300))


def test_no_approval_without_money(cadre, party, top):
    case = start(make_event(cadre), party)
    with pytest.raises(DomainError, match="还没有登记2026年的工会经费预算"):
        approve_case(case=case, by=viewer_of(top), on=TODAY)
    make_budget(total=799)
    with pytest.raises(DomainError, match="只剩 799 元"):
        approve_case(case=case, by=viewer_of(top), on=TODAY)
    case.refresh_from_db()
    assert case.state == CareState.APPLIED
    assert CareBudget.objects.get().committed == 0


def test_withdrawing_gives_everything_back(cadre, party, budget):
    event = make_event(cadre)
    case = approved(event, party)
    withdraw_case(case=case, by=viewer_of(party))
    budget.refresh_from_db()
    assert (budget.committed, CareAllowance.objects.get().used) == (0, 0)
    again = start(event, party)
    assert again.state == CareState.APPLIED
    with pytest.raises(DomainError, match="已由他人办理|状态"):
        approve_case(case=case, by=viewer_of(leader()), on=TODAY)


# Once only


def test_one_event_is_answered_by_one_kind(cadre, party):
    consent(cadre)
    event = make_event(cadre)
    start(event, party)
    with pytest.raises(DomainError, match="已由.*办理“住院慰问”.*同一件事只办理一次"):
        start(event, party, kind=CareKind.AID, hardship="sudden", amount=Decimal(500))


def test_a_near_event_of_another_cause_is_asked_about(cadre, party):
    consent(cadre)
    start(make_event(cadre), party)
    need = make_event(cadre, CareCause.HARDSHIP, happened_on=TODAY - timedelta(days=10))
    wish = {"kind": CareKind.AID, "hardship": "sudden", "amount": Decimal(500)}
    with pytest.raises(DomainError, match="“住院”已办理“住院慰问”.*不是同一件事"):
        start(need, party, **wish)
    assert start(need, party, distinct=True, **wish).state == CareState.APPLIED


def test_a_couple_with_one_birth_is_asked_about(cadre, office, party):
    wife = make_cadre("周示例", unit=office)
    KinTie.objects.create(cadre=cadre, relative=wife, relation=KinRelation.SPOUSE)
    wish = {"kind": CareKind.BIRTH, "amount": Decimal(500)}
    start(make_event(wife, CareCause.BIRTH), party, **wish)
    with pytest.raises(DomainError, match="其配偶周示例"):
        start(make_event(cadre, CareCause.BIRTH), party, **wish)
    start(make_event(cadre, CareCause.MARRIAGE), party, kind=CareKind.MARRIAGE, amount=Decimal(100))


def test_the_same_thing_is_reported_once(cadre, own, talker):
    report_event(cadre=cadre, cause="hospital", happened_on=TODAY, by=viewer_of(own), on=TODAY)
    values = {"cadre": cadre, "cause": "hospital", "by": viewer_of(talker), "on": TODAY}
    with pytest.raises(DomainError, match="已有一件“住院”"):
        report_event(happened_on=TODAY - timedelta(days=3), **values)
    with pytest.raises(DomainError, match="已经报告过"):
        report_event(happened_on=TODAY, again=True, **values)
    report_event(happened_on=TODAY - timedelta(days=3), again=True, **values)


def test_who_may_report(cadre, own, talker, zone):
    other = make_cadre("周示例", unit=make_unit("财政局", parent=zone))
    values = {"cause": "marriage", "happened_on": TODAY, "on": TODAY}
    for user, whom in ((talker, other), (own, other), (make_account(Role.VICE_LEADER), cadre)):
        with pytest.raises(DomainError, match="不在您的范围"):
            report_event(cadre=whom, by=viewer_of(user), **values)
    with pytest.raises(DomainError, match="系统列出"):
        report_event(cadre=cadre, by=viewer_of(own), **(values | {"cause": "birthday"}))
    event = report_event(cadre=cadre, by=viewer_of(talker), **values)
    assert set(CareEvent.objects.visible_to(viewer_of(talker))) == {event}


# Help in need


def test_help_needs_the_cadres_consent_until_it_is_given(cadre, party, top):
    make_budget("relief")
    event = make_event(cadre, CareCause.HARDSHIP)
    wish = {"kind": CareKind.AID, "hardship": "deep", "amount": Decimal(1000)}
    with pytest.raises(DomainError, match="没有同意"):
        start(event, party, **wish)
    agreed = consent(cadre)
    with pytest.raises(DomainError, match="选择困难类型"):
        start(event, party, **(wish | {"hardship": ""}))
    case = start(event, party, **wish)
    agreed.withdrawn_at = NOW
    agreed.save()
    with pytest.raises(DomainError, match="已撤回"):
        approve_case(case=case, by=viewer_of(top), on=TODAY)


def test_party_help_is_for_party_members(cadre, party):
    consent(cadre)
    event = make_event(cadre, CareCause.HARDSHIP)
    wish = {"kind": CareKind.PARTY_HELP, "hardship": "deep", "amount": Decimal(1000)}
    with pytest.raises(DomainError, match="不是中共党员"):
        start(event, party, **wish)
    Cadre.objects.filter(pk=cadre.pk).update(political_status=PoliticalStatus.PARTY_MEMBER)
    event.cadre.refresh_from_db()
    assert start(event, party, **wish).fund == "party"


def test_a_support_runs_from_pairing_to_its_result(cadre, party, talker):
    consent(cadre)
    cadre.political_status = PoliticalStatus.PARTY_MEMBER
    cadre.save()
    by = viewer_of(party)
    values = {
        "cadre": cadre,
        "helper": talker,
        "starts_on": TODAY,
        "visit_days": 30,
        "situation": "家庭负担重",
    }
    row = open_support(**values, until=TODAY + timedelta(days=45), by=by, on=TODAY)
    assert "wellbeing.supports" in {duty.key for duty in duties_of(viewer_of(talker))}
    with pytest.raises(DomainError, match="已有结对帮扶"):
        open_support(**values, until=TODAY + timedelta(days=45), by=by, on=TODAY)
    with pytest.raises(DomainError, match="只有结对帮扶人"):
        add_visit(support=row, visited_on=TODAY, note="走访", by=by, on=TODAY)
    later = TODAY + timedelta(days=20)
    add_visit(support=row, visited_on=later, note="走访", by=viewer_of(talker), on=later)
    assert row.next_visit_on == TODAY + timedelta(days=45)
    end_support(support=row, result="已缓解", by=by, on=later)
    with pytest.raises(DomainError, match="已经结束"):
        end_support(support=row, result="再次", by=by, on=later)


def test_a_reported_hardship_raises_a_talk_and_stands_in_no_timeline(cadre, own):
    consent(cadre)
    event = report_event(
        cadre=cadre, cause="hardship", happened_on=TODAY, by=viewer_of(own), on=TODAY, detail="说明"
    )
    found = [o for o in occasions_of([cadre.pk], since=TODAY, until=TODAY) if o.code == "hardship"]
    assert [(o.key, o.title) for o in found] == [(f"hardship:{event.pk}", "")]


# Who learns why


def test_the_reason_opens_to_the_handler_alone_and_is_on_record(cadre, own, party, top, budget):
    event = make_event(cadre, detail="因手术住院")
    take_event(event=event, by=viewer_of(party))
    with pytest.raises(DomainError, match="已由工会示例|已由.*受理"):
        take_event(event=event, by=viewer_of(clerk()))
    case = approved(event, party, top, reason="术后休养")
    others = (top, own, clerk(), make_account(Role.HR), make_account(Role.DEPARTMENT_HEAD), leader())
    for user in others:
        viewer = viewer_of(user)
        assert (read_detail(viewer=viewer, event=event), read_reason(viewer=viewer, case=case)) == ("", "")
    viewer = viewer_of(party)
    assert (read_detail(viewer=viewer, event=event), read_reason(viewer=viewer, case=case)) == (
        "因手术住院",
        "术后休养",
    )
    assert [r.what for r in readings_of(cadre.pk, viewer=viewer_of(own), at=NOW)] == ["打开慰问事由"] * 2
    new = clerk()
    take_over(case=case, by=viewer_of(new))
    assert read_reason(viewer=viewer_of(new), case=case) == "术后休养"
    assert read_reason(viewer=viewer, case=case) == ""


def test_nothing_is_stored_or_logged_in_clear(cadre, party, budget, own):
    case = given(make_event(cadre, detail="因手术住院"), party, reason="术后休养")
    sign_for(case=case, by=viewer_of(own), at=NOW, on=TODAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail FROM wellbeing_careevent")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT reason FROM wellbeing_carecase")
        stored += str(cursor.fetchall())
    said = stored + str(list(AuditEvent.objects.values_list("label", "changes", "reason")))
    said += str(list(Notification.objects.values_list("title", "detail", "key")))
    assert not [text for text in ("因手术住院", "术后休养", "王示例", "住院") if text in said]


def test_an_event_without_a_case_can_be_ended(cadre, talker, party):
    event = make_event(cadre, reported_by=talker)
    with pytest.raises(DomainError, match="不在您经办的范围"):
        settle_event(event=event, by=viewer_of(make_account(Role.HR)))
    settle_event(event=event, by=viewer_of(talker))
    with pytest.raises(DomainError, match="已经结束"):
        start(event, party)


def section(cadre, edition):
    placed = Cadre.objects.with_position(TODAY).get(pk=cadre.pk)
    found = sections_for(SectionContext(placed, TODAY, edition))
    return next((one for one in found if one.key == "wellbeing.care"), None)


def test_care_stands_in_the_own_edition_alone(cadre, party, budget):
    given(make_event(cadre), party)
    rows = section(cadre, Edition.SELF).blocks[0].rows
    assert [row.cells for row in rows] == [("2026年11月2日", "住院慰问", "800", "现金")]
    assert section(cadre, Edition.LEADER) is None
    assert section(cadre, Edition.ARCHIVE) is None


def test_words_go_when_their_time_is_over_and_with_the_key(cadre, own, party, budget):
    case = given(make_event(cadre, detail="因手术住院"), party, reason="术后休养")
    sign_for(case=case, by=viewer_of(own), at=NOW, on=TODAY)
    done = apply_retention(on=TODAY, at=NOW)
    assert done.counts["care_reasons"] == 0
    CareCase.objects.update(closed_at=NOW - timedelta(days=6 * 366))
    assert apply_retention(on=TODAY, at=NOW).counts["care_reasons"] == 1
    case.refresh_from_db()
    assert (case.reason, case.event.detail, case.amount) == ("", "", Decimal(800))
    other = start(make_event(cadre, happened_on=TODAY - timedelta(days=90)), party, reason="再次住院")
    erase_cadre(cadre=cadre, reason="本人申请", by=None, on=TODAY, at=NOW)
    other.refresh_from_db()
    assert other.reason == ""
