"""Which rows below the headings are data, and what stands in them.

Titles repeated per page, subtotals, footers and notes are passed over and listed, so that nothing is
dropped in silence. A merged cell counts for every row it covers, except in columns that name the person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from people.imports.headers import Heading, Table
from people.imports.text import heading_keys, one_line, squeeze, tight
from people.imports.workbook import CellValue, address

_SUBTOTAL = re.compile(
    r"(合计|总计|小计|共计|累计|总人数|平均)([:：]?[\d.]*人?)?$|(总|共|合)?计?[:：]?\d+(人次|人|名|期|个班次?)[。.]?$"
)
_FOOTER = re.compile(
    r"(审核|审批|制表|填表|填报|统计|复核|校对|经办|编制|报送|打印|单位负责|部门负责|分管领导|主要领导|负责人|联系人"
    r"|联系电话|日期)(人|人员|单位|部门|日期|时间|领导|说明|签字|盖章|\(.*\))*[:：]|(填表)?(说明|备注|附注|注)[:：\d]"
    r"|注[:：]|.{0,12}\(?盖章\)?[:：]?$|第\d+页|.{0,6}说明[:：]"
)
_EXAMPLE = re.compile(r"(例|示例|样例|填写示例|举例|范例)[:：\d]*$")


_NUMBERING = re.compile(r"^\s*(?:[一二三四五六七八九十\d]+[、.．)）]|[（(][一二三四五六七八九十\d]+[)）])\s*")
_COUNT = re.compile(r"[（(]?共?\d+[人名][)）]?$")
_UNIT = re.compile(
    r".{1,20}(?:办公室|办|局|部|处|科|室|中心|大队|支队|队|委员会|分局|院|所|站|公司|街道|镇|乡|班子|领导)$"
)
_NO_UNIT = re.compile(r"(?:干部|全部|内部|外部|科室|名单|领导干部)$")


@dataclass(frozen=True, slots=True)
class Passed:
    """A row below the headings that is no data, with the text that told so.

    `section` is the unit that such a row names for the rows below it, in a table without a unit column.
    """

    sheet: str
    cell: str
    text: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One data row of a table."""

    table: Table
    number: int
    section: str = ""

    def heading(self, key: str) -> Heading | None:
        return self.table.headings.get(key)

    def own(self, key: str) -> CellValue:
        heading = self.table.headings.get(key)
        return None if heading is None else self.table.sheet.cell(self.number, heading.column)

    def value(self, key: str) -> CellValue:
        """What a reader of the sheet sees in that column of this row."""
        heading = self.table.headings.get(key)
        return None if heading is None else self.table.sheet.spread(self.number, heading.column)

    def cell(self, key: str) -> str:
        return address(*self.position(key))

    def position(self, key: str) -> tuple[int, int]:
        """Where the column stands; of a column that the file does not have, where the row is named."""
        named = (self.table.headings.get(anchor) for anchor in (key, *self.table.layout.anchors))
        return (self.number, next((heading.column for heading in named if heading), 1))


def read_rows(table: Table) -> tuple[list[Row], list[Passed]]:
    """Data rows and passed rows of one table, in order."""
    rows: list[Row] = []
    passed: list[Passed] = []
    section = _unit_named(table, table.sheet.name)
    for number in range(table.last_heading_row + 1, table.sheet.height + 1):
        filled = dict(_filled(table, number))
        if not filled or _only_numbered(table, filled):
            continue
        if _is_data(table, number, filled):
            rows.append(Row(table, number, section))
        else:
            column, text = next(iter(filled.items()))
            named = _unit_named(table, text) if len(filled) == 1 else ""
            section = named or section
            passed.append(Passed(table.sheet.name, address(number, column), text[:60], named))
    return rows, passed


def _unit_named(table: Table, text: str) -> str:
    """The unit in a line such as "二、招商发展局（6人）", where no column says the unit."""
    knows_units = any(column.key == "unit" for column in table.layout.columns)
    if not knows_units or table.heading("unit"):
        return ""
    name = tight(_COUNT.sub("", _NUMBERING.sub("", text)))
    return name if _UNIT.match(name) and not _NO_UNIT.search(name) else ""


def _filled(table: Table, number: int) -> Iterator[tuple[int, str]]:
    """Column → text of the row's own cells; a cell with a formula counts even when it shows nothing."""
    formulas = table.sheet.facts.formulas
    for index, value in enumerate(table.sheet.rows[number - 1], start=1):
        text = one_line(value) if isinstance(value, str) else str(value)
        if text or (number, index) in formulas:
            yield index, text


def _only_numbered(table: Table, filled: dict[int, str]) -> bool:
    """A prepared but empty line: a serial number (or another column that is not read) and nothing else."""
    return not any(column in table.meaningful for column in filled) and all(
        len(text) < 5 for text in filled.values()
    )


def _is_data(table: Table, number: int, filled: dict[int, str]) -> bool:
    if _is_banner(table, number, filled) or _repeats_heading(table, filled):
        return False
    texts = [squeeze(text) for text in filled.values()]
    if len(texts) == 1 and _unit_named(table, next(iter(filled.values()))):
        return False
    if any(_SUBTOTAL.match(text) for text in texts[:3]) or _EXAMPLE.match(texts[0]):
        return False
    if (_FOOTER.match(texts[0]) or texts[0].endswith(":")) and not _has_key(table, filled):
        return False
    read = [column for column in filled if column in table.meaningful]
    return len(read) > 1 or any(column in _anchor_columns(table) for column in read)


def _is_banner(table: Table, number: int, filled: dict[int, str]) -> bool:
    """A title, note or section line: one cell merged across most of the table, and nothing beside it."""
    first = min(filled)
    area = table.sheet.merge_at(number, first)
    if area is None or area.width < 3 or 2 * area.width < len(table.headings):
        return False
    return all(area.left <= column <= area.right for column in filled)


def _repeats_heading(table: Table, filled: dict[int, str]) -> bool:
    """The headings printed again at the top of a page."""
    headings = table.headings.values()
    same = [h for h in headings if heading_keys(filled.get(h.column, "")) == heading_keys(h.text)]
    return len(same) >= min(3, len(table.headings))


def _anchor_columns(table: Table) -> set[int]:
    return {h.column for key in table.layout.anchors if (h := table.heading(key))}


def _has_key(table: Table, filled: dict[int, str]) -> bool:
    """Whether an anchor holds a plain value: a footer has labels ending in a colon instead."""
    texts = [squeeze(filled[column]) for column in _anchor_columns(table) if column in filled]
    return any(not _FOOTER.match(text) and not text.endswith((":", "：")) for text in texts)
