"""教育培训 in the growth file: each year against the requirement, and the classes behind it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.asking import Steps, asked, gathered, result_of
from core.charts import Lane, YearAmount, YearBar, year_bars
from growth.contracts import (
    PAPER_WIDTH,
    SUMMARY_CHART,
    Block,
    Chapter,
    Chart,
    Column,
    Fact,
    Figure,
    Heading,
    Paragraph,
    Row,
    Section,
    SectionContext,
    Source,
    Summary,
    SummaryLane,
    Table,
    register_recorder,
    register_section,
    source_of,
    sum_of,
)
from growth.wording import day_span
from people.models import Cadre
from training.choices import HourSource, Ledger, ParticipationState, ResultGrade
from training.hours import period_words, plain
from training.models import Participation
from training.queries import (
    ENDED,
    HoursLine,
    HoursStatement,
    RuleBook,
    YearFigure,
    participations_between,
)
from training.queries.amounts import yearly_steps
from training.queries.statements import statement_steps

CHART_YEARS, TABLE_YEARS = 5, 10
TALL, LOW = 200, 132  # charts of two years need no height
register_recorder("training.hourentry", who="posted_by", when="posted_at")
BEGINNING = date(1970, 1, 1)  # no class of anyone in office is older


@dataclass(slots=True)
class TrainingRecord:
    """All that the file says about one cadre's training as of the day."""

    statement: HoursStatement
    years: list[YearFigure]
    parts: list[Participation] = field(default_factory=list)


def records_of(cadres: Sequence[Cadre], as_of: date) -> dict[int, TrainingRecord]:
    """Statements, years and classes by cadre id; a constant number of queries."""
    return result_of(record_steps(cadres, as_of))


def record_steps(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, TrainingRecord]]:
    """As `records_of`, together with what others ask."""
    book = yield from RuleBook.steps()
    steps: dict[str, Steps[Any]] = {
        "statements": statement_steps(cadres, on=as_of, book=book),
        "years": yearly_steps(cadres, as_of, book=book),
        "parts": asked(participations_between([c.pk for c in cadres], BEGINNING, as_of, ENDED)),
    }
    found = yield from gathered(steps)
    parts: dict[int, list[Participation]] = defaultdict(list)
    for row in found["parts"][1]:
        parts[row.cadre_id].append(row)
    statements, years = found["statements"][1], found["years"][1]
    return {pk: TrainingRecord(statements[pk], years[pk], parts[pk]) for pk in statements}


@register_section("training", order=40, load=record_steps, title="教育培训")
def training_section(context: SectionContext, record: TrainingRecord | None) -> Section | None:
    if record is None:
        return None
    if not record.parts and not _other_lines(record.statement):
        blocks: list[Block] = [Paragraph("尚未登记培训。")]
        return _section(blocks, record)
    blocks = [Paragraph(_opening(context, record))]
    if any(counted_hours(year, record) for year in record.years):
        blocks.append(_chart(record, height=TALL if len(record.years) > 2 else LOW))
    blocks += [Heading("年度学时"), _year_table(record, context.as_of)]
    for ledger in Ledger:
        if rows := [part for part in record.parts if part.training_class.ledger == ledger]:
            blocks += [Heading(f"{ledger.label}班次"), _class_table(rows)]
    if others := _other_lines(record.statement):
        blocks += [Heading("班次以外的学时"), _source_table(others)]
    return _section(blocks, record)


def _section(blocks: list[Block], record: TrainingRecord) -> Section:
    chapter = Chapter.TRAINING
    return Section("training", chapter, 40, tuple(blocks), _summary(record), chapter)


def counted_hours(year: YearFigure, record: TrainingRecord) -> Decimal:
    """The hours of a year that count toward the requirement under the rule of the day."""
    online = year.amounts.online_hours if record.statement.terms.online_counts else Decimal(0)
    return year.amounts.hours + online


