"""The words of a line as people read and confirm it: the same from a section and from the data in a file."""

from collections.abc import Iterable, Iterator, Sequence
from re import compile as pattern

NUMBER = pattern(r"[\d.,/%]{1,8}")  # a cell that says nothing without its column's title
DAYS = pattern(r"\d{4}(\.\d{2}){1,2}")


def row_words(titles: Sequence[str], cells: Sequence[str]) -> str:
    """What a table row says: bare numbers with their column's title, "学时8"."""
    pairs = zip(titles, (cell.strip() for cell in cells), strict=True)
    return "　".join(_titled(title, cell) for title, cell in pairs if cell)


def _titled(title: str, cell: str) -> str:
    bare = NUMBER.fullmatch(cell) and not DAYS.fullmatch(cell)
    return f"{plain(title)}{cell}" if bare else str(cell)


def labelled(grid: Iterable[Iterable[tuple[bool, str]]]) -> Iterator[tuple[str, str]]:
    """The filled and the empty places of a form, each with the label before it in its row.

    The cells come as (whether it is a label, its text).
    """
    for row in grid:
        label = ""
        for is_label, text in row:
            if is_label:
                label = plain(text).replace("（岁）", "")
            else:
                yield label, text.replace("\n", "")


def plain(text: str) -> str:
    """A label without the blanks that space it out on paper."""
    return text.replace("\n", "").replace("　", "")
