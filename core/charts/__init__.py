"""Numbers to inline SVG, the same for pages (width=None: percent of the place) and paper (a fixed width)."""

from core.charts.bars import YearBar, plain, year_bars
from core.charts.codes import qr_svg
from core.charts.lanes import Lane, Mark, Span, Tone, YearAmount, describe, lanes, lanes_height
from core.charts.meters import half_ring, meter, ring, share_of
from core.charts.shares import amount_bars
from core.charts.svg import shorten, text_width

__all__ = [
    "Lane",
    "Mark",
    "Span",
    "Tone",
    "YearAmount",
    "YearBar",
    "amount_bars",
    "describe",
    "half_ring",
    "lanes",
    "lanes_height",
    "meter",
    "plain",
    "qr_svg",
    "ring",
    "share_of",
    "shorten",
    "text_width",
    "year_bars",
]
