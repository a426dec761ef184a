"""What training answers to the product's common questions."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access import Role
from core.asking import answered, result_of
from core.web.menu import menu_for
from people.contracts import cadre_cards, cadre_lanes, cadre_tabs, home_figures, home_heads, roster_columns
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer
from tests.factories.training import attend, credit, make_class
from training.choices import ClassKind
from training.contributions.calendar import in_class
from training.contributions.classes import classes_completed
from training.contributions.hours import cadres_behind, hours_column, own_hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def moment(day):
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def shown(part):
    return answered(part)[0]


def contribution(registry, key):
    return next(c for c in registry.all() if c.key == key).source


def test_classes_occupy_their_days_and_online_courses_do_not():
    cadre = make_cadre()
    found = make_class("专题班", starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 4), place="党校")
    credit(cadre, found)
    attend(cadre, date(2026, 3, 3), 8, kind=ClassKind.ONLINE)
    got = shown(
        in_class(cadre_ids=[cadre.pk], starts_at=moment(date(2026, 3, 4)), ends_at=moment(date(2026, 3, 5)))
    )
    assert [(e.title, e.place, e.starts_at, e.ends_at) for e in got] == [
        ("专题班", "党校", moment(date(2026, 3, 2)), moment(date(2026, 3, 5)))
    ]
    later = moment(date(2026, 3, 6))
    assert shown(in_class(cadre_ids=[cadre.pk], starts_at=later, ends_at=later)) == []


def test_a_class_is_an_occasion_when_it_is_over():
    cadre = make_cadre()
    credit(cadre, make_class("专题班", starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 4)), result="good")
    asked = {"cadre_ids": [cadre.pk], "since": date(2026, 1, 1)}
    assert list(classes_completed(**asked, until=date(2026, 3, 3))) == []
    (event,) = classes_completed(**asked, until=date(2026, 3, 4))
    assert (event.happened_on, event.title, event.kind, event.detail) == (
        date(2026, 3, 4),
        "专题班",
        "+24 学时",
        "专题培训班，良好",
    )


def test_duties_of_staff_and_of_a_cadre():
    unit = make_unit()
    cadre = make_cadre(unit=unit, rank="一级科员")
    attend(cadre, date(2026, 3, 1), 60)
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=unit)
    assert [(d.title, d.count) for d in shown(cadres_behind(viewer=head))] == [("1 名干部学时滞后", 1)]
    assert shown(own_hours(viewer=head)) == []
    own = make_viewer(cadre=cadre)
    assert shown(cadres_behind(viewer=own)) == []
    (duty,) = shown(own_hours(viewer=own))
    assert (duty.title, duty.due_on) == ("2026年学时还差 30 学时", date(2026, 12, 31))
    assert duty.reason == "已学 60 学时，今天应达 75 学时。"


def test_nothing_is_due_when_the_requirement_is_met():
    cadre = make_cadre(rank="一级科员")
    attend(cadre, date(2026, 3, 1), 90)
    assert shown(own_hours(viewer=make_viewer(cadre=cadre))) == []
    assert shown(cadres_behind(viewer=make_viewer(Role.HR))) == []


def test_figures_of_the_home_page():
    cadre = make_cadre(rank="一级科员")
    attend(cadre, date(2026, 3, 1), 90)
    make_cadre()
    figures = contribution(home_figures, "training.hours")
    assert [(f.label, f.value, f.query) for f in shown(figures(viewer=make_viewer(Role.HR)))] == [
        ("学时达标", 1, "status=met"),
        ("学时滞后", 1, "status=behind"),
    ]
    assert shown(figures(viewer=make_viewer(cadre=cadre))) == []


def test_a_cadre_sees_the_own_hours_as_a_ring():
    cadre = make_cadre(rank="一级科员")
    attend(cadre, date(2026, 3, 1), 60)
    ring = contribution(home_heads, "training.own_hours")
    panel = result_of(ring(viewer=make_viewer(cadre=cadre)))
    assert panel.title == "今年学时"
    assert panel.context["summary"].verdict == "比进度少 15 学时"
    assert "今年学时：60/90学时，67%" in panel.context["ring"]
    assert result_of(ring(viewer=make_viewer(Role.HR, cadre=make_cadre()))) is None


def test_the_tab_lists_years_with_what_they_sum_up_to():
    cadre = make_cadre(rank="一级科员")
    credit(cadre, make_class("跨年班", starts_on=date(2025, 12, 31), ends_on=date(2026, 1, 1)))
    attend(cadre, date(2026, 3, 1), 90, name="今年班")
    panel = contribution(cadre_tabs, "training")(cadre=cadre, viewer=make_viewer(Role.HR))
    years = panel.context["years"]
    assert [(y.year, y.amounts.hours, y.met, [str(r.training_class) for r in y.rows]) for y in years] == [
        (2026, 98, True, ["今年班"]),
        (2025, 8, False, ["跨年班"]),
    ]
    assert panel.count == 2


@pytest.mark.parametrize(
    ("registry", "key"),
    [(cadre_tabs, "training"), (cadre_cards, "training.hours"), (cadre_lanes, "training.hours")],
)
def test_panels_cost_few_queries_whatever_was_learned(registry, key):
    cadre, viewers = make_cadre(rank="一级科员"), [make_viewer(Role.HR), make_viewer(Role.HR)]
    source = contribution(registry, key)
    counts = []
    for viewer in viewers:  # one for each request: within one nothing is asked twice
        attend(cadre, date(2026, 3, 1), 8)
        with CaptureQueriesContext(connection) as queries:
            source(cadre=cadre, viewer=viewer)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_the_lane_holds_the_hours_of_each_year():
    cadre = make_cadre()
    for year in (2024, 2026):
        attend(cadre, date(year, 3, 1), year - 2000)
    lane = contribution(cadre_lanes, "training.hours")(cadre=cadre, viewer=make_viewer(Role.HR))
    assert [(a.year, a.value) for a in lane.amounts] == [(2024, 24), (2026, 26)]


def test_the_roster_column_stays_within_the_scope():
    unit = make_unit()
    inside, outside = make_cadre(unit=unit), make_cadre(unit=make_unit())
    attend(inside, date(2026, 3, 1), "7.5")
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=unit)
    column = hours_column(cadre_ids=[inside.pk, outside.pk], viewer=head)
    assert {pk: str(summary) for pk, summary in column.items()} == {inside.pk: "7.5"}
    assert any(c.key == "training.hours" and c.template for c in roster_columns.all())


def test_the_menu_follows_the_reader():
    cadre = make_cadre(unit=make_unit())

    def labels(viewer):
        return {link.label for _, links in menu_for(viewer, "/") for link in links}

    mine = {"培训班次", "学时台账", "我的学时", "学时规则"}
    assert labels(make_viewer(Role.HR)) & mine == {"培训班次", "学时台账", "学时规则"}
    assert labels(make_viewer(cadre=cadre)) & mine == {"培训班次", "我的学时"}
    assert labels(make_viewer(Role.AUDITOR)) & mine == set()


def test_a_running_class_is_no_occasion_yet():
    cadre = make_cadre()
    credit(cadre, make_class(starts_on=TODAY, ends_on=TODAY + timedelta(days=1)))
    assert list(classes_completed(cadre_ids=[cadre.pk], since=TODAY, until=TODAY)) == []
