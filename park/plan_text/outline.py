"""Which numbers open clauses, and how the clauses nest.

A number is believed when it stands at the beginning of a line or after a stop and carries on a list, or
begins one that goes on. So "一、…（一）…1.…" is found although all stands on one line, and the number in
"按照第（二）项" is not.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import Final

from park.plan_text.flat import trimmed
from park.plan_text.marks import Footing, Mark, Style, find_marks

LONGEST_HEADING: Final = 60
_STOP = re.compile(r"[。;!?]")
_MOST_SKIPPED: Final = 3
_FARTHEST: Final = 200


@dataclass(slots=True)
class Node:
    """A clause: its number, where its own words stand (up to its first child), and its children."""

    mark: Mark
    start: int
    end: int = 0
    children: "list[Node]" = field(default_factory=list)

    @property
    def value(self) -> int:
        return self.mark.value

    @property
    def style(self) -> Style:
        return self.mark.style

    def walk(self) -> "Iterator[Node]":
        yield self
        for child in self.children:
            yield from child.walk()


def build_outline(
    flat: str,
    end: int | None = None,
    closed: Callable[[int], bool] = lambda place: False,
    rows: Sequence[Mark] = (),
) -> list[Node]:
    """The clauses of the text up to `end`, as a forest; none begins where it is `closed`, as in tables.

    `rows` are clauses known beforehand, from tables of tasks.
    """
    end = len(flat) if end is None else end
    found = [mark for mark in find_marks(flat[:end]) if not closed(mark.start)]
    marks = sorted((mark for mark in (*found, *rows) if mark.start < end), key=lambda mark: mark.start)
    builder = _Builder(flat, marks)
    roots = builder.build()
    nodes = [node for root in roots for node in root.walk()]
    for node, following in zip_longest(nodes, nodes[1:]):
        behind = following.mark.start if following else end
        node.start, node.end = node.mark.row.words if node.mark.row else trimmed(flat, node.mark.end, behind)
    return roots


class _Builder:
    def __init__(self, flat: str, marks: Sequence[Mark]) -> None:
        self.flat = flat
        self.marks = marks
        self.stack: list[Node] = []
        self.roots: list[Node] = []
        self.last_value: dict[Style, int] = {}
        self.turned: set[tuple[Style, Style]] = set()  # which style holds which against the official order

    def build(self) -> list[Node]:
        for index, mark in enumerate(self.marks):
            if self.stack and mark.start < self.stack[-1].mark.end:
                continue
            depth = self._depth(index, mark)
            if depth is not None:
                self._add(mark, depth)
        return self.roots

    def _add(self, mark: Mark, depth: int) -> None:
        del self.stack[depth:]
        node = Node(mark, mark.end)
        (self.stack[-1].children if self.stack else self.roots).append(node)
        self.stack.append(node)
        self.last_value[mark.style] = mark.value

    # -- where a number belongs --

    def _depth(self, index: int, mark: Mark) -> int | None:
        """The depth at which the number opens a clause; None when it opens none."""
        here = next((d for d, node in enumerate(self.stack) if node.style is mark.style), None)
        if here is not None:
            return here if self._carries_on(mark, self.stack[here]) else None
        return self._new_depth(index, mark) if self._begins(index, mark) else None

    def _carries_on(self, mark: Mark, before: Node) -> bool:
        if mark.style >= Style.DASH:
            return True
        step = mark.value - before.value
        if step == 1:
            return self._stands(mark)
        if mark.footing is not Footing.LINE_START or mark.style is Style.SAY:
            return False
        return 1 < step <= _MOST_SKIPPED or step <= 0

    def _begins(self, index: int, mark: Mark) -> bool:
        if mark.style >= Style.DASH:
            return True
        if mark.value == 1:
            if mark.style is Style.SAY:
                return mark.footing is not Footing.INSIDE and self._goes_on(index, mark)
            return mark.footing is Footing.LINE_START or (self._stands(mark) and self._goes_on(index, mark))
        if mark.style is Style.SAY:
            return False
        if self.last_value.get(mark.style, 0) + 1 == mark.value:
            return self._stands(mark)
        return mark.footing is Footing.LINE_START

    def _stands(self, mark: Mark) -> bool:
        """After a stop, or right behind a heading that shares the line."""
        if mark.footing >= Footing.AFTER_STOP:
            return True
        if mark.style is Style.SAY:
            return mark.footing is Footing.AFTER_PAUSE
        if mark.style in (Style.DOT, Style.COMMA) and not self.stack:
            return False
        between = self.flat[self.stack[-1].mark.end if self.stack else 0 : mark.start]
        return len(between) <= LONGEST_HEADING and not _STOP.search(between)

    def _goes_on(self, index: int, mark: Mark) -> bool:
        """Whether the list has a second clause before one that stands higher begins."""
        for later in self._near(index):
            if later.style is mark.style and later.value == mark.value + 1:
                return True
            if later.footing is Footing.LINE_START and later.style < mark.style and self._open(later):
                return False
        return False

    def _near(self, index: int) -> Iterator[Mark]:
        """The marks that follow, as far as a list may reach: looking to the end of each would take ages."""
        return islice(self.marks, index + 1, index + 1 + _FARTHEST)

    def _open(self, later: Mark) -> bool:
        return any(node.style is later.style and node.value + 1 == later.value for node in self.stack)

    def _new_depth(self, index: int, mark: Mark) -> int:
        """Below everything that stands higher in the official order, unless the document has its own."""
        depth = len(self.stack)
        while depth and self.stack[depth - 1].style > mark.style:
            above = self.stack[depth - 1]
            if self._nested_against_order(index, mark, above):
                self.turned.add((above.style, mark.style))
                return depth
            depth -= 1
        return depth

    def _nested_against_order(self, index: int, mark: Mark, above: Node) -> bool:
        """1.…（一）…（二）…2.…: the list above goes on after this one, so this one lies inside it.

        So does the list under the last of them, where nothing goes on.
        """
        if mark.style is Style.COMMA or above.style is Style.DASH or mark.value != 1:
            return False
        if (above.style, mark.style) in self.turned:
            return True
        for later in self._near(index):
            if later.style is above.style and later.footing is Footing.LINE_START:
                return later.value == above.value + 1
        return False
