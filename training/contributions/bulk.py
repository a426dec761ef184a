"""What of people in a class or an activity may be changed for many at once, by the services of one."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.access import Permission, Viewer
from core.bulk import BulkField, register_bulk_edit
from training.choices import AttendanceState, LeaveReason, ResultGrade
from training.models import Attendance, Participation
from training.services.attendance import Verdict, register
from training.services.participants import change_participation
from training.services.study.attendance import Mark, mark_attendance

BATCH_REASON = "批量登记"
AMOUNTS_HINT = "只改已归档班次；学时总账随之更正。"


# People of a class


def _participations(viewer: Viewer) -> QuerySet[Any]:
    return Participation.objects.visible_to(viewer).select_related("cadre", "training_class")


def _credited_by(viewer: Viewer) -> QuerySet[Any]:
    """Those of the own units; nobody credits the own record (security.md R3)."""
    rows = Participation.objects.visible_to(viewer, Permission.EDIT_TRAINING)
    return rows.exclude(cadre=viewer.cadre_id or 0).select_related("cadre", "training_class")


def _class_page(pk: int) -> str:
    row = Participation.objects.filter(pk=pk).values_list("training_class", flat=True).first()
    return reverse("training:class", args=[row]) if row else reverse("training:classes")


def _credit(name: str, read: Callable[[Any], Any]) -> Callable[[Any, Any, Viewer], None]:
    def write(row: Participation, value: Any, by: Viewer) -> None:
        change_participation(participation=row, values={name: read(value)}, by=by, at=timezone.now())

    return write


def _number(value: Any) -> str:
    """An amount as JSON keeps it and people write it: 8 and 8.00 are the same."""
    return f"{Decimal(value):.2f}"


def _register_credit(order: int, name: str, label: str, form_field: Any, **values: Any) -> None:
    values.setdefault("read", lambda value: value)
    read, store = values.pop("read"), values.pop("store", lambda value: value)
    register_bulk_edit(
        BulkField(
            list_key="training:class",
            key=name,
            label=label,
            order=order,
            permission=Permission.EDIT_TRAINING,
            form_field=form_field,
            rows=_participations,
            editable=_credited_by,
            current=lambda row: store(getattr(row, name)),
            service=_credit(name, read),
            store=store,
            home=_class_page,
            **values,
        )
    )


def _amount(viewer: Viewer) -> forms.Field:
    return forms.DecimalField(min_value=0, max_value=1000, max_digits=7, decimal_places=2)


for order, name, label in ((10, "hours", "认定学时"), (20, "days", "认定天数")):
    _register_credit(order, name, label, _amount, store=_number, read=Decimal, hint=AMOUNTS_HINT)
_register_credit(
    30,
    "result",
    "考核结果",
    lambda viewer: forms.ChoiceField(choices=[("", "请选择考核结果"), *ResultGrade.choices]),
    shown=lambda value: str(dict(ResultGrade.choices).get(value, "")),
)
_register_credit(40, "note", "备注", lambda viewer: forms.CharField(max_length=200, required=False))


# People expected at a slot or an activity

LEAVES = [(f"{AttendanceState.LEAVE}:{code}", f"请假：{label}") for code, label in LeaveReason.choices]
STATES = [
    *((f"{state.value}:", str(state.label)) for state in AttendanceState if state != AttendanceState.LEAVE),
    *LEAVES,
]
WORDS = dict(STATES)


def _attendances(viewer: Viewer) -> QuerySet[Any]:
    return Attendance.objects.visible_to(viewer).select_related("cadre", "slot__activity")


def _kept_by(permission: Permission, **of: Any) -> Callable[[Viewer], QuerySet[Any]]:
    def rows(viewer: Viewer) -> QuerySet[Any]:
        kept = Attendance.objects.visible_to(viewer, permission).filter(**of)
        return kept.exclude(cadre=viewer.cadre_id or 0).select_related("cadre", "slot__activity")

    return rows


def _at_class(row: Attendance, value: str, by: Viewer) -> None:
    state, _, leave = value.partition(":")
    verdict = Verdict(AttendanceState(state), BATCH_REASON, leave)
    register(slot=row.slot, rows=[row], verdict=verdict, by=by, at=timezone.now())


def _at_activity(row: Attendance, value: str, by: Viewer) -> None:
    state, _, leave = value.partition(":")
    mark = Mark(row.pk, AttendanceState(state), leave, row.note)
    if activity := row.slot.activity:
        mark_attendance(activity=activity, marks=[mark], by=by, at=timezone.now())


def _slot_page(pk: int) -> str:
    row = Attendance.objects.filter(pk=pk).values_list("slot", flat=True).first()
    return reverse("training:slot", args=[row]) if row else reverse("training:classes")


def _people_page(pk: int) -> str:
    row = Attendance.objects.filter(pk=pk).values_list("slot__activity", flat=True).first()
    return reverse("training:activity_people", args=[row]) if row else reverse("training:activities")


def _register_state(list_key: str, permission: Permission, **values: Any) -> None:
    register_bulk_edit(
        BulkField(
            list_key=list_key,
            key="state",
            label="到课情况",
            permission=permission,
            form_field=lambda viewer: forms.ChoiceField(choices=[("", "请选择到课情况"), *STATES]),
            rows=_attendances,
            current=lambda row: f"{row.state}:{row.leave_reason}",
            shown=lambda value: str(WORDS.get(value, "")),
            **values,
        )
    )


_register_state(
    "training:slot",
    Permission.EDIT_TRAINING,
    editable=_kept_by(Permission.EDIT_TRAINING, slot__training_class__isnull=False),
    service=_at_class,
    home=_slot_page,
)
_register_state(
    "training:activity_people",
    Permission.EDIT_STUDY,
    editable=_kept_by(Permission.EDIT_STUDY, slot__activity__isnull=False),
    service=_at_activity,
    home=_people_page,
)
