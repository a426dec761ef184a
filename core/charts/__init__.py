"""Numbers to inline SVG, the same for pages (width=None: percent of the place) and paper (a fixed width)."""

from core.charts.bars import YearBar, plain, year_bars
from core.charts.lanes import Lane, Mark, Span, Tone, YearAmount, describe, lanes
from core.charts.meters import meter, ring

__all__ = [
    "Lane",
    "Mark",
    "Span",
    "Tone",
    "YearAmount",
    "YearBar",
    "describe",
    "lanes",
    "meter",
    "plain",
    "ring",
    "year_bars",
]
