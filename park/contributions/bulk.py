"""What of the task list may be changed on many tasks at once, by the services of a single task."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model

from core.access import Permission, Viewer
from core.bulk import BulkField, register_bulk_edit
from core.templatetags.ui import cn_date
from park.choices import TaskState
from park.forms.people import PersonField
from park.forms.tasks import official_field, unit_field
from park.models import Task
from park.services.tasks import reassign_task, update_task
from people.models import Cadre, Unit

ISSUED_DUE = "已交办任务的时限只能通过延期申请调整，这里只改待交办的。"


def _key(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


def _person(key: Any) -> Cadre | None:
    return Cadre.objects.filter(pk=key).first() if key else None


def _unit(key: Any) -> Unit | None:
    return Unit.objects.filter(pk=key).first() if key else None


def _day(key: Any) -> date | None:
    return date.fromisoformat(key) if key else None


def _named(find: Callable[[Any], Any]) -> Callable[[Any], str]:
    return lambda key: str(find(key) or "")


def _responsible(name: str, find: Callable[[Any], Any]) -> Callable[[Task, Any, Viewer], None]:
    """A draft is filled in; of an issued task the duty passes on, with its history."""

    def write(task: Task, key: Any, by: Viewer) -> None:
        if task.state == TaskState.DRAFT:
            update_task(task=task, values={name: find(key)}, by=by, on=by.on)
        else:
            reassign_task(task=task, by=by, on=by.on, reason="批量调整", **{name: find(key)})

    return write


def _write_due(task: Task, key: Any, by: Viewer) -> None:
    update_task(task=task, values={"due_on": _day(key)}, by=by, on=by.on)


def _asked(field: Any) -> forms.Field:
    """The same field as on the task's own form, but here it is what the page is for."""
    field.required = True
    found: forms.Field = field
    return found


def _register(order: int, name: str, label: str, **values: Any) -> None:
    register_bulk_edit(
        BulkField(
            list_key="park:tasks",
            key=name,
            label=label,
            order=order,
            permission=Permission.EDIT_PARK,
            rows=lambda viewer: Task.objects.visible_to(viewer),
            editable=lambda viewer: Task.objects.visible_to(viewer, Permission.EDIT_PARK),
            current=lambda task: _key(getattr(task, name if name == "due_on" else f"{name}_id")),
            store=_key,
            **values,
        )
    )


_register(
    10,
    "owner",
    "责任人",
    form_field=lambda viewer: PersonField(),
    shown=_named(_person),
    service=_responsible("owner", _person),
)
_register(
    20,
    "lead_department",
    "责任部门",
    form_field=lambda viewer: _asked(unit_field(viewer)),
    shown=_named(_unit),
    service=_responsible("lead_department", _unit),
)
_register(
    30,
    "lead_official",
    "责任领导",
    form_field=lambda viewer: _asked(official_field(viewer.on)),
    shown=_named(_person),
    service=_responsible("lead_official", _person),
)
_register(
    40,
    "due_on",
    "完成时限",
    form_field=lambda viewer: forms.DateField(),
    shown=lambda key: cn_date(_day(key)),
    service=_write_due,
    hint=ISSUED_DUE,
)