def _opening(context: SectionContext, record: TrainingRecord) -> str:
    """The rule, whom it binds, and where the cadre stands."""
    statement, summary = record.statement, record.statement.summary
    source = f"（{statement.terms.source}）" if statement.terms.source else ""
    classes = f"截至{context.as_of.year}年{context.as_of.month}月，共登记培训{len(record.parts)}班次。"
    stands = f"{period_words(summary)}集中培训{plain(summary.hours)}学时，{summary.verdict}。"
    rule = f"{statement.basis}；{statement.terms.text}{source}。" if statement.terms.requires else ""
    return rule + classes + stands + statement.rule_note


def _chart(record: TrainingRecord, *, height: float) -> Chart:
    bars = [
        YearBar(
            year.year,
            counted_hours(year, record),
            year.required_hours,
            Decimal(0) if record.statement.terms.online_counts else year.amounts.online_hours,
            met=year.met,
        )
        for year in record.years[-CHART_YEARS:]
    ]
    svg = year_bars(bars, title="年度集中培训学时", width=PAPER_WIDTH, height=height)
    return Chart(svg, "年度集中培训学时与要求" if any(bar.required for bar in bars) else "年度集中培训学时")


def _year_table(record: TrainingRecord, as_of: date) -> Table:
    columns = (
        Column("年　度", 14),
        Column("应学学时", 15),
        Column("集中学时", 15),
        Column("集中天数", 15),
        Column("网络学时", 15),
        Column("结　果", 26),
    )
    rows = tuple(_year_row(year, record, as_of) for year in reversed(record.years[-TABLE_YEARS:]))
    return Table(columns, rows, note=f"注：{record.statement.terms.text}。")


def _year_row(year: YearFigure, record: TrainingRecord, as_of: date) -> Row:
    return Row(
        (
            f"{year.year}年",
            plain(year.required_hours) if year.required_hours is not None else "—",
            plain(year.amounts.hours),
            plain(year.amounts.days),
            plain(year.amounts.online_hours),
            _year_result(year, record, as_of),
        ),
        _year_source(year, record),
    )


def _year_source(year: YearFigure, record: TrainingRecord) -> Source:
    """The ledger of the year, with the classes it was earned in."""
    classes = [part for part in record.parts if part.training_class.ends_on.year == year.year]
    parts = tuple(source_of(part, "参训记录", part.training_class.starts_on) for part in classes)
    text = f"{year.year}年学时台账：集中{plain(year.amounts.hours)}学时"
    return Source(
        "学时台账", f"training.year:{record.statement.cadre_id}:{year.year}", text=text, parts=parts
    )


def _year_result(year: YearFigure, record: TrainingRecord, as_of: date) -> str:
    """A sign and a word, so that it also reads in black and white."""
    if year.met is None or year.required_hours is None:
        return "—" if record.statement.summary.is_annual else "计入五年周期"
    if year.met:
        return "✓ 达标"
    gap = plain(year.required_hours - counted_hours(year, record))
    unfinished = year.year == as_of.year and as_of < date(as_of.year, 12, 31)
    return f"○ 尚差{gap}学时" if unfinished else f"▲ 差{gap}学时"


def _class_table(parts: list[Participation]) -> Table:
    columns = (
        Column("时　间", 27, "date"),
        Column("班　次", 42, "left"),
        Column("主办单位", 25, "left"),
        Column("类　别", 17),
        Column("学时", 9),
        Column("天数", 9),
        Column("结果", 9),
    )
    return Table(columns, tuple(_class_row(part) for part in reversed(parts)))


def _class_row(part: Participation) -> Row:
    found = part.training_class
    cells = (
        day_span(found.starts_on, found.ends_on),
        f"{found.name}（{part.certificate_no}）" if part.certificate_no else found.name,
        found.organiser,
        found.get_kind_display(),
        plain(part.hours),
        plain(part.days),
        _result_words(part),
    )
    return Row(cells, source_of(part, "参训记录", found.starts_on))


def _result_words(part: Participation) -> str:
    """How it ended, where it did not end well; else the grade."""
    if part.state != ParticipationState.COMPLETED:
        return part.get_state_display()
    return ResultGrade(part.result).label if part.result else ""


