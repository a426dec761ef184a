"""What the templates of the file need beyond Django's own filters."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.pdf.fonts import covers
from growth import wording
from growth.contracts import Name, Source
from growth.evidence import Evidence

register = template.Library()

_DIGITS = "〇一二三四五六七八九十"


@register.filter
def numeral(number: int) -> str:
    """1–99 as in headings: 一, 十一, 二十."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


@register.filter
def cell(text: str) -> SafeString | str:
    """A name stays on one line and in one face; any other text is as it is."""
    return name(text) if isinstance(text, Name) else wording.tight(text.rstrip())


@register.filter
def tight(text: str) -> str:
    return wording.tight(text)


@register.filter
def day(when: date | None) -> str:
    """2026年3月5日; nothing for no day."""
    return wording.day_words(when)


@register.filter
def tail(text: str) -> str:
    """The blanks that keep an open period in line with the others: they stand behind the number."""
    return text[len(text.rstrip()) :]


LONG, LONGEST = 6, 10  # characters that fit a cell of the form, and that fit it when set smaller


def _length_class(length: int) -> str:
    return "" if length <= LONG else " long" if length <= LONGEST else " longest"


@register.filter
def name(text: str, role: str = "cadre-fang") -> SafeString:
    """The whole name in the song face when the given role's face lacks one of its characters."""
    css_class = "name" if covers(role, text) else "name song"
    css_class += _length_class(len(text))
    return format_html('<span class="{}">{}</span>', css_class, text)


@register.simple_tag(takes_context=True)
def ref(context: template.Context, source: Source | None) -> SafeString | str:
    """The number of the evidence behind a line; nothing for a line without a source."""
    marked: SafeString | str = context["cite"].mark(source)
    return marked


@register.filter
def file_number(row: Evidence, files: list[str]) -> int:
    """The place of the imported file among those named below the appendix."""
    return files.index(row.trail.origin) + 1


@register.filter(name="pieces")
def in_pieces(text: str) -> list[tuple[str, bool]]:
    return wording.pieces(wording.tight(text))


@register.filter
def spaced(text: str) -> str:
    """A two-character name or label with a full-width space between, as forms print it."""
    return "　".join(text) if len(text) == 2 else text
