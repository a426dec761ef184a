"""The headings of a chapter: 一、 is the chapter itself, （一） what it holds, 1. what that holds."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from growth.contracts import Block, Heading, Section

SECOND, THIRD = 2, 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a chapter. For a heading `number` is its place among its like, 0 where it stands alone."""

    block: Block
    level: int
    number: int = 0


def chapters_of(sections: Sequence[Section]) -> Iterator[tuple[str, list[Piece]]]:
    """Each chapter with its title: sections that follow each other under one title are one chapter."""
    filled = [section for section in sections if section.blocks]
    for title, found in groupby(filled, key=lambda section: str(section.chapter or section.title)):
        yield title, _numbered(list(_levelled(found, title)))


def _levelled(sections: Iterator[Section], chapter: str) -> Iterator[Piece]:
    """A section with a title of its own has it as a heading, and its own headings one level down."""
    for section in sections:
        own = section.title == chapter
        if not own:
            yield Piece(Heading(section.title), SECOND)
        for block in section.blocks:
            yield Piece(block, SECOND if own else THIRD)


def _numbered(pieces: list[Piece]) -> list[Piece]:
    headings = [piece for piece in pieces if isinstance(piece.block, Heading)]
    numbers = iter(numbers_of([piece.level for piece in headings]))
    return [
        Piece(piece.block, piece.level, next(numbers)) if isinstance(piece.block, Heading) else piece
        for piece in pieces
    ]


def numbers_of(levels: Sequence[int]) -> list[int]:
    """Each heading's place among those below the same heading; one that stands alone has no number."""
    siblings: dict[tuple[int, int], list[int]] = defaultdict(list)
    above = 0
    for place, level in enumerate(levels):
        above += level == SECOND
        siblings[level, above if level == THIRD else 0].append(place)
    numbers = [0] * len(levels)
    for places in siblings.values():
        for number, place in enumerate(places, start=1):
            numbers[place] = number if len(places) > 1 else 0
    return numbers
