"""承担任务与实绩 in the growth file: projects and enterprises held, visits made, the leaders' notes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.asking import Steps, asked_all, result_of
from growth.contracts import (
    Block,
    Chapter,
    Column,
    Edition,
    Fact,
    Facts,
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
    Table,
    register_recorder,
    register_section,
    source_of,
    sum_of,
)
from growth.wording import day_words, days_words, until
from park.models import Assignment, EnterpriseRequest, LeaderNote, VisitPerson
from people.models import Cadre

KEY, TITLE, ORDER = "park_field", "一线包干", 56
SHOWN_VISITS = 30
register_recorder("park.visit", who="registered_by__name", when="created_at")


@dataclass(slots=True)
class FieldRecord:
    held: list[Any] = field(default_factory=list)
    visits: list[Any] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)


def field_records(cadres: Sequence[Cadre], as_of: date) -> dict[int, FieldRecord]:
    """By cadre id, as of the day; one round whatever the number of cadres."""
    return result_of(field_record_steps(cadres, as_of))


def field_record_steps(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, FieldRecord]]:
    """As `field_records`, together with what others ask."""
    ids = [cadre.pk for cadre in cadres]
    found = {pk: FieldRecord() for pk in ids}
    held = Assignment.objects.filter(cadre__in=ids, task__isnull=True, starts_on__lte=as_of)
    went = VisitPerson.objects.filter(cadre__in=ids, visit__on__lte=as_of)
    handled = EnterpriseRequest.objects.filter(handler__in=ids, closed_on__lte=as_of)
    holdings, visits, requests, notes = yield from asked_all(
        held.select_related("project", "enterprise", "lead_official").order_by("-starts_on", "-pk"),
        went.select_related("visit__enterprise").order_by("-visit__on", "-pk"),
        handled.select_related("enterprise").order_by("-closed_on", "-pk"),
        LeaderNote.objects.filter(cadre__in=ids).select_related("leader").order_by("-year", "-quarter"),
    )
    for row in holdings:
        found[row.cadre_id].held.append(row)
    for part in visits:
        found[part.cadre_id].visits.append(part)
    for request in requests:
        found[request.handler_id or 0].requests.append(request)
    for note in notes:
        if (note.year, note.quarter) <= (as_of.year, (as_of.month + 2) // 3):
            found[note.cadre_id].notes.append(note)
    return found


@register_section(KEY, order=ORDER, load=field_record_steps, title=TITLE)
def field_section(context: SectionContext, record: FieldRecord | None) -> Section | None:
    """The leaders' notes are not for the person they are on."""
    if record is None or not (record.held or record.visits or record.requests):
        return None
    blocks: list[Block] = [Paragraph(_opening(context, record)), _figures(record, context.as_of)]
    blocks += _guides(record, context.as_of)
    if record.held:
        blocks += [Heading("承担的项目和企业"), _held(record, context.as_of)]
    if record.visits:
        blocks += [Heading("走访企业"), _visits(record)]
    if record.requests:
        blocks += [Heading("办结的企业诉求"), _requests(record)]
    if record.notes and context.edition != Edition.SELF:
        blocks += [Heading("带教记录"), _notes(record)]
    return Section(KEY, TITLE, ORDER, tuple(blocks), Summary(lines=(_line(record),)), Chapter.TASKS)


def _line(record: FieldRecord) -> Fact:
    words = f"项目和企业{len(record.held)}项，走访{len(record.visits)}次"
    parts = [*map(_held_source, record.held), *map(_visit_source, record.visits)]
    return Fact("一线包干", words, sum_of(f"{KEY}:all", words, parts))


def _opening(context: SectionContext, record: FieldRecord) -> str:
    now = [row for row in record.held if row.holds(context.as_of)]
    return f"截至{day_words(context.as_of)}，承担项目和企业{len(now)}项。"


def _guides(record: FieldRecord, as_of: date) -> list[Block]:
    """In a line of their own: in running text a name could be broken."""
    held = [row for row in record.held if row.holds(as_of) and row.lead_official]
    names = dict.fromkeys(str(row.lead_official) for row in held)
    return [Facts((Fact("带教领导", "、".join(names)),))] if names else []


def _figures(record: FieldRecord, as_of: date) -> Figures:
    now = [row for row in record.held if row.holds(as_of)]
    satisfied = sum(row.satisfaction == "satisfied" for row in record.requests)
    return Figures(
        (
            _counted("在手项目", "个", [_held_source(row) for row in now if row.project_id]),
            _counted("包保企业", "家", [_held_source(row) for row in now if row.enterprise_id]),
            _counted("走访企业", "次", [_visit_source(part) for part in record.visits]),
            _counted(
                "办结诉求",
                "件",
                [source_of(row, "企业诉求", row.closed_on, text=row.text[:60]) for row in record.requests],
                f"满意{satisfied}件" if record.requests else "",
            ),
        )
    )


def _counted(label: str, unit: str, parts: list[Source], note: str = "") -> Figure:
    """A number of records, which are its evidence."""
    number = str(len(parts))
    return Figure(label, number, unit, note, sum_of(f"{KEY}:{label}", f"{label}{number}{unit}", parts))


def _held_source(row: Any) -> Source:
    return source_of(row, "包干", row.starts_on, text=f"{row.subject}：{row.get_role_display()}")


def _visit_source(part: Any) -> Source:
    return source_of(part.visit, "走访", part.visit.on, text=f"走访{part.visit.enterprise.name}")


def _held(record: FieldRecord, as_of: date) -> Table:
    columns = (
        Column("项目、企业", 44, "left"),
        Column("角色", 14),
        Column("带教领导", 14),
        Column("起止", 24, "date"),
    )
    return Table(columns, tuple(_held_row(row, as_of) for row in record.held))


def _held_row(row: Any, as_of: date) -> Row:
    cells = (
        row.subject.name,
        row.get_role_display(),
        Name(row.lead_official or ""),
        days_words(row.starts_on, until(row.ends_on, as_of)),
    )
    return Row(cells, _held_source(row))


def _visits(record: FieldRecord) -> Table:
    columns = (Column("日期", 16, "date"), Column("企业", 30, "left"), Column("情况", 50, "left"))
    shown = record.visits[:SHOWN_VISITS]
    rows = tuple(
        Row(
            (day_words(part.visit.on), part.visit.enterprise.name, part.visit.situation[:80]),
            _visit_source(part),
        )
        for part in shown
    )
    rest = len(record.visits) - len(shown)
    return Table(columns, rows, note=f"列出最近{len(shown)}次，另有{rest}次。" if rest else "")


def _requests(record: FieldRecord) -> Table:
    columns = (
        Column("企业", 26, "left"),
        Column("诉求", 44, "left"),
        Column("销号", 16, "date"),
        Column("满意度", 14),
    )
    rows = tuple(
        Row(
            (
                row.enterprise.name,
                row.text[:60],
                day_words(row.closed_on),
                row.get_satisfaction_display(),
            ),
            source_of(row, "企业诉求", row.closed_on),
        )
        for row in record.requests
    )
    return Table(columns, rows)


def _notes(record: FieldRecord) -> Table:
    columns = (Column("季度", 20, "date"), Column("带教领导", 14), Column("记录", 68, "left"))
    rows = tuple(
        Row((f"{n.year}年第{n.quarter}季度", Name(n.leader), n.text), source_of(n, "带教记录"))
        for n in record.notes
    )
    return Table(columns, rows)
