"""Chapters of the growth file that this app writes: 任职年限, and what secondments came to."""

from collections.abc import Iterator
from datetime import date

from core.templatetags.ui import cn_date
from growth.contracts import (
    Block,
    Chapter,
    Column,
    Fact,
    Facts,
    Paragraph,
    Row,
    Section,
    SectionContext,
    Source,
    Summary,
    Table,
    register_section,
    source_of,
    sum_of,
)
from growth.wording import duration, months_between, months_words, until
from people.choices import LeadershipLevel
from people.models import Cadre
from rotation.choices.secondments import SecondmentState
from rotation.queries.secondments import Past, histories
from rotation.queries.tenure import tenures
from rotation.tenure import Tenure

TENURE, SECONDMENTS = "tenure", "secondments"
WAITING = "待鉴定"


def load_tenures(cadres: list[Cadre], as_of: date) -> dict[int, Tenure]:
    return tenures([cadre.pk for cadre in cadres], as_of)


@register_section(TENURE, order=51, load=load_tenures)  # type: ignore[arg-type]
def tenure_section(context: SectionContext, tenure: Tenure | None) -> Section | None:
    """How long the present post has been held, and what the rule says to it."""
    if tenure is None:
        return None
    held = months_between(tenure.since, context.as_of)  # with the day itself, as the chapter of posts counts
    source = Source("任职年限", f"{TENURE}:{context.cadre.pk}", tenure.since, text="按任职登记计算")
    rows = [
        Fact("现任岗位", f"{tenure.stint.place}{tenure.stint.title}"),
        Fact("同一岗位连续任职", f"{duration(held)}（{cn_date(tenure.since)}起）", source),
    ]
    if tenure.level:
        level = LeadershipLevel(tenure.level).label
        rows.append(Fact("同层次累计", f"{level}，{duration(tenure.level_months)}"))
    if tenure.rule or tenure.level_rule:
        rows.append(Fact("任职年限", _state(tenure)))
    if tenure.extended_until:
        rows.append(Fact("同意延长至", cn_date(tenure.extended_until)))
    sources = dict.fromkeys(rule.source for rule in (tenure.rule, tenure.level_rule) if rule)
    blocks: list[Block] = [Facts(tuple(rows)), *(Paragraph(f"依据：{words}。") for words in sources)]
    return Section(TENURE, "任职年限", 51, tuple(blocks), _due(tenure, source), Chapter.PRACTICE)


def _due(tenure: Tenure, source: Source) -> Summary:
    return Summary() if tenure.is_settled else Summary(points=(Fact("任职年限", _state(tenure), source),))


def _state(tenure: Tenure) -> str:
    words = str(tenure.status.label)
    return f"{words}，{cn_date(tenure.due_on)}到限" if tenure.due_on else words


@register_section(SECONDMENTS, order=52, load=histories, title="挂职锻炼及鉴定")
def secondments_section(context: SectionContext, past: list[Past] | None) -> Section | None:
    """Secondments with the grade given at their end; a grade not yet told stands in no file."""
    if not past:
        return None
    columns = (
        Column("起　止", 24, "date"),
        Column("挂职单位及职务", 34, "left"),
        Column("类　别", 14),
        Column("月　报", 12),
        Column("鉴定等次", 16),
    )
    rows = tuple(_row(one, context) for one in reversed(past))
    graded = [one for one in past if one.grade]
    words = "、".join(f"{one.row.place}{_grade(one, context)}" for one in reversed(graded))
    proof = sum_of("secondments:graded", f"挂职鉴定{len(graded)}次", map(_source, graded))
    lines = (Fact("挂职鉴定", words, proof),) if graded else ()
    summary = Summary(lines=lines, points=tuple(_owed(past, context)))
    note = "注：月报为已交数和应交数。"
    blocks = (Table(columns, rows, note=note),)
    return Section(SECONDMENTS, "挂职锻炼及鉴定", 52, blocks, summary, Chapter.PRACTICE)


def _owed(past: list[Past], context: SectionContext) -> Iterator[Fact]:
    """Over, and nobody has said yet how it went."""
    for one in past:
        if _grade(one, context) == WAITING:
            yield Fact("挂职鉴定", f"{one.row.place}挂职待鉴定", _source(one))


def _row(one: Past, context: SectionContext) -> Row:
    row = one.row
    cells = (
        months_words(row.starts_on, until(row.ended_on, context.as_of)),
        f"{row.place}{row.title}",
        row.get_partner_kind_display() if row.host_unit_id is None else row.get_direction_display(),
        f"{one.notes}/{max(one.months, one.notes)}",
        _grade(one, context),
    )
    return Row(cells, _source(one))


def _source(one: Past) -> Source:
    return source_of(one.row, "挂职", one.row.starts_on)


def _grade(one: Past, context: SectionContext) -> str:
    if one.grade:
        return one.grade.get_grade_display()
    return "在挂" if one.row.state in (SecondmentState.ACTIVE, SecondmentState.EXTENDED) else WAITING
