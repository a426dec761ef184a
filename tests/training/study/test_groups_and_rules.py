"""Groups with dated members, the calendar's import, rules that change by a new version."""

from datetime import date, timedelta

import pytest

from core.access import Role
from core.errors import DomainError
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer
from tests.factories.study import began_long_ago, make_activity, make_group, staff
from training.choices import DayKind, Frequency, GroupKind, StudyKind
from training.models import CalendarDay, FrequencyRule, StudyRule
from training.queries.study import day_book, figures_on, zone_clock
from training.services.study import (
    add_members,
    change_role,
    create_group,
    end_frequency,
    end_membership,
    import_year,
    open_figures,
    open_frequency,
    read_text,
    set_day,
    update_group,
)
from training.workdays import is_working_day

pytestmark = pytest.mark.django_db


def test_someone_joins_leaves_and_joins_again() -> None:
    group, cadre = make_group(), make_cadre("甲示例")
    [first] = add_members(group=group, cadres=[cadre], starts_on=date(2026, 1, 1), by=staff())
    with pytest.raises(DomainError, match="甲示例"):
        add_members(group=group, cadres=[cadre], starts_on=date(2026, 3, 1), by=staff())
    end_membership(membership=first, on=date(2026, 6, 30), by=staff())
    add_members(group=group, cadres=[cadre], starts_on=date(2026, 9, 1), by=staff())
    days = group.memberships.order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(days) == [(date(2026, 1, 1), date(2026, 6, 30)), (date(2026, 9, 1), None)]


def test_a_new_role_is_a_new_row() -> None:
    cadre = make_cadre()
    group = make_group(cadre)
    change_role(membership=group.memberships.get(), role="书记", on=date(2026, 7, 1), by=staff())
    rows = group.memberships.order_by("starts_on").values_list("role", "ends_on")
    assert list(rows) == [("", date(2026, 6, 30)), ("书记", None)]


def test_nobody_enters_the_own_membership_and_departments_stay_among_themselves() -> None:
    own, unit = make_cadre(), make_unit()
    with pytest.raises(DomainError, match="其他经办人"):
        add_members(group=make_group(), cadres=[own], starts_on=TODAY, by=staff(cadre=own))
    part = make_viewer(Role.PARTY, unit=unit)
    with pytest.raises(DomainError, match="所在的机构"):
        create_group(values={"name": "甲支部", "kind": GroupKind.BRANCH}, by=part)
    group = create_group(values={"name": "甲支部", "kind": GroupKind.BRANCH, "unit": unit}, by=part)
    with pytest.raises(DomainError, match="管辖范围"):
        update_group(group=group, values={"unit": make_unit()}, by=part)


def test_a_committee_hangs_on_a_branch_and_keeps_its_kind_once_it_met() -> None:
    centre, branch = make_group(kind=GroupKind.CENTRE), make_group()
    values = {"name": "支委会", "kind": GroupKind.COMMITTEE}
    with pytest.raises(DomainError, match="只能选一个党支部"):
        create_group(values={**values, "parent": centre}, by=staff())
    create_group(values={**values, "parent": branch}, by=staff())
    make_activity(kind=StudyKind.BRANCH_ASSEMBLY, group=branch)
    with pytest.raises(DomainError, match="不能再改"):
        update_group(group=branch, values={"kind": GroupKind.OTHER}, by=staff())


def test_the_calendar_of_2026_is_there_from_the_start() -> None:
    book = day_book(date(2026, 1, 1), date(2026, 12, 31))
    assert book.names[date(2026, 10, 1)] == "国庆节"
    worked = [is_working_day(date(2026, 10, day), book) for day in (7, 8, 10, 11)]
    assert worked == [False, True, True, False]


NOTICE = """日期\t性质\t说明
2027年1月1日 放假 元旦
2027-02-05至2027-02-13，放假，春节
2027/2/14 调休上班 春节"""


