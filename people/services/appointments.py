"""Changes to who is where: the only way a position begins, ends or is corrected."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import overlaps
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.choices import AppointmentKind
from people.models import Appointment, Cadre, Post, Unit

FIELDS = (
    "kind",
    "unit",
    "post",
    "organisation",
    "title",
    "is_main",
    "starts_on",
    "ends_on",
    "document_no",
    "note",
)


@transaction.atomic
def appoint(*, cadre: Cadre, values: Mapping[str, Any], by: Viewer | None) -> Appointment:
    """A new appointment. A new main post ends the one held before on the day before it starts."""
    post = registered_post(values.get("unit"), values.get("title", ""))
    appointment = Appointment(cadre=cadre, **{"post": post, **values})
    if _is_main_post(appointment):
        _end_earlier_main_posts(appointment, by)
    _check_overlap(appointment)
    save_validated(appointment)
    record(
        action=AuditAction.APPOINTMENT_CREATED,
        by=by,
        subject=appointment,
        label=_label(appointment),
        changes=values_of(appointment, FIELDS),
    )
    return appointment


@transaction.atomic
def change_appointment(*, appointment: Appointment, values: Mapping[str, Any], by: Viewer | None) -> None:
    """Corrects an appointment that was entered wrongly; a move is `appoint`."""
    changes = changes_to(appointment, values)
    if "post" not in values and {"unit", "title"} & changes.keys():
        moved = {"unit": appointment.unit, "title": appointment.title, **values}
        changes |= changes_to(appointment, {"post": registered_post(moved["unit"], moved["title"])})
    if not changes:
        return
    apply_changes(appointment, changes)
    _check_overlap(appointment)
    save_validated(appointment)
    record(
        action=AuditAction.APPOINTMENT_UPDATED,
        by=by,
        subject=appointment,
        label=_label(appointment),
        changes=changes,
    )


@transaction.atomic
def remove_appointment(*, appointment: Appointment, by: Viewer) -> None:
    """Takes back an appointment that was entered by mistake; what `appoint` ended for it is open again."""
    names = {name: (getattr(appointment, name), None) for name in FIELDS}
    record(
        action=AuditAction.APPOINTMENT_UPDATED,
        by=by,
        subject=appointment,
        label=f"{_label(appointment)}（删除）",
        changes=names,
    )
    before = predecessor_of(appointment)
    appointment.delete()
    if before:
        change_appointment(appointment=before, values={"ends_on": appointment.ends_on}, by=by)


def predecessor_of(appointment: Appointment) -> Appointment | None:
    """The main post that ended the day before this one began, because this one began."""
    if not _is_main_post(appointment):
        return None
    last_day = appointment.starts_on - timedelta(days=1)
    found: Appointment | None = _main_posts(appointment.cadre).filter(ends_on=last_day).first()
    return found


def end_appointment(*, appointment: Appointment, on: date, by: Viewer | None) -> None:
    """`on` is the last day held."""
    if on < appointment.starts_on:
        message = f"免职日期不能早于任职日期（{appointment.starts_on:%Y-%m-%d}）。"
        raise DomainError(message, field="ends_on", code="end_before_start")
    change_appointment(appointment=appointment, values={"ends_on": on}, by=by)


def registered_post(unit: Unit | None, title: str) -> Post | None:
    """The unit's post of that title: who types what the register calls it holds that post."""
    return Post.objects.filter(unit=unit, title=title).first() if unit and title else None


def find_or_create_post(unit: Unit, title: str) -> tuple[Post, bool]:
    """The unit's post of that title, entered as an ordinary post when the register lacks it."""
    return Post.objects.get_or_create(unit=unit, title=title)


def _is_main_post(appointment: Appointment) -> bool:
    return appointment.kind == AppointmentKind.POST and appointment.is_main


def _main_posts(cadre: Cadre) -> Any:
    return Appointment.objects.filter(cadre=cadre, kind=AppointmentKind.POST, is_main=True)


def _end_earlier_main_posts(appointment: Appointment, by: Viewer | None) -> None:
    last_day = appointment.starts_on - timedelta(days=1)
    earlier = _main_posts(appointment.cadre).filter(starts_on__lt=appointment.starts_on)
    for held in earlier.covering(appointment.starts_on):
        change_appointment(appointment=held, values={"ends_on": last_day}, by=by)


def _check_overlap(appointment: Appointment) -> None:
    """One main post at a time: tenure, hours and scope are counted by it."""
    if not _is_main_post(appointment):
        return
    others = _main_posts(appointment.cadre).exclude(pk=appointment.pk)
    clash = others.filter(overlaps(appointment.starts_on, appointment.ends_on)).first()
    if clash:
        message = f"与已登记的任职“{clash}”（{clash.starts_on:%Y-%m-%d} 起）时间重叠，请核对起止日期。"
        raise DomainError(message, field="starts_on", code="overlap")


def _label(appointment: Appointment) -> str:
    return f"{appointment.cadre.name}·{appointment}"
