"""What one row of a 干部花名册 says: values by field, checked by themselves and against each other."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from people.choices import EducationMode
from people.identity import Identity
from people.imports.dates import BadValue
from people.imports.party import read_party
from people.imports.reading import Findings, RowReader
from people.imports.rows import Row
from people.imports.text import squeeze, tight
from people.imports.values import (
    as_text,
    is_blank,
    read_choice,
    read_id,
    read_name,
    read_phone,
    read_sex,
    read_staff_no,
    read_text,
)
from people.imports.words import (
    HEALTH_STATES,
    LEADERSHIP_LEVELS,
    POLITICAL_STATUSES,
    STAFF_TYPES,
    normal_ethnicity,
    normal_rank,
)
from people.imports.workbook import CellValue
from people.partial_date import PartialDate

# Cadre field → reader; a column has the name of its field unless the key says otherwise.
_TEXTS = {
    "former_name": 60,
    "native_place": 60,
    "birthplace": 60,
    "professional_title": 60,
    "specialty": 100,
    "address": 200,
    "note": 200,
}
_CHOICES: dict[str, Callable[[CellValue], str]] = {
    "political_status": partial(
        read_choice,
        words=POLITICAL_STATUSES,
        what="政治面貌",
        code="unknown_political_status",
        options="中共党员、预备党员、共青团员、民主党派名称、无党派人士、群众",
    ),
    "staff_type": partial(
        read_choice,
        words=STAFF_TYPES,
        what="身份",
        code="unknown_staff_type",
        options="公务员、参公、事业编、工勤、选调生、岗位聘用、国企、编外、挂职、借调",
    ),
}
# What is not understood here refuses no row: it is left out and said.
_LOOSE_CHOICES = (
    ("health", "健康状况", HEALTH_STATES, "健康、一般、较差"),
    ("leadership_level", "职务层次", LEADERSHIP_LEVELS, "正处级、副处级、正科级、副科级等"),
)
_DEGREE_WORD = re.compile(r"[^、,，;；/\s（()）]*(?:学士|硕士|博士)[^、,，;；/\s（()）]*")
_IN_SERVICE_WORDS = re.compile(r"在职|党校|函授|自考|自学考试|成人|电大|夜大|业余|网络教育|开放")


@dataclass(slots=True)
class RosterRow:
    """A row as read. `values` holds only what the row states; `since` keeps how exact it was written."""

    reader: RowReader
    values: dict[str, Any] = field(default_factory=dict)
    exact: dict[str, PartialDate] = field(default_factory=dict)
    education: dict[str, dict[str, str]] = field(default_factory=dict)
    identity: Identity | None = None
    unit: str = ""
    title: str = ""
    since: PartialDate | None = None

    @property
    def row(self) -> Row:
        return self.reader.row

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    @property
    def staff_no(self) -> str:
        return str(self.values.get("staff_no", ""))


def read_row(row: Row, findings: Findings, *, on: date, epoch_1904: bool) -> RosterRow:
    """Everything in the row, with every fault in it."""
    reader = RowReader(row, findings, on=on, epoch_1904=epoch_1904)
    found = RosterRow(reader)
    _read_person(found, on)
    _read_texts(found)
    _read_dates(found)
    _read_party(found)
    _read_education(found)
    _read_position(found)
    return found


def _read_person(found: RosterRow, on: date) -> None:
    reader = found.reader
    if reader.row.own("name") is None and reader.row.value("name") is not None:
        reader.fault(
            "name", "merged_person", "姓名合并了几行，分不清是几个人；请一人一行，取消合并后再导入。"
        )
        return
    _put(found, "staff_no", reader.get("staff_no", read_staff_no, own=True))
    _put(found, "name", reader.get("name", read_name, own=True))
    _put(found, "sex", reader.get("sex", read_sex))
    _put(found, "phone", reader.get("phone", read_phone, own=True))
    found.identity = reader.get("id_number", read_id, own=True, on=on)
    if found.identity:
        found.values["id_number"] = found.identity.number
    if "name" not in found.values and not reader.refused:
        reader.fault("name", "missing_name", "这一行没有姓名；请补上姓名，或删去这一行。")
    if not (found.staff_no or found.identity or reader.refused):
        _no_key(reader)


def _no_key(reader: RowReader) -> None:
    key = "staff_no" if reader.has("staff_no") else "id_number"
    message = "这一行既没有工号也没有身份证号，同名时无法辨认；请至少填写其中一项。"
    reader.fault(key, "missing_key", message)


def _put(found: RosterRow, name: str, value: Any) -> None:
    if value not in (None, ""):
        found.values[name] = value


def _read_texts(found: RosterRow) -> None:
    reader = found.reader
    for name, longest in _TEXTS.items():
        _put(found, name, reader.get(name, read_text, longest=longest))
    for name, read in _CHOICES.items():
        _put(found, name, reader.get(name, read))
    for name, what, words, options in _LOOSE_CHOICES:
        _put(found, name, _loose_choice(reader, name, what, words, options))
    ethnicity = reader.get("ethnicity", read_text, longest=20)
    rank = reader.get("rank", read_text, longest=30)
    _put(found, "ethnicity", ethnicity and normal_ethnicity(squeeze(ethnicity)))
    _put(found, "rank", rank and normal_rank(tight(rank)))


def _loose_choice(reader: RowReader, key: str, what: str, words: Mapping[str, str], options: str) -> str:
    value = reader.get(key, as_text)
    if not value:
        return ""
    try:
        return read_choice(value, words, what=what, code=f"unknown_{key}", options=options)
    except BadValue as bad:
        reader.warn(key, bad.code, f"{bad.message}这一格没有导入，其余照常。")
        return ""


def _birth(found: RosterRow) -> PartialDate | None:
    """A number such as 1980.1 may be January or October: the identity number settles which."""
    value, identity = found.reader.shown("birth"), found.identity
    unclear = identity and identity.born_on.month in (1, 10) and value == identity.born_on.year + 0.1
    if identity and unclear:
        return PartialDate(identity.born_on.replace(day=1))
    return found.reader.date("birth")


def _read_dates(found: RosterRow) -> None:
    reader = found.reader
    birth = _birth(found)
    if birth:
        found.values["birth_month"] = birth.month
        found.exact["birth_month"] = birth
    for key, name in (("work_started", "work_started_on"), ("rank_since", "rank_since")):
        if since := reader.date(key):
            found.values[name] = since.day
            found.exact[name] = since


def _read_party(found: RosterRow) -> None:
    reader = found.reader
    if (value := reader.shown("party_joined")) is None or is_blank(value):
        return
    if isinstance(value, str) and not re.fullmatch(r"[\d\s./\-年月日号]+", value):
        _put_party(found, reader.get("party_joined", read_party))
    elif joined := reader.date("party_joined"):
        _put_party(found, (joined, ""))


def _put_party(found: RosterRow, parts: tuple[PartialDate | None, str] | None) -> None:
    joined, note = parts or (None, "")
    if joined and joined.day > found.reader.on:
        found.reader.fault("party_joined", "future_date", f"入党时间 {joined} 晚于今天；请核对年份和月份。")
        return
    if joined:
        found.values["party_joined_on"] = joined.day
        found.exact["party_joined_on"] = joined
    _put(found, "party_note", note)


def _read_education(found: RosterRow) -> None:
    for mode, prefix in ((EducationMode.FULL_TIME, "full_time_"), (EducationMode.IN_SERVICE, "in_service_")):
        if values := _education_values(found.reader, prefix):
            found.education[mode.value] = values
    if not (plain := _education_values(found.reader, "")):
        return
    in_service = any(_IN_SERVICE_WORDS.search(text) for text in plain.values())
    mode = EducationMode.IN_SERVICE if in_service else EducationMode.FULL_TIME
    found.education.setdefault(mode.value, plain)


def _education_values(reader: RowReader, prefix: str) -> dict[str, str]:
    values = {
        "level": reader.get(f"{prefix}level", read_text, longest=40),
        "degree": reader.get(f"{prefix}degree", read_text, longest=40),
        "level_school": reader.get(f"{prefix}school", read_text, longest=100),
    }
    if major := reader.get(f"{prefix}major", read_text, longest=60):
        school = values["level_school"] or ""
        values["level_school"] = school if major in school else f"{school}{major}"
    if values["level"] and not values["degree"]:
        values["level"], values["degree"] = _part_degree(values["level"])
    return {name: value for name, value in values.items() if value}


def _part_degree(level: str) -> tuple[str, str | None]:
    """ "大学/管理学学士" in one cell is 学历 and 学位; "硕士研究生" is a 学历 alone."""
    match = _DEGREE_WORD.search(level)
    if match is None or match.group() == level or "研究生" in match.group():
        return level, None
    rest = _DEGREE_WORD.sub("", level, count=1).strip("、,，;；/ （()）")
    return (rest, match.group()) if rest else (level, None)


def _read_position(found: RosterRow) -> None:
    reader = found.reader
    stated = reader.get("unit", read_text, longest=100) if reader.has("unit") else found.row.section
    found.unit = tight(stated or "")
    found.title = tight(reader.get("title", read_text, longest=100) or "")
    found.since = reader.date("post_since")


# ---- rows against each other ------------------------------------------------------------------------


def check_duplicates(rows: Iterable[RosterRow]) -> None:
    """One staff number or identity number on two rows: both are marked, each naming the other."""
    rows = list(rows)
    _mark_duplicates(rows, "staff_no", "duplicate_staff_no", "工号", lambda row: row.staff_no.upper())
    _mark_duplicates(
        rows, "id_number", "duplicate_id", "身份证号", lambda row: row.values.get("id_number", "")
    )


def _mark_duplicates(
    rows: list[RosterRow], key: str, code: str, what: str, of: Callable[[RosterRow], str]
) -> None:
    groups: dict[str, list[RosterRow]] = defaultdict(list)
    for row in rows:
        if value := of(row):
            groups[value].append(row)
    for group in groups.values():
        for row in group if len(group) > 1 else ():
            others = "、".join(_place(other, key) for other in group[:4] if other is not row)
            row.reader.fault(key, code, f"{what}与 {others} 重复；请改正其中一处，或删去重复的行。")


def _place(other: RosterRow, key: str) -> str:
    row = other.row
    return f"“{row.table.sheet.name}”{row.cell(key)}（{other.name or '无姓名'}）"
