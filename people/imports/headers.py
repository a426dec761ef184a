"""Where the table is: the heading rows under titles and notes, which column means what, which rows are data.

A `Layout` names the columns of one kind of file with the words offices use for them. Nothing here depends
on the order of columns or on a fixed row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from people.imports.faults import FileRefused
from people.imports.text import heading_keys, is_hint, one_line
from people.imports.workbook import Sheet, Workbook, address

ANSWER_SHEET = "将发生的变化"  # added by us to a workbook that went back; never read as data
_SEARCHED_ROWS = 60
_DEEPEST = 3


@dataclass(frozen=True)
class Column:
    """What a column holds. The first alias is the best; `title` is how messages call it.

    An alias "全日制教育|学历" is a heading of two levels.
    """

    key: str
    title: str
    aliases: tuple[str, ...]


def words(text: str) -> list[str]:
    """Aliases written one after the other with spaces between them."""
    return text.split()


def grouped(groups: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Aliases of a column that stands under a group heading."""
    names = tuple(names)
    return tuple(f"{group}|{name}" for group in groups for name in names)


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of file.

    `required` lists alternatives: each entry must be met by at least one of its keys. A row is data when
    one of `anchors` is filled. `ignored` are headings that are known and carry nothing to import. `unoffered`
    are keys that say in another way what other columns say: read, but not put into a template.
    """

    title: str
    columns: tuple[Column, ...]
    required: tuple[tuple[str, ...], ...]
    anchors: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    unoffered: tuple[str, ...] = ()

    @property
    def offered(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.key not in self.unoffered)

    def need_of(self, key: str) -> str:
        """Whether a row must have it, in words; "" when it need not."""
        for keys in self.required:
            if key in keys:
                others = "、".join(self.title_of(other) for other in keys if other != key)
                return f"必填，或填{others}" if others else "必填"
        return ""

    @cached_property
    def by_alias(self) -> dict[str, list[tuple[int, str]]]:
        """Normalised alias → what it may mean as (how good, key), the best first."""
        found: dict[str, list[tuple[int, str]]] = {}
        for column in self.columns:
            for rank, alias in enumerate(column.aliases):
                found.setdefault(_alias_key(alias), []).append((rank, column.key))
        return {alias: sorted(meanings) for alias, meanings in found.items()}

    @cached_property
    def ignored_keys(self) -> frozenset[str]:
        return frozenset(key for text in self.ignored for key in heading_keys(text))

    def title_of(self, key: str) -> str:
        return next(column.title for column in self.columns if column.key == key)


def _alias_key(alias: str) -> str:
    return "|".join(heading_keys(part)[0] for part in alias.split("|"))


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the file: where it is and what stands above it."""

    column: int
    text: str
    cell: str


@dataclass(frozen=True)
class Table:
    """A sheet with its headings understood. `unknown` are columns that nothing is read from."""

    sheet: Sheet
    layout: Layout
    first_row: int
    last_heading_row: int
    headings: dict[str, Heading]
    unknown: tuple[Heading, ...] = ()
    ignored: tuple[Heading, ...] = ()

    def heading(self, key: str) -> Heading | None:
        return self.headings.get(key)

    @cached_property
    def meaningful(self) -> frozenset[int]:
        """Numbers of the columns that are read."""
        return frozenset(heading.column for heading in self.headings.values())


def find_tables(book: Workbook, layout: Layout) -> list[Table]:
    """Every visible sheet that holds such a table; refuses the file when there is none."""
    readable = [sheet for sheet in book.sheets if not sheet.hidden and sheet.name != ANSWER_SHEET]
    tables = [table for sheet in readable if (table := _find(sheet, layout))]
    complete = [table for table in tables if not _missing(table)]
    if complete:
        return complete
    raise _incomplete(tables, layout)


def hidden_tables(book: Workbook, layout: Layout) -> list[str]:
    """Names of hidden sheets that would have been read."""
    hidden = [sheet for sheet in book.sheets if sheet.hidden]
    return [sheet.name for sheet in hidden if (table := _find(sheet, layout)) and not _missing(table)]


def _missing(table: Table) -> list[tuple[str, ...]]:
    required = table.layout.required
    return [keys for keys in required if not any(key in table.headings for key in keys)]


