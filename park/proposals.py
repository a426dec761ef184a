"""What a document was read as, entry by entry, while a person merges, splits, drops and edits it.

Pure: entries in, entries out. An entry's words are always exactly its span of the text, so the source can be
shown beside it whatever was done.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self

from core.errors import DomainError
from park.choices import Comparison, ItemKind, Recurrence
from park.plan_text import Item, PlanReading
from park.plan_text.deadlines import find_deadlines, find_recurrence
from park.plan_text.flat import flatten, trimmed
from park.plan_text.lists import find_enterprises, find_projects
from park.plan_text.quantities import Quantity
from park.plan_text.tables import Figures

LONGEST_NAME = 60
_SENTENCE = re.compile(r"[^。；;!！?？\n]*[。；;!！?？\n]?")
_HEADING_END = re.compile(r"[。：:；;\n]")


@dataclass(frozen=True, slots=True)
class Figure:
    """A proposed indicator; amounts and the day as text, so that they are kept as they are."""

    name: str
    value: str
    unit: str = ""
    baseline: str = ""
    comparison: str = Comparison.EQUAL.value
    deadline: str = ""
    deadline_text: str = ""
    keep: bool = True

    @property
    def goal_words(self) -> str:
        """不少于 5个, 4.5平方公里左右."""
        if self.comparison == Comparison.ABOUT:
            return f"{self.value}{self.unit}左右"
        return f"{Comparison(self.comparison).label} {self.value}{self.unit}"


@dataclass(frozen=True, slots=True)
class Named:
    """A proposed project or enterprise."""

    name: str
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause. `makes_task` says whether a task comes of it; `dropped` that nothing does."""

    id: str
    no: str
    path: str
    level: int
    kind: str
    title: str
    start: int
    end: int
    parent: str = ""
    name: str = ""
    recurrence: str = ""
    due_text: str = ""
    makes_task: bool = False
    dropped: bool = False
    figures: tuple[Figure, ...] = ()
    projects: tuple[Named, ...] = ()
    enterprises: tuple[Named, ...] = ()

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        lists: dict[str, Any] = {
            "figures": tuple(Figure(**each) for each in stored["figures"]),
            "projects": tuple(Named(**each) for each in stored["projects"]),
            "enterprises": tuple(Named(**each) for each in stored["enterprises"]),
        }
        return cls(**(stored | lists))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def words(self, text: str) -> str:
        return text[self.start : self.end]

    @property
    def kind_label(self) -> str:
        return ItemKind(self.kind).label

    @property
    def recurrence_label(self) -> str:
        return Recurrence(self.recurrence).label if self.recurrence else ""


Entries = list[Entry]


def load_entries(content: Iterable[dict[str, Any]]) -> Entries:
    return [Entry.from_dict(stored) for stored in content]


