"""园区任务 in the growth file: tasks answered for and worked on, how each went, figures that moved."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.asking import Steps, asked, gathered, result_of
from core.charts import Lane, Span, Tone
from growth.contracts import (
    Block,
    Chapter,
    Column,
    Fact,
    Figure,
    Figures,
    Heading,
    Name,
    Paragraph,
    Row,
    Section,
    SectionContext,
    Source,
    Summary,
    SummaryLane,
    Table,
    amount,
    register_section,
    source_of,
    sum_of,
)
from growth.wording import day_words, days_words, until
from park.choices import AssignmentRole, TaskState
from park.models import Indicator
from park.queries.history import TaskThen, task_assignments, then_steps
from people.models import Cadre

KEY, TITLE, ORDER = "park_tasks", "园区任务", 55


@dataclass(slots=True)
class TaskRecord:
    """What one cadre held of tasks up to the day, with each task as it stood then."""

    held: list[tuple[Any, TaskThen]] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)


def task_records(cadres: Sequence[Cadre], as_of: date) -> dict[int, TaskRecord]:
    """By cadre id; a constant number of queries whatever the number of cadres."""
    return result_of(task_record_steps(cadres, as_of))


def task_record_steps(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, TaskRecord]]:
    """As `task_records`, together with what others ask."""
    found: dict[int, TaskRecord] = {cadre.pk: TaskRecord() for cadre in cadres}
    rows = yield from asked(task_assignments([cadre.pk for cadre in cadres], as_of))
    tasks = {row.task_id: row.task for row in rows}
    parts: dict[str, Steps[Any]] = {
        "then": then_steps(list(tasks.values()), as_of),
        "moved": asked(Indicator.objects.filter(task__in=tasks, latest__isnull=False, latest_on__lte=as_of)),
    }
    answers = yield from gathered(parts)
    then = {each.task.pk: each for each in answers["then"][1]}
    figures: dict[int, list[Indicator]] = {}
    for indicator in answers["moved"][1]:
        figures.setdefault(indicator.task_id or 0, []).append(indicator)
    seen: set[tuple[int, int]] = set()
    for row in rows:
        if (row.cadre_id, row.task_id) not in seen:  # several periods on one task are one line
            seen.add((row.cadre_id, row.task_id))
            found[row.cadre_id].held.append((row, then[row.task_id]))
            if row.role == AssignmentRole.OWNER:
                found[row.cadre_id].indicators += figures.get(row.task_id, [])
    return found


@register_section(KEY, order=ORDER, load=task_record_steps, title=TITLE)
def task_section(context: SectionContext, record: TaskRecord | None) -> Section | None:
    if record is None or not record.held:
        return None
    blocks: list[Block] = [
        Paragraph(_opening(context, record)),
        _figures(record),
        Heading("承担的任务"),
        _tasks(record),
    ]
    if record.indicators:
        blocks += [Heading("推动的指标"), _indicators(record)]
    return Section(KEY, TITLE, ORDER, tuple(blocks), _summary(record, context.as_of), Chapter.TASKS)


def _opening(context: SectionContext, record: TaskRecord) -> str:
    mine = sum(row.role == AssignmentRole.OWNER for row, _ in record.held)
    held = f"参与园区任务{len(record.held)}项，其中作为责任人{mine}项"
    return f"截至{day_words(context.as_of)}，{held}。进度按当日的最近一次反馈。"


def _figures(record: TaskRecord) -> Figures:
    ended = (TaskState.CLOSED, TaskState.STOPPED)
    closed = [pair for pair in record.held if pair[1].state == TaskState.CLOSED]
    in_time = sum(_late_days(then) == 0 for _, then in closed)
    return Figures(
        (
            _counted("在办任务", [pair for pair in record.held if pair[1].state not in ended]),
            _counted("已销号", closed, f"按时{in_time}项" if closed else ""),
            _counted("逾期在办", [pair for pair in record.held if pair[1].signal == "red"]),
        )
    )


def _counted(label: str, held: list[tuple[Any, TaskThen]], note: str = "") -> Figure:
    """A number of tasks, whose records are its evidence."""
    number = str(len(held))
    parts = [_task_source(row, then) for row, then in held]
    return Figure(label, number, "项", note, sum_of(f"{KEY}:{label}", f"{label}{number}项", parts))


def _task_source(row: Any, then: TaskThen) -> Source:
    return source_of(row, "任务责任", row.starts_on, text=f"{then.task.name}：{_result(then)}")


def _late_days(then: TaskThen) -> int:
    """Days after the due date at which the task was closed, or by which it is overdue on the day."""
    due_on, task = then.task.due_on, then.task
    ended = task.ended_on if task.ended_on and task.ended_on <= then.on else then.on
    return max(0, (ended - due_on).days) if due_on else 0


def _result(then: TaskThen) -> str:
    if then.state in (TaskState.CLOSED, TaskState.STOPPED):
        days = _late_days(then)
        words = "" if then.state == TaskState.STOPPED else f"，逾期{days}天" if days else "，按时"
        return f"{then.state_label}{words}"
    late = f"，逾期{_late_days(then)}天" if then.signal == "red" else ""
    return f"{then.state_label}，{then.percent}%{late}"


def _tasks(record: TaskRecord) -> Table:
    columns = (
        Column("任务", 36, "left"),
        Column("角色", 12),
        Column("带教领导", 12),
        Column("起止", 20, "date"),
        Column("结果", 32, "left"),
    )
    rows = tuple(_task_row(row, then) for row, then in record.held)
    return Table(columns, rows, note="起止为本人承担的时间；调整责任不改变此前的记录。")


def _task_row(row: Any, then: TaskThen) -> Row:
    cells = (
        then.task.name,
        row.get_role_display(),
        Name(row.lead_official or ""),
        days_words(row.starts_on, until(row.ends_on, then.on)),
        _result(then),
    )
    return Row(cells, _task_source(row, then))


def _indicators(record: TaskRecord) -> Table:
    columns = (
        Column("指标", 44, "left"),
        Column("基期值", 20, "right"),
        Column("目标", 20, "right"),
        Column("最新值", 20, "right"),
        Column("日期", 16, "date"),
    )
    rows = tuple(
        Row(
            (
                indicator.name,
                _measured(indicator, indicator.baseline),
                _measured(indicator, indicator.target),
                _measured(indicator, indicator.latest),
                day_words(indicator.latest_on),
            ),
            _reading_source(indicator),
        )
        for indicator in record.indicators
    )
    return Table(columns, rows)


def _reading_source(indicator: Indicator) -> Source:
    return source_of(indicator, "园区指标", indicator.latest_on, text=f"{indicator.name}的最近一次登记")


def _measured(indicator: Indicator, value: Decimal | None) -> str:
    return f"{amount(value)}{indicator.unit}" if value is not None else ""


def _summary(record: TaskRecord, as_of: date) -> Summary:
    """The key tasks as a lane, and one line."""
    owned = [(row, then) for row, then in record.held if row.role == AssignmentRole.OWNER]
    spans = tuple(
        Span(
            row.starts_on,
            row.ends_on if row.ends_on and row.ends_on <= as_of else None,
            then.task.name,
            Tone.DUE if then.signal == "red" else Tone.TASK,
        )
        for row, then in owned[:6]
    )
    lanes = (SummaryLane(50, Lane("园区任务", spans)),) if spans else ()
    closed = sum(then.state == TaskState.CLOSED for _, then in owned)
    words = f"责任人{len(owned)}项，已销号{closed}项"
    parts = [_task_source(row, then) for row, then in owned]
    line = Fact("园区任务", words, sum_of(f"{KEY}:owned", f"作为责任人的任务{len(owned)}项", parts))
    return Summary(lines=(line,), lanes=lanes, points=_overdue(record))


def _overdue(record: TaskRecord) -> tuple[Fact, ...]:
    late = [pair for pair in record.held if pair[1].signal == "red"]
    source = _counted("逾期在办", late).source
    return (Fact("任务", f"园区任务逾期在办{len(late)}项", source),) if late else ()