def _incomplete(tables: list[Table], layout: Layout) -> FileRefused:
    if not tables:
        wanted = "、".join(_either(layout, keys) for keys in layout.required)
        message = f"没有找到{layout.title}的表头；请确认文件内有一行列名，其中包括{wanted}。"
        return FileRefused(message, code="no_header")
    best = max(tables, key=lambda table: len(table.headings))
    lacking = "、".join(_either(layout, keys) for keys in _missing(best))
    message = (
        f"工作表“{best.sheet.name}”第 {best.last_heading_row} 行的表头缺少{lacking}列；"
        f"请补上这一列，或把列名改为系统认识的写法。{_hint(best, layout)}"
    )
    cell = address(best.last_heading_row, 1)
    return FileRefused(message, code="missing_column", sheet=best.sheet.name, cell=cell)


def _either(layout: Layout, keys: tuple[str, ...]) -> str:
    return "或".join(f"“{layout.title_of(key)}”" for key in keys)


def _hint(table: Table, layout: Layout) -> str:
    """Did you mean: a heading that is nearly one of the missing columns."""
    for keys in _missing(table):
        aliases = {
            alias
            for key in keys
            for column in layout.columns
            if column.key == key
            for alias in column.aliases
        }
        for heading in table.unknown:
            if close := get_close_matches(one_line(heading.text), aliases, n=1, cutoff=0.5):
                return f"{heading.cell} 的“{one_line(heading.text)}”是否应为“{close[0]}”？"
    return ""


@dataclass(slots=True)
class _Candidate:
    row: int
    depth: int
    paths: dict[int, tuple[str, ...]] = field(default_factory=dict)
    chosen: dict[str, tuple[int, int]] = field(default_factory=dict)  # key → (rank, column)
    grouped: int = 0

    @property
    def score(self) -> tuple[int, int, int, int]:
        """More columns first; then more that stand under a group; then the shallower, then the higher one."""
        return (len(self.chosen), self.grouped, -self.depth, -self.row)


def _find(sheet: Sheet, layout: Layout) -> Table | None:
    best: _Candidate | None = None
    for row in range(1, min(sheet.height, _SEARCHED_ROWS) + 1):
        if _inside_heading(sheet, row):
            continue
        for depth in range(1, _DEEPEST + 1):
            candidate = _Candidate(row, depth, _paths(sheet, row, depth))
            candidate.chosen = _choose(candidate.paths, layout)
            candidate.grouped = _count_grouped(candidate, layout)
            if best is None or candidate.score > best.score:
                best = candidate
    if best is None or not _believable(best, layout):
        return None
    return _table(sheet, layout, best)


def _inside_heading(sheet: Sheet, row: int) -> bool:
    """Whether a merged area reaches into this row from above: then no heading begins here."""
    areas = (sheet.merge_at(row, column) for column in range(1, sheet.width + 1))
    return any(area and area.top < row and sheet.cell(area.top, area.left) is not None for area in areas)


def _believable(candidate: _Candidate, layout: Layout) -> bool:
    """At least an anchor and another column, and half of what stands in the row is a heading."""
    if len(candidate.chosen) < 2 or not any(key in candidate.chosen for key in layout.anchors):
        return False
    known = len(candidate.chosen) + sum(1 for path in candidate.paths.values() if _is_ignored(path, layout))
    return 3 * known >= len(candidate.paths)


def _paths(sheet: Sheet, row: int, depth: int) -> dict[int, tuple[str, ...]]:
    """Column → heading texts from top to bottom; merged headings count for every column they cover."""
    levels = [_level(sheet, row + offset) for offset in range(depth)]
    paths: dict[int, tuple[str, ...]] = {}
    for column in range(1, sheet.width + 1):
        texts = [level.get(column, "") for level in levels]
        path = tuple(dict.fromkeys(text for text in texts if text))
        if path:
            paths[column] = _with_loose_group(path, texts, levels, column)
    return paths


def _level(sheet: Sheet, row: int) -> dict[int, str]:
    texts = ((column, sheet.spread(row, column)) for column in range(1, sheet.width + 1))
    return {column: value for column, value in texts if isinstance(value, str) and value.strip()}


