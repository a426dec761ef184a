"""A decision reaches the person, is signed for and answered; the ledger goes on paper; time passes."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from people.contracts import duties_of, engagements_of
from tests.factories.checkups import deliver
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.wellbeing import decide, hold, inspector, make_finding, make_inspection, viewer_of
from tests.wellbeing.conftest import browser, text_of
from wellbeing.choices.inspections import FindingState, Outcome
from wellbeing.models import DecisionNotice, Finding, RetentionRule
from wellbeing.queries.decisions import own_decisions
from wellbeing.services.decisions import acknowledge_decision, deliver_decision, state_defence
from wellbeing.services.inspections import change_inspection
from wellbeing.services.retention import apply_retention

pytestmark = pytest.mark.django_db


@pytest.fixture
def finding(office, cadre):
    return decide(make_finding(office, cadre=cadre, problem="会议期间离岗"))


def test_delivered_signed_for_and_answered(finding, own):
    notice = deliver(finding)
    assert Notification.objects.filter(recipient=own, kind="wellbeing.decision").count() == 1
    assert "有处理决定待您签收" in [duty.title for duty in duties_of(viewer_of(own))]
    me, now = viewer_of(own), timezone.now()
    with pytest.raises(DomainError, match="请先签收"):
        state_defence(notice=notice, statement="当天在接待群众", by=me, at=now, on=TODAY)
    acknowledge_decision(notice=notice, by=me, at=now)
    with pytest.raises(DomainError, match="已经签收"):
        acknowledge_decision(notice=notice, by=me, at=now)
    state_defence(notice=notice, statement="当天在接待群众", by=me, at=now, on=TODAY)
    stored = DecisionNotice.objects.get()
    assert stored.statement == "当天在接待群众"
    assert Notification.objects.filter(recipient=stored.delivered_by, title__contains="陈述申辩").exists()
    with pytest.raises(DomainError, match="已经提交过"):
        state_defence(notice=stored, statement="再说一次", by=me, at=now, on=TODAY)


def test_the_person_reads_the_notice_and_never_the_finding(finding, own):
    notice = deliver(finding)
    client = browser(own)
    assert "通报" in text_of(client.get(reverse("wellbeing:my_decisions")))
    page = text_of(client.get(reverse("wellbeing:my_decision", args=[notice.pk])))
    assert "经研究，予以通报。" in page
    assert "离岗" not in page
    assert client.get(reverse("wellbeing:finding", args=[finding.pk])).status_code == 404
    client.post(reverse("wellbeing:decision_sign", args=[notice.pk]))
    client.post(reverse("wellbeing:decision_state", args=[notice.pk]), {"statement": "有不同意见"})
    inspectors = browser(inspector())
    page = text_of(inspectors.get(reverse("wellbeing:finding", args=[finding.pk])))
    assert "有不同意见" in page
    assert "有不同意见" not in " ".join(AuditEvent.objects.values_list("label", flat=True))


def test_officials_and_others_do_not_see_what_was_stated(finding, own, office):
    official = make_account(Role.DEPARTMENT_HEAD, unit=office)
    Finding.objects.filter(pk=finding.pk).update(
        owner=official, lead=official, due_on=TODAY, state="rectifying"
    )
    notice = deliver(finding)
    for user in (official, make_account(Role.HR), make_account(Role.PARTY), make_account(Role.AUDITOR)):
        assert not DecisionNotice.objects.visible_to(viewer_of(user)).exists()
        assert browser(user).get(reverse("wellbeing:my_decision", args=[notice.pk])).status_code == 404
    assert "经研究，" not in text_of(browser(official).get(reverse("wellbeing:finding", args=[finding.pk])))


def test_a_case_handed_on_is_not_told_before_it_is_delivered(office, cadre, own):
    quiet = {"effect_from": None, "effect_to": None}
    decide(make_finding(office, cadre=cadre), outcome=Outcome.TRANSFER)
    decide(make_finding(office, cadre=cadre), outcome=Outcome.REMINDER, **quiet)
    assert own_decisions(viewer_of(own)) == []


def test_only_inspectors_deliver_and_never_to_themselves(finding, office, cadre):
    for user in (make_account(Role.HR), make_account(Role.DISCIPLINE, cadre=cadre)):
        with pytest.raises(DomainError):
            deliver_decision(finding=finding, notice="x", by=viewer_of(user), at=timezone.now(), on=TODAY)
    with pytest.raises(DomainError, match="个人处理决定"):
        deliver(decide(make_finding(office)))


def test_a_changed_decision_asks_for_a_new_receipt(finding, own):
    acknowledge_decision(notice=deliver(finding), by=viewer_of(own), at=timezone.now())
    assert deliver(finding).acknowledged_at is None
    assert DecisionNotice.objects.count() == 1


def test_the_team_is_busy_at_the_hours_of_the_visit(office):
    one, two = (inspector(cadre=make_cadre(name, unit=office), name=name) for name in ("甲", "乙"))
    by = viewer_of(one)
    row = make_inspection(one, checked_on=None, from_time=None, to_time=None)
    day = {"starts_at": _at(TODAY, 0), "ends_at": _at(TODAY, 23)}
    ids = [one.cadre_id, two.cadre_id]
    found = engagements_of(ids, **day)
    assert [(e.cadre_id, e.kind, timezone.localtime(e.starts_at).hour) for e in found] == [
        (one.cadre_id, "督查", 8)
    ]
    values = {"from_time": "09:00", "to_time": "10:00", "team": [two]}
    change_inspection(inspection=row, values=values, by=by)
    found = engagements_of(ids, **day)
    assert [(e.cadre_id, timezone.localtime(e.starts_at).hour) for e in found] == [(two.cadre_id, 9)]
    assert "机关效能" not in str(found)
    assert engagements_of(ids, starts_at=_at(TODAY, 14), ends_at=_at(TODAY, 15)) == []


def _at(day, hour):
    from datetime import datetime

    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def test_words_go_after_their_time_unless_held(office, cadre, own):
    RetentionRule.objects.filter(kind="inspections").update(years=1)
    other = make_cadre("留存", unit=office)
    kept = [decide(make_finding(office, cadre=who)) for who in (cadre, other)]
    for finding in kept:
        deliver(finding)
    old = TODAY - timedelta(days=900)
    closed = {"state": FindingState.CLOSED, "closed_on": old, "effect_from": None, "effect_to": None}
    who = make_account()
    Finding.objects.update(lead=who, owner=who, due_on=old, **closed)
    hold(other, on=date(2020, 1, 1))
    counts = apply_retention(on=TODAY, at=timezone.now()).counts
    assert counts["inspections"] == 1
    cleared, held = (Finding.objects.get(pk=finding.pk) for finding in kept)
    assert (cleared.problem, cleared.decision, cleared.outcome) == ("", "", Outcome.NOTICE)
    assert held.problem == "上班时间脱岗"
    assert {row.notice for row in DecisionNotice.objects.all()} == {"", "经研究，予以通报。"}
    assert apply_retention(on=TODAY, at=timezone.now()).counts["inspections"] == 0


def test_the_ledger_goes_on_paper_in_the_columns_of_the_office(office, cadre, finding):
    from io import BytesIO

    from pypdf import PdfReader

    client = browser(inspector())
    response = client.get(reverse("wellbeing:findings_paper"))
    pages = PdfReader(BytesIO(response.content)).pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    for words in ("督查整改台账", "是否销号", "处理方式", "会议期间离岗", cadre.name, "通报"):
        assert words in text
    assert pages[0].mediabox.width > pages[0].mediabox.height
    assert (
        AuditEvent.objects.filter(action="export").exists()
        or AuditEvent.objects.filter(label__contains="（A3）").exists()
    )
    assert browser(make_account(Role.TOP_LEADER)).get(reverse("wellbeing:findings_paper")).status_code == 404


def test_repeats_are_linked_both_ways(office):
    earlier, later = make_finding(office), make_finding(office)
    Finding.objects.filter(pk=later.pk).update(repeat_of=earlier)
    client = browser(inspector())
    for row, other in ((earlier, later), (later, earlier)):
        page = client.get(reverse("wellbeing:finding", args=[row.pk])).content.decode()
        assert reverse("wellbeing:finding", args=[other.pk]) in page
