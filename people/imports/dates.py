"""Dates as offices write them: six styles of year and month, full dates, Excel dates, periods.

A date keeps how exact it was written: "1980.05" is a month, and only months may be compared with it.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from people.imports.text import one_line
from people.imports.workbook import CellValue
from people.partial_date import PartialDate

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_FIRST_SERIAL, _LAST_SERIAL = 2101, 73_050  # below are years, above are yyyymm

_STYLES = "请写成 1980.05 或 1980-05-20 这样的文本"


class BadValue(ValueError):  # noqa: N818 - a fault of the cell, told to the person
    """Why a cell cannot be taken; the message is Chinese with the way out."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class DateHints:
    """What the cell's number format and the workbook tell about a date that the value does not."""

    two_decimals: bool = False
    month_only: bool = False
    epoch_1904: bool = False


NO_HINTS = DateHints()

_TIME_OF_DAY = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$")
_BRACKETS = re.compile(r"\(.*?\)")
_DATE = re.compile(r"(\d{4})(?:年|[./-])(\d{1,2})(?:(?:月|[./-])(\d{1,2})?)?[日号]?(?:出?生)?$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?$")


def read_date(value: CellValue, hints: DateHints = NO_HINTS) -> PartialDate:
    """A date from any kind of cell; raises BadValue."""
    if isinstance(value, datetime):
        return _from_day(value.date(), hints)
    if isinstance(value, date):
        return _from_day(value, hints)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value, hints)
    if isinstance(value, str):
        return _from_text(value, hints)
    raise BadValue("bad_date", f"“{value}”不是日期；{_STYLES}。")


def _from_day(day: date, hints: DateHints) -> PartialDate:
    """An Excel date on the first of a month is what typing 1980-05 leaves behind."""
    _check_year(day.year, day.isoformat())
    if hints.month_only or day.day == 1:
        return PartialDate(day.replace(day=1))
    return PartialDate(day, exact=True)


def _from_number(value: float, hints: DateHints) -> PartialDate:
    if value != int(value) and EARLIEST_YEAR <= value < LATEST_YEAR + 1:
        return _from_text(_year_and_month(value, hints), hints)
    number = int(value)
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return _from_day(_serial(number, hints), hints)
    return _from_text(str(number), hints)


def _year_and_month(value: float, hints: DateHints) -> str:
    """1980.05 typed as a number. 1980.1 is what Excel keeps of both 1980.1 and 1980.10."""
    year, _, decimals = str(Decimal(repr(value))).partition(".")
    if hints.two_decimals and len(decimals) == 1 and decimals == "1":
        return f"{year}.10"
    if decimals == "1":
        message = (
            f"“{value}”是数字格式，分不清是 {year} 年 1 月还是 10 月；请改为文本 {year}.01 或 {year}.10。"
        )
        raise BadValue("ambiguous_month", message)
    return f"{year}.{decimals}"


def _serial(number: int, hints: DateHints) -> date:
    return (_EPOCH_1904 if hints.epoch_1904 else _EPOCH_1900) + timedelta(days=number)


def _from_text(text: str, hints: DateHints) -> PartialDate:
    shown = one_line(text)[:30]
    flat = unicodedata.normalize("NFKC", shown)
    flat = re.sub(r"\s+", "", _TIME_OF_DAY.sub("", _BRACKETS.sub("", flat))).replace("。", ".")
    if re.fullmatch(r"\d{5}", flat) and _FIRST_SERIAL <= int(flat) <= _LAST_SERIAL:
        return _from_day(_serial(int(flat), hints), hints)
    match = _DATE.match(flat) or _COMPACT.match(flat)
    if match is None:
        raise BadValue("bad_date", _why_no_date(shown, flat))
    year, month, day = match.groups()
    return make_date(int(year), int(month), int(day) if day else None, shown)


def _why_no_date(shown: str, flat: str) -> str:
    if re.fullmatch(r"(19|20)\d{2}年?", flat):
        return f"“{shown}”只有年份，没有月份；请补上月份，如 {flat[:4]}.05。"
    if re.match(r"\d{2}[年./-]\d{1,2}", flat):
        return f"“{shown}”的年份只有两位；请写成四位年份，如 1980.05。"
    return f"“{shown}”不是能识别的日期；{_STYLES}。"


def make_date(year: int, month: int, day: int | None, shown: str) -> PartialDate:
    """A date that exists, or BadValue naming the part that does not."""
    _check_year(year, shown)
    if not 1 <= month <= 12:
        raise BadValue("bad_month", f"“{shown}”的月份是 {month}，月份应在 1–12 之间；请改正月份。")
    if day is None:
        return PartialDate(date(year, month, 1))
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        message = f"“{shown}”的日期不存在，{year} 年 {month} 月只有 {last} 天；请改正日期。"
        raise BadValue("bad_date", message)
    return PartialDate(date(year, month, day), exact=True)


