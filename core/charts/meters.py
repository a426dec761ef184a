"""One amount against another: a bar for lists and a ring for a page's head."""

from decimal import Decimal
from math import pi
from typing import Any

from django.utils.safestring import SafeString

from core.charts.bars import plain
from core.charts.svg import INK, INK_SOFT, OK, TRACK, WARN, Canvas, number, tag


def share_of(value: Decimal, target: Decimal) -> float:
    """Between 0 and 1; nothing required counts as reached."""
    return 1.0 if target <= 0 else min(1.0, max(0.0, float(value / target)))


def meter(
    value: Decimal,
    target: Decimal,
    *,
    title: str,
    unit: str = "学时",
    width: float | None = None,
    height: float = 8,
    due: float | None = None,
) -> SafeString:
    """A bar; green when reached or on the way (`due` is the share expected by today), else amber."""
    share = share_of(value, target)
    canvas = Canvas(height=height, width=width)
    canvas.rect(0, 1, 0, height, fill=TRACK, rx=2)
    on_track = share >= (1.0 if due is None else due)
    canvas.rect(0, share, 0, height, fill=OK if on_track else WARN, rx=2)
    if due is not None and share < due:
        canvas.line(due, due, 0, height, stroke=INK, stroke_width=1.5)
    sentence = f"{plain(value)}/{plain(target)}{unit}，{share:.0%}"
    return canvas.done(title=title, description=sentence, css_class="chart chart-meter")


def ring(
    value: Decimal,
    target: Decimal,
    *,
    title: str,
    unit: str = "学时",
    size: float = 96,
    due: float | None = None,
) -> SafeString:
    """The amount in the middle, the requirement below it, the part done around.

    `due` is the share expected by today: a tick, and amber while it is not reached.
    """
    share, radius, middle = share_of(value, target), size * 0.42, size / 2
    around = 2 * pi * radius
    canvas = Canvas(height=size, width=size)
    base: dict[str, Any] = {
        "cx": middle,
        "cy": middle,
        "r": radius,
        "fill": "none",
        "stroke_width": size * 0.1,
    }
    canvas.parts.append(tag("circle", stroke=TRACK, **base))
    if share > 0:
        done: dict[str, Any] = {
            "stroke": OK if share >= (1.0 if due is None else due) else WARN,
            "transform": f"rotate(-90 {middle:g} {middle:g})",
        }
        dashes = f"{around * share:.2f} {around:.2f}"
        canvas.parts.append(tag("circle", stroke_dasharray=dashes, **base, **done))
    if due is not None and 0 < due < 1:
        turn = f"rotate({360 * due:.1f} {middle:g} {middle:g})"
        tick: dict[str, Any] = {"stroke": INK, "stroke_width": 2, "transform": turn}
        canvas.parts.append(tag("line", x1=middle, x2=middle, y1=0, y2=size * 0.15, **tick))
    middle_of: dict[str, Any] = {"text_anchor": "middle"}
    canvas.text(0.5, middle + size * 0.06, plain(value), font_size=size * 0.24, font_weight=700, **middle_of)
    below = f"/ {plain(target)}"
    canvas.text(0.5, middle + size * 0.22, below, fill=INK_SOFT, font_size=size * 0.13, **middle_of)
    sentence = f"{plain(value)}/{plain(target)}{unit}，{share:.0%}"
    return canvas.done(title=title, description=sentence, css_class="chart chart-ring")


def half_ring(
    done: int, of: int, *, title: str, unit: str, due: float = 1.0, width: float = 108
) -> SafeString:
    """A gauge: the per cent in the middle, a tick where it should be by today; amber until it is there."""
    share, height = (done / of if of else 1.0), width * 0.56
    stroke, middle, base = width * 0.11, width / 2, height - 3
    radius = (width - stroke) / 2
    arc = f"M{number(middle - radius)} {number(base)}A{number(radius)} {number(radius)} 0 0 1 "
    arc += f"{number(middle + radius)} {number(base)}"
    shape: dict[str, Any] = {"d": arc, "fill": "none", "stroke_width": stroke}
    canvas = Canvas(height=height, width=width)
    canvas.parts.append(tag("path", stroke=TRACK, **shape))
    if share > 0:
        dashes = f"{pi * radius * min(1.0, share):.2f} {pi * radius:.2f}"
        canvas.parts.append(
            tag("path", stroke=OK if share >= due else WARN, stroke_dasharray=dashes, **shape)
        )
    if 0 < due < 1:
        turn = f"rotate({180 * due:.1f} {middle:g} {base:g})"
        tick: dict[str, Any] = {"y1": base, "y2": base, "stroke": INK, "stroke_width": 2, "transform": turn}
        canvas.parts.append(tag("line", x1=0, x2=stroke + 2, **tick))
    words = f"{int(share * 100)}%"
    place: dict[str, Any] = {"text_anchor": "middle", "font_weight": 700, "font_size": width * 0.19}
    canvas.text(0.5, base - 2, words, **place)
    sentence = f"{done}/{of}{unit}，{words}" + (f"，今天应达 {due:.0%}" if due < 1 else "")
    return canvas.done(title=title, description=sentence, css_class="chart chart-half")
