"""Whether two records of study are likely the same: overlapping days and a similar title. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

ALIKE = 0.6
# What tells editions of one thing apart, or says nothing: years, numbers, brackets, spaces, filler words.
NOISE = re.compile(
    r"\d{4}年度?|第[\d一二三四五六七八九十]+[期讲场次]|[\s\W_]+|关于|举办|参加|培训班|专题班|培训|学习"
)


@dataclass(frozen=True, slots=True)
class Record:
    """Something learnt, as far as it matters here. `what` says in words which record it is."""

    title: str
    first: date
    last: date
    what: str = ""
    url_name: str = ""
    pk: int = 0

    @property
    def args(self) -> tuple[int, ...]:
        return (self.pk,) if self.pk else ()


def core_of(title: str) -> str:
    return NOISE.sub("", title) or title.strip()


def likeness(one: str, other: str) -> float:
    """0 to 1; a title that holds the other whole is as good as the same."""
    left, right = core_of(one), core_of(other)
    if not left or not right:
        return 0.0
    if min(len(left), len(right)) >= 2 and (left in right or right in left):
        return 1.0
    # The order of the two changes a matcher's answer, so both are asked.
    ratios = (SequenceMatcher(None, a, b).ratio() for a, b in ((left, right), (right, left)))
    return max(ratios)


def overlap(one: Record, other: Record) -> bool:
    return one.first <= other.last and other.first <= one.last


def is_duplicate(one: Record, other: Record) -> bool:
    return overlap(one, other) and likeness(one.title, other.title) >= ALIKE
