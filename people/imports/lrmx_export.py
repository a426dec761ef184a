"""A cadre's record as the exchange file of the 干部任免审批表.

What the last form read for the cadre said about the appointment itself comes back from there; everything
else is the record as it stands on the day.
"""

from datetime import date

from people.choices import EducationMode
from people.lrmx import VERSION, AppointmentForm, FamilyLine, OtherTag
from people.models import Appointment, Cadre, Education, FamilyMember
from people.models import AppointmentForm as StoredForm
from people.resume import write_resume
from people.services.photos import read_photo
from people.services.records import resume_lines


def form_of(cadre: Cadre, *, on: date) -> AppointmentForm:
    """Every tag that the record can fill; the rest stays empty."""
    stored = StoredForm.objects.filter(cadre=cadre).first() or StoredForm()
    return AppointmentForm(
        name=cadre.name,
        sex=cadre.get_sex_display(),
        birth_month=_month(cadre.birth_month),
        ethnicity=cadre.ethnicity,
        native_place=cadre.native_place,
        birthplace=cadre.birthplace,
        party_joined=cadre.party_note or _month(cadre.party_joined_on) or _party(cadre),
        work_started=_month(cadre.work_started_on),
        retirement_month=_month(cadre.retirement_month),
        health=cadre.get_health_display(),
        professional_title=cadre.professional_title,
        specialty=cadre.specialty,
        **_education(cadre),
        current_post=stored.current_post or _post_held(cadre, on),
        proposed_post=stored.proposed_post,
        removed_post=stored.removed_post,
        resume=write_resume(resume_lines(cadre)),
        rewards=cadre.reward_text or _honours(cadre),
        appraisals=cadre.appraisal_text or _appraisals(cadre),
        reason=stored.reason,
        family=tuple(_family_line(member) for member in cadre.family.order_by("position", "pk")),
        submitting_unit=stored.submitting_unit,
        age_counted_on=stored.age_counted_on,
        filled_on=stored.filled_on,
        filled_by=stored.filled_by,
        id_number=str(cadre.id_number),
        photo=read_photo(cadre) or b"",
        version=stored.form_version or VERSION,
        pre_reform_age_limit=stored.pre_reform_age_limit,
        others=tuple(OtherTag(*parts) for parts in stored.other_tags),
    )


def _month(value: date | None) -> str:
    return f"{value:%Y%m}" if value else ""


def _party(cadre: Cadre) -> str:
    """The form has no tag of its own for 政治面貌: other parties are named where the joining date stands."""
    plain = ("party_member", "probationary", "youth_league", "masses", "")
    return "" if cadre.political_status in plain else cadre.get_political_status_display()


def _education(cadre: Cadre) -> dict[str, str]:
    rows = {row.mode: row for row in cadre.education.all()}
    names = ("level", "degree", "level_school", "degree_school")
    return {
        f"{mode.value}_{name}": getattr(rows.get(mode.value, Education()), name)
        for mode in EducationMode
        for name in names
    }


def _post_held(cadre: Cadre, on: date) -> str:
    held = Appointment.objects.filter(cadre=cadre, kind="post", is_main=True).covering(on)
    post = held.select_related("unit__parent").first()
    if post is None:
        return ""
    above = post.unit.parent.name if post.unit and post.unit.parent else ""
    return f"{above}{post}"


def _honours(cadre: Cadre) -> str:
    lines = [f"{row.awarded_on:%Y.%m}，{row.awarding_body}{row.title}" for row in cadre.honours.all()]
    return "；".join(lines) + "。" if lines else ""


def _appraisals(cadre: Cadre) -> str:
    latest = sorted(cadre.appraisals.all(), key=lambda row: row.year)[-3:]
    return "；".join(f"{row.year}年度{row.get_grade_display()}" for row in latest)


def _family_line(member: FamilyMember) -> FamilyLine:
    return FamilyLine(
        relation=member.relation,
        name=str(member.name),
        born=_month(member.birth_month),
        political_status=member.political_status,
        workplace=str(member.workplace),
    )
