"""基层工作经历: which times count, and how long they are together. Pure.

A line of the résumé or an appointment counts by the words that the rule names for units of the grass roots.
Times that overlap count once, gaps between them not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from people.spans import months_in_words
from rotation.tenure import months_within

NAMED = 4  # spells that the evidence of a check names


@dataclass(frozen=True, slots=True)
class Spell:
    """A time somewhere; one without a first day is known of and not counted. `away`: on secondment."""

    starts_on: date | None
    ends_on: date | None
    text: str
    away: bool = False

    @property
    def words(self) -> str:
        if self.starts_on is None:
            return f"{self.text}（起止未登记，未计）"
        until = f"{self.ends_on:%Y-%m}" if self.ends_on else "今"
        return f"{self.starts_on:%Y-%m}至{until}{self.text}"


def split_words(text: str) -> tuple[str, ...]:
    """The words of the rule, as they are written one after another."""
    return tuple(filter(None, text.replace("，", "、").replace(",", "、").replace(" ", "").split("、")))


def rooted(
    spells: Iterable[Spell], words: Sequence[str], on: date, but: Sequence[str] = ()
) -> tuple[Spell, ...]:
    """Those begun by the day whose text names a unit of the grass roots, the earliest first, each once.

    `but` are words that are left aside: 城乡建设局 is no 乡.
    """
    begun = (s for s in spells if s.starts_on is None or s.starts_on <= on)
    found = dict.fromkeys(s for s in begun if _names(s.text, words, but))
    return tuple(sorted(found, key=lambda s: (s.starts_on or date.max, s.ends_on or date.max, s.text)))


def _names(text: str, words: Sequence[str], but: Sequence[str]) -> bool:
    for word in but:
        text = text.replace(word, " ")
    return any(word in text for word in words)


def months_of(spells: Iterable[Spell], on: date) -> int:
    """Full months up to the day."""
    dated = ((s.starts_on, min(s.ends_on or on, on)) for s in spells if s.starts_on and s.starts_on <= on)
    return months_within((first, last) for first, last in dated if first <= last)


def spells_in_words(spells: Sequence[Spell], on: date) -> str:
    """合计2年3个月：2018-03至2020-06某镇副镇长."""
    if not spells:
        return "简历和任职中没有找到基层工作经历"
    named = "；".join(spell.words for spell in spells[:NAMED])
    more = f"；等 {len(spells)} 段" if len(spells) > NAMED else ""
    return f"合计{months_in_words(months_of(spells, on))}：{named}{more}"