def _check_year(year: int, shown: str) -> None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        message = f"“{shown}”的年份 {year} 不在 {EARLIEST_YEAR}–{LATEST_YEAR} 之间；请改正年份。"
        raise BadValue("bad_date", message)


# ---- periods ----------------------------------------------------------------------------------------

_FULL = r"(?P<{0}y>\d{{4}})(?:年|[./-])(?P<{0}m>\d{{1,2}})(?:月|[./-])(?P<{0}d>\d{{1,2}})[日号]?"
_SHORT = r"(?P<{0}m>\d{{1,2}})(?:月|[./-])(?P<{0}d>\d{{1,2}})[日号]?"
_DAY = r"(?P<{0}d>\d{{1,2}})[日号]?"
_MONTH = r"(?P<{0}y>\d{{4}})(?:年|[./-])(?P<{0}m>\d{{1,2}})月?"
_SHORT_MONTH = r"(?P<{0}m>\d{{1,2}})月"
_PACKED = r"(?P<{0}y>\d{{4}})(?P<{0}m>\d{{2}})(?P<{0}d>\d{{2}})"
_TO = r"[-~]+"
_FROM_FORMS = (_FULL, _PACKED, _SHORT, _MONTH, _SHORT_MONTH)
_TO_FORMS = (_FULL, _PACKED, _SHORT, _MONTH, _SHORT_MONTH, _DAY)
_PERIODS = [re.compile(start.format("a") + "$") for start in _FROM_FORMS] + [
    re.compile(start.format("a") + _TO + end.format("b") + "$") for start in _FROM_FORMS for end in _TO_FORMS
]
_DASHES = re.compile(r"[—–―－─ー〜～~]+|--+|至|到")
_NOISE = re.compile(
    r"\(.*?\)|上午|下午|晚上|全天|(?:星期|周)[一二三四五六日天]|共?计?\d+(?:\.\d+)?天$|\d{1,2}:\d{2}"
)


def read_period(
    value: CellValue, hints: DateHints = NO_HINTS, *, year: int | None = None
) -> tuple[date, date]:
    """First and last day of a class. `year` stands in where the cell gives none (from the table's title)."""
    if not isinstance(value, str):
        only = read_date(value, hints)
        one_day = only.exact or isinstance(value, date) or _is_serial(value)
        return (only.day, only.day) if one_day else whole_month(only)
    shown = one_line(value)[:60]
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", shown).replace("。", "."))
    flat = _NOISE.sub("", _DASHES.sub("~", flat)).strip("~.-")
    for pattern in _PERIODS:
        if match := pattern.match(flat):
            return _period(match.groupdict(), year, shown)
    message = f"“{shown}”不是能识别的起止时间；请写成 2026.6.1-6.5 或 2026年6月1日至6月5日。"
    raise BadValue("bad_period", message)


def _is_serial(value: CellValue) -> bool:
    return isinstance(value, int | float) and _FIRST_SERIAL <= value <= _LAST_SERIAL


def whole_month(found: PartialDate) -> tuple[date, date]:
    last = calendar.monthrange(found.day.year, found.day.month)[1]
    return found.month, found.day.replace(day=last)


def _period(parts: dict[str, str | None], year: int | None, shown: str) -> tuple[date, date]:
    stated = parts.get("ay")
    start_year = int(stated) if stated else year
    if start_year is None:
        raise BadValue("missing_year", f"“{shown}”没有写年份；请写成 2026.6.1-6.5 这样的形式。")
    start = _boundary(start_year, parts["am"], parts.get("ad"), shown)
    if not (parts.get("bm") or parts.get("bd")):
        return (start.day, start.day) if start.exact else whole_month(start)
    end = _end(parts, start, shown)
    last = end.day if end.exact else whole_month(end)[1]
    if last < start.day:
        message = f"“{shown}”的结束日期早于开始日期；请核对起止时间。"
        raise BadValue("end_before_start", message)
    return start.day, last


def _end(parts: dict[str, str | None], start: PartialDate, shown: str) -> PartialDate:
    month = parts.get("bm") or str(start.day.month)
    if parts.get("by"):
        return _boundary(int(parts["by"] or 0), month, parts.get("bd"), shown)
    over_new_year = start.day.month >= 11 and int(month) <= 2
    return _boundary(start.day.year + over_new_year, month, parts.get("bd"), shown)


def _boundary(year: int, month: str | None, day: str | None, shown: str) -> PartialDate:
    return make_date(year, int(month or 0), int(day) if day else None, shown)
