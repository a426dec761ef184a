"""Each figure of a file reckoned anew from the database, by other means than the sections use; and each
number of a line led to its row of the appendix and back, in every edition."""

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from pypdf import PdfReader

from growth.contracts import Edition, Facts, Figures, Paragraph, Section, Table
from growth.queries import snapshot_of
from growth.render import render_file, render_html
from growth.snapshot import Snapshot
from growth.wording import duration
from people.models import Cadre
from tests.factories.people import TODAY
from tests.growth.whole import whole_cadre


@pytest.fixture
def everything(db: None) -> Cadre:
    return whole_cadre()


@pytest.fixture
def snapshot(everything: Cadre) -> Snapshot:
    return snapshot_of(everything, edition=Edition.SELF, as_of=TODAY)


def asked(sql: str, *values: Any) -> Any:
    """One value straight from the tables: no model, no manager, no query of the product."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def section(snapshot: Snapshot, key: str) -> Section:
    return next(found for found in snapshot.sections if found.key == key)


def summary_figures(snapshot: Snapshot) -> dict[str, str]:
    return {f.label: f.value for found in snapshot.sections for f in found.summary.figures}


def figures_in(found: Section) -> dict[str, str]:
    return {f.label: f.value for block in found.blocks if isinstance(block, Figures) for f in block.items}


def tables_of(found: Section) -> list[Table]:
    return [block for block in found.blocks if isinstance(block, Table)]


def texts_of(found: Section) -> list[str]:
    return [block.text for block in found.blocks if isinstance(block, Paragraph)]


def day_of(value: Any) -> date:
    """SQLite keeps a day as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def full_months(first: date, last: date) -> int:
    """By counting month ends one by one, the day `last` included."""
    after, months = last + timedelta(days=1), 0
    while True:
        year, month = divmod(first.year * 12 + first.month + months, 12)
        reached = date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
        if reached > after:
            return months
        months += 1


def facts_of(found: Section) -> dict[str, str]:
    return {f.label: f.value for block in found.blocks if isinstance(block, Facts) for f in block.rows}


def test_hours_and_classes(everything: Cadre, snapshot: Snapshot) -> None:
    entries = (
        "SELECT COALESCE(SUM(hours), 0) FROM training_hourentry WHERE cadre_id = %s"
        " AND ledger = 'concentrated' AND reversed_at IS NULL"
        " AND ends_on BETWEEN '2026-01-01' AND '2026-12-31'"
    )
    hours = Decimal(str(asked(entries, everything.pk)))
    assert Decimal(summary_figures(snapshot)["2026年集中培训"]) == hours > 0
    classes = asked("SELECT COUNT(*) FROM training_participation WHERE cadre_id = %s", everything.pk)
    table = next(t for t in tables_of(section(snapshot, "training")) if t.columns[1].title == "班　次")
    assert len(table.rows) == classes == 2
    in_classes = "SELECT SUM(hours) FROM training_participation WHERE cadre_id = %s"
    assert sum(Decimal(row.cells[4]) for row in table.rows) == Decimal(str(asked(in_classes, everything.pk)))


def test_study_activities(everything: Cadre, snapshot: Snapshot) -> None:
    count = "SELECT COUNT(*) FROM training_attendance WHERE cadre_id = %s AND state = %s"
    present, absent = (asked(count, everything.pk, state) for state in ("present", "absent"))
    table = tables_of(section(snapshot, "study"))[0]
    numbers = [[int(cell.replace("—", "0")) for cell in row.cells[2:6]] for row in table.rows]
    assert [sum(column) for column in zip(*numbers, strict=True)] == [present + absent, present, 0, absent]
    assert (present, absent) == (2, 1)


def test_speeches(everything: Cadre, snapshot: Snapshot) -> None:
    spoken = asked("SELECT COUNT(*) FROM training_agendaitem WHERE speaker_id = %s", everything.pk)
    found = section(snapshot, "study")
    [speeches] = [t for t in tables_of(found) if t.columns[1].title == "题　目"]
    assert len(speeches.rows) == spoken == 1
    assert f"发言{spoken}次" in texts_of(found)[0]
    topic = "SELECT topic FROM training_agendaitem WHERE speaker_id = %s"
    assert speeches.rows[0].cells[1] == asked(topic, everything.pk)


