"""The forecast as an image: two columns for each quarter or year."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from core.charts.svg import INK_FAINT, INK_SOFT, LINE, RED, Canvas, text_width

LEFT, RIGHT = 0.045, 0.99
TOP, FOOT = 20.0, 58.0
DUE: dict[str, Any] = {"fill": RED}
RETIRING: dict[str, Any] = {"fill": "#ffffff", "stroke": "#545d69", "stroke_width": 1.4}


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    due: int
    retiring: int


def forecast_chart(columns: Sequence[Column], *, title: str, height: float = 230) -> SafeString:
    """Full bars reach the limit of tenure, hollow ones retire."""
    canvas = Canvas(height=height, font_size=11)
    bottom = height - FOOT
    most = max((max(c.due, c.retiring) for c in columns), default=0)
    scale = (bottom - TOP) / max(4, most)
    _grid(canvas, bottom, scale, max(4, most))
    slot = (RIGHT - LEFT) / max(1, len(columns))
    for place, column in enumerate(columns):
        _column(canvas, column, LEFT + slot * place, slot, bottom, scale)
    _legend(canvas, height - 8)
    return canvas.done(title=title, description=_sentence(columns), css_class="chart chart-forecast")


def _sentence(columns: Sequence[Column]) -> str:
    words = (f"{c.label}到任职年限{c.due}人、到龄{c.retiring}人" for c in columns if c.due or c.retiring)
    return "；".join(words) or "没有到任职年限或到龄的干部"


def _grid(canvas: Canvas, bottom: float, scale: float, most: int) -> None:
    step = max(1, -(-most // 4))
    for value in range(0, most + 1, step):
        y = bottom - value * scale
        canvas.line(LEFT, RIGHT, y, y, stroke=INK_FAINT if value == 0 else LINE, stroke_width=0.8)
        canvas.text(LEFT, y + 3.5, str(value), dx=-5, text_anchor="end", fill=INK_SOFT, font_size=10)


def _column(canvas: Canvas, column: Column, left: float, slot: float, bottom: float, scale: float) -> None:
    wide = min(slot * 0.32, 0.05)
    middle = left + slot / 2
    for value, start, look in (
        (column.due, middle - wide * 1.05, DUE),
        (column.retiring, middle + wide * 0.05, RETIRING),
    ):
        if value:
            canvas.rect(start, wide, bottom - value * scale, value * scale, **look)
            canvas.text(
                start + wide / 2, bottom - value * scale - 4, str(value), text_anchor="middle", font_size=10
            )
    year, _, quarter = column.label.partition("年")
    if not quarter or quarter.startswith("1") or left <= LEFT + slot / 2:
        canvas.text(middle, bottom + 28, f"{year}年", text_anchor="middle", fill=INK_SOFT, font_size=10)
    if quarter:
        canvas.text(middle, bottom + 14, f"{quarter[0]}季", text_anchor="middle", fill=INK_SOFT, font_size=10)


def _legend(canvas: Canvas, y: float) -> None:
    share, em = LEFT, 11 / canvas.nominal
    for look, name in ((DUE, "到任职年限"), (RETIRING, "到龄退休")):
        canvas.rect(share, 9 / canvas.nominal, y - 9, 9, **look)
        canvas.text(share, y, name, dx=14, fill=INK_SOFT)
        share += em * (text_width(name, 1) + 3.5)
