"""干部比选一览表: one line for each candidate, on paper (A4 landscape) and as a workbook."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from core import exports
from core.pdf import PdfMetadata, PdfResult, render_pdf
from rotation.choices.plans import Verdict
from rotation.models import Case
from rotation.queries.room.checks import Group
from rotation.queries.room.comparison import Cell, Comparison, Person, Row

TITLE = "干部比选一览表"
STYLE = "rotation/room.css"


def facts_of(comparison: Comparison) -> list[Row]:
    """The plain facts: columns of their own."""
    return [row for group in comparison.groups[:1] for row in group.rows]


def words_of(comparison: Comparison, group: Group, place: int) -> str:
    """What the checks of a group say of one person: those met in one line, each of the others in its own."""
    rows = [row for found in comparison.groups if found.title == group.label for row in found.rows]
    cells = [(row.label, row.cells[place]) for row in rows]
    met = [label for label, cell in cells if cell.verdict == Verdict.MEETS]
    head = [f"{Verdict.MEETS.label} {len(met)} 项：{'、'.join(met)}"] if met else []
    return "\n".join(
        [*head, *(_said(label, cell) for label, cell in cells if cell.verdict not in ("", Verdict.MEETS))]
    )


def _said(label: str, cell: Cell) -> str:
    text = "" if cell.text in (label, cell.verdict_words) else f"，{cell.text}"
    return f"{cell.verdict_words}：{label}{text}"


def comparison_columns(comparison: Comparison) -> list[exports.Column]:
    people = list(comparison.people)

    def checks(group: Group) -> exports.Column:
        return exports.Column(
            group.value, group.label, 40, lambda p: words_of(comparison, group, people.index(p))
        )

    def fact(row: Row) -> exports.Column:
        return exports.Column(row.label, row.label, 16, lambda p: row.cells[people.index(p)].text)

    head = [
        exports.Column("no", "序号", 6, lambda p: people.index(p) + 1),
        exports.Column("name", "姓名", 10),
        exports.Column("post", "现任职务", 22),
        exports.Column("facts", "年龄、学历", 14),
    ]
    return [*head, *(fact(row) for row in facts_of(comparison)), *(checks(group) for group in Group)]


def comparison_xlsx(case: Case, comparison: Comparison, *, by: str, at: datetime) -> bytes:
    note = exports.source_note(source=f"{case.number}，按姓氏笔画为序", by=by, at=at)
    title = f"{TITLE}（{case.title}）"
    return exports.xlsx_bytes(title, comparison_columns(comparison), comparison.people, note=note)


def comparison_pdf(case: Case, comparison: Comparison) -> PdfResult:
    context = {
        "title": TITLE,
        "case": case,
        "on": comparison.on,
        "zone": settings.ZONE_NAME,
        "facts": [row.label for row in facts_of(comparison)],
        "groups": [group.label for group in Group],
        "lines": [_line(comparison, place, person) for place, person in enumerate(comparison.people)],
    }
    html = render_to_string("rotation/papers/comparison.html", context)
    metadata = PdfMetadata(f"{TITLE}（{case.number}）", settings.ZONE_NAME, TITLE, comparison.on)
    return render_pdf(html, stylesheets=[STYLE], metadata=metadata)


def _line(comparison: Comparison, place: int, person: Person) -> dict[str, object]:
    facts: Sequence[str] = [row.cells[place].text for row in facts_of(comparison)]
    checks = [words_of(comparison, group, place).split("\n") for group in Group]
    return {"no": place + 1, "person": person, "facts": facts, "checks": checks}
