"""Reminders: each stage of a duty is told once, overdue goes one step up by the rule."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from core.notifications.kinds import kind_of
from people import contracts
from people.contracts import Duty, Link, Registry
from people.models import Cadre, ReminderRule, RoleGrant, Unit, User
from people.reminders import OVERDUE_KIND, OWN_KIND, remind_all, stage_of
from people.services.reminders import open_reminder_rule
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 10)


@pytest.fixture
def duties(monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Only the duties of this test."""
    monkeypatch.setattr(contracts.duties, "_contributions", {})
    return contracts.duties


@pytest.fixture
def rule(db: None) -> ReminderRule:
    ReminderRule.objects.all().delete()
    return ReminderRule.objects.create(
        starts_on=date(2023, 1, 1), days_before=3, head_after=3, leader_after=7
    )


def owes(registry: Registry, user: User, **values: object) -> None:
    given_values = {"key": "task:1", "title": "填报任务进展", "due_on": DUE, "link": Link("home")}

    @registry.register(f"test.{user.pk}")
    def source(*, viewer) -> Iterator[Duty]:
        if viewer.user_id == user.pk:
            yield Duty(**given_values | values)


def run(on: date) -> int:
    return remind_all(on=on)["told"]


def told(user: User) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(recipient=user).order_by("on", "pk")
    return list(rows.values_list("title", "detail"))


class Office:
    """A department under the zone: a cadre, two heads, a vice leader in charge of it, others elsewhere."""

    def __init__(self) -> None:
        self.zone = make_unit("示例开发区")
        self.department = make_unit("招商局", parent=self.zone)
        self.section = make_unit("招商一科", parent=self.department)
        self.elsewhere = make_unit("建设局", parent=self.zone)
        self.cadre: Cadre = make_cadre("李示例", unit=self.section)
        self.owner = make_account(Role.CADRE, cadre=self.cadre, name="李示例")
        self.head = self.account(Role.DEPARTMENT_HEAD, self.department)
        self.deputy = self.account(Role.DEPARTMENT_HEAD, self.department)
        self.vice = self.account(Role.VICE_LEADER, self.department)
        self.others = [
            self.account(Role.DEPARTMENT_HEAD, self.elsewhere),
            self.account(Role.VICE_LEADER, self.elsewhere),
            self.account(Role.VICE_LEADER, self.zone),
            make_account(Role.HR),
        ]

    def account(self, role: Role, unit: Unit) -> User:
        return make_account(role, unit=unit)


@pytest.fixture
def office(db: None) -> Office:
    return Office()


def test_each_stage_is_told_once(duties: Registry, rule: ReminderRule, office: Office) -> None:
    owes(duties, office.owner)
    counts = [run(DUE + timedelta(days=day)) for day in (-4, -3, -2, -1, 0, 0, 1, 2, 3, 30)]
    assert counts == [0, 1, 0, 0, 1, 0, 1, 0, 0, 0]
    assert told(office.owner) == [
        ("填报任务进展", "2026年3月10日到期，还有 3 天到期"),
        ("填报任务进展", "2026年3月10日到期，今天到期"),
        ("填报任务进展", "2026年3月10日到期，已逾期 1 天"),
    ]
    assert set(Notification.objects.values_list("kind", "url_name")) == {(OWN_KIND, "home")}


def test_days_without_a_worker_are_made_up_for(duties: Registry, rule: ReminderRule, office: Office) -> None:
    owes(duties, office.owner)
    assert run(DUE - timedelta(days=1)) == 1
    assert told(office.owner)[0][1] == "2026年3月10日到期，还有 1 天到期"
    assert run(DUE + timedelta(days=5)) == 1
    assert told(office.owner)[1][1] == "2026年3月10日到期，已逾期 5 天"


def test_overdue_goes_up_step_by_step(duties: Registry, rule: ReminderRule, office: Office) -> None:
    owes(duties, office.owner, escalates=True)
    assert [run(DUE + timedelta(days=day)) for day in (2, 3, 4, 7, 8)] == [1, 2, 0, 1, 0]
    heads = [("李示例：填报任务进展", "2026年3月10日到期，已逾期 3 天，按提醒规则报您知晓")]
    assert told(office.head) == told(office.deputy) == heads
    assert told(office.vice) == [
        ("李示例：填报任务进展", "2026年3月10日到期，已逾期 7 天，按提醒规则报您知晓")
    ]
    assert [told(other) for other in office.others] == [[]] * 4
    assert set(Notification.objects.exclude(recipient=office.owner).values_list("kind", flat=True)) == {
        OVERDUE_KIND
    }


def test_only_what_may_go_up_does(duties: Registry, rule: ReminderRule, office: Office) -> None:
    owes(duties, office.owner)
    run(DUE + timedelta(days=30))
    assert not Notification.objects.filter(kind=OVERDUE_KIND).exists()


def test_the_owner_is_not_told_twice_as_the_head(
    duties: Registry, rule: ReminderRule, office: Office
) -> None:
    RoleGrant.objects.create(
        user=office.owner, role=Role.DEPARTMENT_HEAD, unit=office.section, starts_on=date(2020, 1, 1)
    )
    owes(duties, office.owner, escalates=True)
    run(DUE + timedelta(days=3))
    assert len(told(office.owner)) == 1
    assert len(told(office.head)) == 1


