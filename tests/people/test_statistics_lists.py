"""The numbers of the other apps against the lists they open, through the pages themselves."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.access import Role
from people.models import Unit
from people.statistics.report import gather
from rotation.choices.secondments import Direction, SecondmentState
from tests.factories.park import make_plan, make_task
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer
from tests.factories.secondments import make_secondment
from tests.factories.study import make_activity

pytestmark = pytest.mark.django_db
BACKEND = "people.backends.AccountBackend"
TABS = ("park.tasks", "training.study", "training.hours", "rotation.secondments")
STRUCTURES = ("structure&by=age", "structure&by=sex", "structure&by=rank")


@pytest.fixture
def top(db: None) -> Unit:
    """A zone with a department and its section; tasks, activities and secondments of each kind."""
    top = make_unit("管委会")
    bureau = make_unit("招商局", parent=top)
    section = make_unit("一科", parent=bureau)
    plan = make_plan()
    for unit in (top, bureau, section):
        make_task(unit=unit, plan=plan, owner=make_cadre(unit=unit), official=make_cadre(unit=top))
    make_task(unit=section, plan=plan, owner=make_cadre(unit=section), due_on=date(2026, 2, 1))
    make_activity(date(2026, 3, 2))
    make_activity(date(2026, 3, 9), kind="integrity")
    make_secondment(SecondmentState.ACTIVE, cadre=make_cadre(unit=bureau))
    make_secondment(SecondmentState.REFUSED, cadre=make_cadre(unit=bureau))
    make_secondment(SecondmentState.APPROVED, direction=Direction.IN, host_unit=section)
    return top


@pytest.fixture
def hr(top: Unit) -> Client:
    client = Client()
    client.force_login(make_account(Role.HR), backend=BACKEND)
    return client


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("park.tasks", [4]),
        ("training.study", [2]),
        ("training.hours", [9]),
        ("rotation.secondments", [2, 1]),
    ],
)
def test_each_number_is_what_its_list_counts(hr: Client, top: Unit, tab: str, expected: list[int]) -> None:
    tables = [table for table, _ in hr.get(f"/statistics/?tab={tab}").context["tables"]]
    assert [table.total.cells[0].number for table in tables] == expected
    cells = [cell for t in tables for line in (*t.lines, t.total) for cell in line.cells if cell.url]
    shown = {cell.url: cell.number for cell in cells if cell.number}
    assert {url: hr.get(url).context["page"].paginator.count for url in shown} == shown


@pytest.mark.parametrize("role", [Role.PARTY, Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER])
def test_each_role_finds_behind_every_number_what_it_says(top: Unit, role: Role) -> None:
    scoped = role in (Role.DEPARTMENT_HEAD, Role.VICE_LEADER)
    client = Client()
    client.force_login(make_account(role, unit=Unit.objects.get(name="招商局") if scoped else None), BACKEND)
    wrong = {}
    for address in (f"/statistics/?tab={tab}&versus=2025-12-31" for tab in (*TABS, *STRUCTURES)):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        assert len(queries) <= 12, (address, len(queries))
        for table, _ in page.context["tables"]:
            for line in (*table.lines, table.total):
                for cell in line.cells:
                    if cell.url and cell.number and cell.url not in wrong:
                        wrong[cell.url] = cell.number - client.get(cell.url).context["page"].paginator.count
    assert wrong
    assert {url: by for url, by in wrong.items() if by} == {}


def test_a_small_department_shows_nothing_of_its_talks(hr: Client, top: Unit) -> None:
    table, _ = hr.get("/statistics/?tab=wellbeing.talks").context["tables"][0]
    remarks = {line.label: (line.remark, len(line.cells)) for line in table.lines}
    assert remarks == {"管委会": ("少于 5 人，不显示", 0), "招商局": ("", 6)}
    assert table.total.cells[0].number == 5


def test_talks_and_lights_are_not_told_of_any_other_day(hr: Client, top: Unit) -> None:
    for tab in ("wellbeing.talks", "park.tasks"):
        page = hr.get(f"/statistics/?tab={tab}&on=2026-02-03")
        assert page.context["tables"] == []
        assert "所选日期没有这项统计" in page.content.decode()


def test_every_app_has_its_say_in_the_report(top: Unit) -> None:
    report = gather(make_viewer(Role.HR), year=2026, unit=top)
    words = {chapter.title: "".join(chapter.paragraphs) for chapter in report.chapters}
    assert words["急难任务锻炼"].startswith("干部承担园区任务4项")
    assert "今年以来安排学习活动2场" in words["教育培训和学习活动"]
    assert words["挂职锻炼"].startswith("2026年新开始挂职2人次，其中派出1人次、来区1人次")
    assert " " not in "".join(words.values())