def test_a_notice_is_read_in_the_ways_people_write_it() -> None:
    reading = read_text(NOTICE, 2027)
    assert reading.faults == ()
    assert [line.kind for line in reading.lines].count(DayKind.HOLIDAY) == 10
    assert (reading.lines[-1].day, reading.lines[-1].kind) == (date(2027, 2, 14), DayKind.WORKDAY)
    assert import_year(year=2027, reading=reading, by=staff()) == 11
    assert import_year(year=2027, reading=reading, by=staff()) == 11
    assert CalendarDay.objects.filter(day__year=2027).count() == 11


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2027-02-30 放假", "不存在的日期"),
        ("元旦 放假", "看不出日期"),
        ("2027-01-01 加班", "“加班”"),
        ("2027-01-01", "空的"),
        ("2026-01-01 放假", "不在 2027 年"),
        ("2027-02-13至2027-02-05 放假", "起止日期不对"),
        ("2027-01-01 放假\n2027-01-01 放假", "前面已经写过"),
    ],
)
def test_every_line_that_cannot_be_read_is_named(line: str, words: str) -> None:
    reading = read_text(line, 2027)
    assert len(reading.faults) == 1
    assert words in reading.faults[0]
    with pytest.raises(DomainError):
        import_year(year=2027, reading=reading, by=staff())


def test_one_day_is_set_and_given_back_to_its_weekday() -> None:
    day = date(2026, 11, 11)
    set_day(day=day, kind=DayKind.HOLIDAY, name="开放日", by=staff())
    set_day(day=day, kind="", by=staff())
    assert not CalendarDay.objects.filter(day=day).exists()
    with pytest.raises(DomainError, match="全区共用"):
        set_day(day=day, kind=DayKind.HOLIDAY, by=make_viewer(Role.PARTY, unit=make_unit()))


def test_a_new_frequency_ends_the_one_in_force() -> None:
    values = {
        "frequency": Frequency.QUARTER,
        "times": 1,
        "reference": "新规定",
        "starts_on": date(2027, 1, 1),
    }
    open_frequency(kind="learning", group_kind="", values=values, by=staff())
    rules = FrequencyRule.objects.filter(kind="learning").order_by("starts_on")
    assert [(rule.frequency, rule.ends_on) for rule in rules] == [
        ("two_months", date(2026, 12, 31)),
        ("quarter", None),
    ]
    assert len(zone_clock(staff(), year=2027).of(StudyKind.LEARNING)) == 4
    end_frequency(rule=rules.last(), values={"on": date(2027, 6, 30)}, by=staff())
    assert len(zone_clock(staff(), year=2027).of(StudyKind.LEARNING)) == 2


def test_a_frequency_belongs_to_the_group_that_holds_the_kind() -> None:
    values = {"frequency": Frequency.MONTH, "times": 1, "starts_on": TODAY}
    with pytest.raises(DomainError, match="党支部"):
        open_frequency(kind="theme_party_day", group_kind="", values=values, by=staff())


def test_figures_change_from_a_day_on() -> None:
    open_figures(values={"youth_age": 35, "starts_on": date(2027, 1, 1)}, by=staff())
    assert [figures_on(date(year, 6, 1)).youth_age for year in (2026, 2027)] == [40, 35]
    assert StudyRule.objects.order_by("starts_on").first().ends_on == date(2026, 12, 31)


def test_a_group_owes_from_its_first_member_on() -> None:
    group = make_group(make_cadre(), since=date(2026, 10, 1))
    began_long_ago()
    clock = zone_clock(staff(), year=2026, group_ids=[group.pk])
    months = [one.span.first.month for one in clock.of(StudyKind.THEME_PARTY_DAY, group.pk)]
    assert months == [10, 11, 12]
    group.closed_on = TODAY + timedelta(days=1)
    group.save()
    later = zone_clock(staff(), year=2026, group_ids=[group.pk])
    assert len(later.of(StudyKind.THEME_PARTY_DAY, group.pk)) == 1
