"""任务分解表 in the office's own columns: the same on paper (A3 landscape) and in the workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from core.pdf import PdfMetadata, PdfResult, render_pdf
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn
from park.queries.tasks import supporters_of

MOST_ON_PAPER = 1_000


def _name(row: Any) -> str:
    return str(row or "")


def _report(task: Any, field: str) -> str:
    return getattr(task.latest_report, field) if task.latest_report else ""


def due_words(task: Any) -> str:
    return cn_date(task.due_on) or task.due_text


OFFICE_COLUMNS = (
    ListColumn("x_no", "序号", lambda t: t.no, on_page=False, width=7),
    ListColumn("x_measure", "重点工作", lambda t: _name(t.measure), on_page=False, width=18),
    ListColumn("x_name", "工作任务", lambda t: t.name, on_page=False, width=24),
    ListColumn("x_measures", "工作举措", lambda t: t.measures, on_page=False, width=36),
    ListColumn("x_official", "责任领导", lambda t: _name(t.lead_official), on_page=False, width=10),
    ListColumn("x_department", "责任部门", lambda t: _name(t.lead_department), on_page=False, width=14),
    ListColumn("x_support", "配合单位", supporters_of, on_page=False, width=14),
    ListColumn("x_owner", "责任人", lambda t: _name(t.owner), on_page=False, width=10),
    ListColumn("x_due", "完成时限", lambda t: t.due_on or t.due_text, on_page=False, width=12),
    ListColumn("x_report", "进展情况", lambda t: _report(t, "text"), on_page=False, width=32),
    ListColumn("x_percent", "完成率（%）", lambda t: t.percent, on_page=False, width=9),
    ListColumn("x_problems", "存在问题", lambda t: _report(t, "problems"), on_page=False, width=20),
    ListColumn("x_next", "下步打算", lambda t: _report(t, "next_steps"), on_page=False, width=20),
    ListColumn("x_state", "状态", lambda t: t.get_state_display(), on_page=False, width=9),
    ListColumn("x_light", "亮灯", lambda t: t.light, on_page=False, width=10),
)
ON_PAPER = 14  # columns of the paper; the light stands with the state


@dataclass(frozen=True, slots=True)
class Paper:
    title: str
    as_of: date
    by: str
    rule: str
    note: str


def tasks_pdf(tasks: Sequence[Any], paper: Paper) -> PdfResult:
    """A3 landscape; measures that stand one below the other share one cell."""
    context = {
        "paper": paper,
        "columns": [column.label for column in OFFICE_COLUMNS[:ON_PAPER]],
        "groups": _groups(tasks),
    }
    return render_pdf(
        render_to_string("park/paper/tasks.html", context),
        stylesheets=("park/tasks.css",),
        metadata=PdfMetadata(title=paper.title, subject=paper.note, author=paper.by, as_of=paper.as_of),
    )


def _groups(tasks: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    groups: list[tuple[str, list[Any]]] = []
    for task in tasks:
        name = _name(task.measure)
        if not groups or groups[-1][0] != name:
            groups.append((name, []))
        task.supporter_words = supporters_of(task)
        task.due_words = due_words(task)
        groups[-1][1].append(task)
    return groups


__all__ = ["MOST_ON_PAPER", "OFFICE_COLUMNS", "Paper", "due_words", "tasks_pdf"]
