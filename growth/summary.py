"""The one-page summary: what the sections bring, drawn and cut so that it stays one page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from core import charts
from growth.contracts import PAPER_WIDTH, Chart, Fact, Figure, Source
from growth.snapshot import Snapshot

LANE_YEARS, FEWEST_YEARS = 12, 5
LEVELS = 2  # concurrent posts shown one below the other

# Millimetres on paper: what is left for lines and lanes when everything else stands, and what a row takes.
ROOM, ROW, PADDING, PER_PIXEL = 81.0, 5.0, 1.6, 25.4 / 96
LINE_WIDTH, SIZE = 380.0, 10.5  # points
# The figures share the width of the page; the note below one may need further lines.
FIGURES_WIDTH, NOTE_PADDING, NOTE_SIZE, NOTE_LINE = 442.0, 5.5, 8.5, 4.2
# What the page still holds beyond ROOM before a further line goes over, and the lines that always stand.
MARGIN, FEWEST_LINES = 17.0, 3
CHART_ROOM = 36.7  # a chart with its heading: ROOM has one
ELSEWHERE = "……详见正文"


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """`facts` come in rows of three."""

    facts: list[list[Fact]]
    figures: list[Figure]
    lanes: Chart | None
    charts: list[Chart]
    lines: list[Fact]
    points: list[Fact]

    @property
    def person(self) -> Source | None:
        """The record behind all that stands beside the name: one number for it, not nine."""
        return next((fact.source for row in self.facts for fact in row if fact.source), None)


def summary_of(snapshot: Snapshot) -> SummaryPage:
    parts = [section.summary for section in snapshot.sections]
    ordered = sorted((lane for part in parts for lane in part.lanes), key=lambda lane: lane.order)
    drawn = [chart for part in parts for chart in part.charts]
    # A chart of the amounts says more than their lane.
    lanes = [lane.lane for lane in ordered if not (drawn and lane.lane.amounts)]
    lines = [line for part in parts for line in part.lines]
    points = [point for part in parts for point in part.points]
    first = _first_year(snapshot, lanes)
    lanes = [lane for lane in lanes if _within(lane, first)]
    figures = [figure for part in parts for figure in part.figures]
    room = ROOM - NOTE_LINE * _further_note_lines(figures) + CHART_ROOM * (1 - len(drawn))
    room -= PADDING + ROW * _rows(_in_a_row(points))
    levels, room = _levels(lanes, first, len(lines), room)
    return SummaryPage(
        facts=_threes([fact for part in parts for fact in part.facts]),
        figures=figures,
        lanes=_lanes(snapshot, lanes, first, levels) if lanes else None,
        charts=drawn,
        lines=_fitting(lines, room),
        points=points,
    )


def _in_a_row(points: list[Fact]) -> str:
    """The open points as they are read, with room for their numbers."""
    return "；".join(f"{point.value}编号" for point in points)


def without_hidden_lines(snapshot: Snapshot) -> Snapshot:
    """Of the lines that the page does not hold the sources have no number either: nobody could cite it."""
    if sum(len(section.summary.lines) for section in snapshot.sections) <= FEWEST_LINES:
        return snapshot
    left, sections = len(summary_of(snapshot).lines), []
    for section in snapshot.sections:
        lines = section.summary.lines[:left]
        left -= len(lines)
        sections.append(replace(section, summary=replace(section.summary, lines=lines)))
    return replace(snapshot, sections=tuple(sections))


def _further_note_lines(figures: list[Figure]) -> int:
    """Lines beyond one that the longest note below a figure takes."""
    width = FIGURES_WIDTH / max(1, len(figures)) - NOTE_PADDING
    rows = [ceil(charts.text_width(figure.note, NOTE_SIZE) / width) for figure in figures]
    return max([1, *rows]) - 1


def _levels(lanes: list[charts.Lane], first: int, lines: int, whole: float) -> tuple[int, float]:
    """As many concurrent posts as leave a row for every line, and the room that then remains."""
    for levels in (LEVELS, 1):
        height = charts.lanes_height(lanes, first_year=first, most_levels=levels) if lanes else 0.0
        room = whole - height * PER_PIXEL
        if room >= lines * (ROW + PADDING):
            break
    return levels, room


def _first_year(snapshot: Snapshot, lanes: list[charts.Lane]) -> int:
    this = snapshot.as_of.year
    begun = min((span.start.year for lane in lanes for span in lane.spans), default=this)
    return min(max(begun, this - LANE_YEARS + 1), this - FEWEST_YEARS + 1)


def _within(lane: charts.Lane, first: int) -> bool:
    """Whether the years shown hold anything of the lane."""
    ends = [span.end.year if span.end else first for span in lane.spans]
    return any(year >= first for year in (*ends, *(m.on.year for m in lane.marks))) or bool(lane.amounts)


def _lanes(snapshot: Snapshot, lanes: list[charts.Lane], first: int, levels: int) -> Chart:
    svg = charts.lanes(
        lanes,
        title="成长轨迹",
        first_year=first,
        today=snapshot.as_of,
        width=PAPER_WIDTH,
        most_levels=levels,
    )
    return Chart(svg, "成长轨迹")


def _threes(facts: list[Fact]) -> list[list[Fact]]:
    """Rows of three; the last one filled up, so that the columns stay in line."""
    filled = facts + [Fact("", "")] * (-len(facts) % 3)
    return [filled[start : start + 3] for start in range(0, len(filled), 3)]


def _fitting(lines: list[Fact], room: float) -> list[Fact]:
    """Every line gets one row; what rows are left go to those that need more, in turn.

    Of more lines than the page holds the last ones stay in their chapters.
    """
    lines = lines[: max(FEWEST_LINES, int((room + MARGIN) / (ROW + PADDING)))]
    spare = int((room - PADDING * len(lines)) / ROW) - len(lines)
    wanted = [sum(map(_rows, line.value.split("\n"))) for line in lines]
    given = [1] * len(lines)
    while spare > 0 and given != wanted:
        for place in range(len(lines)):
            if given[place] < wanted[place] and spare > 0:
                given[place] += 1
                spare -= 1
    return [
        Fact(line.label, "\n".join(_kept(line.value.split("\n"), rows)), line.source)
        for line, rows in zip(lines, given, strict=True)
    ]


def _rows(text: str) -> int:
    return max(1, ceil(charts.text_width(text, SIZE) / LINE_WIDTH))


def _kept(parts: list[str], rows: int) -> Iterator[str]:
    """Parts while they fit; the first that does not is cut and points to the chapters."""
    for place, part in enumerate(parts, start=1):
        needed = _rows(part)
        if needed > rows - (place < len(parts)):  # a part that is not the last leaves a row for the rest
            reach = LINE_WIDTH * rows - charts.text_width(ELSEWHERE, SIZE) - SIZE
            yield charts.shorten(part, SIZE, reach).rstrip("…；、") + ELSEWHERE
            return
        yield part
        rows -= needed
