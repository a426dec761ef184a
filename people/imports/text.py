"""Cell text made comparable: widths, spaces and marks that people type without meaning anything by them."""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"[*★☆※:;,、。.·_\-—–~\"“”'‘’/\\|]+")
_BRACKETED = re.compile(r"[(\[【〔<{].{0,200}?[)\]】〕>}]")
_BRACKETS = re.compile(r"[()\[\]【】〔〕<>{}]")


def clean(text: str) -> str:
    """Outer spaces, control and invisible characters gone; what was written stays as written."""
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return text.replace("\u3000", " ").replace("\xa0", " ").strip()


def one_line(text: str) -> str:
    """Like `clean`, with line breaks and runs of spaces made one space."""
    return _SPACE.sub(" ", clean(text))


def squeeze(text: str) -> str:
    """No spaces at all, half-width letters and digits: for comparing, and for values that hold no space."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", clean(text)))


def is_hint(text: str) -> bool:
    """Whether all of it stands in brackets, such as "（岁）" below 出生年月."""
    return not _MARKS.sub("", _BRACKETED.sub("", squeeze(text)))


def tight(text: str) -> str:
    """No spaces, everything else as written: for names of units and posts that are stored."""
    return _SPACE.sub("", clean(text))


@lru_cache(maxsize=4096)
def heading_keys(text: str) -> tuple[str, ...]:
    """The forms under which a heading may be known: with its bracketed hint joined on, then without it."""
    flat = squeeze(text).upper()
    joined = _MARKS.sub("", _BRACKETS.sub("", flat))
    bare = _MARKS.sub("", _BRACKETED.sub("", flat))
    return tuple(dict.fromkeys(key for key in (joined, bare) if key))
