"""Writing a 干部任免审批表: the record and all that hangs on it, noted for undo and in the audit log."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from people.imports.lrmx_plan import LrmxPlan, plan_lrmx
from people.imports.report import Report
from people.imports.roster_apply import derived_values, known_posts
from people.imports.service import register
from people.imports.writer import Writer
from people.models import (
    AnnualAppraisal,
    Appointment,
    AppointmentForm,
    Cadre,
    Education,
    FamilyMember,
    ResumeEntry,
)
from people.services.cadres import complete_keys
from people.services.photos import store_photo
from people.services.records import ResumeLine


@dataclass(frozen=True)
class LrmxImport:
    plan: LrmxPlan

    def report(self) -> Report:
        return self.plan.report()

    def write(self, writer: Writer, *, by: Viewer | None) -> None:
        """Expects a plan without faults, made in the same transaction."""
        cadre = _write_cadre(self.plan, writer, by)
        _write_education(self.plan, cadre, writer)
        _write_appraisals(self.plan, cadre, writer)
        _write_form(self.plan, cadre, writer)
        _write_resume(self.plan, cadre, writer)
        _write_family(self.plan, cadre, writer)
        _write_post(self.plan, cadre, writer)


@register("lrmx", title="干部任免审批表", suffixes=(".lrmx",))
def lrmx_file(data: bytes, filename: str, *, by: Viewer | None, on: date, create_units: bool) -> LrmxImport:
    """`create_units` means nothing here: an unknown place becomes an outside organisation."""
    return LrmxImport(plan_lrmx(data, filename, by=by, on=on))


def _write_cadre(plan: LrmxPlan, writer: Writer, by: Viewer | None) -> Cadre:
    changes = {change.label: (change.old, change.new) for change in plan.changes}
    fields = {name: (getattr(plan.cadre, name, None), value) for name, value in plan.values.items()}
    if plan.cadre is None:
        cadre = Cadre(**plan.values)
        complete_keys(cadre)
        if plan.photo:
            store_photo(cadre, plan.photo)
        writer.create([cadre])
        record(action=AuditAction.CADRE_CREATED, by=by, subject=cadre, changes=fields)
        return cadre
    cadre = plan.cadre
    values = plan.values | derived_values(cadre, plan.values) | _photo_values(plan, cadre)
    writer.update([(cadre, values)] if values else [])
    label = f"{cadre.name}·任免审批表：{'、'.join(changes)}"
    record(action=AuditAction.CADRE_UPDATED, by=by, subject=cadre, label=label, changes=fields)
    return cadre


def _photo_values(plan: LrmxPlan, cadre: Cadre) -> dict[str, Any]:
    """Stores the picture beside the old one, so that undo finds the old one where it was."""
    if not plan.photo:
        return {}
    holder = Cadre(uid=cadre.uid)
    store_photo(holder, plan.photo)
    return {"photo_path": holder.photo_path, "photo_digest": holder.photo_digest}


def _write_education(plan: LrmxPlan, cadre: Cadre, writer: Writer) -> None:
    parts = plan.education.items()
    writer.create([Education(cadre=cadre, mode=m, **values) for m, (row, values) in parts if row is None])
    writer.update([(row, values) for _, (row, values) in parts if row is not None])


def _write_appraisals(plan: LrmxPlan, cadre: Cadre, writer: Writer) -> None:
    parts = plan.appraisals.items()
    writer.create(
        [AnnualAppraisal(cadre=cadre, year=y, grade=grade) for y, (row, grade) in parts if row is None]
    )
    writer.update([(row, {"grade": grade}) for _, (row, grade) in parts if row is not None])


def _write_form(plan: LrmxPlan, cadre: Cadre, writer: Writer) -> None:
    if plan.form is None:
        return
    row, values = plan.form
    if row is None:
        writer.create([AppointmentForm(cadre=cadre, **values)])
    else:
        writer.update([(row, values)])


def _write_resume(plan: LrmxPlan, cadre: Cadre, writer: Writer) -> None:
    """The whole 简历 anew; interludes need the key of their period, so periods go first."""
    if not plan.replaces_resume:
        return
    writer.delete(list(cadre.resume.all()))
    lines = plan.found.resume
    periods = [_entry(cadre, line, number) for number, line in enumerate(lines)]
    writer.create(periods)
    writer.create(
        [
            _entry(cadre, inner, number, period)
            for period, line in zip(periods, lines, strict=True)
            for number, inner in enumerate(line.interludes)
        ]
    )


def _entry(cadre: Cadre, line: ResumeLine, position: int, parent: ResumeEntry | None = None) -> ResumeEntry:
    return ResumeEntry(
        cadre=cadre,
        parent=parent,
        position=position,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        text=line.text,
    )


def _write_family(plan: LrmxPlan, cadre: Cadre, writer: Writer) -> None:
    if plan.replaces_family:
        writer.delete(list(cadre.family.all()))
        writer.create([FamilyMember(cadre=cadre, **values) for values in plan.found.family])


def _write_post(plan: LrmxPlan, cadre: Cadre, writer: Writer) -> None:
    if plan.post is not None:
        post = plan.post
        writer.create(
            [
                Appointment(
                    cadre=cadre,
                    unit=post.unit,
                    post_id=known_posts().get((post.unit.pk, post.title)) if post.unit else None,
                    organisation=post.organisation,
                    title=post.title,
                    starts_on=post.starts_on,
                )
            ]
        )
