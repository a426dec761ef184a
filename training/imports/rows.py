"""One line of a 培训台账: the class it belongs to and who it credits.

A line names several people in one cell, or one person; then the class stands in merged cells or only on
its first line, and the lines below belong to it.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from people.imports.dates import BadValue, read_period
from people.imports.persons import KnownPeople, Person, read_people
from people.imports.reading import Findings, RowReader
from people.imports.rows import Row
from people.imports.text import one_line
from people.imports.values import (
    as_text,
    is_blank,
    read_days,
    read_hours,
    read_staff_no,
    read_text,
)
from people.imports.workbook import CellValue
from training.choices import ClassKind
from training.imports.words import KIND_OPTIONS, kind_in, kind_of_word, read_yes, result_in, theme_of

CLASS_COLUMNS = ("name", "organiser", "kind", "theme", "period", "starts", "ends", "place", "off_job", "year")
_FAR_AHEAD = 366
_YEAR = re.compile(r"(20\d{2})\s*(?:年|度)")


@dataclass(slots=True)
class LedgerRow:
    """`values` are fields of the class, only those stated; `credit` are fields of each participation."""

    reader: RowReader
    values: dict[str, Any] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    credit: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    continues: bool = False

    @property
    def row(self) -> Row:
        return self.reader.row

    @property
    def note(self) -> str:
        return "；".join(self.notes)[:200]


@dataclass
class LedgerReader:
    """Reads the lines of a file in order; each may continue the class of the line above it."""

    known: KnownPeople
    findings: Findings
    filename: str
    on: date
    epoch_1904: bool = False
    above: LedgerRow | None = None
    _years: dict[str, int | None] = field(default_factory=dict)

    def read(self, row: Row) -> LedgerRow:
        reader = RowReader(row, self.findings, on=self.on, epoch_1904=self.epoch_1904)
        found = LedgerRow(reader)
        if self._continues(found):
            found.continues = True
            found.values = dict(self.above.values) if self.above else {}
        else:
            self._read_class(found)
        self._read_amounts(found)
        self._read_people(found)
        self.above = found
        return found

    # -- the class --

    def _continues(self, found: LedgerRow) -> bool:
        """Nothing about the class in the line's own cells: they are merged with the line above, or empty."""
        row, above = found.row, self.above
        if above is None or above.row.table is not row.table or row.own("name") is not None:
            return False
        if above.row.number != row.number - 1:
            return False
        return all(row.own(key) is None for key in CLASS_COLUMNS)

    def _read_class(self, found: LedgerRow) -> None:
        reader = found.reader
        name = reader.get("name", read_text, longest=120)
        if not name and not reader.refused:
            reader.fault("name", "missing_title", "这一行没有培训班名称；请补上名称，或删去这一行。")
        self._put(found, "name", name)
        self._put(found, "organiser", reader.get("organiser", read_text, longest=100))
        self._put(found, "place", reader.get("place", read_text, longest=100))
        self._read_kind(found, name or "")
        self._read_theme(found)
        self._read_dates(found)

    def _put(self, found: LedgerRow, name: str, value: Any) -> None:
        if value not in (None, ""):
            found.values[name] = value

    def _read_kind(self, found: LedgerRow, name: str) -> None:
        reader = found.reader
        stated = reader.get("kind", read_text, longest=60)
        kind: str | None = kind_of_word(stated) if stated else kind_in(name)
        if stated and kind is None:
            kind = kind_in(name) or ClassKind.TOPICAL
            label = ClassKind(kind).label
            message = f"培训类别“{stated}”不是{KIND_OPTIONS}，按“{label}”登记，原文写入备注；请核对。"
            reader.warn("kind", "unknown_kind", message)
            found.notes.append(f"培训类别：{stated}")
        self._put(found, "kind", kind and str(kind))
        self._read_off_job(found)

    def _read_off_job(self, found: LedgerRow) -> None:
        stated = found.reader.get("off_job", read_yes)
        if stated is not None:
            found.values["off_job"] = stated
        elif found.values.get("kind") == ClassKind.ONLINE:
            found.values["off_job"] = False

    def _read_theme(self, found: LedgerRow) -> None:
        if text := found.reader.get("theme", read_text, longest=60):
            theme = theme_of(text)
            found.values["theme"] = theme.value
            found.values["theme_text"] = "" if text == theme.label else text

    def _read_dates(self, found: LedgerRow) -> None:
        reader = found.reader
        dates = self._period(reader)
        if dates is None:
            key = "period" if reader.has("period") else "starts"
            if not any(fault.code != "missing_title" for fault in reader.faults):
                reader.fault(key, "missing_date", "这一行没有培训时间；请补上，如 2026.6.1-6.5。")
            return
        found.values["starts_on"], found.values["ends_on"] = dates
        self._check_future(found)

    def _period(self, reader: RowReader) -> tuple[date, date] | None:
        year = self._year(reader)
        if reader.has("period") and not is_blank(reader.shown("period")):
            return reader.get("period", read_period, hints=reader.hints("period"), year=year)
        starts = reader.get("starts", read_period, hints=reader.hints("starts"), year=year)
        ends = reader.get("ends", read_period, hints=reader.hints("ends"), year=year)
        if starts is None:
            return None
        if ends and ends[1] < starts[0]:
            message = f"结束时间 {ends[1]:%Y.%m.%d} 早于开始时间 {starts[0]:%Y.%m.%d}；请核对。"
            reader.fault("ends", "end_before_start", message)
            return None
        return starts[0], (ends or starts)[1]

    def _year(self, reader: RowReader) -> int | None:
        """The year of dates that give none: its own column, the title above the table, the file's name."""
        if stated := reader.get("year", _read_year):
            return stated
        sheet = reader.row.table.sheet
        if sheet.name not in self._years:
            lines = range(1, reader.row.table.first_row)
            titles = [one_line(str(v)) for r in lines for v in sheet.rows[r - 1] if isinstance(v, str)]
            texts = [*titles, sheet.name, PurePath(self.filename).stem]
            found = next((m.group(1) for text in texts if (m := _YEAR.search(text))), None)
            self._years[sheet.name] = int(found) if found else None
        return self._years[sheet.name]

    def _check_future(self, found: LedgerRow) -> None:
        """A class may be planned; one with results, or more than a year ahead, is a slip of the pen."""
        reader, starts_on = found.reader, found.values["starts_on"]
        key = "period" if reader.has("period") else "starts"
        if starts_on <= self.on:
            return
        finished = reader.has("result") and not is_blank(reader.shown("result"))
        if finished or (starts_on - self.on).days > _FAR_AHEAD:
            why = "却已有考核结果" if finished else "已超过一年"
            message = f"开始时间 {starts_on:%Y.%m.%d} 晚于今天，{why}；请核对年份和月份。"
            reader.fault(key, "future_date", message)
        else:
            message = f"开始时间 {starts_on:%Y.%m.%d} 晚于今天，按计划中的班次登记；请核对。"
            reader.warn(key, "future_class", message)

    # -- amounts and people --

    def _read_amounts(self, found: LedgerRow) -> None:
        reader = found.reader
        days, hours = reader.get("days", read_days), reader.get("hours", read_hours)
        for name, amount in (("days", days), ("hours", hours)):
            if amount is not None:
                found.values[name] = found.credit[name] = amount
        self._check_days(found, days)
        self._read_result(found)
        if certificate := reader.get("certificate", read_text, longest=60):
            found.credit["certificate_no"] = certificate
        if note := reader.get("note", read_text, longest=150):
            found.notes.insert(0, note)

    def _read_result(self, found: LedgerRow) -> None:
        """A grade of the list; other words are kept beside it, so that no one's result is lost."""
        text = found.reader.get("result", as_text)
        if text is None:
            return
        grade, words = result_in(text)
        if grade:
            found.credit["result"] = grade
        if words:
            found.notes.append(words)
        if not grade:
            message = f"考核结果“{text[:20]}”不是优秀、良好、合格、不合格或分数，原文写入备注；请核对。"
            found.reader.warn("result", "unknown_result", message)

    def _check_days(self, found: LedgerRow, days: Decimal | None) -> None:
        starts_on, ends_on = found.values.get("starts_on"), found.values.get("ends_on")
        if days is None or starts_on is None or ends_on is None:
            return
        length = (ends_on - starts_on).days + 1
        if days > length:
            message = f"天数 {days} 超过起止时间的 {length} 天；请核对起止时间和天数。"
            found.reader.fault("days", "too_many_days", message)

    def _read_people(self, found: LedgerRow) -> None:
        reader = found.reader
        number = reader.get("staff_no", read_staff_no, own=True)
        cell: CellValue = reader.row.own("people") if reader.has("people") else None
        text = reader.get("people", _cell_text, own=True) if cell is not None else None
        if text is None and number is None:
            if not reader.refused:
                reader.fault("people", "missing_people", "这一行没有参训人员；请填写姓名，多人用顿号隔开。")
            return
        if number is not None:
            found.people = self._one_person(reader, text or "", number)
            return
        hint = reader.get("unit", read_text, longest=100) if text and reader.has("unit") else None
        found.people, faults = read_people(text or "", self.known, unit=hint or "")
        for fault in faults:
            reader.fault("people", fault.code, fault.message)
        self._check_headcount(found)

    def _one_person(self, reader: RowReader, text: str, number: str) -> list[Person]:
        """A staff number beside the name settles who is meant."""
        try:
            return [self.known.by_number(number, text)]
        except BadValue as bad:
            reader.fault("staff_no", bad.code, bad.message)
            return []

    def _check_headcount(self, found: LedgerRow) -> None:
        stated = found.reader.get("headcount", read_days) if found.reader.has("headcount") else None
        if stated is not None and stated != len(found.people) and not found.reader.refused:
            message = f"人数写的是 {stated:f}，名单里有 {len(found.people)} 人；请核对。"
            found.reader.warn("headcount", "headcount_mismatch", message)


def _cell_text(value: CellValue) -> str:
    """Line breaks part names, so they must stay."""
    return value if isinstance(value, str) else as_text(value)


def _read_year(value: CellValue) -> int:
    match = re.search(r"(?:19|20)\d{2}", as_text(value))
    if match is None:
        raise BadValue("bad_date", f"年度“{as_text(value)[:10]}”不是年份；请填四位年份，如 2026。")
    return int(match.group())
