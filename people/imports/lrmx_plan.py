"""干部任免审批表 (.lrmx): what the form would change in one cadre's record.

The identity number finds the cadre. Filled tags change what they name; the resume and the family list are
taken as a whole when they differ. A cadre without a main post gets one from 现任职务 and the last period.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.access import Permission, Viewer
from core.crypto import blind_index
from core.errors import DomainError
from people.choices import AppointmentKind, EducationMode
from people.consistency import Facts
from people.imports.checks import check_person
from people.imports.display import cadre_changes, change_of, education_changes
from people.imports.jpeg import plain_jpeg
from people.imports.lrmx_form import FormTeller, FormValues, read_form
from people.imports.place import part_post
from people.imports.reading import Findings
from people.imports.report import FieldChange, Outcome, Report, RowReport
from people.imports.roster import same_date, stored_identity
from people.imports.units import Units
from people.lrmx import read_lrmx
from people.models import (
    AnnualAppraisal,
    Appointment,
    AppointmentForm,
    Cadre,
    Education,
    FamilyMember,
    Unit,
)
from people.partial_date import PartialDate
from people.resume import write_resume
from people.services.photos import normalised_photo
from people.services.records import resume_lines

_FAMILY_FIELDS = ("position", "relation", "name", "birth_month", "political_status", "workplace")


@dataclass(frozen=True, slots=True)
class FirstPost:
    """The main post of a cadre who has none yet."""

    unit: Unit | None
    organisation: str
    title: str
    starts_on: date


@dataclass
class LrmxPlan:
    """What one form writes; `None` and empty parts mean nothing to write."""

    filename: str
    found: FormValues
    findings: Findings
    cadre: Cadre | None = None
    values: dict[str, Any] = field(default_factory=dict)
    education: dict[str, tuple[Education | None, dict[str, str]]] = field(default_factory=dict)
    appraisals: dict[int, tuple[AnnualAppraisal | None, str]] = field(default_factory=dict)
    form: tuple[AppointmentForm | None, dict[str, Any]] | None = None
    replaces_resume: bool = False
    replaces_family: bool = False
    photo: bytes | None = None
    post: FirstPost | None = None
    changes: list[FieldChange] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.found.teller.refused:
            return Outcome.REFUSED
        if self.cadre is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.UNCHANGED

    def report(self) -> Report:
        faults = tuple(self.found.teller.faults)
        key = (self.cadre.staff_no if self.cadre else "") or ""
        row = RowReport("", 1, key, self.found.name, self.outcome, tuple(self.changes), faults)
        report = Report(self.filename, "lrmx", [row], self.findings.faults, self.findings.warnings)
        periods = self.found.resume
        report.summary = {
            "cadres": 1,
            "resume": len(periods),
            "interludes": sum(len(period.interludes) for period in periods),
            "family": len(self.found.family),
        }
        return report


def plan_lrmx(data: bytes, filename: str, *, by: Viewer | None, on: date) -> LrmxPlan:
    """Reads the form and compares it with the database; writes nothing."""
    findings = Findings()
    found = read_form(read_lrmx(data), findings, on=on)
    plan = LrmxPlan(filename, found, findings)
    plan.cadre = _match(found, by)
    _fill_from_identity(plan)
    check_person(found.teller, _facts(plan), found.cadre)
    _plan_cadre(plan)
    _plan_education(plan)
    _plan_appraisals(plan)
    _plan_form(plan)
    _plan_lists(plan)
    _plan_photo(plan)
    _plan_post(plan, by, on)
    return plan


def _match(found: FormValues, by: Viewer | None) -> Cadre | None:
    """By identity number only: a name alone does not make two records one person."""
    teller = found.teller
    if found.identity is None:
        if not teller.refused and Cadre.objects.filter(name=found.name).exists():
            message = f"系统中已有“{found.name}”，而表中没有身份证号，无法确认是否同一人；请补上身份证号。"
            teller.fault("id_number", "ambiguous_name", message)
        return None
    cadre = Cadre.objects.filter(id_number_index=blind_index(found.identity.number)).first()
    if cadre and by:
        _check_scope(teller, cadre, by)
    if cadre is None and (same := _same_name_without_identity(found)):
        message = f"系统中的“{same}”还没有登记身份证号，无法确认是否同一人；请先在其档案中补上身份证号。"
        teller.fault("id_number", "ambiguous_name", message)
    return cadre


def _same_name_without_identity(found: FormValues) -> str:
    others = Cadre.objects.filter(name=found.name, id_number_index=None)
    return "、".join(f"{other.name}（{other.staff_no or '无工号'}）" for other in others[:3])


def _check_scope(teller: FormTeller, cadre: Cadre, by: Viewer) -> None:
    if cadre.pk == by.cadre_id:
        teller.fault("name", "self", "本人的信息不能由本人导入；请由其他有权限的同事导入。")
    elif not Cadre.objects.visible_to(by, Permission.IMPORT).filter(pk=cadre.pk).exists():
        teller.fault("name", "not_in_scope", f"“{cadre.name}”不在你的管辖范围内；请由有权限的同事导入。")


def _fill_from_identity(plan: LrmxPlan) -> None:
    found, cadre = plan.found, plan.cadre
    if found.identity is None:
        return
    if not found.source.sex and not (cadre and cadre.sex):
        found.cadre["sex"] = found.identity.sex.value
    if not found.source.birth_month and not (cadre and cadre.birth_month):
        found.cadre["birth_month"] = found.identity.born_on.replace(day=1)


def _facts(plan: LrmxPlan) -> Facts:
    found, cadre = plan.found, plan.cadre
    month = found.cadre.get("birth_month") or (cadre.birth_month if cadre else None)
    return Facts(
        identity=found.identity or stored_identity(cadre),
        sex=found.cadre.get("sex") or (cadre.sex if cadre else ""),
        birth=found.exact.get("birth_month") or (PartialDate(month) if month else None),
        work_started_on=found.cadre.get("work_started_on") or (cadre.work_started_on if cadre else None),
        party_joined_on=found.cadre.get("party_joined_on"),
    )


def _plan_cadre(plan: LrmxPlan) -> None:
    for name, value in plan.found.cadre.items():
        stored = getattr(plan.cadre, name) if plan.cadre else None
        stated = plan.found.exact.get(name)
        same = same_date(stated, stored) if stated and stored else stored == value
        if not same:
            plan.values[name] = value
    plan.changes += cadre_changes(plan.cadre, plan.values)


def _plan_education(plan: LrmxPlan) -> None:
    rows = Education.objects.filter(cadre=plan.cadre) if plan.cadre else ()
    stored = {row.mode: row for row in rows}
    for mode in EducationMode:
        row = stored.get(mode.value)
        values = plan.found.education.get(mode.value, {})
        different = {name: text for name, text in values.items() if getattr(row, name, "") != text}
        if different:
            plan.education[mode.value] = (row, different)
            plan.changes += education_changes(mode.value, row, different)


def _plan_appraisals(plan: LrmxPlan) -> None:
    rows = AnnualAppraisal.objects.filter(cadre=plan.cadre) if plan.cadre else ()
    stored = {row.year: row for row in rows}
    for year, grade in sorted(plan.found.appraisals.items()):
        row = stored.get(year)
        if row is None or row.grade != grade:
            plan.appraisals[year] = (row, grade)
            change = change_of(AnnualAppraisal, "grade", row.grade if row else "", grade)
            plan.changes.append(FieldChange(f"{year}年度考核", change.old, change.new))


def _plan_form(plan: LrmxPlan) -> None:
    row = AppointmentForm.objects.filter(cadre=plan.cadre).first() if plan.cadre else None
    different = {n: v for n, v in plan.found.form.items() if row is None or getattr(row, n) != v}
    if not different:
        return
    plan.form = (row, different)
    shown = [name for name in different if name != "other_tags"]
    plan.changes += [change_of(AppointmentForm, n, getattr(row, n, ""), different[n]) for n in shown]
    if "other_tags" in different:
        tags = "、".join(tag for tag, _, _ in different["other_tags"])
        plan.changes.append(FieldChange("其他标签", "", f"{tags}（原样保留）"))


def _plan_lists(plan: LrmxPlan) -> None:
    found = plan.found
    lines = resume_lines(plan.cadre) if plan.cadre else []
    if found.resume and found.resume != lines:
        plan.replaces_resume = True
        plan.changes.append(FieldChange("简历", write_resume(lines), write_resume(found.resume)))
    stored = [_family_values(row) for row in plan.cadre.family.all()] if plan.cadre else []
    if found.family and found.family != stored:
        plan.replaces_family = True
        plan.changes.append(FieldChange("家庭成员", _relations(stored), _relations(found.family)))


def _family_values(row: FamilyMember) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in _FAMILY_FIELDS}
    return {name: str(value) if isinstance(value, str) else value for name, value in values.items()}


def _relations(members: list[dict[str, Any]]) -> str:
    """Names and workplaces of relatives are sensitive: the report only says who they are to the cadre."""
    return "、".join(str(member["relation"]) for member in members)


def _plan_photo(plan: LrmxPlan) -> None:
    data = plan.found.source.photo
    if not data:
        return
    try:
        photo = plain_jpeg(data) or normalised_photo(data)
    except DomainError as refusal:
        plan.found.teller.warn("photo", "bad_photo", f"{refusal.message}其余内容照常导入。")
        return
    stored = plan.cadre.photo_digest if plan.cadre else ""
    if hashlib.sha256(photo).hexdigest() != stored:
        plan.photo = photo
        plan.changes.append(FieldChange("照片", "有" if stored else "", f"{len(photo) // 1024 + 1} KB"))


def _plan_post(plan: LrmxPlan, by: Viewer | None, on: date) -> None:
    """Only where there is no main post: a post that is held changes by the roster or by hand."""
    text = plan.found.form.get("current_post", "")
    if not text or (plan.cadre and _has_post(plan.cadre, on)):
        return
    units = Units.load()
    unit, place, title = part_post(text, units)
    if by and not by.sees_all(Permission.IMPORT) and not _in_scope(unit, by):
        message = "现任职务所在机构不在你的管辖范围内；请由有权限的同事导入。"
        plan.found.teller.fault("current_post", "not_in_scope", message)
    if unit is None:
        message = f"现任职务中的“{place}”不是已登记的机构，任职按外部单位登记；请之后在任职记录中改选机构。"
        plan.found.teller.warn("current_post", "unknown_unit", message)
    plan.post = FirstPost(unit, "" if unit else place[:100], title[:100], _post_since(plan.found, on))
    shown = unit.name if unit else place
    since = f"{plan.post.starts_on:%Y.%m}"
    plan.changes.append(FieldChange("任职", "", f"{shown} {title or '（职务未写明）'}，{since} 起"))


def _has_post(cadre: Cadre, on: date) -> bool:
    posts = Appointment.objects.filter(cadre=cadre, kind=AppointmentKind.POST)
    return bool(posts.covering(on).exists())


def _in_scope(unit: Unit | None, by: Viewer) -> bool:
    path = unit.path if unit and unit.path else ""
    return bool(path) and any(path.startswith(prefix) for prefix in by.paths(Permission.IMPORT))


def _post_since(found: FormValues, on: date) -> date:
    """The start of the period that is still open, if the resume has one."""
    starts = [line.starts_on for line in found.resume if line.ends_on is None and line.starts_on]
    return starts[-1] if starts and starts[-1] <= on else on
