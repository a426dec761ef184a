"""Tasks and indicators as drawings; numbers in, SVG out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from core.charts.svg import BAD, BLUE, INK, INK_FAINT, INK_SOFT, LINE, OK, RED, TRACK, WARN, Canvas, shorten
from core.templatetags.ui import cn_date

FILLS = {"red": BAD, "yellow": WARN, "blue": BLUE, "green": OK, "grey": INK_FAINT}
ROW, TOP = 34.0, 24.0
LABELS = 0.3  # the part of the width that the names take
AIR = 0.015
LOAD_ROW = 36  # pixels: a name and its bar


@dataclass(frozen=True, slots=True)
class Bar:
    """One task on the time axis."""

    name: str
    starts_on: date
    due_on: date
    percent: int
    signal: str
    light: str
    steps: tuple[tuple[date, str, bool], ...] = ()


def timeline(bars: Sequence[Bar], today: date, *, width: float | None = None) -> SafeString:
    """A bar from start to due date, filled as far as the work is, with today as a dashed line."""
    first, last = _bounds(bars, today)
    canvas = Canvas(height=TOP + ROW * len(bars) + 6, width=width, font_size=12)
    axis = _Axis(first, last)
    _months(canvas, axis, first, last, TOP + ROW * len(bars))
    for place, bar in enumerate(bars):
        _row(canvas, axis, bar, TOP + ROW * place)
    x = axis.at(today)
    canvas.line(x, x, TOP - 6, TOP + ROW * len(bars), stroke=RED, stroke_width=1.2, stroke_dasharray="4 3")
    canvas.text(x, TOP - 10, "今天", text_anchor="middle", fill=RED, font_size=11)
    words = "；".join(
        f"{b.name}，{cn_date(b.starts_on)}至{cn_date(b.due_on)}，完成 {b.percent}%，{b.light}" for b in bars
    )
    return canvas.done(title="任务时间轴", description=words or "没有任务", css_class="chart chart-timeline")


class _Axis:
    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, max(1, (last - first).days)

    def at(self, day: date) -> float:
        share = min(1.0, max(0.0, (day - self.first).days / self.days))
        return LABELS + AIR + (1 - LABELS - 2 * AIR) * share


def _bounds(bars: Sequence[Bar], today: date) -> tuple[date, date]:
    first = min([today, *(bar.starts_on for bar in bars)])
    last = max([today, *(bar.due_on for bar in bars)])
    return first.replace(day=1), last + timedelta(days=15)


def _months(canvas: Canvas, axis: _Axis, first: date, last: date, bottom: float) -> None:
    """A line and a name for each month, quarter, half or whole year: what a phone has room for."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((step for step, most in ((1, 5), (3, 18), (6, 36)) if months <= most), 12)
    for index in range(first.month - 1, first.month - 1 + months):
        if index % step:
            continue
        day = date(first.year + index // 12, index % 12 + 1, 1)
        x = axis.at(day)
        canvas.line(x, x, TOP - 4, bottom, stroke=LINE, stroke_width=0.6)
        name = f"{day.year}年" if step == 12 or day.month == 1 else f"{day.month}月"
        canvas.text(x, 10, name, dx=2, fill=INK_SOFT, font_size=11)


def _row(canvas: Canvas, axis: _Axis, bar: Bar, top: float) -> None:
    start, end = axis.at(bar.starts_on), axis.at(bar.due_on)
    wide = max(0.004, end - start)
    canvas.line(0.0, 1.0, top + ROW, top + ROW, stroke=TRACK, stroke_width=0.6)
    canvas.text(0.0, top + 21, shorten(bar.name, 12, canvas.nominal * LABELS - 16), fill=INK)
    canvas.rect(start, wide, top + 10, 13, fill=TRACK, rx=3)
    if bar.percent:
        canvas.rect(start, wide * bar.percent / 100, top + 10, 13, fill=FILLS[bar.signal], rx=3)
    for day, _, done in bar.steps:
        look: dict[str, Any] = {"fill": INK_SOFT if done else "#ffffff", "stroke": INK_SOFT}
        canvas.rect(axis.at(day) - 0.003, 0.006, top + 13, 7, stroke_width=1.2, **look)


@dataclass(frozen=True, slots=True)
class Point:
    on: date
    value: Decimal


def readings_chart(
    points: Sequence[Point],
    *,
    title: str,
    unit: str,
    target: Decimal,
    deadline: date | None,
    width: float | None = None,
) -> SafeString:
    """Readings over time against the target (dashed)."""
    canvas = Canvas(height=220, width=width, font_size=11)
    plot = _Plot(canvas, points, target, deadline)
    plot.draw(unit)
    words = "；".join(f"{cn_date(p.on)} {_plain(p.value)}{unit}" for p in points)
    return canvas.done(
        title=title,
        description=f"目标 {_plain(target)}{unit}。{words or '还没有读数'}",
        css_class="chart chart-line",
    )


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


class _Plot:
    """A line from reading to reading; the scale holds the target as well."""

    LEFT, RIGHT, UP, DOWN = 0.07, 0.97, 24.0, 184.0

    def __init__(
        self, canvas: Canvas, points: Sequence[Point], target: Decimal, deadline: date | None
    ) -> None:
        self.canvas, self.points, self.target = canvas, points, target
        values = [*(point.value for point in points), target]
        self.low = float(min(Decimal(0), *values))
        self.high = float(max(Decimal(0), *values)) or 1.0
        days = [*(point.on for point in points), *([deadline] if deadline else [])]
        self.first: date | None = min(days, default=None)
        self.last: date | None = max(days, default=None)

    def x(self, day: date) -> float:
        if self.first is None or self.last is None or self.first == self.last:
            return (self.LEFT + self.RIGHT) / 2
        share = (day - self.first).days / (self.last - self.first).days
        return self.LEFT + (self.RIGHT - self.LEFT) * share

    def y(self, value: Decimal) -> float:
        return self.DOWN - (self.DOWN - self.UP) * (float(value) - self.low) / ((self.high - self.low) * 1.08)

    def draw(self, unit: str) -> None:
        base, goal = self.y(Decimal(0)), self.y(self.target)
        self.canvas.line(self.LEFT, self.RIGHT, base, base, stroke=INK_FAINT, stroke_width=1)
        self.canvas.line(
            self.LEFT, self.RIGHT, goal, goal, stroke=RED, stroke_width=1.2, stroke_dasharray="5 3"
        )
        self.canvas.text(self.LEFT, goal - 5, f"目标 {_plain(self.target)}{unit}", fill=RED)
        for before, after in zip(self.points, self.points[1:], strict=False):
            ends = (self.x(before.on), self.x(after.on), self.y(before.value), self.y(after.value))
            self.canvas.line(*ends, stroke=BLUE, stroke_width=2)
        for point in self.points:
            self._point(point)

    def _point(self, point: Point) -> None:
        x, y = self.x(point.on), self.y(point.value)
        self.canvas.rect(x - 0.004, 0.008, y - 3.5, 7, fill=BLUE, rx=3.5)
        self.canvas.text(x, y - 9, _plain(point.value), text_anchor="middle", fill=INK)
        self.canvas.text(
            x, self.DOWN + 18, f"{point.on.year}.{point.on.month}", text_anchor="middle", fill=INK_SOFT
        )


@dataclass(frozen=True, slots=True)
class LoadBar:
    name: str
    value: int


def load_bars(
    bars: Sequence[LoadBar], most: int, *, title: str, unit: str, width: float | None = None
) -> SafeString:
    """One bar a person; what passes the limit (dashed) is red, and says so in words.

    The name stands above its bar: a long one has room on a phone, too.
    """
    canvas = Canvas(height=TOP + LOAD_ROW * len(bars) + 6, width=width, font_size=12)
    highest = max([most, *(bar.value for bar in bars)]) or 1
    for place, bar in enumerate(bars):
        top, over = TOP + LOAD_ROW * place, bar.value > most
        canvas.text(0.0, top + 13, bar.name, fill=INK)
        wide = _load_share(bar.value, highest)
        canvas.rect(0.0, max(0.002, wide), top + 18, 12, fill=BAD if over else BLUE, rx=3)
        words = f"{bar.value}{unit}，超负荷" if over else f"{bar.value}{unit}"
        canvas.text(wide, top + 28, words, dx=6, fill=BAD if over else INK_SOFT)
    x = _load_share(most, highest)
    canvas.line(
        x, x, TOP - 4, TOP + LOAD_ROW * len(bars), stroke=RED, stroke_width=1.2, stroke_dasharray="5 3"
    )
    canvas.text(x, TOP - 8, f"上限 {most}{unit}", text_anchor="middle", fill=RED, font_size=11)
    said = "；".join(f"{b.name} {b.value}{unit}{'（超负荷）' if b.value > most else ''}" for b in bars)
    return canvas.done(
        title=title, description=f"上限 {most}{unit}。{said or '没有人'}", css_class="chart chart-load"
    )


def _load_share(value: int, highest: int) -> float:
    """Room is left at the right end for the words beside the longest bar."""
    return 0.7 * value / highest
