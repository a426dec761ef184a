"""Statistics: every number against counting by hand, and against the list it opens."""

from datetime import date
from io import StringIO
from json import loads

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from core.access import Role
from core.charts import amount_bars
from people.choices import PoliticalStatus, StaffType
from people.models import Cadre, Education, Unit
from people.statistics.counting import people_on, people_table
from people.statistics.dimensions import OWN_DIMENSIONS, structure
from people.statistics.filters import FigureFilter
from people.statistics.report import gather
from people.statistics.tables import Cell, Line, StatTable, compared, percent, sum_line
from tests.factories.people import TODAY, make_account, make_appointment, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db
PAST = date(2022, 6, 30)
BACKEND = "people.backends.AccountBackend"


class Zone:
    """Three departments, one with a section; two people moved in 2024, one left, one has nothing known."""

    def __init__(self) -> None:
        self.top = make_unit("管委会")
        self.office = make_unit("党政办", parent=self.top, display_order=1)
        self.bureau = make_unit("招商局", parent=self.top, display_order=2)
        self.section = make_unit("一科", parent=self.bureau)
        self.closed = make_unit("旧办", parent=self.top, display_order=3, closed_on=date(2024, 1, 1))
        self._people()

    def _people(self) -> None:
        party = PoliticalStatus
        head = make_cadre(
            unit=self.top,
            sex="M",
            birth_month=date(1970, 6, 1),
            rank="二级调研员",
            leadership_level="county_chief",
            political_status=party.PARTY_MEMBER,
            staff_type=StaffType.CIVIL_SERVANT,
        )
        moved = make_cadre(
            sex="F", birth_month=date(1991, 11, 1), rank="一级主任科员", political_status=party.PROBATIONARY
        )
        make_appointment(moved, unit=self.office, ends_on=date(2023, 12, 31))
        make_appointment(moved, unit=self.section, starts_on=date(2024, 1, 1))
        other = make_cadre(sex="M", birth_month=date(1991, 10, 1), rank="管理岗八级", political_status="rcck")
        make_appointment(other, unit=self.closed, ends_on=date(2023, 12, 31))
        make_appointment(other, unit=self.office, starts_on=date(2024, 1, 1))
        left = make_cadre(sex="F", birth_month=date(1985, 1, 1), rank="专业技术七级", status="left")
        make_appointment(left, unit=self.bureau, ends_on=date(2023, 5, 1))
        make_cadre(unit=self.bureau, rank="特级", political_status="masses")
        double = make_cadre(unit=self.section, sex="M", birth_month=date(1980, 12, 1), rank="一级科员")
        make_appointment(double, unit=self.office, is_main=False)
        self._schools(head, moved, other, double)

    def _schools(self, head: Cadre, moved: Cadre, other: Cadre, double: Cadre) -> None:
        for cadre, mode, level in (
            (head, "full_time", "大学专科"),
            (head, "in_service", "省委党校研究生"),
            (moved, "full_time", "大学本科"),
            (other, "full_time", "大专"),
            (double, "full_time", "高中"),
        ):
            Education.objects.create(cadre=cadre, mode=mode, level=level)


@pytest.fixture
def zone() -> Zone:
    return Zone()


def bucket_by_hand(cadre: Cadre, key: str, on: date) -> str:
    """The bucket in plain Python."""
    age = cadre.age(on)
    bands = [(35, "35"), (40, "36-40"), (45, "41-45"), (50, "46-50"), (55, "51-55"), (999, "56")]
    level = {"省委党校研究生": 4, "大学本科": 3, "大学专科": 2, "大专": 2, "高中": 1}
    best = max((level[row.level] for row in cadre.education.all()), default=0)
    rank = {
        "二级调研员": "counsel",
        "一级主任科员": "chief_clerk",
        "一级科员": "clerk",
        "管理岗八级": "management",
        "专业技术七级": "technical",
        "特级": "other",
    }
    party = {"party_member": "ccp", "probationary": "ccp", "rcck": "others", "masses": "masses"}
    return {
        "sex": cadre.sex or "unknown",
        "age": "unknown" if age is None else next(name for oldest, name in bands if age <= oldest),
        "education": ["unknown", "secondary", "college", "university", "postgraduate"][best],
        "party": party.get(cadre.political_status, "unknown"),
        "identity": cadre.staff_type or "unknown",
        "level": cadre.leadership_level or "none",
        "rank": rank[cadre.rank],
    }[key]