def _with_loose_group(
    path: tuple[str, ...], texts: list[str], levels: list[dict[int, str]], column: int
) -> tuple[str, ...]:
    """A group heading that is not merged stands only over its first column; lend it to the next ones."""
    if len(texts) < 2 or texts[0] or not texts[1]:
        return path
    for left in range(column - 1, 0, -1):
        if not levels[1].get(left):
            return path
        if group := levels[0].get(left):
            return ("?" + group, *path)
    return path


def _choose(paths: dict[int, tuple[str, ...]], layout: Layout) -> dict[str, tuple[int, int]]:
    """Key → (rank of the alias, column). The best alias takes a key; who loses may mean something else.

    Columns that the table cannot do without choose first, where a heading may mean two things.
    """
    needed = {key for keys in layout.required for key in keys}
    hits = [
        (key not in needed, rank, column, key)
        for column in paths
        for rank, key in _match(paths[column], layout)
    ]
    chosen: dict[str, tuple[int, int]] = {}
    taken: set[int] = set()
    for _, rank, column, key in sorted(hits):
        if key not in chosen and column not in taken:
            chosen[key] = (rank, column)
            taken.add(column)
    return chosen


def _count_grouped(candidate: _Candidate, layout: Layout) -> int:
    """How many columns were known by their group and name together."""
    paths = (candidate.paths[column] for _, column in candidate.chosen.values())
    return sum(1 for path in paths if any("|" in key and key in layout.by_alias for key in _path_keys(path)))


def _match(path: tuple[str, ...], layout: Layout) -> list[tuple[int, str]]:
    """Try the last two levels together, then joined, then the last alone."""
    for key in _path_keys(path):
        if hits := layout.by_alias.get(key):
            return hits
    return []


def _path_keys(path: tuple[str, ...]) -> Iterator[str]:
    loose = path[0].startswith("?")
    texts = [text.removeprefix("?") for text in path]
    texts = [text for text in texts if not is_hint(text)] or texts
    levels = [keys for text in texts if (keys := heading_keys(text))]
    if len(levels) > 1:
        for upper in levels[-2]:
            for lower in levels[-1]:
                yield f"{upper}|{lower}"
                if not loose:
                    yield upper + lower
    if levels:
        yield from levels[-1]


def _is_ignored(path: tuple[str, ...], layout: Layout) -> bool:
    return any(key in layout.ignored_keys for key in _path_keys(path))


def _table(sheet: Sheet, layout: Layout, found: _Candidate) -> Table:
    taken = {column: key for key, (_, column) in sorted(found.chosen.items(), key=lambda item: item[1][1])}
    last_row = found.row + found.depth - 1
    headings = {c: _heading(sheet, found, c) for c in found.paths}
    _refuse_duplicates(sheet, layout, found, headings)
    rest = [c for c in found.paths if c not in taken]
    ignored = tuple(headings[c] for c in rest if _is_ignored(found.paths[c], layout))
    unknown = tuple(headings[c] for c in rest if not _is_ignored(found.paths[c], layout))
    read = {key: headings[column] for column, key in taken.items()}
    return Table(sheet, layout, found.row, last_row, read, unknown, ignored)


def _heading(sheet: Sheet, found: _Candidate, column: int) -> Heading:
    texts = [one_line(text) for text in found.paths[column] if not text.startswith("?")]
    row = next(
        (
            r
            for r in range(found.row + found.depth - 1, found.row - 1, -1)
            if sheet.cell(r, column) is not None
        ),
        found.row,
    )
    return Heading(column, "".join(texts), address(row, column))


def _refuse_duplicates(sheet: Sheet, layout: Layout, found: _Candidate, headings: dict[int, Heading]) -> None:
    """Two columns with the very same heading: nobody can know which one is meant."""
    taken = {column for _, column in found.chosen.values()}
    for key, (rank, column) in found.chosen.items():
        for other in found.paths.keys() - taken:
            if (rank, key) not in _match(found.paths[other], layout) or _same_merge(
                sheet, found.row, column, other
            ):
                continue
            message = (
                f"工作表“{sheet.name}”有两列都是“{headings[column].text}”"
                f"（{headings[column].cell} 和 {headings[other].cell}）；请删除或改名其中一列。"
            )
            raise FileRefused(message, code="duplicate_column", sheet=sheet.name, cell=headings[other].cell)


def _same_merge(sheet: Sheet, row: int, column: int, other: int) -> bool:
    area = sheet.merge_at(row, column)
    return area is not None and area == sheet.merge_at(row, other)
