"""The zip and XML side of an .xlsx: refuses what is hostile and notes what a plain reader loses.

calamine gives values only. Formulas, error cells, hidden rows and number formats are noted here in one
streaming pass that also measures the sheet, so nothing is allocated for a sheet that is too large.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import IO
from xml.parsers import expat

from people.imports import limits
from people.imports.faults import FileRefused

Address = tuple[int, int]

_CHUNK = 1 << 16
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_ACTIVE = ("vbaproject", "xl/externallinks/", "xl/embeddings/", "xl/activex/", "xl/connections.xml")
_TEXT_PARTS = (".xml", ".rels", ".vml")
_SAVE_AS = "请在 Excel 或 WPS 中另存为“Excel 工作簿（.xlsx）”后再导入。"


@dataclass(slots=True)
class SheetFacts:
    """What the values alone do not tell; addresses are (row, column), both from 1."""

    formulas: set[Address] = field(default_factory=set)
    errors: set[Address] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    two_decimals: set[Address] = field(default_factory=set)
    month_only: set[Address] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """`sheets` by sheet name; `epoch_1904` when the workbook counts days from 1904."""

    sheets: dict[str, SheetFacts]
    epoch_1904: bool


def scan_package(data: bytes) -> PackageFacts:
    """Check an .xlsx from end to end and collect its facts; raises FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_entries(package)
            return _Reader(package).read()
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        EOFError,
        OSError,
        KeyError,
        ValueError,
        zlib.error,
    ) as error:
        raise damaged() from error
    except (NotImplementedError, RuntimeError) as error:  # a packing method or password zipfile cannot do
        raise encrypted() from error


def damaged() -> FileRefused:
    return FileRefused(f"文件已损坏，无法读取。{_SAVE_AS}", code="damaged_file")


def encrypted() -> FileRefused:
    message = "文件设有打开密码或经过加密，系统无法读取；请取消密码后再导入。"
    return FileRefused(message, code="encrypted_file")