def test_a_zone_wide_leader_is_the_last_resort(duties: Registry, rule: ReminderRule, office: Office) -> None:
    RoleGrant.objects.filter(user=office.vice).update(ends_on=date(2026, 1, 1))
    owes(duties, office.owner, escalates=True)
    run(DUE + timedelta(days=7))
    assert len(told(office.others[2])) == 1


def test_empty_steps_are_not_taken(duties: Registry, rule: ReminderRule, office: Office) -> None:
    ReminderRule.objects.update(head_after=None, leader_after=None)
    owes(duties, office.owner, escalates=True)
    assert run(DUE + timedelta(days=99)) == 1


@pytest.mark.parametrize("change", [{"due_on": None}, {"due_on": date(2027, 1, 1)}])
def test_what_is_not_due_is_not_told(
    duties: Registry, rule: ReminderRule, office: Office, change: dict
) -> None:
    owes(duties, office.owner, **change)
    assert run(DUE) == 0


def test_without_a_rule_nobody_is_reminded(duties: Registry, rule: ReminderRule, office: Office) -> None:
    owes(duties, office.owner)
    ReminderRule.objects.all().delete()
    assert run(DUE) == 0


def test_a_source_that_fails_hurts_only_its_own(duties: Registry, rule: ReminderRule, office: Office) -> None:
    owes(duties, office.owner)

    @duties.register("test.broken")
    def broken(*, viewer) -> Iterator[Duty]:
        if viewer.user_id == office.head.pk:
            raise ZeroDivisionError
        yield from ()

    assert remind_all(on=DUE) == {"told": 1, "failed": 1}


def test_outside_it_is_only_said_that_something_is_due() -> None:
    assert kind_of(OWN_KIND).sealed


def test_who_is_disabled_is_not_reminded(duties: Registry, rule: ReminderRule, office: Office) -> None:
    owes(duties, office.owner)
    User.objects.update(is_active=False)
    assert run(DUE) == 0


@given(st.integers(-400, 400), st.integers(0, 365))
def test_a_stage_begins_on_its_day_and_stays(shift: int, before: int) -> None:
    on = DUE + timedelta(days=shift)
    stage = stage_of(DUE, days_before=before, on=on)
    if stage is None:
        assert shift < -before
        return
    assert stage.on <= on
    begins = stage_of(DUE, days_before=before, on=stage.on)
    assert begins is not None
    assert begins.on == stage.on


# -- the rule and its page ---------------------------------------------------------------------------


def values(**changes: object) -> dict[str, object]:
    return {
        "starts_on": date(2026, 4, 1),
        "days_before": 5,
        "head_after": 2,
        "leader_after": 5,
        "note": "区党工委会议纪要",
    } | changes


def test_a_new_version_closes_the_one_in_force(rule: ReminderRule) -> None:
    new = open_reminder_rule(values=values(), by=make_viewer(Role.HR))
    rule.refresh_from_db()
    assert (rule.ends_on, new.ends_on) == (date(2026, 3, 31), None)
    event = AuditEvent.objects.get(action="rule.change")
    assert event.label == "提醒规则新版本：提前 5 天提醒本人，逾期 2 天报部门负责人，逾期 5 天报分管领导"
    with pytest.raises(DomainError, match="已有一版规则"):
        open_reminder_rule(values=values(), by=make_viewer(Role.HR))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"leader_after": 1}, "报分管领导不能早于报部门负责人"),
        ({"head_after": 0}, "逾期天数至少为 1"),
        ({"days_before": 400}, "小于或等于365"),
    ],
)
def test_rules_that_make_no_sense(rule: ReminderRule, change: dict, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        open_reminder_rule(values=values(**change), by=make_viewer(Role.HR))


def test_the_database_keeps_the_order_of_the_steps(rule: ReminderRule) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderRule.objects.update(leader_after=1)


def test_the_page_shows_the_versions_and_opens_a_new_one(rule: ReminderRule, client) -> None:
    client.force_login(make_account(Role.HR), backend="people.backends.AccountBackend")
    content = client.get(reverse("people:reminders")).content.decode()
    assert "逾期 7 天" in content
    form = client.get(reverse("people:reminder_new")).content.decode()
    assert 'name="head_after" value="3"' in form
    posted = {"starts_on": "2030-01-01", "days_before": "2", "head_after": "", "leader_after": ""}
    assert client.post(reverse("people:reminder_new"), posted).status_code == 302
    content = client.get(reverse("people:reminders")).content.decode()
    assert "待施行" in content
    assert "不上报" in content


def test_a_part_of_the_zone_does_not_change_the_rule(rule: ReminderRule, client) -> None:
    user = make_account(Role.HR, unit=make_unit("招商局"))
    client.force_login(user, backend="people.backends.AccountBackend")
    assert client.get(reverse("people:reminder_new")).status_code == 404
    assert "启用新规则" not in client.get(reverse("people:reminders")).content.decode()