def place_by_hand(cadre: Cadre, on: date) -> Unit | None:
    held = [a for a in cadre.appointments.all() if a.starts_on <= on and (a.ends_on or date.max) >= on]
    return max(held, key=lambda a: (a.is_main, a.starts_on)).unit if held else None


def counted_by_hand(zone: Zone, key: str, on: date) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for cadre in Cadre.objects.all():
        unit = place_by_hand(cadre, on)
        if unit is None:
            continue
        line = next(
            (d.name for d in (zone.office, zone.bureau, zone.closed) if unit.path.startswith(d.path)), "本级"
        )
        bucket = bucket_by_hand(cadre, key, on)
        found.setdefault(line, {}).setdefault(bucket, 0)
        found[line][bucket] += 1
    return found


@pytest.mark.parametrize("on", [TODAY, PAST])
@pytest.mark.parametrize("dimension", OWN_DIMENSIONS, ids=lambda one: one.key)
def test_each_table_equals_counting_by_hand(zone: Zone, dimension, on: date) -> None:
    table = people_table(make_viewer(Role.HR), dimension, on, zone.top)
    found = {
        line.label: {
            key: cell.number
            for (key, _), cell in zip(dimension.buckets, line.cells[1:], strict=True)
            if cell.number
        }
        for line in table.lines
    }
    assert {label: numbers for label, numbers in found.items() if numbers} == counted_by_hand(
        zone, dimension.key, on
    )
    assert all(line.cells[0].number == sum(c.number for c in line.cells[1:]) for line in table.lines)


def list_of(viewer, url: str) -> int:
    request = RequestFactory().get(url)
    request.viewer = viewer
    on = date.fromisoformat(request.GET["on"])
    return FigureFilter(request.GET, queryset=people_on(viewer, on, None), request=request).qs.count()


@pytest.mark.parametrize("on", [TODAY, PAST])
def test_each_number_is_the_length_of_its_list(zone: Zone, on: date) -> None:
    viewer = make_viewer(Role.HR)
    for dimension in OWN_DIMENSIONS:
        table = people_table(viewer, dimension, on, zone.top)
        cells = [cell for line in (*table.lines, table.total) for cell in line.cells]
        assert [list_of(viewer, cell.url) for cell in cells] == [cell.number for cell in cells]


def test_a_closed_department_stands_only_where_it_had_people(zone: Zone) -> None:
    def labels(on: date) -> list[str]:
        table = people_table(make_viewer(Role.HR), OWN_DIMENSIONS[0], on, zone.top)
        return [line.label for line in table.lines]

    assert labels(TODAY) == ["本级", "党政办", "招商局"]
    assert labels(PAST) == ["本级", "党政办", "招商局", "旧办"]


def test_a_department_head_counts_the_own_department(zone: Zone) -> None:
    viewer = make_viewer(Role.DEPARTMENT_HEAD, unit=zone.bureau)
    table = people_table(viewer, OWN_DIMENSIONS[0], TODAY, zone.bureau)
    assert [(line.label, line.cells[0].number) for line in table.lines] == [("本级", 1), ("一科", 2)]


def test_who_may_not_read_resumes_does_not_divide_by_education() -> None:
    assert "education" not in {one.key for one in structure(make_viewer(Role.PARTY))}
    assert "education" in {one.key for one in structure(make_viewer(Role.HR))}


def table_of(*numbers: tuple[str, int]) -> StatTable:
    lines = tuple(Line(label, (Cell(n), Cell(n))) for label, n in numbers)
    return StatTable("x", "示例", ("合计", "甲"), lines, sum_line(lines, 2))


