"""What of projects, enterprises and their requests may be changed on many rows at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from core.access import Permission, Viewer
from core.bulk import BulkField, register_bulk_edit
from core.errors import DomainError
from core.templatetags.ui import cn_date
from park.forms.tasks import official_field, unit_field
from park.models import Enterprise, EnterpriseRequest, Project
from park.services.enterprises import update_enterprise
from park.services.projects import update_project
from park.services.requests import assign_request
from people.models import Cadre, Unit

Write = Callable[[Any, Any, Viewer], None]
NOT_ASSIGNED = "诉求还没有交办，请打开诉求逐件交办。"


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a field's value is asked for, kept as JSON, found again and shown."""

    field: Callable[[Viewer], forms.Field]
    store: Callable[[Any], Any] = str
    find: Callable[[Any], Any] = str
    shown: Callable[[Any], str] = str


def _required(field: Any, label: str) -> forms.Field:
    field.required, field.label = True, label
    found: forms.Field = field
    return found


def _row(key: Any) -> Any:
    return key.pk


_DEPARTMENT = _Kind(
    lambda viewer: _required(unit_field(viewer), "部门"),
    _row,
    lambda key: Unit.objects.filter(pk=key).first(),
)
_OFFICIAL = _Kind(
    lambda viewer: _required(official_field(viewer.on), "包保领导"),
    _row,
    lambda key: Cadre.objects.filter(pk=key).first(),
)
_DAY = _Kind(
    lambda viewer: forms.DateField(),
    date.isoformat,
    date.fromisoformat,
    cn_date,
)
_GRID = _Kind(lambda viewer: forms.CharField(max_length=60, label="网格"))


def _current(name: str) -> Callable[[Any], Any]:
    """The row's own value as it would be kept; a related row by its key alone, without reading it."""

    def read(row: Any) -> Any:
        value = getattr(row, f"{name}_id", None) or getattr(row, name)
        return value.isoformat() if isinstance(value, date) else value

    return read


def _editable(model: Any, viewer: Viewer) -> Any:
    """Of requests those of one's enterprises: the department that handles one does not pass it on."""
    if model is EnterpriseRequest:
        ours = Enterprise.objects.visible_to(viewer, Permission.EDIT_PARK)
        return model.objects.visible_to(viewer).filter(enterprise__in=ours)
    return model.objects.visible_to(viewer, Permission.EDIT_PARK)


def _register(
    list_key: str, model: Any, order: int, name: str, label: str, kind: _Kind, write: Write, hint: str = ""
) -> None:
    register_bulk_edit(
        BulkField(
            list_key=list_key,
            key=name,
            label=label,
            order=order,
            permission=Permission.EDIT_PARK,
            form_field=kind.field,
            store=kind.store,
            shown=lambda key: str(kind.shown(kind.find(key)) if key else ""),
            current=_current(name),
            rows=lambda viewer: model.objects.visible_to(viewer),
            editable=lambda viewer: _editable(model, viewer),
            service=lambda row, key, by: write(row, kind.find(key), by),
            hint=hint,
        )
    )


def _project(name: str) -> Write:
    return lambda row, value, by: update_project(project=row, values={name: value}, by=by)


def _enterprise(name: str) -> Write:
    return lambda row, value, by: update_enterprise(enterprise=row, values={name: value}, by=by, on=by.on)


def _assign_anew(row: EnterpriseRequest, by: Viewer, **values: Any) -> None:
    """改派: what is not asked for stays, but another department has its own handler."""
    if row.department is None or row.due_on is None:
        raise DomainError(NOT_ASSIGNED, code="not_assigned")
    kept = {"department": row.department, "due_on": row.due_on, "handler": row.handler}
    if "department" in values and values["department"] != row.department:
        kept["handler"] = None
    assign_request(request=row, by=by, on=by.on, **(kept | values))


_PROJECTS, _ENTERPRISES, _REQUESTS = "park:projects", "park:enterprises", "park:requests"
_register(_PROJECTS, Project, 10, "lead_official", "包保领导", _OFFICIAL, _project("lead_official"))
_register(_PROJECTS, Project, 20, "lead_department", "责任部门", _DEPARTMENT, _project("lead_department"))
_register(_PROJECTS, Project, 30, "due_on", "计划完成日期", _DAY, _project("due_on"))
_register(_ENTERPRISES, Enterprise, 10, "lead_official", "包保领导", _OFFICIAL, _enterprise("lead_official"))
_register(
    _ENTERPRISES, Enterprise, 20, "lead_department", "责任部门", _DEPARTMENT, _enterprise("lead_department")
)
_register(_ENTERPRISES, Enterprise, 30, "grid", "网格", _GRID, _enterprise("grid"))
_register(
    _REQUESTS,
    EnterpriseRequest,
    10,
    "department",
    "办理部门",
    _DEPARTMENT,
    lambda row, value, by: _assign_anew(row, by, department=value),
    "只改派已交办、还没有反馈的诉求；换了部门，由新部门另定办理人。",
)
_register(
    _REQUESTS,
    EnterpriseRequest,
    20,
    "due_on",
    "办结时限",
    _DAY,
    lambda row, value, by: _assign_anew(row, by, due_on=value),
    "只调整已交办、还没有反馈的诉求。",
)
