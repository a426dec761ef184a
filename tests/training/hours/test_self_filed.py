"""自学填报: who may do what, what it earns, and what it may be a second record of."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.access import Role
from core.choices import AuditAction
from core.errors import DomainError
from core.models import AuditEvent, Notification, StoredFile
from tests.factories.hours import AT, filing_values, make_filing, photo
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer
from tests.factories.training import credit, make_class
from training.choices import Ledger, SelfFiledKind, SelfFiledMeasure, SelfFiledState
from training.models import HourEntry, SelfFiledStudy
from training.queries.self_filed import duplicates_for, waiting_for
from training.services import (
    approve_filing,
    approve_filings,
    delete_filing,
    return_filing,
    save_filing,
    submit_filing,
    withdraw_filing,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return make_viewer(cadre=make_cadre("林示例", unit=make_unit("甲局")))


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


def earned():
    rows = HourEntry.objects.in_force().order_by("pk")
    return [(row.ledger, row.hours, row.days, row.how) for row in rows]


def test_from_draft_to_hours(own, hr):
    study = make_filing(own, title="数字经济研修")
    assert study.state == SelfFiledState.SUBMITTED
    approve_filing(study=study, by=hr, at=AT)
    assert earned() == [(Ledger.CONCENTRATED, 16, 2, "2 天 × 8 = 16 学时")]
    assert [(s.state, s.by_name) for s in study.steps.all()] == [
        ("submitted", own.name),
        ("approved", hr.name),
    ]
    assert AuditEvent.objects.filter(action=AuditAction.STUDY_FILED).count() == 3
    assert Notification.objects.get().title == "自学填报已通过：数字经济研修"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"kind": "on_the_job", "ends_on": date(2026, 3, 6), "quantity": Decimal(5)}, [(18, "2.25")]),
        ({"ends_on": date(2026, 3, 11), "quantity": Decimal(10)}, [(48, 6)]),
        ({"measure": "half_day", "quantity": Decimal(3)}, [(12, "1.5")]),
        ({"measure": "hour", "quantity": Decimal("2.5")}, [("2.5", 0)]),
        ({"kind": "online", "quantity": Decimal(3), "minutes": 45}, [(3, 0)]),
        ({"kind": "online", "quantity": Decimal(3), "minutes": 20}, [("1.5", 0)]),
        (
            {"kind": "online", "quantity": Decimal(3), "minutes": 15, "passed_test": True},
            [(".75", 0), (".5", 0)],
        ),
    ],
)
def test_it_counts_by_the_rule_of_its_kind(own, hr, values, expected):
    approve_filing(study=make_filing(own, **values), by=hr, at=AT)
    wanted = [(Decimal(hours), Decimal(days)) for hours, days in expected]
    assert [(hours, days) for _, hours, days, _ in earned()] == wanted


def test_sent_back_with_a_reason_corrected_and_approved(own, hr):
    study = make_filing(own)
    with pytest.raises(DomainError, match="退回原因"):
        return_filing(study=study, reason=" ", by=hr, at=AT)
    return_filing(study=study, reason="缺结业证", by=hr, at=AT)
    old = study.evidence
    save_filing(values={"quantity": Decimal(1)}, by=own, at=AT, study=study, evidence=photo("结业证书.jpg"))
    assert not StoredFile.objects.filter(pk=old.pk).exists()
    submit_filing(study=study, by=own, at=AT)
    assert study.decision_reason == ""
    approve_filing(study=study, by=hr, at=AT)
    assert earned() == [(Ledger.CONCENTRATED, 8, 1, "1 天 × 8 = 8 学时")]


def test_an_approval_taken_back_reverses_the_hours(own, hr):
    study = make_filing(own)
    approve_filing(study=study, by=hr, at=AT)
    return_filing(study=study, reason="证书系伪造", by=hr, at=AT)
    assert earned() == []
    assert HourEntry.objects.get().reversal_reason == "填报退回：证书系伪造"
    with pytest.raises(DomainError, match="曾经通过"):
        delete_filing(study=study, by=own, at=AT)


def test_nobody_decides_on_the_own_filing(hr):
    cadre = make_cadre(unit=make_unit())
    both = make_viewer(Role.HR, cadre=cadre)
    study = make_filing(both)
    for act in (
        lambda: approve_filing(study=study, by=both, at=AT),
        lambda: return_filing(study=study, reason="改", by=both, at=AT),
    ):
        with pytest.raises(DomainError, match="本人"):
            act()
    assert list(waiting_for(both)) == []
    assert list(waiting_for(hr)) == [study]


def test_a_department_head_decides_in_the_own_unit_only(own):
    study = make_filing(own)
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=study.cadre.appointments.get().unit)
    other = make_viewer(Role.DEPARTMENT_HEAD, unit=make_unit("乙局"))
    assert (list(waiting_for(head)), list(waiting_for(other))) == ([study], [])


def test_only_the_owner_files_and_a_draft_is_the_owners_alone(own, hr):
    study = make_filing(own, submitted=False)
    assert list(SelfFiledStudy.objects.visible_to(hr)) == []
    assert list(SelfFiledStudy.objects.visible_to(own)) == [study]
    with pytest.raises(DomainError, match="只有本人"):
        save_filing(values={"title": "改"}, by=hr, at=AT, study=study)
    with pytest.raises(DomainError, match="没有关联"):
        save_filing(values=filing_values(), by=make_viewer(Role.HR), at=AT)


def test_what_is_under_way_is_not_changed_and_may_be_withdrawn(own):
    study = make_filing(own)
    with pytest.raises(DomainError, match="撤回"):
        save_filing(values={"title": "改"}, by=own, at=AT, study=study)
    withdraw_filing(study=study, by=own, at=AT)
    delete_filing(study=study, by=own, at=AT)
    assert (SelfFiledStudy.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": date(2026, 3, 1)}, "ends_on"),
        ({"quantity": Decimal(3)}, "quantity"),
        ({"quantity": Decimal("0.3")}, "quantity"),
        ({"measure": SelfFiledMeasure.HALF_DAY, "quantity": Decimal(5)}, "quantity"),
        ({"kind": SelfFiledKind.ONLINE, "minutes": None}, "minutes"),
        ({"starts_on": AT.date(), "ends_on": AT.date() + timedelta(days=1)}, "ends_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(own, values, field):
    with pytest.raises(DomainError) as refusal:
        make_filing(own, **values)
    assert refusal.value.field == field


def test_without_evidence_nothing_is_sent(own):
    study = save_filing(values=filing_values(), by=own, at=AT)
    with pytest.raises(DomainError, match="证明材料"):
        submit_filing(study=study, by=own, at=AT)


def test_many_at_once_each_on_its_own(own, hr):
    studies = [make_filing(own) for _ in range(3)]
    approve_filing(study=studies[1], by=hr, at=AT)
    found = approve_filings(studies=studies, by=hr, at=AT)
    assert (found.count, len(found.refused)) == (2, 1)


def test_likely_duplicates_are_named(own):
    cadre = SelfFiledStudy.objects.get(pk=make_filing(own, title="安全生产网络学习", organiser="").pk).cadre
    held = make_class(
        "2026年安全生产专题培训班（第1期）", starts_on=date(2026, 3, 3), ends_on=date(2026, 3, 5)
    )
    credit(cadre, held)
    credit(cadre, make_class("招商引资实务", starts_on=date(2026, 3, 3)))
    credit(cadre, make_class("安全生产培训班", starts_on=date(2026, 5, 3)))
    study = make_filing(own, title="安全生产培训")
    names = [record.what for record in duplicates_for([study])[study.pk]]
    assert names == [
        "培训班次“2026年安全生产专题培训班（第1期）”（结业）",
        "自学填报“安全生产网络学习”（待审批）",
    ]


def test_duplicates_cost_the_same_for_one_and_three(own, django_assert_num_queries):
    studies = [make_filing(own) for _ in range(3)]
    for some in (studies[:1], studies):
        with django_assert_num_queries(3):
            duplicates_for(some)


def test_an_account_is_told_once(own, hr):
    make_account(cadre=make_cadre())
    study = make_filing(own)
    return_filing(study=study, reason="缺结业证", by=hr, at=AT)
    assert [(n.recipient_id, n.detail) for n in Notification.objects.all()] == [(own.user_id, "缺结业证")]
