"""What a 任免审批表 says, as values of the product's fields; every fault stands at its tag."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from people.choices import AppraisalGrade, EducationMode, PoliticalStatus
from people.identity import Identity
from people.imports.dates import BadValue, read_date
from people.imports.faults import Fault
from people.imports.party import read_party
from people.imports.reading import Findings, Teller
from people.imports.text import squeeze
from people.imports.values import is_blank, read_choice, read_id, read_name, read_sex, read_text
from people.imports.words import HEALTH_STATES, POLITICAL_STATUSES, normal_ethnicity
from people.lrmx import AppointmentForm, FamilyLine, tag_of
from people.partial_date import PartialDate
from people.resume import read_resume
from people.services.records import ResumeLine

T = TypeVar("T")

# Field of the form → (Cadre field, longest text)
_TEXTS = {
    "native_place": ("native_place", 60),
    "birthplace": ("birthplace", 60),
    "professional_title": ("professional_title", 60),
    "specialty": ("specialty", 100),
    "rewards": ("reward_text", 5000),
    "appraisals": ("appraisal_text", 5000),
}
# Field of the form → (field of people.AppointmentForm, longest text)
_FORM_TEXTS = {
    "current_post": ("current_post", 200),
    "proposed_post": ("proposed_post", 200),
    "removed_post": ("removed_post", 200),
    "reason": ("reason", 300),
    "submitting_unit": ("submitting_unit", 100),
    "filled_by": ("filled_by", 60),
    "pre_reform_age_limit": ("pre_reform_age_limit", 60),
    "version": ("form_version", 20),
}
_TITLES = {
    "name": "姓名",
    "sex": "性别",
    "birth": "出生年月",
    "birth_month": "出生年月",
    "ethnicity": "民族",
    "native_place": "籍贯",
    "birthplace": "出生地",
    "party_joined": "入党时间",
    "work_started": "参加工作时间",
    "retirement_month": "到龄年月",
    "health": "健康状况",
    "professional_title": "专业技术职务",
    "specialty": "熟悉专业有何专长",
    "current_post": "现任职务",
    "proposed_post": "拟任职务",
    "removed_post": "拟免职务",
    "resume": "简历",
    "rewards": "奖惩情况",
    "appraisals": "年度考核结果",
    "reason": "任免理由",
    "family": "家庭主要成员及重要社会关系",
    "submitting_unit": "呈报单位",
    "age_counted_on": "计算年龄时间",
    "filled_on": "填表时间",
    "filled_by": "填表人",
    "id_number": "身份证号",
    "photo": "照片",
    "version": "版本",
    "pre_reform_age_limit": "改革前任职年龄界限",
}
_ALIASES = {"birth": "birth_month", "post_since": "current_post"}
_GRADES = sorted(AppraisalGrade.labels, key=len, reverse=True)
_RESULT = r"年?度?(?:年度)?(?:考核)?(?:结果|等次)?(?:为|定为|评为|[:：])?"
_APPRAISAL = re.compile(rf"(\d{{4}}){_RESULT}({'|'.join(_GRADES)})")


class FormTeller(Teller):
    """Faults of a form stand at the XML tag."""

    def place(self, key: str, code: str, message: str) -> Fault:
        name = _ALIASES.get(key, key)
        return Fault("", tag_of(name), _TITLES.get(name, _education_title(name)), code, message)


def _education_title(name: str) -> str:
    mode = "全日制教育" if name.startswith("full_time") else "在职教育"
    return mode + ("毕业院校系及专业" if name.endswith("school") else "学历学位")


@dataclass(slots=True)
class FormValues:
    """A form as read: `cadre`, `form` are field values; lists stand in the order of the file."""

    teller: FormTeller
    source: AppointmentForm
    cadre: dict[str, Any] = field(default_factory=dict)
    exact: dict[str, PartialDate] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    education: dict[str, dict[str, str]] = field(default_factory=dict)
    resume: list[ResumeLine] = field(default_factory=list)
    family: list[dict[str, Any]] = field(default_factory=list)
    appraisals: dict[int, str] = field(default_factory=dict)
    identity: Identity | None = None

    @property
    def name(self) -> str:
        return str(self.cadre.get("name", ""))


def read_form(source: AppointmentForm, findings: Findings, *, on: date) -> FormValues:
    """Everything the form states, with everything that is wrong with it."""
    found = FormValues(FormTeller(findings, on=on), source)
    _read_person(found)
    _read_texts(found)
    _read_dates(found)
    _read_party(found)
    _read_education(found)
    _read_form(found)
    _read_resume(found)
    found.family = [_family_member(found, number, line) for number, line in enumerate(source.family)]
    found.appraisals = _appraisals(source.appraisals)
    return found


def _get(found: FormValues, key: str, read: Callable[..., T], **options: Any) -> T | None:
    text = getattr(found.source, _ALIASES.get(key, key))
    if is_blank(text):
        return None
    try:
        return read(text, **options)
    except BadValue as bad:
        found.teller.fault(key, bad.code, bad.message)
        return None


def _put(values: dict[str, Any], name: str, value: Any) -> None:
    if value not in (None, ""):
        values[name] = value


def _read_person(found: FormValues) -> None:
    _put(found.cadre, "name", _get(found, "name", read_name))
    _put(found.cadre, "sex", _get(found, "sex", read_sex))
    found.identity = _get(found, "id_number", read_id, on=found.teller.on)
    if found.identity:
        found.cadre["id_number"] = found.identity.number
    if not found.name and not found.teller.refused:
        found.teller.fault("name", "missing_name", "任免审批表没有填姓名；请补上姓名后再导入。")


def _read_texts(found: FormValues) -> None:
    for key, (name, longest) in _TEXTS.items():
        text = getattr(found.source, key)
        if len(text) > longest:
            message = f"内容有 {len(text)} 个字，超过 {longest} 个字的上限；请缩短后再导入。"
            found.teller.fault(key, "too_long", message)
        elif text:
            found.cadre[name] = text
    ethnicity = _get(found, "ethnicity", read_text, longest=20)
    _put(found.cadre, "ethnicity", ethnicity and normal_ethnicity(squeeze(ethnicity)))
    health = _get(
        found,
        "health",
        read_choice,
        words=HEALTH_STATES,
        what="健康状况",
        code="unknown_health",
        options="健康、一般、较差",
    )
    _put(found.cadre, "health", health)


def _read_dates(found: FormValues) -> None:
    for key, name in (("birth", "birth_month"), ("work_started", "work_started_on")):
        if stated := _get(found, key, read_date):
            if stated.day > found.teller.on:
                message = f"{stated} 晚于今天；请核对年份和月份。"
                found.teller.fault(key, "future_date", message)
                continue
            found.cadre[name] = stated.month if name == "birth_month" else stated.day
            found.exact[name] = stated
    if retirement := _get(found, "retirement_month", read_date):
        found.cadre["retirement_month"] = retirement.month
        found.exact["retirement_month"] = retirement


def _read_party(found: FormValues) -> None:
    """入党时间 holds a month, a party's name, or both; the words are kept as they came."""
    joined, note = _get(found, "party_joined", read_party) or (None, "")
    if joined and joined.day > found.teller.on:
        found.teller.fault("party_joined", "future_date", f"入党时间 {joined} 晚于今天；请核对。")
        return
    if joined:
        found.cadre["party_joined_on"] = joined.day
        found.exact["party_joined_on"] = joined
    _put(found.cadre, "party_note", note)
    status = _party_in(note) if note else PoliticalStatus.PARTY_MEMBER.value if joined else ""
    _put(found.cadre, "political_status", status)


