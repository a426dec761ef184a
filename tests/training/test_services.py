"""Changes to classes, people in them and rules: what they refuse, what they leave in the audit log."""

from datetime import date
from decimal import Decimal

import pytest

from core.access import Role
from core.choices import AuditAction
from core.errors import DomainError
from core.models import AuditEvent
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer
from tests.factories.training import credit, make_class
from training.choices import ClassKind, HourRegime
from training.models import HourRule, Participation, TrainingClass
from training.services import (
    add_participants,
    change_participation,
    create_class,
    delete_class,
    open_rule_version,
    remove_participant,
    update_class,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
DAY = date(2026, 3, 2)


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


def values(**changed):
    return {
        "name": "安全生产专题班",
        "kind": ClassKind.TOPICAL,
        "theme": "safety",
        "organiser": "管委会",
        "starts_on": DAY,
        "ends_on": date(2026, 3, 4),
        "days": Decimal(3),
        "hours": Decimal(24),
        **changed,
    }


def events():
    return list(AuditEvent.objects.order_by("seq").values_list("action", "label"))


# Classes


def test_a_new_class_and_its_trace(hr):
    found = create_class(values=values(), by=hr)
    assert TrainingClass.objects.get() == found
    assert events() == [(AuditAction.TRAINING_CHANGED, "新建班次：安全生产专题班")]
    changes = AuditEvent.objects.get().changes
    assert (changes["hours"], changes["starts_on"]) == ([None, "24"], [None, "2026-03-02"])


def test_days_and_hours_follow_from_dates_and_rule_when_left_out(hr):
    HourRule.objects.update(hours_per_day=Decimal("7.5"))
    found = create_class(values=values(days=None, hours=None), by=hr)
    assert (found.days, found.hours) == (3, Decimal("22.5"))


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"ends_on": date(2026, 3, 1)}, "ends_on", "结束日期不能早于开始日期。"),
        ({"hours": Decimal("7.1")}, "hours", "学时以 0.25 为最小单位，例如 4、7.5、0.25。"),
        ({"days": Decimal(4)}, "days", "天数不能超过起止日期的 3 天，请核对起止日期或天数。"),
        ({"name": ""}, "name", "此字段不能为空。"),
    ],
)
def test_what_a_class_may_not_be(hr, changed, field, message):
    with pytest.raises(DomainError) as refusal:
        create_class(values=values(**changed), by=hr)
    assert (refusal.value.field, refusal.value.message) == (field, message)
    assert (TrainingClass.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_the_same_class_twice_is_refused(hr):
    create_class(values=values(), by=hr)
    with pytest.raises(DomainError, match="同名、同日、同主办单位的班次已登记。"):
        create_class(values=values(), by=hr)


def test_new_hours_reach_those_credited_as_before_but_never_the_own_record():
    found = make_class(starts_on=DAY, ends_on=date(2026, 3, 4))
    own = make_cadre()
    by = make_viewer(Role.HR, cadre=own)
    full, part, mine = credit(make_cadre(), found), credit(make_cadre(), found, 8, 1), credit(own, found)
    moved = update_class(training_class=found, values={"hours": Decimal(18)}, by=by, recredit=True)
    hours = [Participation.objects.get(pk=row.pk).hours for row in (full, part, mine)]
    assert (moved, hours) == (1, [18, 8, 24])
    event = AuditEvent.objects.get()
    assert (event.changes, event.reason) == ({"hours": ["24", "18"]}, "同时按新学时认定 1 人")


def test_new_hours_stop_at_the_borders_of_the_scope():
    found, mine = make_class(starts_on=DAY, ends_on=date(2026, 3, 4)), make_unit()
    inside, outside = credit(make_cadre(unit=mine), found), credit(make_cadre(unit=make_unit()), found)
    by = make_viewer(Role.HR, unit=mine)
    update_class(training_class=found, values={"hours": Decimal(18)}, by=by, recredit=True)
    assert [Participation.objects.get(pk=row.pk).hours for row in (inside, outside)] == [18, 24]


def test_rules_of_the_whole_zone_are_not_for_a_part_of_it(client):
    client.force_login(make_account(Role.HR, unit=make_unit()))
    assert client.get("/training/rules/annual/new/").status_code == 404
    assert "启用新规则" not in client.get("/training/rules/").content.decode()


def test_without_a_change_nothing_is_written(hr):
    found = make_class(starts_on=DAY)
    update_class(training_class=found, values={"name": found.name}, by=hr)
    assert events() == []


def test_only_an_empty_class_can_be_deleted(hr):
    found = make_class("专题班", starts_on=DAY)
    row = credit(make_cadre(), found)
    with pytest.raises(DomainError, match="“专题班”名单中还有 1 人，请先移出全部学员，再删除班次。"):
        delete_class(training_class=found, by=hr)
    row.delete()
    delete_class(training_class=found, by=hr)
    assert not TrainingClass.objects.exists()
    assert events() == [(AuditAction.TRAINING_CHANGED, "删除班次：专题班")]


# People


def test_people_enter_with_what_the_class_counts(hr):
    found = make_class(starts_on=DAY, hours=8)
    people = [make_cadre("甲"), make_cadre("乙")]
    rows = add_participants(training_class=found, cadres=people, by=hr, days=Decimal("0.5"))
    assert [(row.cadre.name, row.hours, row.days) for row in rows] == [("甲", 8, Decimal("0.5"))] + [
        ("乙", 8, Decimal("0.5"))
    ]
    assert [label for _, label in events()] == [f"登记参训：甲·{found}", f"登记参训：乙·{found}"]


def test_who_is_already_there_is_named_and_nobody_enters(hr):
    found = make_class(starts_on=DAY)
    present, new = make_cadre("在册"), make_cadre("新来")
    credit(present, found)
    with pytest.raises(DomainError, match="在册 已在本班次名单中，请从所选人员中去掉。"):
        add_participants(training_class=found, cadres=[new, present], by=hr)
    assert found.participations.count() == 1


def test_nobody_credits_the_own_record():
    own = make_cadre()
    by = make_viewer(Role.HR, cadre=own)
    found = make_class(starts_on=DAY)
    row = credit(own, make_class(starts_on=DAY))
    acts = (
        lambda: add_participants(training_class=found, cadres=[own], by=by),
        lambda: change_participation(participation=row, values={"hours": Decimal(90)}, by=by),
        lambda: remove_participant(participation=row, by=by),
    )
    for act in acts:
        with pytest.raises(DomainError, match="不能为本人登记或认定学时，请由其他经办人办理。"):
            act()
    assert events() == []


def test_crediting_and_removing_leave_old_and_new_values(hr):
    row = credit(make_cadre("甲"), make_class("专题班", starts_on=DAY))
    change_participation(participation=row, values={"hours": Decimal(4), "result": "passed"}, by=hr)
    remove_participant(participation=row, by=hr)
    assert not Participation.objects.exists()
    assert [(event.label, event.changes["hours"]) for event in AuditEvent.objects.order_by("seq")] == [
        ("认定学时：甲·专题班", ["8", "4"]),
        ("移出名单：甲·专题班", ["4", None]),
    ]


@pytest.mark.parametrize("hours", [Decimal("0.1"), Decimal(-1), Decimal(1000)])
def test_credited_hours_are_checked(hr, hours):
    row = credit(make_cadre(), make_class(starts_on=DAY))
    with pytest.raises(DomainError) as refusal:
        change_participation(participation=row, values={"hours": hours}, by=hr)
    assert refusal.value.field == "hours"
    assert Participation.objects.get().hours == 8


# Rules


def rule_values(**changed):
    return {
        "required_hours": Decimal(100),
        "required_days": Decimal(12),
        "cycle_starts_in": 2023,
        "cycle_years": 1,
        "hours_per_day": Decimal(8),
        "online_counts": False,
        "source": "某文件",
        **changed,
    }


def versions():
    rows = HourRule.objects.filter(regime=HourRegime.ANNUAL).order_by("starts_on")
    return list(rows.values_list("required_hours", "starts_on", "ends_on"))


def test_a_new_version_closes_the_old_one_and_keeps_it(hr):
    july = date(2026, 7, 1)
    open_rule_version(regime=HourRegime.ANNUAL, values=rule_values(starts_on=july), by=hr)
    assert versions() == [(90, date(2023, 1, 1), date(2026, 6, 30)), (100, july, None)]
    assert [action for action, _ in events()] == [AuditAction.RULE_CHANGED] * 2
    five_year = HourRule.objects.get(regime=HourRegime.FIVE_YEAR)
    assert five_year.ends_on is None


def test_a_version_between_two_others_yields_to_the_later_one(hr):
    for year, hours in ((2027, 110), (2026, 100), (2020, 80)):
        changed = rule_values(starts_on=date(year, 1, 1), required_hours=Decimal(hours))
        open_rule_version(regime=HourRegime.ANNUAL, values=changed, by=hr)
    assert versions() == [
        (80, date(2020, 1, 1), date(2022, 12, 31)),
        (90, date(2023, 1, 1), date(2025, 12, 31)),
        (100, date(2026, 1, 1), date(2026, 12, 31)),
        (110, date(2027, 1, 1), None),
    ]


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"starts_on": date(2023, 1, 1)}, "starts_on", "从这一天起已有一版规则，请另选生效日期。"),
        ({"required_hours": Decimal(0)}, "required_hours", "应学学时须大于 0。"),
        ({"cycle_years": 11}, "cycle_years", "确保该值小于或等于10。"),
    ],
)
def test_what_a_rule_may_not_be(hr, changed, field, message):
    wanted = rule_values(**{"starts_on": date(2026, 1, 1), **changed})
    with pytest.raises(DomainError) as refusal:
        open_rule_version(regime=HourRegime.ANNUAL, values=wanted, by=hr)
    assert (refusal.value.field, refusal.value.message) == (field, message)
    assert versions() == [(90, date(2023, 1, 1), None)]


def test_scope_decides_whose_rows_exist():
    one, other = make_unit(), make_unit()
    found = make_class(starts_on=DAY)
    credit(make_cadre("甲", unit=one), found)
    credit(make_cadre("乙", unit=other), found)
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=one)
    assert [row.cadre.name for row in Participation.objects.visible_to(head)] == ["甲"]
