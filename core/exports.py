"""Lists as files: xlsx and csv in which no cell is ever a formula.

A column says how to get its value and how wide it is; the rows come from the caller, one by one. Text stays
text (staff numbers, ID numbers and telephones keep their zeros), numbers and dates stay what they are.
"""

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Final

import xlsxwriter
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

CONTENT_TYPES: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".pdf": "application/pdf",
    ".lrmx": "application/xml",
    ".zip": "application/zip",
    ".json": "application/json",
}
BOM = "\ufeff"  # without it Excel reads Chinese csv as GBK
LONGEST_CELL = 32_767  # Excel's limit
CUT_NOTICE = "…（内容过长，请在系统中查看全文）"
EXACT_INTEGER = 10**15  # Excel keeps fifteen digits
HEADER_ROW = 2

# What a spreadsheet program may take for the start of a formula, also behind blanks and in full width.
_LEAD = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u2028-\u202f\ufeff]*[=+\-@\t\r\n|;%＝＋－＠]")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """`value` takes a row; without it the row's attribute (or key) `key` is taken. `width` in characters."""

    key: str
    label: str
    width: float = 12
    value: Callable[[Any], Any] | None = None

    def of(self, row: Any) -> Any:
        if self.value is not None:
            return self.value(row)
        return row[self.key] if isinstance(row, dict) else getattr(row, self.key)


# -- cells -----------------------------------------------------------------------------------------


def is_risky(text: str) -> bool:
    """Whether a spreadsheet program might run the text, with or without quotes before it."""
    plain_number = _NUMBER.fullmatch(text) or text in ("-", "+")
    return bool(_LEAD.match(text.lstrip("'"))) and not plain_number


def safe_cell(text: str) -> str:
    """The text with a quote before it where it is risky; `unsafe_cell` gives back exactly the original."""
    return f"'{text}" if is_risky(text) else text


def unsafe_cell(text: str) -> str:
    return text[1:] if text[:1] == "'" and is_risky(text[1:]) else text