def _check_entries(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    if len(entries) > limits.MAX_ENTRIES:
        message = f"文件内部有 {len(entries)} 个部件，不像正常的工作簿；{_SAVE_AS}"
        raise FileRefused(message, code="too_many_entries")
    for entry in entries:
        _check_name(entry.filename)
        if entry.flag_bits & 1:
            raise encrypted()
        _check_ratio(entry)
    if sum(entry.file_size for entry in entries) > limits.MAX_UNPACKED_BYTES:
        raise _bomb()
    _check_workbook({entry.filename.lower() for entry in entries})


def _check_name(name: str) -> None:
    if name.startswith("/") or "\\" in name or "\x00" in name or ".." in name.split("/"):
        message = f"文件内部有越界的路径，可能被篡改过，不予读取。{_SAVE_AS}"
        raise FileRefused(message, code="bad_path")
    if any(mark in name.lower() for mark in _ACTIVE):
        raise _active(name.lower())


def _active(name: str) -> FileRefused:
    if "vbaproject" in name:
        return macro_refused()
    message = "文件含有外部链接或嵌入对象，不予读取；请在“数据—编辑链接”中断开链接、删除嵌入对象后再导入。"
    return FileRefused(message, code="active_content")


def macro_refused() -> FileRefused:
    return FileRefused(f"文件含有宏，不予读取。{_SAVE_AS}", code="macro")


def _check_ratio(entry: zipfile.ZipInfo) -> None:
    if entry.file_size <= limits.RATIO_FREE_BYTES:
        return
    if entry.file_size > limits.MAX_RATIO * max(1, entry.compress_size):
        raise _bomb()


def _bomb() -> FileRefused:
    message = "文件解压后过大（疑似压缩炸弹），不予读取；请只保留需要导入的工作表后再导入。"
    return FileRefused(message, code="zip_bomb")


def _check_workbook(names: set[str]) -> None:
    if "[content_types].xml" in names and "xl/workbook.xml" in names:
        return
    if any(name.startswith("xl/workbook") and name.endswith(".bin") for name in names):
        raise FileRefused(f"不支持 .xlsb 二进制工作簿。{_SAVE_AS}", code="not_a_workbook")
    raise not_a_workbook()


def not_a_workbook() -> FileRefused:
    return FileRefused(f"这个文件不是 Excel 工作簿。{_SAVE_AS}", code="not_a_workbook")


class _Reader:
    """One pass over every text part of the package."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.names = {name.lower(): name for name in package.namelist()}
        self.area = 0

    def read(self) -> PackageFacts:
        types = self._first("[Content_Types].xml")
        if b"macroEnabled" in types:
            raise macro_refused()
        book = _BookHandler()
        self._parse("xl/workbook.xml", book)
        parts = self._sheet_parts(book)
        styles = _StyleHandler()
        self._parse("xl/styles.xml", styles)
        facts = {name: self._sheet(name, part, styles) for name, part in parts.items()}
        self._check_others({"xl/workbook.xml", "xl/styles.xml", *(part.lower() for part in parts.values())})
        return PackageFacts(facts, book.epoch_1904)

    def _first(self, part: str) -> bytes:
        with self.package.open(self.names[part.lower()]) as stream:
            return stream.read(1 << 20)

    def _sheet_parts(self, book: "_BookHandler") -> dict[str, str]:
        rels = _RelsHandler()
        self._parse("xl/_rels/workbook.xml.rels", rels)
        return {name: rels.targets[rid] for name, rid in book.sheets if rid in rels.targets}

    def _sheet(self, name: str, part: str, styles: "_StyleHandler") -> SheetFacts:
        handler = _SheetHandler(name, styles)
        self._parse(part, handler)
        self.area += handler.max_row * handler.max_column
        if self.area > limits.MAX_AREA:
            message = (
                f"工作表“{name}”太大（{handler.max_row} 行 × {handler.max_column} 列）；请分成几个文件导入。"
            )
            raise FileRefused(message, code="too_large", sheet=name)
        return handler.facts

    def _parse(self, part: str, handler: "_Handler") -> None:
        real = self.names.get(part.lower())
        if real is None:
            return
        with self.package.open(real) as stream:
            _feed(stream, handler)

    def _check_others(self, done: set[str]) -> None:
        """Every remaining text part must be XML without a document type, whoever may read it later."""
        for lower, real in self.names.items():
            if lower.endswith(_TEXT_PARTS) and lower not in done:
                with self.package.open(real) as stream:
                    _feed(stream, _Handler())


class _Handler:
    """Base of the small expat handlers; alone it only checks that a part is well-formed."""

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """Called per element with the name free of its prefix."""


def _feed(stream: IO[bytes], handler: _Handler) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.EntityDeclHandler = _refuse_dtd
    if type(handler) is not _Handler:
        parser.StartElementHandler = handler.start
    for chunk in _chunks(stream):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _refuse_dtd(*_args: object) -> None:
    message = f"文件内部含有 DTD 或实体声明，可能被人为构造，不予读取。{_SAVE_AS}"
    raise FileRefused(message, code="dtd")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _BookHandler(_Handler):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.epoch_1904 = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        local = _local(name)
        if local == "sheet":
            rid = next((value for key, value in attrs.items() if _local(key) == "id"), "")
            self.sheets.append((attrs.get("name", ""), rid))
        elif local == "workbookPr":
            self.epoch_1904 = attrs.get("date1904", "0") in ("1", "true")


class _RelsHandler(_Handler):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if _local(name) != "Relationship" or attrs.get("TargetMode") == "External":
            return
        target = attrs.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        self.targets[attrs.get("Id", "")] = path


class _StyleHandler(_Handler):
    """Which cell styles show two decimals, and which show a date without its day."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {"2": "0.00", "4": "#,##0.00", "17": "mmm-yy"}
        self.formats: list[str] = []
        self._inside = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        local = _local(name)
        if local == "numFmt":
            self.codes[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")
        elif local in ("cellXfs", "cellStyles", "dxfs"):
            self._inside = local == "cellXfs"
        elif local == "xf" and self._inside:
            self.formats.append(attrs.get("numFmtId", "0"))

    def indexes(self, test: re.Pattern[str]) -> set[str]:
        codes = (self.codes.get(number, "") for number in self.formats)
        return {str(index) for index, code in enumerate(codes) if test.match(code)}


TWO_DECIMALS = re.compile(r"[#,0]*0\.00(?![0#])")
MONTH_ONLY = re.compile(r"(?i)(?=.*y)(?=.*m)(?!.*d)")


class _SheetHandler(_Handler):
    def __init__(self, name: str, styles: _StyleHandler) -> None:
        self.name = name
        self.facts = SheetFacts()
        self.row = self.column = self.max_row = self.max_column = self.cells = 0
        self._two_decimals = styles.indexes(TWO_DECIMALS)
        self._month_only = styles.indexes(MONTH_ONLY)
        self._letters: dict[str, int] = {}

    def start(self, name: str, attrs: dict[str, str]) -> None:
        local = name if ":" not in name else _local(name)
        if local == "c":
            self._cell(attrs)
        elif local in ("v", "is"):
            self._used()
        elif local == "row":
            self._row(attrs)
        elif local == "f":
            self.facts.formulas.add((self.row, self.column))
        elif local == "dimension":
            self._dimension(attrs.get("ref", ""))

    def _row(self, attrs: dict[str, str]) -> None:
        self.row = int(attrs["r"]) if "r" in attrs else self.row + 1
        self.column = 0
        self._check_flood()
        if attrs.get("hidden") in ("1", "true"):
            self.facts.hidden_rows.add(self.row)

    def _check_flood(self) -> None:
        facts = self.facts
        noted = len(facts.formulas) + len(facts.errors) + len(facts.two_decimals) + len(facts.month_only)
        too_many = noted + len(facts.hidden_rows) > limits.MAX_NOTED
        if too_many or self.cells > limits.MAX_CELL_ELEMENTS:
            message = f"工作表“{self.name}”的单元格过多；请把数据复制到新工作表（只粘贴数值）后再导入。"
            raise FileRefused(message, code="too_large", sheet=self.name)

    def _cell(self, attrs: dict[str, str]) -> None:
        self.cells += 1
        reference = attrs.get("r")
        if reference is None:
            self.column += 1
        else:
            self.row, self.column = self._address(reference)
        style = attrs.get("s")
        if style in self._two_decimals:
            self.facts.two_decimals.add((self.row, self.column))
        elif style in self._month_only:
            self.facts.month_only.add((self.row, self.column))
        if attrs.get("t") == "e":
            self.facts.errors.add((self.row, self.column))

    def _address(self, reference: str) -> Address:
        match = _CELL.match(reference)
        if match is None:
            raise ValueError(reference)
        letters, digits = match.groups()
        column = self._letters.get(letters)
        if column is None:
            column = self._letters[letters] = column_number(letters)
        return int(digits), column

    def _used(self) -> None:
        if self.row > self.max_row:
            self.max_row = self.row
            if self.row > limits.MAX_ROWS:
                raise too_many_rows(self.name, self.row)
        if self.column > self.max_column:
            self.max_column = self.column
            if self.column > limits.MAX_COLUMNS:
                raise too_many_columns(self.name, self.column)

    def _dimension(self, reference: str) -> None:
        """The stated extent may be too small (then it is ignored) but not absurdly large."""
        match = _CELL.match(reference.rpartition(":")[2])
        if match and int(match.group(2)) > limits.MAX_ROWS:
            raise too_many_rows(self.name, int(match.group(2)))


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def too_many_rows(sheet: str, rows: int) -> FileRefused:
    message = (
        f"工作表“{sheet}”有 {rows} 行，超过 {limits.MAX_ROWS} 行的上限；"
        "请删除数据下方的空白行，或分成几个文件导入。"
    )
    return FileRefused(message, code="too_many_rows", sheet=sheet)


def too_many_columns(sheet: str, columns: int) -> FileRefused:
    message = (
        f"工作表“{sheet}”用到了第 {columns} 列，超过 {limits.MAX_COLUMNS} 列的上限；"
        "请删除数据右侧的多余列后再导入。"
    )
    return FileRefused(message, code="too_many_columns", sheet=sheet)
