"""Small workbooks for import tests, made in memory the way offices make them. Every person is invented."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl

from people.identity import check_character


def id_number(born: str = "19800512", serial: int = 1, *, male: bool = True) -> str:
    """A valid fictional number: area 999999, sex by the parity of the 17th digit."""
    number = serial * 2 + (1 if male else 0)
    first = f"999999{born}{number % 1000:03d}"
    return first + check_character(first)


def xlsx(
    rows: Iterable[Sequence[Any]],
    *,
    merged: Sequence[str] = (),
    sheet: str = "Sheet1",
    formats: Mapping[str, str] | None = None,
) -> bytes:
    return workbook({sheet: rows}, merged={sheet: merged}, formats={sheet: formats or {}})


def workbook(
    sheets: Mapping[str, Iterable[Sequence[Any]]],
    *,
    merged: Mapping[str, Sequence[str]] | None = None,
    formats: Mapping[str, Mapping[str, str]] | None = None,
    hidden: Sequence[str] = (),
) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
        for area in (merged or {}).get(name, ()):
            page.merge_cells(area)
        for cell, code in (formats or {}).get(name, {}).items():
            page[cell].number_format = code
        page.sheet_state = "hidden" if name in hidden else "visible"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