def test_competitions(everything: Cadre, snapshot: Snapshot) -> None:
    [table] = tables_of(section(snapshot, "contests"))
    published = (
        " FROM training_contestentry e JOIN training_contest c ON c.id = e.contest_id"
        " WHERE e.cadre_id = %s AND c.state = 'published' AND e.withdrawn_at IS NULL"
    )
    assert len(table.rows) == asked(f"SELECT COUNT(*){published}", everything.pk) == 1
    *_, score, rank, _award = table.rows[0].cells
    assert Decimal(score) == Decimal(str(asked(f"SELECT e.score{published}", everything.pk)))
    assert rank == f"第 {asked(f'SELECT e.rank{published}', everything.pk)} 名"


def test_appraisals_and_honours(everything: Cadre, snapshot: Snapshot) -> None:
    appraisals, honours = tables_of(section(snapshot, "merit"))
    count = "SELECT COUNT(*) FROM people_{} WHERE cadre_id = %s"
    assert len(appraisals.rows) == asked(count.format("annualappraisal"), everything.pk) == 2
    assert len(honours.rows) == asked(count.format("honour"), everything.pk) == 2


def away_of(snapshot: Snapshot) -> Table:
    [table] = tables_of(section(snapshot, "secondments"))
    return table


def test_posts_and_secondments(everything: Cadre, snapshot: Snapshot) -> None:
    """Every time away stands in one place: the post it gave is no line of its own."""
    count = "SELECT COUNT(*) FROM people_appointment WHERE cadre_id = %s AND kind {} 'post'"
    [posts] = tables_of(section(snapshot, "posts"))
    assert len(posts.rows) == asked(count.format("="), everything.pk)
    number = asked(count.format("<>"), everything.pk)
    rows = asked("SELECT COUNT(*) FROM rotation_secondment WHERE cadre_id = %s", everything.pk)
    assert len(away_of(snapshot).rows) == int(summary_figures(snapshot)["挂职借调"]) == number == rows == 2
    assert [row.cells[-1] for row in away_of(snapshot).rows] == ["待鉴定", "优秀"]


def test_months_of_secondments(everything: Cadre, snapshot: Snapshot) -> None:
    """Each one's own length, and all of them together on the summary."""
    column = "SELECT {} FROM people_appointment WHERE cadre_id = %s AND kind <> 'post' ORDER BY starts_on {}"
    lengths = []
    for order in ("DESC", "ASC"):
        first, last = (
            day_of(asked(f"{column.format(name, order)} LIMIT 1", everything.pk))
            for name in ("starts_on", "ends_on")
        )
        lengths.append(full_months(first, last))
    assert [row.cells[3] for row in away_of(snapshot).rows] == [duration(months) for months in lengths]
    [figure] = [f for f in section(snapshot, "secondments").summary.figures if f.label == "挂职借调"]
    assert figure.note == f"累计{duration(sum(lengths))}" == "累计2年"


def test_words_of_a_secondment(everything: Cadre, snapshot: Snapshot) -> None:
    """Those of the complete 鉴定, each under its own number; nothing of the one that is not."""
    told = "SELECT COUNT(*) FROM rotation_opinion o JOIN rotation_secondment s ON s.id = o.secondment_id"
    told += " WHERE s.cadre_id = %s AND o.stage = 'final' AND s.state IN ('appraised', 'returned', 'kept')"
    found = section(snapshot, "secondments")
    facts = [fact for block in found.blocks if isinstance(block, Facts) for fact in block.rows]
    assert len(facts) == asked(told, everything.pk) == 4
    assert [fact.label for fact in facts] == ["个人总结", "接收单位意见", "派出单位意见", "组织部门意见"]
    assert facts[-1].value == "组织部门意见的内容\n等次：优秀　2025年2月28日"
    assert len({fact.source.key for fact in facts if fact.source}) == 4


def in_thirds(amounts: list[Decimal], mine: Decimal) -> str:
    """By standing in line: the middle place of those with the same amount, and the third it lies in."""
    line = sorted(amounts, reverse=True)
    first, last = line.index(mine) + 1, len(line) - line[::-1].index(mine)
    middle = Decimal(first + last - 1) / 2 / len(line)
    return "前" if middle <= Decimal(1) / 3 else "后" if middle >= Decimal(2) / 3 else "中间"


