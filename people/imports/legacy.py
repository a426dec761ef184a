"""The old .xls: an OLE2 container with BIFF8 records, scanned for the same facts as an .xlsx.

calamine reads the values; this pass comes first so that a protected, macro-bearing or oversized file is
refused before anything is allocated, and so that formula cells are known.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from people.imports import limits
from people.imports.faults import FileRefused
from people.imports.package import (
    MONTH_ONLY,
    TWO_DECIMALS,
    PackageFacts,
    SheetFacts,
    damaged,
    encrypted,
    macro_refused,
    not_a_workbook,
    too_many_columns,
    too_many_rows,
)

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # sector numbers from here up are marks, not sectors

_BOUNDSHEET, _BOF, _EOF, _FILEPASS, _DATEMODE = 0x85, 0x809, 0x0A, 0x2F, 0x22
_FORMULA, _BOOLERR, _ROW, _MULRK, _XF, _FORMAT = 0x06, 0x205, 0x208, 0xBD, 0xE0, 0x41E
_SINGLE_CELLS = {
    _FORMULA,
    _BOOLERR,
    0x203,
    0x204,
    0xFD,
    0x27E,
    0xD6,
}  # number, label, label-sst, rk, rich text


def scan_legacy(data: bytes) -> PackageFacts:
    """Check an .xls and collect its facts; raises FileRefused."""
    try:
        return _scan(data)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError) as error:
        raise damaged() from error


def _scan(data: bytes) -> PackageFacts:
    container = _Container(data)
    names = set(container.streams)
    if not names:
        raise damaged()
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise encrypted()
    if any(name.startswith("_VBA_PROJECT") for name in names):
        raise macro_refused()
    stream = next((name for name in ("Workbook", "Book") if name in names), None)
    if stream is None:
        raise not_a_workbook()
    return _Scan(container.read(stream)).run()


class _Container:
    """Just enough of an OLE2 compound file to get one stream out."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, self.mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or self.mini_shift != 6:
            raise ValueError("sector size")
        self.size = 1 << shift
        directory, self.cutoff, mini_fat = struct.unpack_from("<I4xII", data, 48)
        self.fat = self._fat()
        self.streams: dict[str, tuple[int, int]] = {}
        self.mini_stream = b""
        self._directory(self._chain(directory))
        self.mini_fat = self._numbers(self._chain(mini_fat)) if mini_fat < _END else ()

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        return self.data[start : start + self.size]

    def _numbers(self, raw: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    def _fat(self) -> tuple[int, ...]:
        sectors = list(struct.unpack_from("<109I", self.data, 76))
        following, count = struct.unpack_from("<II", self.data, 68)
        for _ in range(min(count, len(self.data) // self.size)):
            if following >= _END:
                break
            numbers = self._numbers(self._sector(following))
            sectors.extend(numbers[:-1])
            following = numbers[-1]
        return self._numbers(b"".join(self._sector(number) for number in sectors if number < _END))

    def _chain(self, number: int) -> bytes:
        parts: list[bytes] = []
        while number < _END:
            if len(parts) > len(self.fat):
                raise ValueError("loop in the sector chain")
            parts.append(self._sector(number))
            number = self.fat[number]
        return b"".join(parts)

    def _directory(self, raw: bytes) -> None:
        for start in range(0, len(raw) - 127, 128):
            length, kind = struct.unpack_from("<HB", raw, start + 64)
            first, size = struct.unpack_from("<II", raw, start + 116)
            name = raw[start : start + max(0, length - 2)].decode("utf-16-le", "replace")
            if kind == 5:
                self.mini_stream = self._chain(first)[:size] if first < _END else b""
            elif kind in (1, 2):
                self.streams[name] = (first, size)

    def read(self, name: str) -> bytes:
        first, size = self.streams[name]
        if size >= self.cutoff:
            return self._chain(first)[:size]
        parts: list[bytes] = []
        while first < _END and len(parts) <= len(self.mini_fat):
            start = first << self.mini_shift
            parts.append(self.mini_stream[start : start + (1 << self.mini_shift)])
            first = self.mini_fat[first]
        return b"".join(parts)[:size]


@dataclass(slots=True)
class _Extent:
    rows: int = 0
    columns: int = 0


@dataclass(slots=True)
class _Scan:
    """One pass over the records. Substreams follow the globals in the order of the sheet list."""

    stream: bytes
    names: dict[int, str] = field(default_factory=dict)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)
    epoch_1904: bool = False
    sheets: dict[str, SheetFacts] = field(default_factory=dict)
    extents: dict[str, _Extent] = field(default_factory=dict)
    two_decimals: frozenset[int] = frozenset()
    month_only: frozenset[int] = frozenset()

    def run(self) -> PackageFacts:
        current = ""
        for position, kind, body in self._records():
            if kind == _BOF and position in self.names:
                current = self._open(self.names[position])
            elif kind == _EOF:
                current = ""
            elif current:
                self._sheet_record(current, kind, body)
            else:
                self._global_record(kind, body)
        if sum(extent.rows * extent.columns for extent in self.extents.values()) > limits.MAX_AREA:
            raise FileRefused("工作簿太大；请分成几个文件导入。", code="too_large")
        return PackageFacts(self.sheets, self.epoch_1904)

    def _records(self) -> Iterator[tuple[int, int, bytes]]:
        position = 0
        while position + 4 <= len(self.stream):
            kind, length = struct.unpack_from("<HH", self.stream, position)
            yield position, kind, self.stream[position + 4 : position + 4 + length]
            position += 4 + length

    def _open(self, name: str) -> str:
        self.two_decimals = self._matching(TWO_DECIMALS)
        self.month_only = self._matching(MONTH_ONLY)
        self.sheets[name] = SheetFacts()
        self.extents[name] = _Extent()
        return name

    def _matching(self, test: re.Pattern[str]) -> frozenset[int]:
        built_in = {2: "0.00", 4: "#,##0.00", 17: "mmm-yy"}
        codes = [self.formats.get(number, built_in.get(number, "")) for number in self.styles]
        return frozenset(index for index, code in enumerate(codes) if test.match(code))

    def _global_record(self, kind: int, body: bytes) -> None:
        if kind == _FILEPASS:
            raise encrypted()
        if kind == _BOUNDSHEET:
            position = struct.unpack_from("<I", body)[0]
            self.names[position] = _text(body, 6, body[6], 1)
        elif kind == _DATEMODE:
            self.epoch_1904 = body[:2] == b"\x01\x00"
        elif kind == _FORMAT:
            number, length = struct.unpack_from("<HH", body)
            self.formats[number] = _text(body, 2, length, 2)
        elif kind == _XF:
            self.styles.append(struct.unpack_from("<H", body, 2)[0])

    def _sheet_record(self, name: str, kind: int, body: bytes) -> None:
        if kind in _SINGLE_CELLS:
            self._cell(name, kind, body)
        elif kind == _MULRK:
            row, last = struct.unpack_from("<H", body)[0], struct.unpack_from("<H", body, len(body) - 2)[0]
            self._used(name, row + 1, last + 1)
        elif kind == _ROW and struct.unpack_from("<I", body, 12)[0] & 0x20:
            self.sheets[name].hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)

    def _cell(self, name: str, kind: int, body: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", body)
        address = (row + 1, column + 1)
        facts = self.sheets[name]
        self._used(name, *address)
        if kind == _FORMULA:
            facts.formulas.add(address)
        elif kind == _BOOLERR and body[7]:
            facts.errors.add(address)
        if style in self.two_decimals:
            facts.two_decimals.add(address)
        elif style in self.month_only:
            facts.month_only.add(address)

    def _used(self, name: str, row: int, column: int) -> None:
        extent = self.extents[name]
        extent.rows, extent.columns = max(extent.rows, row), max(extent.columns, column)
        if extent.rows > limits.MAX_ROWS:
            raise too_many_rows(name, extent.rows)
        if extent.columns > limits.MAX_COLUMNS:
            raise too_many_columns(name, extent.columns)


def _text(body: bytes, start: int, length: int, prefix: int) -> str:
    """A BIFF8 string: a length of `prefix` bytes, a flag byte, then one or two bytes per character."""
    wide = body[start + prefix] & 1
    raw = body[start + prefix + 1 :]
    return raw[: length * 2].decode("utf-16-le") if wide else raw[:length].decode("latin-1")
