"""Numbers of rows as they come in addresses and forms: text that anybody may have written."""

from collections.abc import Iterable

LONGEST = 18  # digits; more do not fit into a key of any database
NO_ROW = 0  # what no row is numbered


def key_of(text: str) -> int:
    """The number of a row; `NO_ROW` for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else NO_ROW


def keys_of(texts: Iterable[str]) -> list[int]:
    """Those that are numbers of rows, each once, in the order given."""
    return list(dict.fromkeys(key for text in texts if (key := key_of(text))))
