"""Amounts of a few kinds one below the other; each name stands above its bar, so it has room on a phone."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString

from core.charts.svg import BLUE, INK_SOFT, TRACK, Canvas

ROW, BAR = 36.0, 10.0
PALE: dict[str, Any] = {"fill": "#b9c0c9"}


def amount_bars(
    amounts: Sequence[tuple[str, int]],
    *,
    title: str,
    unit: str = "人",
    before: Sequence[int] = (),
    width: float | None = None,
) -> SafeString:
    """`before` are the same amounts on the day compared with, drawn pale below each bar."""
    highest = max((*(amount for _, amount in amounts), *before, 1))
    canvas = Canvas(height=max(ROW, ROW * len(amounts)), width=width)
    for place, (label, amount) in enumerate(amounts):
        top = ROW * place
        canvas.text(0, top + 13, label)
        canvas.text(1, top + 13, f"{amount}", text_anchor="end", font_weight=700)
        canvas.rect(0, 1, top + 18, BAR, fill=TRACK, rx=2)
        canvas.rect(0, amount / highest, top + 18, BAR, fill=BLUE, rx=2)
        if before:
            canvas.rect(0, before[place] / highest, top + 18 + BAR, 4, **PALE)
    if not amounts:
        canvas.text(0, 20, "暂无数据", fill=INK_SOFT)
    sentence = "，".join(f"{label}{amount}{unit}" for label, amount in amounts) or "暂无数据"
    return canvas.done(title=title, description=sentence, css_class="chart chart-amounts")