def _plain(value: Any) -> Any:
    """The value as a spreadsheet may hold it: None, a number, a date, a local datetime or clean text."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, int | float | Decimal):
        exact = math.isfinite(value) and -EXACT_INTEGER < value < EXACT_INTEGER
        return value if exact else str(value)
    return _CONTROL.sub("", str(value))


# -- csv -------------------------------------------------------------------------------------------


class _Line(io.StringIO):
    """Gives what csv wrote and forgets it, so that any number of rows needs the memory of one."""

    def take(self) -> str:
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


def csv_rows(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """Lines of a csv file for Excel, header first, with a byte order mark."""
    line = _Line(newline="")
    writer = csv.writer(line)
    writer.writerow([safe_cell(column.label) for column in columns])
    yield BOM + line.take()
    for row in rows:
        writer.writerow([_csv_cell(column.of(row)) for column in columns])
        yield line.take()


def _csv_cell(value: Any) -> str:
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, str):
        return safe_cell(plain)
    if isinstance(plain, datetime):
        return plain.strftime("%Y-%m-%d %H:%M")
    return format(plain, "f") if isinstance(plain, Decimal) else str(plain)


# -- xlsx ------------------------------------------------------------------------------------------

_OPTIONS: Final = {
    "constant_memory": True,  # rows go to disk as they come
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_BODY: Final = {"font_name": "宋体", "font_size": 10, "border": 1, "border_color": "#BFBFBF", "valign": "top"}
_FORMATS: Final[dict[str, dict[str, Any]]] = {
    "title": {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"},
    "note": {"font_name": "宋体", "font_size": 9, "font_color": "#595959", "valign": "vcenter"},
    "header": {
        **_BODY,
        "font_name": "黑体",
        "bg_color": "#EDEDED",
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "text": {**_BODY, "num_format": "@", "text_wrap": True},
    # Editing the cell in Excel would otherwise turn its text into a formula.
    "risky": {**_BODY, "num_format": "@", "text_wrap": True, "quote_prefix": True},
    "number": {**_BODY, "num_format": "General"},
    "date": {**_BODY, "num_format": "yyyy-mm-dd", "align": "center"},
    "time": {**_BODY, "num_format": "yyyy-mm-dd hh:mm", "align": "center"},
}


class _Sheet:
    """One worksheet under construction: title, note, header, then the rows in order."""

    def __init__(self, book: Workbook, title: str, columns: Sequence[Column], note: str) -> None:
        self.formats = {name: book.add_format(how) for name, how in _FORMATS.items()}
        self.columns = columns
        self.last_column = max(len(columns) - 1, 0)
        self.sheet: Worksheet = book.add_worksheet(_sheet_name(title))
        for index, column in enumerate(columns):
            self.sheet.set_column(index, index, column.width)
        self._head(title, note)
        self.row = HEADER_ROW

    def _head(self, title: str, note: str) -> None:
        self.sheet.set_row(0, 30)
        self._banner(0, title, "title")
        self._banner(1, note, "note")
        self.sheet.set_row(HEADER_ROW, 24)
        for index, column in enumerate(self.columns):
            self.sheet.write_string(HEADER_ROW, index, column.label, self.formats["header"])
        self.sheet.freeze_panes(HEADER_ROW + 1, 0)
        self.sheet.repeat_rows(HEADER_ROW)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&C第 &P 页 共 &N 页")

    def _banner(self, row: int, text: str, style: str) -> None:
        if self.last_column:
            self.sheet.merge_range(row, 0, row, self.last_column, "", self.formats[style])
        self.sheet.write_string(row, 0, _clean_text(text), self.formats[style])

    def add(self, row: Any) -> None:
        self.row += 1
        for index, column in enumerate(self.columns):
            self._cell(index, _plain(column.of(row)))

    def _cell(self, index: int, value: Any) -> None:
        sheet, row, formats = self.sheet, self.row, self.formats
        if value is None or value == "":
            sheet.write_blank(row, index, None, formats["text"])
        elif isinstance(value, datetime):
            sheet.write_datetime(row, index, value, formats["time"])
        elif isinstance(value, date):
            sheet.write_datetime(row, index, value, formats["date"])
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(row, index, value, formats["number"])
        else:
            style = "risky" if is_risky(value) else "text"
            sheet.write_string(row, index, _fitting(value), formats[style])

    def finish(self) -> None:
        self.sheet.autofilter(HEADER_ROW, 0, max(self.row, HEADER_ROW), self.last_column)
        # Without this every ID number gets a green corner.
        self.sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self.row + 1}"})


def xlsx_bytes(title: str, columns: Sequence[Column], rows: Iterable[Any], *, note: str = "") -> bytes:
    """A workbook with one sheet: title, note, frozen header with filters, one line per row."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _OPTIONS)
    sheet = _Sheet(book, title, columns, note)
    for row in rows:
        sheet.add(row)
    sheet.finish()
    book.close()
    return target.getvalue()


def source_note(*, source: str, by: str, at: datetime) -> str:
    """The line under the title: where the figures come from, when and by whom they were taken out."""
    moment = timezone.localtime(at) if timezone.is_aware(at) else at
    when = f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"
    return f"数据来源：{source}　导出时间：{when}　导出人：{by}"


def _clean_text(value: str) -> str:
    return _fitting(_CONTROL.sub("", value))


def _fitting(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # the only line end that Excel knows
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT_NOTICE)] + CUT_NOTICE


def _sheet_name(title: str) -> str:
    """Excel allows 31 characters, without []:*?/\\ and not quoted at the ends."""
    return re.sub(r"[\[\]:*?/\\]", " ", _clean_text(title)).strip("' ")[:31].strip("' ") or "导出"


# -- answers ---------------------------------------------------------------------------------------


def download(response_bytes: bytes, filename: str) -> HttpResponse:
    """The bytes as a file to save, with a Chinese name where the browser can show it (RFC 6266)."""
    response = HttpResponse(response_bytes, content_type=_content_type(filename))
    response["Content-Disposition"] = _disposition(filename)
    return response


def download_stream(
    chunks: Iterable[str] | Iterable[bytes], filename: str, *, size: int = 0
) -> StreamingHttpResponse:
    """The same for what is made or read while it is sent, such as `csv_rows`; `size` where it is known."""
    response = StreamingHttpResponse(chunks, content_type=_content_type(filename))
    response["Content-Disposition"] = _disposition(filename)
    if size:
        response["Content-Length"] = str(size)
    return response


def _content_type(filename: str) -> str:
    return CONTENT_TYPES.get(PurePath(filename).suffix.lower(), "application/octet-stream")


def _disposition(filename: str) -> str:
    safe = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]', "_", filename).strip(". ") or "下载"
    return content_disposition_header(as_attachment=True, filename=safe) or "attachment"
