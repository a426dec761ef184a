"""Several people in one cell: split them apart and find each by name among those who are known.

Names may be separated by 、，,;/ line breaks or spaces, and a name of two characters may itself hold spaces
("陆  昇 向静"): spaces are resolved against the known names, the longest name first.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from people.imports.dates import BadValue
from people.imports.text import clean, squeeze
from people.imports.values import read_name

_SEPARATORS = re.compile(r"[、,;;|\n\r\t/\\]|(?<!\s)\s+和\s+")
_BRACKET = re.compile(r"\(([^()]*)\)")
_NUMBERED = re.compile(r"^\s*\d+[.、)\s]+(?=\D)")
_OTHERS = re.compile(r"等(?:共|计)?\s*\d*\s*(?:名|位)?(?:同志|人)?$|^(?:共|计|合计)\s*\d+\s*(?:名|位)?人?$")
_EVERYONE = re.compile(r"全体|全部|所有|各部门|机关干部")
_ROLES = re.compile(
    r"^(?:[正副]?(?:组长|班长|队长|领队|组织委员|学习委员)|带队|组员|学员|男|女|同志|主任|局长|部长)$"
)
_LONGEST_NAME = 4  # tokens that may make up one name written with spaces


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may be named: `unit` is the name of the unit they work in."""

    pk: int
    name: str
    staff_no: str
    unit: str

    @property
    def label(self) -> str:
        return f"{self.name}（{self.staff_no or '无工号'}{'，' + self.unit if self.unit else ''}）"


@dataclass(frozen=True)
class KnownPeople:
    """Who may be named, by name and by staff number. One name may stand for several people."""

    by_name: dict[str, list[Person]] = field(default_factory=dict)
    by_staff_no: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Person]) -> "KnownPeople":
        known = cls()
        for person in people:
            known.by_name.setdefault(person.name, []).append(person)
            if person.staff_no:
                known.by_staff_no[person.staff_no.upper()] = person
        return known

    def find(self, name: str, hint: str = "") -> Person:
        """The one person meant; `hint` is a staff number or a unit. Raises BadValue."""
        if by_number := self.by_staff_no.get(hint.upper()) if hint else None:
            return self._same_name(by_number, name)
        if by_number := self.by_staff_no.get(name.upper()):
            return by_number
        found = self.by_name.get(name, [])
        if len(found) > 1 and hint:
            found = [person for person in found if hint in person.unit or person.unit in hint] or found
        if len(found) == 1:
            return found[0]
        raise self._ambiguous(name, found) if found else self._unknown(name)

    def by_number(self, staff_no: str, name: str = "") -> Person:
        """The person with the staff number, whose name must agree when one is given."""
        person = self.by_staff_no.get(staff_no.upper())
        if person is None:
            message = f"花名册中没有工号“{staff_no}”；请核对工号，或先导入此人的花名册。"
            raise BadValue("unknown_person", message)
        return self._same_name(person, _plain(name) if name else "")

    def _same_name(self, person: Person, name: str) -> Person:
        if name and person.name != name:
            message = f"工号 {person.staff_no} 是{person.name}，不是{name}；请核对姓名和工号。"
            raise BadValue("name_mismatch", message)
        return person

    def _ambiguous(self, name: str, found: list[Person]) -> BadValue:
        labels = "、".join(f"{p.staff_no or '无工号'} {p.unit}".strip() for p in found[:5])
        example = found[0].staff_no or "工号"
        message = f"“{name}”有 {len(found)} 人（{labels}）；请写明工号，如 {name}({example})。"
        return BadValue("ambiguous_name", message)

    def _unknown(self, name: str) -> BadValue:
        close = get_close_matches(name, self.by_name, n=1, cutoff=0.5)
        hint = f"是否应为“{close[0]}”？" if close else ""
        message = f"花名册中没有“{name}”。{hint}请改正姓名，或先导入此人的花名册。"
        return BadValue("unknown_person", message)


@dataclass(frozen=True, slots=True)
class Mention:
    """One name as written in the cell, with what stood in brackets or before a colon."""

    name: str
    hint: str = ""


