"""A plan as a list of items, each with its place in the text and what it sets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from park.plan_text.deadlines import Deadline, find_deadlines, find_recurrence
from park.plan_text.document import plan_end, title_of, year_of
from park.plan_text.flat import flatten
from park.plan_text.lists import find_enterprises, find_projects
from park.plan_text.outline import Node, build_outline
from park.plan_text.plain import aims_of_preface, paragraphs
from park.plan_text.quantities import Quantity
from park.plan_text.sections import Sorter, heading_text, words_of
from park.plan_text.tables import Figures
from park.plan_text.task_tables import TaskRows

FEWEST_CLAUSES = 2


@dataclass(frozen=True, slots=True)
class Item:
    """One clause. `text` is exactly `source` of the plan; `title` is its heading, "" where it has none.

    `kind` is goal, measure, action, requirement, or heading for what only groups others. `parent` is the
    place of the clause above it in the list.
    """

    no: str
    path: str
    level: int
    kind: str
    title: str
    text: str
    start: int
    end: int
    parent: int | None
    leaf: bool
    quantities: tuple[Quantity, ...] = ()
    projects: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    recurrence: str = ""
    recurrence_words: str = ""
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class PlanReading:
    title: str
    year: int
    items: tuple[Item, ...] = field(default_factory=tuple)

    @property
    def looks_like_a_plan(self) -> bool:
        """A letter or a story has neither a title such as plans bear, nor numbers, nor figures to reach."""
        return bool(self.title) or any(item.no or item.quantities for item in self.items)

    def as_dict(self, file: str) -> dict[str, Any]:
        """The shape that import_plan --json prints; headings that say nothing themselves are left out."""
        items = [_item_dict(item) for item in self.items if item.kind != "heading"]
        return {"file": file, "title": self.title, "items": items}


def read_plan(text: str, *, year: int) -> PlanReading:
    """The items of a plan; `year` is that of days without one when the text names none itself."""
    flat = flatten(text)
    figures = Figures(text, flat, year)
    rows = TaskRows(text)

    def outline(end: int) -> list[Node]:
        return build_outline(flat, end, lambda place: figures.inside(place) or rows.inside(place), rows.marks)

    roots = outline(len(flat))
    end = plan_end(flat, roots)
    if end < len(flat):
        roots = outline(end)
    first = roots[0].mark.start if roots else end
    title = title_of(text, flat, first)
    year = year_of(flat, title) or year
    if sum(1 for root in roots for _ in root.walk()) < FEWEST_CLAUSES:
        roots = paragraphs(flat, _body_start(flat, text, title, end), end)
    figures.year = year
    reader = _Reader(text, flat, roots, figures)
    aims = aims_of_preface(flat, roots[0].mark.start if roots else 0)
    return PlanReading(title, year, tuple(reader.items(aims)))


def _body_start(flat: str, text: str, title: str, end: int) -> int:
    """Behind the title line; the plan has no numbers to begin at."""
    place = text.find(title[-6:]) if title else -1
    line_end = flat.find("\n", place) if place >= 0 else -1
    return min(line_end + 1, end) if line_end >= 0 else 0


class _Reader:
    def __init__(self, text: str, flat: str, roots: list[Node], figures: Figures) -> None:
        self.text, self.flat, self.roots, self.figures = text, flat, roots, figures
        self.sorter = Sorter(flat, roots)
        self.kinds = self.sorter.sort(roots)
        self.found: list[Item] = []

    def items(self, aims: Sequence[Node]) -> list[Item]:
        """The clauses in order; before them the aims that the preface sets, where it sets figures."""
        for aim in aims:
            self.sorter.words[id(aim)] = words_of(self.flat, aim)
            if (item := self._item(aim, 1, None, "", "goal")).quantities:
                self.found.append(item)
        for root in self.roots:
            self._add(root, 1, None, "")
        return self.found

    def _add(self, node: Node, level: int, parent: int | None, path: str) -> None:
        path = f"{path}{self._no(node)}"
        kind = self.kinds.get(id(node))
        place = parent
        if kind is not None and node.start < node.end:
            place = len(self.found)
            self.found.append(self._item(node, level, parent, path, kind))
        for child in node.children:
            self._add(child, level + 1, place, path)

    def _no(self, node: Node) -> str:
        return self.text[slice(*node.mark.number)].strip()

    def _item(self, node: Node, level: int, parent: int | None, path: str, kind: str) -> Item:
        flat, span = self.flat, (node.start, node.end)
        recurrence = find_recurrence(flat, *span)
        deadlines = list(find_deadlines(flat, *span, year=self.figures.year))
        return Item(
            no=self._no(node),
            path=path,
            level=level,
            kind=kind,
            title=heading_text(self.text, self.sorter.words[id(node)]),
            text=self.text[slice(*span)],
            start=node.start,
            end=node.end,
            parent=parent,
            leaf=not node.children,
            quantities=tuple(self.figures.between(*span)),
            projects=tuple(find_projects(flat, *span)),
            enterprises=tuple(find_enterprises(flat, *span)),
            recurrence=recurrence.code if recurrence else "",
            recurrence_words=recurrence.words if recurrence else "",
            deadline=max((d for d in deadlines if d.on), key=lambda d: d.on, default=None),  # type: ignore[arg-type,return-value]
        )


def _item_dict(item: Item) -> dict[str, Any]:
    return {
        "no": item.no,
        "level": item.level,
        "kind": item.kind,
        "text": item.text,
        "source": [item.start, item.end],
        "indicators": [_indicator_dict(quantity) for quantity in item.quantities],
        "projects": list(item.projects),
        "enterprises": list(item.enterprises),
        "recurrence": item.recurrence_words or None,
    }


def _indicator_dict(quantity: Quantity) -> dict[str, Any]:
    deadline = quantity.rhythm or (quantity.deadline.shown if quantity.deadline else None)
    return {
        "name": quantity.name,
        "value": number(quantity.value),
        "baseline": None if quantity.baseline is None else number(quantity.baseline),
        "unit": quantity.unit,
        "comparison": quantity.comparison,
        "deadline": deadline,
    }


def number(value: Decimal) -> int | float:
    """A whole number without a point, as people write it."""
    return int(value) if value == value.to_integral_value() else float(value)
