from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.access import Role
from core.models import AuditEvent
from people.models import Unit
from tests.factories.people import make_cadre, make_unit

HTMX = {"HX-Request": "true"}


def names(client: Client, query: str = "") -> list[str]:
    return [str(row) for row, _ in client.get(f"/cadres/{query}").context["rows"]]


@pytest.fixture
def people(office: Unit) -> None:
    bureau = make_unit("招商服务局", display_order=2)
    make_cadre("王小明", unit=office, staff_no="A001", birth_month=date(1995, 1, 1), sex="M")
    make_cadre(
        "李红", unit=bureau, staff_no="A002", birth_month=date(1980, 5, 1), sex="F", rank="二级主任科员"
    )
    make_cadre(
        "丁一", unit=bureau, staff_no="B003", birth_month=date(1970, 5, 1), post_since=date(2005, 1, 1)
    )
    make_cadre("旧人", status="retired")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["丁一", "李红", "王小明"]),
        ("?q=小明", ["王小明"]),
        ("?q=wxm", ["王小明"]),
        ("?q=lihong", ["李红"]),
        ("?q=a00", ["李红", "王小明"]),
        ("?sex=F", ["李红"]),
        ("?rank=二级主任科员", ["李红"]),
        ("?age=35", ["王小明"]),
        ("?age=46-50", ["李红"]),
        ("?tenure=10", ["丁一"]),
        ("?status=retired", ["旧人"]),
        ("?status=any&q=旧", ["旧人"]),
        ("?sort=age", ["王小明", "李红", "丁一"]),
        ("?sort=-age", ["丁一", "李红", "王小明"]),
        ("?sort=strokes", ["丁一", "王小明", "李红"]),
        ("?sort=password", ["丁一", "李红", "王小明"]),
        ("?q=没有这个人", []),
    ],
)
def test_finds_sorts_and_ignores_what_is_not_offered(hr: Client, people: None, query: str, found: list[str]):
    assert names(hr, query) == found


def test_filters_in_force_can_be_taken_off_one_by_one(hr: Client, people: None) -> None:
    page = hr.get("/cadres/?sex=F&q=li&page=3&sort=age")
    assert [(chip.label, chip.query) for chip in page.context["chips"]] == [
        ("姓名、拼音首字母或工号：li", "?sex=F&sort=age"),
        ("性别：女", "?q=li&sort=age"),
    ]


def test_a_wrong_filter_is_named_and_leaves_the_others_in_force(hr: Client, people: None) -> None:
    page = hr.get("/cadres/?sex=X&q=li")
    assert "有筛选条件没有生效" in page.content.decode()
    assert names(hr, "?sex=X&q=li") == ["李红"]


def test_htmx_gets_the_results_alone_and_a_return_the_whole_page(hr: Client, people: None) -> None:
    part = hr.get("/cadres/?q=li", headers=HTMX)
    assert "<html" not in part.content.decode()
    assert "共 1 人" in part.content.decode()
    assert "HX-Request" in part["Vary"]
    back = hr.get("/cadres/?q=li", headers={**HTMX, "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_pages_keep_the_filters(hr: Client, office: Unit) -> None:
    for number in range(17):
        make_cadre(f"王示例{number}", unit=office)
    page = hr.get("/cadres/?q=w&size=15&page=2")
    assert len(page.context["rows"]) == 2
    assert 'href="?q=w&amp;size=15&amp;page=1"' in page.content.decode()
    assert hr.get("/cadres/?page=99").status_code == 200
    assert hr.get("/cadres/?size=7").context["list"].page_size == 15


def test_the_number_of_queries_does_not_grow_with_the_rows(hr: Client, office: Unit) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            hr.get("/cadres/")
        return len(found)

    make_cadre(unit=office)
    one = queries()
    make_cadre(unit=office), make_cadre(unit=office)
    assert one == queries()
    assert one <= 12


def test_export_holds_what_the_filters_found_and_leaves_a_trace(hr: Client, people: None) -> None:
    answer = hr.get("/cadres/?sex=F&export=xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[2][:5] == ["姓名", "工号", "性别", "部门、职务", "职级"]
    assert [row[:5] for row in rows[3:]] == [["李红", "A002", "女", "招商服务局科员", "二级主任科员"]]
    event = AuditEvent.objects.get(action="export")
    assert (event.label, event.changes) == ("干部名册，1 人", {"条件": ["", "sex=F&export=xlsx"]})


def test_export_as_text(hr: Client, people: None) -> None:
    lines = b"".join(hr.get("/cadres/?q=wxm&export=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].startswith("王小明,A001,男,党政办公室科员,")


@pytest.mark.parametrize("role", [Role.PARTY, Role.DEPARTMENT_HEAD, Role.VICE_LEADER])
def test_no_export_without_the_right(log_in, role: Role) -> None:
    assert log_in(role).get("/cadres/?export=xlsx").status_code == 404


def test_a_head_of_department_sees_the_own_department_only(log_in, people: None, office: Unit) -> None:
    assert names(log_in(Role.DEPARTMENT_HEAD, unit=office)) == ["王小明"]