def _party_in(note: str) -> str:
    words = sorted(POLITICAL_STATUSES, key=len, reverse=True)
    flat = squeeze(note)
    return next((str(POLITICAL_STATUSES[word]) for word in words if len(word) > 1 and word in flat), "")


def _read_education(found: FormValues) -> None:
    for mode in EducationMode:
        values: dict[str, str] = {}
        for name, longest in (("level", 40), ("degree", 40), ("level_school", 100), ("degree_school", 100)):
            _put(values, name, _get(found, f"{mode.value}_{name}", read_text, longest=longest))
        if values:
            found.education[mode.value] = values


def _read_form(found: FormValues) -> None:
    for key, (name, longest) in _FORM_TEXTS.items():
        _put(found.form, name, _get(found, key, read_text, longest=longest))
    for name in ("age_counted_on", "filled_on"):
        digits = re.sub(r"\D", "", getattr(found.source, name))[:8]
        if digits and _get(found, name, _date) is not None:
            found.form[name] = digits
    if found.source.others:
        found.form["other_tags"] = [[other.tag, other.xml, other.after] for other in found.source.others]


def _date(text: str) -> PartialDate:
    return read_date(text)


def _read_resume(found: FormValues) -> None:
    found.resume = read_resume(found.source.resume)
    for line in [*found.resume, *(inner for period in found.resume for inner in period.interludes)]:
        if line.starts_on and line.ends_on and line.ends_on < line.starts_on:
            message = f"简历“{line.text[:20]}”的结束年月早于开始年月；请核对。"
            found.teller.fault("resume", "end_before_start", message)
        if len(line.text) > 500:
            found.teller.fault("resume", "too_long", f"简历“{line.text[:20]}…”一行超过 500 字；请分行。")
    found.resume = [line for line in found.resume if line.text or line.interludes]


def _family_member(found: FormValues, number: int, line: FamilyLine) -> dict[str, Any]:
    born = None
    if not is_blank(line.born):
        try:
            born = read_date(line.born).month
        except BadValue as bad:
            found.teller.fault("family", bad.code, f"家庭成员“{line.relation}”的出生年月：{bad.message}")
    return {
        "position": number,
        "relation": line.relation[:20],
        "name": line.name,
        "birth_month": born,
        "political_status": line.political_status[:20],
        "workplace": line.workplace,
    }


def _appraisals(text: str) -> dict[int, str]:
    """Year → grade, where the free text says so plainly; the text itself is kept in any case."""
    by_label = {label: value for value, label in AppraisalGrade.choices}
    found = _APPRAISAL.findall(squeeze(text))
    return {int(year): by_label[grade] for year, grade in found if 1950 <= int(year) <= 2200}
