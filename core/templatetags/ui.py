"""What every page needs in its templates: icons, lights, bars, Chinese dates, links that keep a list's state.

The library is a template builtin (settings.TEMPLATES), so no template has to load it.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.http import QueryDict
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import _render_icon

register = template.Library()

# One word per thing in templates; the package's own names stay in this table.
ICONS = {
    "alert": "triangle-alert",
    "close": "x",
    "columns": "columns-3",
    "edit": "square-pen",
    "file": "file-badge",
    "filter": "funnel",
    "help": "circle-question-mark",
    "hours": "clock",
    "logout": "log-out",
    "more": "ellipsis",
    "ok": "circle-check",
    "post": "map-pin",
    "text-size": "a-large-small",
    "unit": "building-2",
}

# The five words of ui.md 9.12 go with five shapes: colour is never the only cue.
SHAPES = {
    "red": '<path d="M6 0l6 6l-6 6l-6-6z"/>',
    "yellow": '<path d="M6 1l6 10h-12z"/>',
    "green": '<circle cx="6" cy="6" r="5"/>',
    "blue": '<rect x="1" y="1" width="10" height="10" rx="2"/>',
    "grey": '<circle cx="6" cy="6" r="4"/>',
}


@lru_cache(maxsize=512)
def _icon(name: str, css: str) -> SafeString:
    svg = _render_icon(
        ICONS.get(name, name), None, **{"class": css, "aria-hidden": "true", "focusable": "false"}
    )
    # The drawing comes from the icon package and both arguments from our own templates.
    return mark_safe(" ".join(svg.split()))  # noqa: S308


@register.simple_tag
def icon(name: str, css: str = "i") -> SafeString:
    """An icon as inline SVG, hidden from screen readers: the words beside it say what it means."""
    return _icon(name, css)


@register.simple_tag
def light(colour: str, words: str) -> SafeString:
    """A status light: shape, colour and words together."""
    shape = mark_safe(SHAPES[colour])  # noqa: S308 - a constant of this module
    return format_html(
        '<span class="light l-{}"><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>{}</span>',
        colour,
        shape,
        words,
    )


@register.simple_tag
def bar(value: float, of: float, *, label: str, state: str = "", css: str = "") -> SafeString:
    """A progress bar; `state` is "", "ok", "warn" or "bad"."""
    classes = " ".join(filter(None, ["pg", f"pg-{state}" if state else "", css]))
    attrs = {
        "class": classes,
        "max": f"{of or 1:g}",
        "value": f"{min(value, of or 1):g}",
        "aria-label": label,
    }
    return format_html("<progress{}>{}/{}</progress>", flatatt(attrs), f"{value:g}", f"{of:g}")


@register.simple_tag
def link(column: Any, row: Any) -> str:
    """Where a list column's cell leads for one row (core.web.listing.ListColumn)."""
    return str(column.link(row))


@register.simple_tag(takes_context=True)
def qs(context: Context, **changes: Any) -> str:
    """The page's own query with some keys changed; None or "" drops a key, and any change leaves page 1."""
    query: QueryDict = context["request"].GET.copy()
    for key in ("page", "export", "columns", "pick", "all"):
        query.pop(key, None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}"


def _day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年3月5日; empty for no date."""
    if not value:
        return ""
    day = _day(value)
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def cn_day(value: date | datetime | None, today: date) -> str:
    """3月5日 in the year of `today`, else 2027年3月5日; empty for no date."""
    if not value:
        return ""
    day = _day(value)
    return f"{day.month}月{day.day}日" if day.year == today.year else cn_date(day)


@register.filter
def weekday(value: date) -> str:
    """星期四."""
    return f"星期{'一二三四五六日'[value.weekday()]}"


@register.filter
def cn_month(value: date | datetime | None) -> str:
    """2026年3月; empty for no date."""
    if not value:
        return ""
    day = _day(value)
    return f"{day.year}年{day.month}月"


@register.filter
def cn_time(value: datetime | None) -> str:
    """2026年3月5日 09:12; empty for no time."""
    return f"{cn_date(value)} {timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """09:12, where the day is said elsewhere; empty for no time."""
    return f"{timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def number(value: Any) -> str:
    """A quantity without idle zeros: 8, 7.5; empty for none."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


@register.filter
def last_char(name: str) -> str:
    """The character that stands in a round badge for a person."""
    return name[-1:] if name else ""
