"""Loose deadlines and percentages as offices write them."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from park.plan_text.deadlines import find_deadlines
from park.plan_text.flat import flatten
from people.imports.dates import BadValue, DateHints, read_date, whole_month
from people.imports.text import one_line, squeeze
from people.imports.values import as_text
from people.imports.workbook import CellValue

_STANDING = re.compile(r"长期(?:坚持|推进|开展)?|持续(?:推进|开展)?|常态化|经常性")
_WHOLE_YEAR = re.compile(r"全年|年度|贯穿全年")
_DONE = re.compile(r"^(?:已?完成|已办结|办结|已销号|100%?)$")
_PERCENT = re.compile(r"^(?:约|达|完成)?(\d+(?:\.\d+)?)(%)?$")


@dataclass(frozen=True, slots=True)
class Due:
    """The last day meant; `standing` where the work goes on for good and the year's end is a checkpoint."""

    on: date
    words: str
    standing: bool = False


def read_due(value: CellValue, *, year: int, hints: DateHints) -> Due:
    """12月底前, 全年, 长期坚持, 2026年第四季度, 2026.12.31 or an Excel date; raises BadValue."""
    shown = one_line(value)[:60] if isinstance(value, str) else as_text(value)
    if isinstance(value, str):
        if _STANDING.search(squeeze(value)):
            return Due(date(year, 12, 31), shown, standing=True)
        flat = flatten(value)
        days = [found.on for found in find_deadlines(flat, 0, len(flat), year=year) if found.on]
        if days:
            return Due(max(days), shown)
        if _WHOLE_YEAR.search(value):
            return Due(date(year, 12, 31), shown)
    return Due(_plain_date(value, shown, hints), "" if isinstance(value, date | datetime) else shown)


def _plain_date(value: CellValue, shown: str, hints: DateHints) -> date:
    try:
        found = read_date(value, hints)
    except BadValue as bad:
        message = f"完成时限“{shown}”没有认出日期；请写成 2026-12-31、12月底前、第四季度、全年或长期坚持。"
        raise BadValue("bad_due", message) from bad
    exact = found.exact or isinstance(value, date)
    return found.day if exact else whole_month(found)[1]


def read_percent(value: CellValue) -> int:
    """30, 30%, 30 %, 0.5 (half of the work); 1 or less is a share. Raises BadValue."""
    flat = squeeze(flatten(as_text(value)))
    if _DONE.match(flat):
        return 100
    match = _PERCENT.match(flat)
    number = float(match.group(1)) if match else -1.0
    if match and not match.group(2) and 0 < number <= 1:
        number *= 100
    if match is None or not 0 <= number <= 100:
        message = f"完成率“{as_text(value)[:20]}”不是 0 到 100 之间的百分比；请写成 30% 或 0.3。"
        raise BadValue("bad_percent", message)
    return round(number)
