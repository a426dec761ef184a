"""A minimal .xls (OLE2 container, BIFF8 records) made by hand: no library that writes them is needed."""

import struct
from collections.abc import Sequence
from typing import Any

SECTOR = 512
FREE, END, FAT_MARK = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(
    rows: Sequence[Sequence[Any]], *, formulas: Sequence[tuple[int, int]] = (), streams: Sequence[str] = ()
) -> bytes:
    """One sheet of texts and numbers; `formulas` are (row, column) from 0; `streams` adds empty storages."""
    return _container(_book(rows, set(formulas)), ["Workbook", *streams])


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _bof(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _book(rows: Sequence[Sequence[Any]], formulas: set[tuple[int, int]]) -> bytes:
    name = "花名册".encode("utf-16-le")
    fonts = _record(0x31, struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 1, 0) + b"A") * 4
    xf = _record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0xFFF5, 0, 0, 0, 0, 0, 0, 0))
    before = _bof(5) + _record(0x42, struct.pack("<H", 1200)) + fonts + xf
    size = len(before) + 4 + 8 + len(name) + 4
    bound = _record(0x85, struct.pack("<IBBBB", size, 0, 0, 3, 1) + name)
    return before + bound + _record(0x0A, b"") + _sheet(rows, formulas)


def _sheet(rows: Sequence[Sequence[Any]], formulas: set[tuple[int, int]]) -> bytes:
    width = max(len(row) for row in rows)
    cells = b"".join(
        _cell(r, c, value, (r, c) in formulas)
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value is not None
    )
    dimensions = _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    return _bof(0x10) + dimensions + cells + _record(0x0A, b"")


def _cell(row: int, column: int, value: Any, formula: bool) -> bytes:
    head = struct.pack("<HHH", row, column, 0)
    if formula:
        return _record(0x06, head + struct.pack("<d", value) + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00")
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x204, head + struct.pack("<HB", len(value), 1) + text)
    return _record(0x203, head + struct.pack("<d", value))


def _container(book: bytes, names: Sequence[str]) -> bytes:
    book = book.ljust(max(4096, -(-len(book) // SECTOR) * SECTOR), b"\x00")
    count = len(book) // SECTOR
    fat = [FAT_MARK, END, *range(3, count + 2), END]
    fat += [FREE] * (SECTOR // 4 - len(fat))
    assert len(fat) == SECTOR // 4, "one sector of FAT is enough for a test"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0, 0)
    header += struct.pack("<108I", *[FREE] * 108)
    entries = [_entry("Root Entry", 5, END, 0, child=1)]
    entries += [
        _entry(name, 2, 2 if n == 0 else END, len(book) if n == 0 else 0) for n, name in enumerate(names)
    ]
    directory = b"".join(entries).ljust(SECTOR, b"\x00")
    return header[:SECTOR].ljust(SECTOR, b"\xff") + struct.pack(f"<{SECTOR // 4}I", *fat) + directory + book


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<III", FREE, FREE, child)
    return (
        text.ljust(64, b"\x00")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
