"""挂职与借调 in the growth file: the one place for times away, how they went, and the words of the 鉴定.

Of the words stand those of a complete 鉴定, all four opinions, in every edition (security.md 1.6: 本人版
"published 鉴定", 领导版 and 归档版 ✓): once it is complete the person reads it as well, so no edition knows
more than another. The midterm review is a working paper between the units, and an opinion that waits for the
others is no 鉴定 yet: neither stands in any file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.templatetags.ui import cn_date
from growth.contracts import (
    Block,
    Chapter,
    Column,
    Fact,
    Facts,
    Figure,
    Heading,
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
from people.choices import StaffType
from people.models import Appointment
from rotation.choices.secondments import Direction, SecondmentState
from rotation.models import Opinion
from rotation.queries.secondments import Away, Past, history_steps

KEY, TITLE, ORDER = "secondments", "挂职与借调", 52
WAITING, UNDER_WAY = "待鉴定", "在挂"
RECENT = 3
COLUMNS = (
    Column("起　止", 24, "date"),
    Column("单位及职务", 34, "left"),
    Column("类　别", 16),
    Column("时　长", 13, "date"),
    Column("月　报", 10),
    Column("鉴定等次", 12),
)


@dataclass(frozen=True, slots=True)
class Stay:
    """One time away, whatever record tells of it."""

    starts_on: date
    end: date | None
    where: str
    kind: str
    months: int
    source: Source
    notes: str = "—"
    result: str = "—"

    @property
    def period(self) -> str:
        return months_words(self.starts_on, self.end)

    @property
    def row(self) -> Row:
        cells = (self.period, self.where, self.kind, duration(self.months), self.notes, self.result)
        return Row(cells, self.source)

    @property
    def line(self) -> str:
        words = {"—": self.kind, WAITING: WAITING, UNDER_WAY: UNDER_WAY}
        return f"{self.period}　{self.where}（{words.get(self.result, f'鉴定{self.result}')}）"


@register_section(KEY, order=ORDER, load=history_steps, title=TITLE)
def secondments_section(context: SectionContext, away: Away | None) -> Section | None:
    away = away or Away()
    stays = sorted(_stays(away, context.as_of), key=lambda stay: stay.starts_on, reverse=True)
    if not stays:
        return _nothing(context)
    note = "注：月报为已交数和应交数。" if away.past else ""
    blocks: list[Block] = [Table(COLUMNS, tuple(stay.row for stay in stays), note=note)]
    for past in reversed(away.past):
        blocks += _appraisal(past)
    summary = _summary(stays, tuple(_owed(away.past)))
    return Section(KEY, TITLE, ORDER, tuple(blocks), summary, Chapter.PRACTICE)


def _nothing(context: SectionContext) -> Section | None:
    """Said of those of whom it could be otherwise: who came from elsewhere is away as it is."""
    if context.cadre.staff_type == StaffType.SECONDED_IN:
        return None
    blocks = (Paragraph("截至当日没有挂职、借调记录。"),)
    return Section(KEY, TITLE, ORDER, blocks, chapter=Chapter.PRACTICE)


def _stays(away: Away, as_of: date) -> Iterator[Stay]:
    yield from (_of_past(past, as_of) for past in away.past)
    yield from (_of_post(post, as_of) for post in away.others)


def _of_past(past: Past, as_of: date) -> Stay:
    row, end = past.row, until(past.row.ended_on, as_of)
    incoming = row.direction == Direction.IN
    return Stay(
        row.starts_on,
        end,
        f"{row.place}{row.title}",
        row.get_direction_display() if incoming else f"挂职（{row.get_partner_kind_display()}）",
        months_between(row.starts_on, end or as_of),
        _source(past),
        f"{past.notes}/{max(past.months, past.notes)}",
        _result(past),
    )


def _of_post(post: Appointment, as_of: date) -> Stay:
    end = until(post.ends_on, as_of)
    return Stay(
        post.starts_on,
        end,
        f"{post.place}{post.title}",
        post.get_kind_display(),
        months_between(post.starts_on, end or as_of),
        source_of(post, "任职", post.starts_on),
    )


def _source(past: Past) -> Source:
    return source_of(past.row, "挂职", past.row.starts_on)


def _result(past: Past) -> str:
    if past.grade:
        return past.grade.get_grade_display()
    return UNDER_WAY if past.row.state in (SecondmentState.ACTIVE, SecondmentState.EXTENDED) else WAITING


def _appraisal(past: Past) -> Iterator[Block]:
    """The words, each opinion with who signed it when: rows that may run over the page."""
    if past.opinions:
        first, last = past.row.starts_on.year, past.row.last_day.year
        years = f"{first}年" if first == last else f"{first}—{last}年"
        yield Heading(f"{past.row.place}挂职鉴定（{years}）")
        yield Facts(tuple(_opinion(one) for one in past.opinions))


def _opinion(opinion: Opinion) -> Fact:
    who = f"{opinion.signer}（{opinion.signer_title}）" if opinion.signer_title else opinion.signer
    grade = f"等次：{opinion.get_grade_display()}" if opinion.grade else ""
    signed = "　".join(filter(None, (grade, who, cn_date(opinion.signed_on))))
    source = source_of(opinion, "挂职鉴定", opinion.signed_on)
    return Fact(opinion.get_party_display(), f"{opinion.text}\n{signed}", source)


def _summary(stays: list[Stay], owed: tuple[Fact, ...]) -> Summary:
    """`stays` with the latest first."""
    number, total = len(stays), sum(stay.months for stay in stays)
    source = sum_of(f"{KEY}:all", f"挂职借调{number}次，累计{duration(total)}", (s.source for s in stays))
    figure = Figure("挂职借调", str(number), "次", f"累计{duration(total)}", source)
    line = Fact("挂职借调", "\n".join(stay.line for stay in stays[:RECENT]), source)
    return Summary(figures=(figure,), lines=(line,), points=owed)


def _owed(past: list[Past]) -> Iterator[Fact]:
    """Over, and nobody has said yet how it went."""
    for one in past:
        if _result(one) == WAITING:
            yield Fact("挂职鉴定", f"{one.row.place}挂职待鉴定", _source(one))
