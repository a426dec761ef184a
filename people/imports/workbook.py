"""A workbook as the importer sees it: every cell at its own address, with what the values do not tell.

`open_workbook` is the only way in. It refuses a hostile or unreadable file with one sentence before it
reads any value; what it returns fits in memory.
"""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

import python_calamine

from people.imports import limits, reader
from people.imports.faults import FileRefused
from people.imports.legacy import OLE_MAGIC, scan_legacy
from people.imports.package import (
    PackageFacts,
    SheetFacts,
    column_number,
    damaged,
    macro_refused,
    not_a_workbook,
    scan_package,
    too_many_columns,
    too_many_rows,
)

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

_MACRO_SUFFIXES = {".xlsm", ".xltm", ".xlsb", ".xlam"}
_TEXT_SUFFIXES = {".csv", ".txt"}
_WEB_PAGE = re.compile(rb"\s*(<!doctype html|<html|<table|<\?xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged area; rows and columns count from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def width(self) -> int:
        return self.right - self.left + 1


@dataclass(frozen=True)
class Sheet:
    """One sheet. Rows and columns count from 1, so `cell(3, 2)` is B3."""

    name: str
    rows: list[list[CellValue]]
    merged: tuple[Merged, ...] = ()
    facts: SheetFacts = field(default_factory=SheetFacts)
    hidden: bool = False

    @property
    def height(self) -> int:
        return len(self.rows)

    @cached_property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)

    def cell(self, row: int, column: int) -> CellValue:
        """The cell's own value; None when empty or outside the used area."""
        if not (0 < row <= len(self.rows) and 0 < column <= len(self.rows[row - 1])):
            return None
        value = self.rows[row - 1][column - 1]
        return None if value == "" else value

    def spread(self, row: int, column: int) -> CellValue:
        """The value a reader sees there: a merged area shows that of its top-left cell."""
        area = self.merge_at(row, column)
        return self.cell(area.top, area.left) if area else self.cell(row, column)

    def merge_at(self, row: int, column: int) -> Merged | None:
        return self._merges.get((row, column))

    @cached_property
    def _merges(self) -> dict[tuple[int, int], Merged]:
        """Every address of every merged area, cut to the used part of the sheet."""
        found: dict[tuple[int, int], Merged] = {}
        for area in self.merged:
            for row in range(area.top, min(area.bottom, self.height) + 1):
                for column in range(area.left, min(area.right, self.width) + 1):
                    found[row, column] = area
            if len(found) > limits.MAX_MERGED_CELLS:
                message = f"工作表“{self.name}”的合并单元格过多；请取消不需要的合并后再导入。"
                raise FileRefused(message, code="too_many_merged", sheet=self.name)
        return found


@dataclass(frozen=True)
class Workbook:
    """`kind` is xlsx, xls or csv; `data` stays at hand for the answer in the same workbook."""

    filename: str
    kind: str
    data: bytes
    sheets: tuple[Sheet, ...]
    epoch_1904: bool = False


def address(row: int, column: int) -> str:
    """The cell's address as Excel writes it: (2, 28) is "AB2"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def position(cell: str) -> tuple[int, int]:
    """(row, column) of an address such as "AB2"; (0, 0) for none."""
    letters = cell.rstrip("0123456789")
    return (int(cell[len(letters) :] or 0), column_number(letters)) if letters.isupper() else (0, 0)


def open_workbook(data: bytes, filename: str) -> Workbook:
    """Read an .xlsx, .xls or .csv; raises FileRefused with one Chinese sentence."""
    _check_size(data)
    suffix = PurePath(filename).suffix.lower()
    if suffix in _MACRO_SUFFIXES:
        raise macro_refused()
    if data.startswith(b"PK\x03\x04"):
        book = _read(data, filename, "xlsx", scan_package(data))
    elif data.startswith(OLE_MAGIC):
        book = _read(data, filename, "xls", scan_legacy(data))
    elif suffix in _TEXT_SUFFIXES:
        book = Workbook(filename, "csv", data, (_read_csv(data, filename),))
    else:
        raise _not_by_magic(data)
    if not any(sheet.rows for sheet in book.sheets):
        raise FileRefused("工作簿里没有任何内容；请确认选对了文件。", code="empty_workbook")
    return book


def _check_size(data: bytes) -> None:
    if not data:
        raise FileRefused("文件是空的；请确认选对了文件。", code="empty_file")
    if len(data) > limits.MAX_FILE_BYTES:
        size = len(data) / (1 << 20)
        message = f"文件有 {size:.1f} MB，超过 10 MB 的上限；请删去图片等无关内容，或分成几个文件导入。"
        raise FileRefused(message, code="too_big")


def _not_by_magic(data: bytes) -> FileRefused:
    if _WEB_PAGE.match(data.removeprefix(b"\xef\xbb\xbf")):
        message = (
            "文件虽以表格命名，内容却是网页；请用 Excel 或 WPS 打开后另存为“Excel 工作簿（.xlsx）”再导入。"
        )
        return FileRefused(message, code="not_a_workbook")
    return not_a_workbook()


def _read(data: bytes, filename: str, kind: str, facts: PackageFacts) -> Workbook:
    sheets = tuple(
        Sheet(
            found["name"],
            found["rows"],
            tuple(Merged(*area) for area in found["merged"]),
            facts.sheets[found["name"]],
            not found["visible"],
        )
        for found in _values(data)
        if found["name"] in facts.sheets
    )
    return Workbook(filename, kind, data, sheets, facts.epoch_1904)


def _values(data: bytes) -> list[dict[str, Any]]:
    """The values, read by a child process: what breaks the native reader breaks only that (see reader.py)."""
    packages = str(Path(python_calamine.__file__).parent.parent)
    command = [sys.executable, "-I", "-S", reader.__file__, packages]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_READER_SECONDS, check=True)  # noqa: S603 - fixed words only
        found: list[dict[str, Any]] = json.loads(done.stdout, object_hook=_unpacked)
    except (subprocess.SubprocessError, ValueError) as error:
        raise damaged() from error
    return found


def _unpacked(value: dict[str, Any]) -> Any:
    """Dates and times back from the form that reader.packed gives them; other objects are sheets."""
    if len(value) != 1:
        return value
    name, content = next(iter(value.items()))
    return _UNPACK[name](content)


_READER_SECONDS = 40
_UNPACK: dict[str, Callable[[Any], CellValue]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}


def _read_csv(data: bytes, filename: str) -> Sheet:
    text = _decode(data)
    if "\x00" in text:
        raise not_a_workbook()
    delimiter = "\t" if text.count("\t") > text.count(",") else ","
    rows: list[list[CellValue]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(list(row))
            _check_csv_row(filename, len(rows), len(row))
    except csv.Error as error:
        raise damaged() from error
    while rows and not any(rows[-1]):
        rows.pop()
    return Sheet(PurePath(filename).stem, rows)


def _check_csv_row(filename: str, rows: int, columns: int) -> None:
    if rows > limits.MAX_ROWS:
        raise too_many_rows(filename, rows)
    if columns > limits.MAX_COLUMNS:
        raise too_many_columns(filename, columns)


def _decode(data: bytes) -> str:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(
        "无法识别文件的文字编码；请另存为“Excel 工作簿（.xlsx）”后再导入。", code="bad_encoding"
    )