def read_people(text: str, known: KnownPeople, *, unit: str = "") -> tuple[list[Person], list[BadValue]]:
    """Everyone named in the cell, once each and in order, and everything wrong with the list.

    `unit` (of a column beside the names) helps where one name stands for several people.
    """
    people: dict[int, Person] = {}
    faults: list[BadValue] = []
    for mention in _mentions(text, known):
        if isinstance(mention, BadValue):
            faults.append(mention)
            continue
        try:
            person = known.find(mention.name, mention.hint or unit)
        except BadValue as fault:
            faults.append(fault)
            continue
        if person.pk in people:
            faults.append(BadValue("duplicate_person", f"“{mention.name}”在同一名单里写了两次；请删去一个。"))
        people[person.pk] = person
    return list(people.values()), faults


def _mentions(text: str, known: KnownPeople) -> Iterator[Mention | BadValue]:
    unit = ""
    for chunk in _chunks(text):
        before, _, after = chunk.rpartition(":")
        unit = squeeze(before) or unit
        for mention in _of_chunk(after, known):
            yield Mention(mention.name, mention.hint or unit) if isinstance(mention, Mention) else mention


def _chunks(text: str) -> list[str]:
    flat = unicodedata.normalize("NFKC", clean(text)).rstrip("。.;,、 ")
    return [chunk.strip() for chunk in _SEPARATORS.split(flat) if chunk.strip()]


def _of_chunk(chunk: str, known: KnownPeople) -> Iterator[Mention | BadValue]:
    """A chunk between separators: one name, or several divided by spaces only."""
    if _EVERYONE.search(chunk) and squeeze(chunk) not in known.by_name:
        yield BadValue("unknown_person", f"“{chunk[:20]}”没有写明是谁；请逐个写出姓名。")
        return
    if (rest := _OTHERS.sub("", chunk)) != chunk and squeeze(chunk) not in known.by_name:
        yield BadValue("incomplete_list", f"“{chunk[:20]}”没有写明其余的人；请逐个写出姓名，删去“等”和人数。")
        chunk = rest
    yield from _join_spaced(_tokens(chunk), known)


def _tokens(chunk: str) -> list[Mention]:
    """Pieces between spaces, each with the hint of the bracket behind it; a role in brackets says nothing."""
    found: list[Mention] = []
    for piece in re.split(r"(?<!\s)\s++(?![^()]*\))", re.sub(r"(?<!\s)\s+(?=\()", "", chunk).strip()):
        hint = "".join(squeeze(inner) for inner in _BRACKET.findall(piece))
        name = _NUMBERED.sub("", _BRACKET.sub("", piece).strip("()"))
        if name:
            found.append(Mention(name, "" if _ROLES.match(hint) else hint))
    return found


def _join_spaced(tokens: list[Mention], known: KnownPeople) -> Iterator[Mention]:
    start = 0
    while start < len(tokens):
        length = _known_length(tokens[start:], known) or _likely_length(tokens[start:])
        name = "".join(token.name for token in tokens[start : start + length])
        hint = tokens[start + length - 1].hint
        start += length
        if start < len(tokens) and tokens[start].name.upper() in known.by_staff_no and not name.isascii():
            hint, start = tokens[start].name, start + 1  # "陆昇 JK001"
        yield from (Mention(part, hint) for part in _run_together(_plain(name), known))


def _known_length(tokens: list[Mention], known: KnownPeople) -> int:
    """How many of the first tokens together are a known name or number; the most that fit, else 0."""
    for length in range(min(_LONGEST_NAME, len(tokens)), 0, -1):
        name = _plain("".join(token.name for token in tokens[:length]))
        if name in known.by_name or name.upper() in known.by_staff_no:
            return length
    return 0


def _likely_length(tokens: list[Mention]) -> int:
    """Of unknown names only single characters belong together: "陆 昇"."""
    return 2 if len(tokens) > 1 and len(tokens[0].name) == 1 and len(tokens[1].name) == 1 else 1


def _plain(name: str) -> str:
    try:
        return read_name(name)
    except BadValue:
        return squeeze(name)


def _run_together(name: str, known: KnownPeople) -> list[str]:
    """Known names written without any separator, when there is exactly one way to part them."""
    if len(name) < 4 or name in known.by_name or name.upper() in known.by_staff_no:
        return [name]
    ways = _partings(name, known, 2)
    return ways[0] if len(ways) == 1 else [name]


def _partings(name: str, known: KnownPeople, wanted: int) -> list[list[str]]:
    """Up to `wanted` ways to cut the text into known names."""
    if not name:
        return [[]]
    ways: list[list[str]] = []
    for length in range(2, min(5, len(name)) + 1):
        if name[:length] in known.by_name:
            ways += [[name[:length], *rest] for rest in _partings(name[length:], known, wanted)]
        if len(ways) >= wanted:
            break
    return ways
