"""实践锻炼: the posts held, and the two lanes that posts and time away give to the growth lanes.

What secondments and loans were and came to is told in one place, by the app that runs them.
"""

from datetime import date

from core.charts import Lane, Span, Tone, lanes
from growth.contracts import (
    PAPER_WIDTH,
    Block,
    Chapter,
    Chart,
    Column,
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
    register_section,
    source_of,
)
from growth.sections.records import Records, posts_of
from growth.wording import duration, month_words, months_between, months_words, until
from people.choices import AppointmentKind
from people.models import Appointment


@register_section("posts", order=50, load=posts_of, title="任职经历")
def posts_section(context: SectionContext, records: Records | None) -> Section:
    held = records.appointments if records else []
    posts = [a for a in held if a.kind == AppointmentKind.POST]
    away = [a for a in held if a.kind != AppointmentKind.POST]
    blocks: list[Block] = [Heading("任职经历")]
    blocks.append(_table(posts, context.as_of) if posts else Paragraph("尚未登记任职。"))
    if len(held) > 1:
        blocks.insert(0, _chart(posts, away, context.as_of))
    return Section(
        "posts",
        Chapter.PRACTICE,
        50,
        tuple(blocks),
        _summary(posts, away, context.as_of),
        Chapter.PRACTICE,
    )


def _months(appointment: Appointment, as_of: date) -> int:
    return months_between(appointment.starts_on, until(appointment.ends_on, as_of) or as_of)


def _table(posts: list[Appointment], as_of: date) -> Table:
    columns = (
        Column("起　止", 30, "date"),
        Column("单　位", 30, "left"),
        Column("职　务", 24, "left"),
        Column("时　长", 16, "date"),
        Column("任职文号", 29, "date"),
    )
    return Table(columns, tuple(_row(post, as_of) for post in reversed(posts)))


def _row(post: Appointment, as_of: date) -> Row:
    cells = (
        months_words(post.starts_on, until(post.ends_on, as_of)),
        post.place,
        post.title,
        duration(_months(post, as_of)),
        post.document_no,
    )
    return Row(cells, _source(post))


def _source(appointment: Appointment) -> Source:
    return source_of(appointment, "任职", appointment.starts_on)


def lanes_of(posts: list[Appointment], away: list[Appointment], as_of: date) -> tuple[SummaryLane, ...]:
    """The lane of posts, and the lane of secondments and loans if there were any."""
    found = [SummaryLane(10, Lane("岗位", tuple(_span(a, as_of) for a in posts)))]
    if away:
        found.append(SummaryLane(20, Lane("挂职", tuple(_span(a, as_of) for a in away))))
    return tuple(found)


def _span(appointment: Appointment, as_of: date) -> Span:
    end = until(appointment.ends_on, as_of)
    tone = Tone.CURRENT if end is None else Tone.PAST
    return Span(
        appointment.starts_on,
        end,
        f"{appointment.place}{appointment.title}",
        tone if appointment.kind == AppointmentKind.POST else Tone.AWAY,
    )


def _chart(posts: list[Appointment], away: list[Appointment], as_of: date) -> Chart:
    first = min(a.starts_on.year for a in [*posts, *away])
    rows = [lane.lane for lane in lanes_of(posts, away, as_of) if lane.lane.spans]
    svg = lanes(
        rows, title="任职与挂职", first_year=min(first, as_of.year - 4), today=as_of, width=PAPER_WIDTH
    )
    return Chart(svg, "任职与挂职时间轴")


def _summary(posts: list[Appointment], away: list[Appointment], as_of: date) -> Summary:
    current = next((a for a in reversed(posts) if until(a.ends_on, as_of) is None), None)
    figures = []
    if current:
        since = f"{month_words(current.starts_on)}起"
        held = duration(_months(current, as_of))
        figures.append(Figure("任现职", held, note=since, source=_source(current)))
    return Summary(figures=tuple(figures), lanes=lanes_of(posts, away, as_of) if posts or away else ())