def test_comparison_takes_a_missing_line_for_nothing_and_leaves_remarks_alone() -> None:
    now, then = table_of(("一局", 5), ("二局", 2)), table_of(("一局", 3), ("三局", 4))
    found = compared(now, then)
    assert [line.cells[0].change for line in found.lines] == [2, 2]
    assert found.total.cells[0].change == 0
    kept_back = StatTable("x", "示例", ("合计",), (Line("一局", remark="不显示"),), Line("合计", (Cell(0),)))
    assert compared(kept_back, kept_back).lines[0].cells == ()


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(1, 3, "33%"), (1, 300, "0.3%"), (299, 300, "99.7%"), (0, 0, ""), (2, 2, "100%")],
)
def test_percent(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


def test_the_chart_says_what_the_table_says() -> None:
    assert "年龄：35岁及以下3人，36–40岁0人" in amount_bars([("35岁及以下", 3), ("36–40岁", 0)], title="年龄")


# -- pages -----------------------------------------------------------------------------------------


def client_of(*roles: Role, **values) -> Client:
    client = Client()
    client.force_login(make_account(*roles, **values), backend=BACKEND)
    return client


TABS = [
    "structure",
    "training.hours",
    "training.study",
    "park.tasks",
    "rotation.secondments",
    "wellbeing.talks",
]


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_and_every_number_of_it(zone: Zone, tab: str) -> None:
    client = client_of(Role.HR)
    page = client.get(f"/statistics/?tab={tab}&versus=2022-06-30")
    assert page.status_code == 200
    assert page.context["tab"] == tab
    urls = {
        cell.url
        for table, _ in page.context["tables"]
        for line in (*table.lines, table.total)
        for cell in line.cells
        if cell.url
    }
    assert urls
    assert {client.get(url).status_code for url in sorted(urls)[:4]} == {200}


def test_the_page_asks_as_much_for_many_as_for_few(zone: Zone) -> None:
    client = client_of(Role.HR)
    client.get("/statistics/")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/statistics/?by=education&versus=2022-06-30")
        counts.append(len(asked))
        for _ in range(3):
            make_cadre(unit=make_unit(parent=zone.top), sex="F")
    assert counts[0] == counts[1] <= 14


def test_a_day_to_come_is_refused_and_counted_as_today(zone: Zone) -> None:
    page = client_of(Role.HR).get("/statistics/?on=2999-01-01")
    assert "统计日期不能晚于今天。" in page.content.decode()
    assert page.context["asked"].on == page.context["asked"].viewer.on


def test_exports_the_table(zone: Zone) -> None:
    answer = client_of(Role.HR).get("/statistics/?by=sex&export=xlsx")
    assert answer["Content-Type"].endswith("sheet")


def test_a_cadre_alone_has_no_statistics(zone: Zone) -> None:
    own = Cadre.objects.first()
    assert client_of(cadre=own).get("/statistics/").status_code == 404


# -- interface and command ---------------------------------------------------------------------------


def test_the_interface_gives_the_same_numbers_and_is_strict(zone: Zone) -> None:
    client = client_of(Role.HR)
    data = client.get(f"/api/v1/statistics/?on=2022-06-30&unit={zone.top.pk}&dimension=sex").json()
    assert [(row["label"], row["numbers"]) for row in data["tables"][0]["rows"]] == [
        ("本级", [1, 1, 0, 0]),
        ("党政办", [1, 0, 1, 0]),
        ("招商局", [3, 1, 1, 1]),
        ("旧办", [1, 1, 0, 0]),
        ("合计", [6, 3, 2, 1]),
    ]
    for wrong in ("day=2022-06-30", "on=x", "unit=0", "unit=999999", "dimension=name", "on=2999-01-01"):
        assert client.get(f"/api/v1/statistics/?{wrong}").status_code == 400


def test_the_command_prints_all_tables(zone: Zone) -> None:
    out = StringIO()
    call_command("statistics", "--on", "2022-06-30", "--json", stdout=out)
    tables = {table["key"]: table for table in loads(out.getvalue())}
    assert tables["sex"]["rows"][-1]["numbers"] == [6, 3, 2, 1]
    assert {"hours", "study", "begun"} <= set(tables)
    out = StringIO()
    call_command("statistics", stdout=out)
    assert "按性别\t合计\t男\t女\t未登记" in out.getvalue()


# -- the yearly report -------------------------------------------------------------------------------


@pytest.fixture
def report_words(zone: Zone) -> str:
    report = gather(make_viewer(Role.HR), year=2022, unit=zone.top)
    return "\n".join(text for chapter in report.chapters for text in chapter.paragraphs)


def test_the_report_says_the_figures_without_blanks(report_words: str) -> None:
    assert "截至2022年12月31日，共有干部6人。" in report_words
    assert "按性别划分，男3人，占50%；女2人，占33%；未登记1人，占17%。" in report_words
    assert " " not in report_words


def test_the_report_is_a_document_of_either_kind(zone: Zone) -> None:
    client = client_of(Role.HR)
    word = client.get(f"/statistics/report.docx?year=2022&unit={zone.top.pk}")
    pdf = client.get("/statistics/report.pdf?year=2022")
    assert word.content[:2] == b"PK"
    assert pdf.content[:5] == b"%PDF-"
