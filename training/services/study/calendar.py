"""The office's working calendar: one day at a time, or a year's notice at once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from people.imports.workbook import open_workbook
from training.choices import DayKind
from training.models import CalendarDay

WORDS = {
    "放假": DayKind.HOLIDAY,
    "休": DayKind.HOLIDAY,
    "休息": DayKind.HOLIDAY,
    "假": DayKind.HOLIDAY,
    "节假日": DayKind.HOLIDAY,
    "调休上班": DayKind.WORKDAY,
    "上班": DayKind.WORKDAY,
    "班": DayKind.WORKDAY,
    "补班": DayKind.WORKDAY,
    "调休": DayKind.WORKDAY,
    "工作日": DayKind.WORKDAY,
}
HEADINGS = frozenset({"日期", "date"})
_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_SPLIT = re.compile(r"[\t,，;；]|\s{1,}")
MOST_LINES = 400
LONGEST_SPAN = 31


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of a notice."""

    day: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines that could be read, and a sentence for each that could not."""

    lines: tuple[DayLine, ...]
    faults: tuple[str, ...]


def read_text(text: str, year: int) -> Reading:
    """Lines such as "2027-01-01 放假 元旦", or a span "2027-02-05至2027-02-13 放假 春节"."""
    rows = [(number, _cells(line)) for number, line in enumerate(text.splitlines(), start=1)]
    return _reading(((f"第 {number} 行", cells) for number, cells in rows), year)


def read_file(data: bytes, name: str, year: int) -> Reading:
    """The first sheet of a workbook or a csv with the columns 日期、性质、说明."""
    sheet = open_workbook(data, name).sheets[0]
    rows = (
        (f"第 {number} 行", [_text(value) for value in row]) for number, row in enumerate(sheet.rows, start=1)
    )
    return _reading(rows, year)


def _cells(line: str) -> list[str]:
    """A date keeps its own signs; what follows is split at tabs, commas and spaces."""
    span = re.match(rf"\s*({_DATE.pattern}(\s*[至到~—–-]\s*{_DATE.pattern})?)", line)
    if not span:
        return [cell for cell in _SPLIT.split(line) if cell]
    return [span[1], *(cell for cell in _SPLIT.split(line[span.end() :]) if cell)]


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value if value is not None else "").strip()


def _reading(rows: Iterable[tuple[str, Sequence[str]]], year: int) -> Reading:
    lines: dict[date, DayLine] = {}
    faults: list[str] = []
    for place, cells in rows:
        filled = [cell for cell in cells if cell]
        if not filled or filled[0].strip().lower() in HEADINGS:
            continue
        try:
            read = _line(filled, year)
        except DomainError as refusal:
            faults.append(f"{place}：{refusal.message}")
            continue
        twice = next((line.day for line in read if line.day in lines), None)
        if twice:
            faults.append(f"{place}：{twice:%Y-%m-%d} 在前面已经写过。")
        lines |= {line.day: line for line in read}
        if len(lines) + len(faults) > MOST_LINES:
            faults.append(f"超过 {MOST_LINES} 天，请确认是一年的放假安排。")
            break
    return Reading(tuple(sorted(lines.values(), key=lambda line: line.day)), tuple(faults))


def _line(cells: Sequence[str], year: int) -> list[DayLine]:
    days = _days(cells[0])
    if len(cells) < 2 or cells[1].strip() not in WORDS:
        given = f"“{cells[1].strip()}”" if len(cells) > 1 else "空的"
        raise DomainError(f"性质是{given}，请写“放假”或“调休上班”。")
    wrong = next((day for day in days if day.year != year), None)
    if wrong:
        raise DomainError(f"{wrong:%Y-%m-%d} 不在 {year} 年，请改日期，或换一个年度导入。")
    name = cells[2].strip()[:40] if len(cells) > 2 else ""
    return [DayLine(day, WORDS[cells[1].strip()], name) for day in days]


def _days(text: str) -> list[date]:
    found = _DATE.findall(text)
    if not 1 <= len(found) <= 2:
        raise DomainError(f"“{text.strip()[:20]}”看不出日期，请写成 2027-01-01。")
    try:
        first, last = (date(*map(int, found[place])) for place in (0, -1))
    except ValueError:
        raise DomainError(f"“{text.strip()[:24]}”里有不存在的日期，请核对。") from None
    length = (last - first).days + 1
    if not 1 <= length <= LONGEST_SPAN:
        raise DomainError(f"“{text.strip()[:24]}”的起止日期不对，请核对。")
    return [first + timedelta(days=count) for count in range(length)]


@transaction.atomic
def import_year(*, year: int, reading: Reading, by: Viewer) -> int:
    """Replaces the year's days by what was read; with any fault nothing changes."""
    _refuse_part(by)
    if reading.faults:
        raise DomainError("；".join(reading.faults[:5]), field="text", code="faults")
    if not reading.lines:
        raise DomainError("没有读到任何日期，请粘贴放假安排或选择文件。", field="text", code="empty")
    CalendarDay.objects.filter(day__year=year).delete()
    rows = [CalendarDay(day=line.day, kind=line.kind, name=line.name) for line in reading.lines]
    CalendarDay.objects.bulk_create(rows)
    label = f"导入 {year} 年工作日历，{len(rows)} 天"
    record(action=AuditAction.RULE_CHANGED, by=by, object_type="training.calendarday", label=label)
    return len(rows)


@transaction.atomic
def set_day(*, day: date, kind: str, by: Viewer, name: str = "") -> None:
    """`kind` "" makes the day follow its weekday again."""
    _refuse_part(by)
    found = CalendarDay.objects.filter(day=day).first()
    before = found.get_kind_display() if found else ""
    if kind:
        found = found or CalendarDay(day=day)
        found.kind, found.name = kind, name.strip()
        save_validated(found)
    elif found:
        found.delete()
    after = DayKind(kind).label if kind else ""
    record(
        action=AuditAction.RULE_CHANGED,
        by=by,
        object_type="training.calendarday",
        object_id=day.isoformat(),
        label=f"工作日历：{day:%Y-%m-%d}",
        changes={"kind": (before, after)},
    )


def _refuse_part(by: Viewer) -> None:
    if not by.sees_all(Permission.EDIT_STUDY):
        raise DomainError("工作日历全区共用，由负责全区学习活动的人员维护。", code="out_of_reach")
