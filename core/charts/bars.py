"""Amounts of several years against what each year required."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from core.charts.svg import BLUE, INK_FAINT, INK_SOFT, LINE, RED, Canvas, text_width

LABEL_TOP = 16  # pixels above its bar that a number reaches
LOW = 80  # pixels of a plot that has room for two lines only
FULL: dict[str, Any] = {"fill": BLUE}
HOLLOW: dict[str, Any] = {"fill": "#ffffff", "stroke": BLUE, "stroke_width": 1.4}
PALE: dict[str, Any] = {"fill": "#b9c0c9"}
DASHED: dict[str, Any] = {"stroke": RED, "stroke_width": 1.2, "stroke_dasharray": "5 3"}


@dataclass(frozen=True, slots=True)
class YearBar:
    """One year: the amount that counts, the one required (None: no rule), and one shown beside it.

    `met` says so where the amount alone does not decide (days may stand in for hours).
    """

    year: int
    value: Decimal
    required: Decimal | None = None
    beside: Decimal = Decimal(0)
    met: bool | None = None

    @property
    def reached(self) -> bool:
        if self.met is not None:
            return self.met
        return self.required is None or self.value >= self.required


def plain(value: Decimal) -> str:
    """A number as people write it: 40.00 is 40, 12.50 is 12.5."""
    return f"{value.normalize():f}"


def year_bars(
    bars: Sequence[YearBar],
    *,
    title: str,
    unit: str = "学时",
    names: tuple[str, str] = ("集中培训", "网络培训"),
    width: float | None = None,
    height: float = 190,
) -> SafeString:
    """Full bars reached the requirement, hollow ones did not; the dashed line is the requirement."""
    canvas = Canvas(height=height, width=width, font_size=11)
    plot = _Plot(canvas, bars, top=22, bottom=height - 44)
    plot.grid()
    for index, bar in enumerate(bars):
        plot.year(index, bar)
    plot.legend(unit, names, height - 10)
    return canvas.done(title=title, description=_sentence(bars, unit), css_class="chart chart-bars")


def _sentence(bars: Sequence[YearBar], unit: str) -> str:
    return "；".join(_words(bar, unit) for bar in bars) or "暂无数据"


def _words(bar: YearBar, unit: str) -> str:
    text = f"{bar.year}年{plain(bar.value)}{unit}"
    if bar.required is None:
        return text
    return f"{text}，{'达标' if bar.reached else f'差{plain(bar.required - bar.value)}{unit}'}"


class _Plot:
    """Where a value stands: the scale starts at 0 and leaves air above the highest bar."""

    LEFT, RIGHT = 0.055, 0.985

    def __init__(self, canvas: Canvas, bars: Sequence[YearBar], *, top: float, bottom: float) -> None:
        self.canvas, self.bars, self.top, self.bottom = canvas, bars, top, bottom
        highest = max((max(b.value, b.beside, b.required or Decimal(0)) for b in bars), default=Decimal(0))
        self.step = _step(float(highest), most=5 if bottom - top > LOW else 2)
        self.maximum = self.step * max(1, -(-float(highest) // self.step))
        self.slot = (self.RIGHT - self.LEFT) / max(1, len(bars))

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.maximum

    def grid(self) -> None:
        value = 0.0
        while value <= self.maximum:
            y = self.y(value)
            self.canvas.line(self.LEFT, self.RIGHT, y, y, stroke=LINE, stroke_width=0.6)
            self.canvas.text(
                self.LEFT, y + 3.5, f"{value:g}", dx=-5, text_anchor="end", fill=INK_SOFT, font_size=10
            )
            value += self.step

    def year(self, index: int, bar: YearBar) -> None:
        start, centre = self.LEFT + self.slot * index, self.LEFT + self.slot * (index + 0.5)
        wide = min(self.slot * 0.34, 0.06)
        left = centre - wide * (0.86 if bar.beside else 0.5)
        next_to = left + wide * 1.12
        self._bar(left, wide, bar.value, HOLLOW if not bar.reached else FULL)
        if bar.beside:
            self._bar(next_to, wide * 0.6, bar.beside, PALE)
        if bar.required is not None:
            self._requirement(start, self.y(float(bar.required)))
        self._value(left + wide / 2, bar.value, bar, font_weight=700)
        if bar.beside:
            self._value(next_to + wide * 0.3, bar.beside, bar, fill=INK_SOFT, font_size=10)
        self.canvas.text(centre, self.bottom + 15, f"{bar.year}年", text_anchor="middle", fill=INK_SOFT)

    def _bar(self, left: float, wide: float, value: Decimal, look: dict[str, Any]) -> None:
        y = self.y(float(value))
        self.canvas.rect(left, wide, y, max(0.5, self.bottom - y), **look)

    def _requirement(self, start: float, y: float) -> None:
        self.canvas.line(start, start + self.slot, y, y, **DASHED)

    def _value(self, middle: float, value: Decimal, bar: YearBar, **look: Any) -> None:
        """The number above its bar, on a ground that hides the grid; inside it where the line would cross."""
        words, y = plain(value), self.y(float(value))
        if self._crossed(y, bar.required):
            inside = self.bottom - y > LABEL_TOP
            y = y + LABEL_TOP if inside else self.y(float(bar.required or 0)) - 1
        around = (text_width(words, 11) + 3) / self.canvas.nominal
        self.canvas.rect(middle - around / 2, around, y - 15, 12, fill="#ffffff")
        self.canvas.text(middle, y - 5, words, text_anchor="middle", **look)

    def _crossed(self, y: float, required: Decimal | None) -> bool:
        """Whether the line of the requirement runs through a number above `y`."""
        return required is not None and LABEL_TOP > y - self.y(float(required)) > 0

    def legend(self, unit: str, names: tuple[str, str], y: float) -> None:
        share, em = self.LEFT, 11 / self.canvas.nominal
        entries = [(FULL, f"{names[0]}（{unit}）")]
        if any(not bar.reached for bar in self.bars):
            entries.append((HOLLOW, "未达到要求"))
        if any(bar.beside for bar in self.bars):
            entries.append((PALE, f"{names[1]}（{unit}，另计）"))
        for look, name in entries:
            self.canvas.rect(share, 9 / self.canvas.nominal, y - 8.5, 9, **look)
            self.canvas.text(share, y, name, dx=14, fill=INK_SOFT)
            share += em * (len(name) + 3.2)
        if any(bar.required is not None for bar in self.bars):
            end = share + em * 2
            self.canvas.line(share, end, y - 4, y - 4, **DASHED)
            self.canvas.text(end, y, "年度要求", dx=5, fill=INK_SOFT)
        self.canvas.line(self.LEFT, self.RIGHT, self.bottom, self.bottom, stroke=INK_FAINT, stroke_width=1)


def _step(highest: float, most: int) -> float:
    """A round distance that gives no more than so many lines."""
    for step in (5, 10, 20, 25, 30, 50, 100, 200, 250, 500, 1000):
        if highest <= step * most:
            return float(step)
    return 10.0 ** len(str(int(highest)))