def dump_entries(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [entry.as_dict() for entry in entries]


def entries_of(reading: PlanReading, text: str) -> Entries:
    """The proposal as it is first read: a task for every measure or action without parts of its own."""
    return [_entry(place, item, text) for place, item in enumerate(reading.items)]


def _entry(place: int, item: Item, text: str) -> Entry:
    task = item.leaf and item.kind in (ItemKind.MEASURE, ItemKind.ACTION)
    return Entry(
        id=f"e{place}",
        no=item.no,
        path=item.path,
        level=item.level,
        kind=item.kind,
        title=item.title,
        start=item.start,
        end=item.end,
        parent="" if item.parent is None else f"e{item.parent}",
        name=task_name(item.title, item.text),
        recurrence=item.recurrence,
        due_text=_due_text(text, item),
        makes_task=task,
        figures=tuple(_figure(quantity) for quantity in item.quantities),
        projects=tuple(Named(name) for name in item.projects),
        enterprises=tuple(Named(name) for name in item.enterprises),
    )


def task_name(title: str, words: str) -> str:
    """The heading, else the first sentence, cut to a length that fits a list."""
    name = title.strip() or _HEADING_END.split(words.strip(), maxsplit=1)[0]
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _due_text(text: str, item: Item) -> str:
    return text[item.deadline.start : item.deadline.end].strip() if item.deadline else ""


def _figure(quantity: Quantity) -> Figure:
    deadline = quantity.deadline
    return Figure(
        name=quantity.name,
        value=_plain(quantity.value),
        unit=quantity.unit,
        baseline="" if quantity.baseline is None else _plain(quantity.baseline),
        comparison=quantity.comparison,
        deadline=deadline.on.isoformat() if deadline and deadline.on else "",
        deadline_text=quantity.rhythm or (deadline.words if deadline else ""),
    )


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


# -- changes --


def find_entry(entries: Sequence[Entry], key: str) -> Entry:
    found = next((entry for entry in entries if entry.id == key), None)
    if found is None:
        raise DomainError("这一条已不在拆分结果中，请刷新页面。", code="gone")
    return found


def next_sibling(entries: Sequence[Entry], key: str) -> Entry | None:
    """The clause after it under the same parent, which it could be merged with."""
    entry = find_entry(entries, key)
    behind = entries[entries.index(entry) + 1 :]
    return next((each for each in behind if each.parent == entry.parent), None)


def merge(entries: Sequence[Entry], key: str, *, text: str, year: int) -> Entries:
    """One clause of two neighbours; what lies between them belongs to it."""
    entry, following = find_entry(entries, key), next_sibling(entries, key)
    if following is None:
        raise DomainError("后面没有同级的条目可以合并。", code="no_sibling")
    if any(each.parent in (entry.id, following.id) for each in entries):
        raise DomainError("带下级条目的不能合并，请先处理下级条目。", code="has_children")
    whole = _reread(replace(entry, end=following.end), text, year)
    return [whole if each.id == entry.id else each for each in entries if each.id != following.id]


def sentence_ends(entry: Entry, text: str) -> list[tuple[int, str]]:
    """Where the clause can be split: (offset, the sentence that ends there), without the last end."""
    ends, place = [], entry.start
    for found in _SENTENCE.finditer(text[entry.start : entry.end]):
        if not found.group().strip():
            continue
        place = entry.start + found.end()
        ends.append((place, found.group().strip()))
    return [(end, words) for end, words in ends if end < entry.end and text[end : entry.end].strip()]


def split(entries: Sequence[Entry], key: str, *, text: str, year: int, at: Sequence[int] = ()) -> Entries:
    """Parts of one clause, cut at the offsets given or at every sentence."""
    entry = find_entry(entries, key)
    if any(each.parent == entry.id for each in entries):
        raise DomainError("带下级条目的不能拆分，请拆分它的下级条目。", code="has_children")
    possible = [end for end, _ in sentence_ends(entry, text)]
    cuts = [end for end in possible if not at or end in at]
    if not cuts:
        raise DomainError("这一条只有一句话，不能再拆分。", code="one_sentence")
    bounds = [entry.start, *cuts, entry.end]
    parts = [_part(entry, place, bounds, text, year) for place in range(len(bounds) - 1)]
    index = list(entries).index(entry)
    return [*entries[:index], *parts, *entries[index + 1 :]]


def _part(entry: Entry, place: int, bounds: list[int], text: str, year: int) -> Entry:
    start, end = trimmed(text, bounds[place], bounds[place + 1])
    first = place == 0
    part = replace(
        entry,
        id=entry.id if first else f"{entry.id}.{start}",
        no=entry.no if first else "",
        path=entry.path if first else f"{entry.path}·{place + 1}",
        title=entry.title if first and len(entry.title) < end - start else "",
        start=start,
        end=end,
    )
    return _reread(part, text, year)


def _reread(entry: Entry, text: str, year: int) -> Entry:
    """Everything that is read from the words, for words that have changed."""
    flat, span = flatten(text), (entry.start, entry.end)
    recurrence = find_recurrence(flat, *span)
    deadlines = [found for found in find_deadlines(flat, *span, year=year) if found.on]
    latest = max(deadlines, key=lambda found: found.on or date.min, default=None)
    return replace(
        entry,
        name=task_name(entry.title, entry.words(text)),
        recurrence=recurrence.code if recurrence else "",
        due_text=text[latest.start : latest.end].strip() if latest else "",
        figures=tuple(_figure(found) for found in Figures(text, flat, year).between(*span)),
        projects=tuple(Named(name) for name in find_projects(flat, *span)),
        enterprises=tuple(Named(name) for name in find_enterprises(flat, *span)),
    )


def edit(entries: Sequence[Entry], key: str, **values: Any) -> Entries:
    """Other values for the fields a person may set; the words and their place stay."""
    entry = find_entry(entries, key)
    return [replace(each, **values) if each.id == entry.id else each for each in entries]


def drop(entries: Sequence[Entry], key: str, *, dropped: bool = True) -> Entries:
    """Leaves a clause and all below it out of the plan, or takes it in again."""
    keys = {key, *_below(entries, key)}
    find_entry(entries, key)
    return [replace(each, dropped=dropped) if each.id in keys else each for each in entries]


def _below(entries: Sequence[Entry], key: str) -> list[str]:
    children = [entry.id for entry in entries if entry.parent == key]
    return [*children, *(deeper for child in children for deeper in _below(entries, child))]


@dataclass(frozen=True, slots=True)
class Counts:
    """What applying would make."""

    items: int = 0
    tasks: int = 0
    figures: int = 0
    projects: int = 0
    enterprises: int = 0
    dropped: int = 0
    kinds: dict[str, int] = field(default_factory=dict)


def count(entries: Sequence[Entry]) -> Counts:
    live = [entry for entry in entries if not entry.dropped]
    kinds: dict[str, int] = {}
    for entry in live:
        kinds[entry.kind_label] = kinds.get(entry.kind_label, 0) + 1
    return Counts(
        items=len(live),
        tasks=sum(entry.makes_task for entry in live),
        figures=sum(figure.keep for entry in live for figure in entry.figures),
        projects=len({named.name for entry in live for named in entry.projects if named.keep}),
        enterprises=len({named.name for entry in live for named in entry.enterprises if named.keep}),
        dropped=len(entries) - len(live),
        kinds=kinds,
    )
