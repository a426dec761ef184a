"""What a text is cut into so that any part of it can be found by an index, in both databases alike.

Every ending of a text is a term: 王示例 gives 王示例, 示例, 例. A part of the text is then the beginning of
one of its terms, and beginnings are what an ordinary index finds, whether one character was typed or ten, and
in every locale. 「^」 marks the beginning of the text, 「=」 the whole of it: they put the best hits first.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

TERM = 12  # characters kept of each ending; what is longer is compared in full afterwards
WHOLE = 40
NAME_LETTERS = 40  # of a reading as short as a name, pinyin is found from any letter on
MOST_WORDS = 6
MOST_TYPED = 60

_HANZI = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN = re.compile(f"[{_HANZI}]")
_RUNS = re.compile(f"[{_HANZI}]+|[^{_HANZI}]+")


def plain(text: str) -> str:
    """Letters and digits alone, in small letters: what is compared."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return "".join(character for character in folded if character.isalnum())


def words_of(query: str) -> list[str]:
    """The words of a question, ready to be compared; nothing when only signs were typed."""
    words = [plain(word) for word in query[:MOST_TYPED].split()]
    return [word for word in words if word][:MOST_WORDS]


def reading_of(text: str) -> str:
    """The pinyin of a text, one syllable for each character that is compared; what is not Chinese reads as
    itself. Empty for a text without Chinese."""
    compared = plain(text)
    if not _HAN.search(compared):
        return ""
    return " ".join(syllable for run in _RUNS.findall(compared) for syllable in _read(run))


def _read(run: str) -> list[str]:
    if not _HAN.match(run):
        return list(run)
    # Its dictionaries take half a second to load; most processes never ask for a reading.
    from pypinyin import lazy_pinyin

    read = lazy_pinyin(run)  # in one piece: 重庆 is not read as 重 and 庆
    parts = read if len(read) == len(run) else [*map("".join, map(lazy_pinyin, run))]
    return [plain(part) or "x" for part in parts]


def terms_of(texts: Iterable[str], reading: str) -> str:
    """All terms of an entry, each once, in a fixed order."""
    found: set[str] = set()
    for text in texts:
        found.update(_endings(text, range(len(text))))
    found.update(_spoken(reading.split()))
    return " ".join(sorted(found))


def kind_term(kind: str) -> str:
    """A term that all entries of a kind have and nobody can type: the index narrows by it as well."""
    return f"=^{plain(kind)}"


def spoken(reading: str) -> list[str]:
    """The ways in which a reading is typed: in full and by initials."""
    syllables = reading.split()
    return ["".join(syllables), "".join(one[0] for one in syllables)] if syllables else []


def _endings(text: str, starts: Iterable[int]) -> Iterator[str]:
    if not text:
        return
    yield f"={text[:WHOLE]}"
    yield f"^{text[:TERM]}"
    for start in starts:
        yield text[start : start + TERM]


def _spoken(syllables: Sequence[str]) -> Iterator[str]:
    """The full pinyin and the initials. Of a long title only from the start of a syllable."""
    if not syllables:
        return
    joined, initials = spoken(" ".join(syllables))
    starts: Iterable[int] = range(len(joined))
    if len(joined) > NAME_LETTERS:
        starts = _starts(syllables)
    yield from _endings(joined, starts)
    yield from _endings(initials, range(len(initials)))


def _starts(syllables: Sequence[str]) -> Iterator[int]:
    at = 0
    for syllable in syllables:
        yield at
        at += len(syllable)