def test_band_of_the_hours_of_the_year(everything: Cadre) -> None:
    """In the leader edition alone. Every person's hours are fetched and put in line, one by one."""
    people = (
        "SELECT c.id FROM people_cadre c WHERE c.status = 'active' AND c.leadership_level = ''"
        " AND c.rank NOT LIKE %s AND EXISTS (SELECT 1 FROM people_appointment a WHERE a.cadre_id = c.id"
        " AND a.kind = 'post' AND a.starts_on <= %s AND (a.ends_on IS NULL OR a.ends_on >= %s))"
    )
    hours = (
        "SELECT COALESCE(SUM(hours), 0) FROM training_hourentry WHERE cadre_id = %s AND reversed_at IS NULL"
        " AND ledger = 'concentrated' AND starts_on >= '2026-01-01' AND ends_on <= %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(people, ["%调研员", TODAY, TODAY])
        ids = [row[0] for row in cursor.fetchall()]
    amounts = {pk: Decimal(str(asked(hours, pk, TODAY))) for pk in ids}
    third = in_thirds(list(amounts.values()), amounts[everything.pk])
    leader = snapshot_of(everything, edition=Edition.LEADER, as_of=TODAY)
    [fact] = [f for b in section(leader, "training_band").blocks if isinstance(b, Facts) for f in b.rows]
    assert fact.value.split("（")[0] == f"{third}三分之一"
    assert f"共{len(ids)}人" in fact.value
    [row] = [row for row in leader.evidence if row.key.startswith("training.band:")]
    assert f"{TODAY.year}年{TODAY.month}月{TODAY.day}日全区在岗" in row.text
    for edition in (Edition.SELF, Edition.ARCHIVE):
        whole = snapshot_of(everything, edition=edition, as_of=TODAY)
        assert "training_band" not in {found.key for found in whole.sections}


def test_tenure_is_said_alike_wherever_it_stands(snapshot: Snapshot) -> None:
    held = facts_of(section(snapshot, "tenure"))["同一岗位连续任职"].split("（")[0]
    assert held == summary_figures(snapshot)["任现职"]


def test_tenure_is_counted_from_the_appointment(everything: Cadre, snapshot: Snapshot) -> None:
    begun = (
        "SELECT starts_on FROM people_appointment"
        " WHERE cadre_id = %s AND kind = 'post' AND is_main AND ends_on IS NULL"
    )
    since = day_of(asked(begun, everything.pk))
    words = facts_of(section(snapshot, "tenure"))["同一岗位连续任职"]
    assert words == f"{duration(full_months(since, TODAY))}（{since.year}年{since.month}月{since.day}日起）"


def test_rotations(everything: Cadre, snapshot: Snapshot) -> None:
    [table] = tables_of(section(snapshot, "rotations"))
    lines = (
        "SELECT COUNT(*) FROM rotation_effectline l JOIN rotation_decidedmove m ON m.id = l.decided_id"
        " WHERE m.cadre_id = %s"
    )
    assert len(table.rows) == asked(lines, everything.pk) == 1


def test_tasks_and_projects(everything: Cadre, snapshot: Snapshot) -> None:
    count = "SELECT COUNT(*) FROM park_assignment WHERE cadre_id = %s AND {} IS NOT NULL"
    states = (
        "SELECT COUNT(*) FROM park_assignment a JOIN park_task t ON t.id = a.task_id"
        " WHERE a.cadre_id = %s AND t.state {} 'closed'"
    )
    figures = figures_in(section(snapshot, "park_tasks"))
    assert figures["在办任务"] == str(asked(states.format("<>"), everything.pk)) == "1"
    assert figures["已销号"] == str(asked(states.format("="), everything.pk)) == "1"
    assert len(tables_of(section(snapshot, "park_tasks"))[0].rows) == asked(
        count.format("task_id"), everything.pk
    )
    field = section(snapshot, "park_field")
    assert figures_in(field)["在手项目"] == str(asked(count.format("project_id"), everything.pk)) == "1"


def test_delay_of_a_task(everything: Cadre, snapshot: Snapshot) -> None:
    column = (
        "SELECT t.{} FROM park_assignment a JOIN park_task t ON t.id = a.task_id"
        " WHERE a.cadre_id = %s AND t.state = 'closed'"
    )
    due_on, ended_on = (day_of(asked(column.format(name), everything.pk)) for name in ("due_on", "ended_on"))
    rows = {row.cells[0]: row.cells[-1] for row in tables_of(section(snapshot, "park_tasks"))[0].rows}
    assert rows["服务平台上线"] == f"已销号，逾期{(ended_on - due_on).days}天" == "已销号，逾期12天"


def test_visits_and_requests(everything: Cadre, snapshot: Snapshot) -> None:
    figures = figures_in(section(snapshot, "park_field"))
    visits = asked("SELECT COUNT(*) FROM park_visitperson WHERE cadre_id = %s", everything.pk)
    assert figures["走访企业"] == str(visits) == "2"
    closed = "SELECT COUNT(*) FROM park_enterpriserequest WHERE handler_id = %s AND closed_on IS NOT NULL"
    assert figures["办结诉求"] == str(asked(closed, everything.pk)) == "1"


def test_talks_care_and_checkups(everything: Cadre, snapshot: Snapshot) -> None:
    talks = section(snapshot, "wellbeing.talks")
    held = asked(
        "SELECT COUNT(*) FROM wellbeing_talk WHERE cadre_id = %s AND held_on IS NOT NULL", everything.pk
    )
    assert facts_of(talks) == {"谈心谈话": f"{held} 次", "2026年度": f"已谈话 {held} 次"}
    assert len(tables_of(talks)[0].rows) == held == 1
    given = asked(
        "SELECT COUNT(*) FROM wellbeing_carecase WHERE cadre_id = %s AND given_on IS NOT NULL", everything.pk
    )
    assert len(tables_of(section(snapshot, "wellbeing.care"))[0].rows) == given == 1
    done = "SELECT COUNT(*) FROM wellbeing_checkupmember WHERE cadre_id = %s AND state = 'done'"
    assert len(tables_of(section(snapshot, "wellbeing.checkups"))[0].rows) == asked(done, everything.pk) == 1


def test_a_day_before_everything_says_nothing_of_it(everything: Cadre) -> None:
    early = snapshot_of(everything, edition=Edition.SELF, as_of=date(2023, 6, 30))
    keys = {found.key for found in early.sections}
    assert keys.isdisjoint(
        {"study", "rotations", "park_tasks", "park_field", "wellbeing.talks",
         "wellbeing.care", "wellbeing.checkups", "wellbeing.decisions"}
    )  # fmt: skip
    assert texts_of(section(early, "secondments")) == ["截至当日没有挂职、借调记录。"]


@pytest.mark.parametrize("edition", Edition)
def test_every_number_resolves_both_ways(everything: Cadre, edition: Edition) -> None:
    """All chapters at once, those of wellbeing and rotation among them."""
    whole = snapshot_of(everything, edition=edition, as_of=TODAY)
    html = render_html(whole)
    forth, back = set(re.findall(r'href="#e(\d+)"', html)), set(re.findall(r' id="e(\d+)"', html))
    assert forth <= back
    assert back == {str(row.number) for row in whole.evidence}
    assert set(re.findall(r'href="#r(\d+)"', html)) == set(re.findall(r' id="r(\d+)"', html)) == forth
    uncited = {row.number for row in whole.evidence} - {int(number) for number in forth}
    assert uncited <= {part for row in whole.evidence for part in row.parts}
    assert _unresolved(render_file(whole).data) == []


def _unresolved(data: bytes) -> list[str]:
    """Links of the finished PDF whose destination is not there."""
    reader = PdfReader(BytesIO(data))
    links = [a.get_object() for page in reader.pages for a in page.get("/Annots", [])]
    wanted = [str(link["/Dest"]) for link in links if "/Dest" in link]
    assert wanted
    return [name for name in wanted if name not in reader.named_destinations]


def test_the_sections_of_the_newer_apps_are_numbered(snapshot: Snapshot) -> None:
    keys = {row.key.split(":")[0] for row in snapshot.evidence}
    assert keys >= {
        "wellbeing.checkup", "wellbeing.carecase", "wellbeing.talk", "wellbeing.finding", "tenure",
        "rotation.secondment", "rotation.decidedmove", "study.attendance",
    }  # fmt: skip
