"""A working life on one time axis: posts, secondments, hours, tasks and honours in lanes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from django.utils.safestring import SafeString

from core.charts.bars import plain
from core.charts.svg import BLUE, INK, INK_SOFT, LINE, PURPLE, RED, Canvas, shorten, text_width

ROW, GAP, AXIS, BAR = 30.0, 2.0, 22.0, 22.0


class Tone(Enum):
    """Fill and text colour of a span; light ones were, dark ones are."""

    PAST = ("#dde2e8", INK)
    CURRENT = ("#3a424c", "#ffffff")
    AWAY = ("#ecd9bd", INK)
    TASK = ("#b7d8db", INK)
    DUE = ("#c9302c", "#ffffff")


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted; an open end reaches the day of the chart."""

    start: date
    end: date | None
    label: str
    tone: Tone = Tone.PAST


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on one day (or in one year: then 1 July)."""

    on: date
    label: str


@dataclass(frozen=True, slots=True)
class YearAmount:
    year: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Lane:
    """One row with its name; it holds spans, marks or yearly amounts."""

    title: str
    spans: tuple[Span, ...] = ()
    marks: tuple[Mark, ...] = ()
    amounts: tuple[YearAmount, ...] = ()


MOST_LEVELS = 3  # spans at one time that a lane shows; more would be a list, and lists stand elsewhere


def lanes(
    rows: Sequence[Lane],
    *,
    title: str,
    first_year: int,
    today: date,
    width: float | None = None,
    most_levels: int = MOST_LEVELS,
) -> SafeString:
    """Lanes from 1 January of `first_year` to the end of the year of `today`, which a dashed line marks."""
    stacks = [(lane, _stack(lane.spans, first_year)[:most_levels]) for lane in rows]
    heights = _heights([stack for _lane, stack in stacks])
    canvas = Canvas(height=sum(heights) + AXIS, width=width)
    board = _Board(canvas, first_year, today, bottom=sum(heights))
    board.axis()
    top = 0.0
    for (lane, stack), height in zip(stacks, heights, strict=True):
        board.lane(lane, stack, top, height)
        top += height
    board.today()
    return canvas.done(title=title, description=describe(rows), css_class="chart chart-lanes")


def lanes_height(rows: Sequence[Lane], *, first_year: int, most_levels: int = MOST_LEVELS) -> float:
    """How tall `lanes` will be, for who has to fit something below."""
    return sum(_heights([_stack(lane.spans, first_year)[:most_levels] for lane in rows])) + AXIS


def _heights(stacks: Sequence[Sequence[object]]) -> list[float]:
    return [ROW * max(1, len(stack)) + GAP for stack in stacks]


def describe(rows: Sequence[Lane]) -> str:
    """The same in words, for a reader who cannot see the picture."""
    return "；".join(f"{lane.title}：{_lane_words(lane)}" for lane in rows if _lane_words(lane)) or "暂无数据"


def _lane_words(lane: Lane) -> str:
    spans = [f"{s.start:%Y.%m}至{f'{s.end:%Y.%m}' if s.end else '今'}{s.label}" for s in lane.spans]
    amounts = [f"{a.year}年{plain(a.value)}" for a in lane.amounts]
    return "，".join([*spans, *amounts, *(f"{m.on.year}年{m.label}" for m in lane.marks)])


def _stack(spans: Sequence[Span], first_year: int) -> list[list[Span]]:
    """Spans that overlap go below one another; what ended before the chart begins is left out."""
    levels: list[list[Span]] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end or date.max)):
        if span.end and span.end.year < first_year:
            continue
        free = next((row for row in levels if (row[-1].end or date.max) <= span.start), None)
        if free is None:
            levels.append([span])
        else:
            free.append(span)
    return levels


class _Board:
    LEFT, RIGHT, SIZE = 0.07, 0.992, 12.0

    def __init__(self, canvas: Canvas, first_year: int, today: date, *, bottom: float) -> None:
        self.canvas, self.first, self.now, self.bottom = canvas, first_year, today, bottom
        self.years = max(1, today.year - first_year + 1)

    def share(self, day: date) -> float:
        """Where a day stands on the axis; days outside the chart stand at its ends."""
        passed = day.year - self.first + (day.timetuple().tm_yday - 1) / 366
        return self.LEFT + (self.RIGHT - self.LEFT) * min(max(passed / self.years, 0.0), 1.0)

    def room(self, start: float, end: float) -> float:
        return (end - start) * self.canvas.nominal

    def axis(self) -> None:
        every = -(-self.years // 14)
        for year in range(self.first, self.now.year + 2):
            x = self.share(date(year, 1, 1)) if year <= self.now.year else self.RIGHT
            self.canvas.line(x, x, 0, self.bottom, stroke=LINE, stroke_width=0.7)
            if year <= self.now.year and (year - self.first) % every == 0:
                middle = x + (self.RIGHT - self.LEFT) / self.years / 2
                self.canvas.text(
                    middle, self.bottom + 16, str(year), text_anchor="middle", fill=INK_SOFT, font_size=11
                )

    def today(self) -> None:
        x = self.share(self.now)
        self.canvas.line(x, x, 0, self.bottom, stroke=RED, stroke_width=1, stroke_dasharray="3 3")

    def lane(self, lane: Lane, stack: list[list[Span]], top: float, height: float) -> None:
        self.canvas.text(0, top + ROW / 2 + 4, lane.title, fill=INK_SOFT)
        for level, spans in enumerate(stack):
            self._spans(spans, top + level * ROW)
        if lane.amounts:
            self._amounts(lane.amounts, top, height)
        self._marks(sorted(lane.marks, key=lambda mark: mark.on), top + ROW / 2)

    def _spans(self, spans: list[Span], top: float) -> None:
        edges = [self.share(span.start) for span in spans[1:]] + [self.RIGHT]
        free_from = self.LEFT
        for span, following in zip(spans, edges, strict=True):
            free_from = self._span(span, top, free_from, following)

    def _span(self, span: Span, top: float, free_from: float, free_to: float) -> float:
        """Draw one span with its label inside, behind or before it. Returns where both end."""
        start, end = self.share(span.start), self.share(span.end or self.now)
        end = max(end, start + 3 / self.canvas.nominal)
        fill, ink = span.tone.value
        self.canvas.rect(start, end - start, top + 4, BAR, fill=fill, stroke="#ffffff", stroke_width=1, rx=2)
        base = top + 4 + BAR / 2 + 4.3
        if text_width(span.label, self.SIZE) + 12 <= self.room(start, end):
            self.canvas.text(start, base, span.label, dx=6, fill=ink)
            return end
        if self.room(start, end) > 60:
            self.canvas.text(
                start, base, shorten(span.label, self.SIZE, self.room(start, end) - 10), dx=6, fill=ink
            )
            return end
        return max(end, self._beside(span.label, base, (start, end), (free_from, free_to), gap=5))

    def _beside(
        self, label: str, base: float, held: tuple[float, float], free: tuple[float, float], *, gap: float
    ) -> float:
        """A label behind what it names if there is room, else before it, else cut where more of it fits."""
        before, behind = self.room(free[0], held[0]) - gap - 4, self.room(held[1], free[1]) - gap - 4
        after = behind >= min(before, text_width(label, self.SIZE))
        text = shorten(label, self.SIZE, behind if after else before)
        if after:
            self.canvas.text(held[1], base, text, dx=gap)
            return held[1] + (text_width(text, self.SIZE) + gap + 4) / self.canvas.nominal
        self.canvas.text(held[0], base, text, dx=-gap, text_anchor="end")
        return held[1]

    def _amounts(self, amounts: Sequence[YearAmount], top: float, height: float) -> None:
        highest = float(max((a.value for a in amounts), default=Decimal(1))) or 1.0
        base, reach = top + height - 3, height - 17
        year_wide = (self.RIGHT - self.LEFT) / self.years
        for amount in amounts:
            if not self.first <= amount.year <= self.now.year:
                continue
            tall = max(1.0, reach * float(amount.value) / highest)
            left = self.share(date(amount.year, 1, 1)) + year_wide * 0.14
            self.canvas.rect(left, year_wide * 0.72, base - tall, tall, fill="#9fb6d6")
            self.canvas.text(
                left + year_wide * 0.36, base - tall - 3, plain(amount.value),
                text_anchor="middle", font_size=11, fill=BLUE,
            )  # fmt: skip

    def _marks(self, marks: Sequence[Mark], middle: float) -> None:
        inside = [mark for mark in marks if self.first <= mark.on.year]
        free_from, radius = self.LEFT, 6 / self.canvas.nominal
        for index, mark in enumerate(inside):
            x = self.share(mark.on)
            free_to = self.share(inside[index + 1].on) - radius if index + 1 < len(inside) else self.RIGHT
            self.canvas.diamond(x, middle, 6, PURPLE)
            held = (x - radius, x + radius)
            free_from = self._beside(mark.label, middle + 4.3, held, (free_from, free_to), gap=4)
