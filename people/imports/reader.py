"""Runs alone, as a child process: reads a workbook from standard input and writes its values as JSON.

The reader of values is native code that trusts counts in the file: a forged one makes it ask for a terabyte
and abort its whole process. Here that process is this one, with bounds on memory and time, and nothing else
is lost. `python reader.py FOLDER`, where FOLDER holds python_calamine.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY = 1 << 30
SECONDS = 30


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(data: bytes) -> list[dict[str, Any]]:
    """Per worksheet: its name, whether it is visible, its rows from A1 on, its merged areas from 1."""
    import io

    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = []
    for index, meta in enumerate(book.sheets_metadata):
        if meta.typ is python_calamine.SheetTypeEnum.WorkSheet:
            visible = meta.visible is python_calamine.SheetVisibleEnum.Visible
            sheets.append({"name": meta.name, "visible": visible, **_content(book.get_sheet_by_index(index))})
    return sheets


def _content(sheet: Any) -> dict[str, Any]:
    rows = sheet.to_python(skip_empty_area=False) if sheet.height else []
    while rows and not any(value != "" for value in rows[-1]):
        rows.pop()
    areas = sheet.merged_cell_ranges or ()
    merged = [[top + 1, left + 1, bottom + 1, right + 1] for (top, left), (bottom, right) in areas]
    return {"rows": rows, "merged": merged}


def packed(value: object) -> dict[str, object]:
    """Dates and times, which JSON does not know; `unpacked` in workbook.py turns them back."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    raise TypeError(type(value).__name__)


def main() -> None:
    limit()
    sys.path.insert(0, sys.argv[1])
    json.dump(read(sys.stdin.buffer.read()), sys.stdout, default=packed, ensure_ascii=True)


if __name__ == "__main__":
    main()