def _other_lines(statement: HoursStatement) -> dict[tuple[str, str], list[HoursLine]]:
    """Lines of the period that were not learnt in a class, by source and ledger."""
    found: dict[tuple[str, str], list[HoursLine]] = defaultdict(list)
    for line in (*statement.lines, *statement.party_lines):
        if line.source != HourSource.CLASS and line.hours:
            found[line.source.label, line.ledger.label].append(line)
    return found


def _source_table(found: dict[tuple[str, str], list[HoursLine]]) -> Table:
    columns = (Column("来　源", 40), Column("计　入", 40), Column("次　数", 30), Column("学　时", 30))
    return Table(columns, tuple(_source_row(*key, found[key]) for key in sorted(found)))


def _source_row(source: str, ledger: str, lines: Sequence[HoursLine]) -> Row:
    """The sum names every entry it was reckoned from."""
    hours = sum((line.hours for line in lines), Decimal(0))
    proof = sum_of(f"training.hours:{source}:{ledger}", f"{source}计入{ledger}台账", map(_entry, lines))
    return Row((source, f"{ledger}台账", str(len(lines)), plain(hours)), proof)


def _entry(line: HoursLine) -> Source:
    """The record behind a line of the ledger: the class it was earned in, else the posting itself."""
    if line.participation_id:
        return Source("参训记录", f"training.participation:{line.participation_id}", line.first)
    text = f"{line.name}　{plain(line.hours)}学时"
    return Source("学时入账", f"training.hourentry:{line.entry_id}", line.first, text=text)


def _summary(record: TrainingRecord) -> Summary:
    amounts = tuple(YearAmount(y.year, counted_hours(y, record)) for y in record.years)
    has_any = bool(record.parts)
    return Summary(
        figures=(_period_figure(record), *_years_figure(record)),
        lanes=(SummaryLane(30, Lane("学时", amounts=amounts)),) if has_any else (),
        charts=(_chart(record, height=SUMMARY_CHART),) if has_any else (),
        lines=(Fact("教育培训", _conclusion(record), _period_figure(record).source),),
        points=_gap(record),
    )


def _gap(record: TrainingRecord) -> tuple[Fact, ...]:
    """What is still to learn in the period of the rule."""
    summary = record.statement.summary
    if not summary.terms.requires or not summary.gap_hours:
        return ()
    words = f"{period_words(summary)}集中培训尚差{plain(summary.gap_hours)}学时"
    return (Fact("学时", words, _period_figure(record).source),)


def _period_figure(record: TrainingRecord) -> Figure:
    summary = record.statement.summary
    note = f"应学{plain(summary.required_hours)}" if summary.terms.requires else "未设要求"
    if summary.gap_hours:
        note += f"，差{plain(summary.gap_hours)}"
    elif summary.terms.requires:
        note += "，已达标"
    counted = [line for line in record.statement.lines if line.counted and line.hours]
    label = f"{period_words(summary)}集中培训"
    source = sum_of("training.hours:period", f"{label}{plain(summary.hours)}学时", map(_entry, counted))
    return Figure(label, plain(summary.hours), "学时", note, source)


def _years_figure(record: TrainingRecord) -> tuple[Figure, ...]:
    """How many of the last years met the requirement; the running year counts once it is met."""
    on = record.statement.summary.on
    ended = [y for y in record.years if y.met or (y.met is not None and date(y.year, 12, 31) <= on)]
    judged = ended[-CHART_YEARS:]
    if not judged:
        return ()
    met, years = sum(bool(year.met) for year in judged), f"{judged[0].year}—{judged[-1].year}年"
    within = {year.year for year in judged}
    classes = [part for part in record.parts if part.training_class.ends_on.year in within]
    parts = [source_of(part, "参训记录", part.training_class.starts_on) for part in classes]
    source = sum_of("training.hours:years", f"{years}各年度学时，连同班次以外的入账", parts)
    return (Figure("学时达标年数", f"{met}/{len(judged)}", "年", years, source),)


def _conclusion(record: TrainingRecord) -> str:
    summary = record.statement.summary
    latest = "、".join(dict.fromkeys(p.training_class.name for p in reversed(record.parts[-2:])))
    sentence = f"{period_words(summary)}{summary.verdict}"
    return f"{sentence}；最近参加：{latest}" if latest else sentence
