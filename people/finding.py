"""What of the register the global search finds, and what of the roster may be changed in bulk.

The identity number, the telephone and the address are part of neither.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from core import search
from core.access import Permission, Viewer
from core.bulk import BulkField, register_bulk_edit
from core.periods import covers
from core.templatetags.ui import cn_date
from people.choices import CadreStatus, LeadershipLevel, PoliticalStatus, StaffType
from people.filters import RANK_CHOICES
from people.models import Appointment, Cadre, Unit
from people.models.units import under_any
from people.services.cadres import update_cadre

ROSTER = "people:cadres"
NO_LEVEL = "非领导职务"


def _near(viewer: Viewer) -> Q | None:
    """Whoever holds a post in the viewer's units, and the viewer; found by the index over appointments."""
    if viewer.sees_all(Permission.VIEW_CADRE):
        return None
    paths = viewer.paths(Permission.VIEW_CADRE)
    # The units by themselves: joined, SQLite goes through all appointments of the zone.
    units = Unit.objects.filter(under_any(paths, "path")).order_by()
    held = Appointment.objects.filter(covers(viewer.on), unit__in=units.values("pk"))
    return Q(object_id__in=held.order_by().values("cadre_id")) | Q(object_id=viewer.cadre_id or 0)


def _positions(viewer: Viewer, ids: Sequence[int]) -> dict[int, str]:
    rows = Cadre.objects.visible_to(viewer).with_position(viewer.on).filter(pk__in=ids)
    return {row.pk: _position(row) for row in rows}


def _position(row: Any) -> str:
    place = f"{row.unit_name or ''}{row.post_title or ''}"
    away = "" if row.status == CadreStatus.ACTIVE else row.get_status_display()
    return "，".join(part for part in (place, away, row.staff_no) if part)


search.register(
    search.Source(
        key="people.cadre",
        label="干部",
        icon="users",
        order=10,
        model=Cadre,
        url_name="people:cadre",
        title=("name",),
        names=("former_name",),
        codes=("staff_no",),
        reading="name_pinyin",
        permission=Permission.VIEW_CADRE,
        near=_near,
        live=_positions,
        list_url="people:cadres",
        list_query="status=any",
    )
)
search.register(
    search.Source(
        key="people.unit",
        label="机构",
        icon="unit",
        order=80,
        model=Unit,
        url_name="people:unit",
        title=("name",),
        names=("short_name",),
        codes=("code",),
        detail=("kind", "parent__name"),
        permission=Permission.VIEW_UNIT,
    )
)


# Bulk changes


def _known(viewer: Viewer) -> QuerySet[Any]:
    return Cadre.objects.visible_to(viewer)


def _editable(viewer: Viewer) -> QuerySet[Any]:
    """Nobody changes the own record as staff (R2): visible_to leaves it out."""
    return Cadre.objects.visible_to(viewer, Permission.EDIT_CADRE)


def _current(name: str) -> Callable[[Cadre], Any]:
    return lambda cadre: _stored(getattr(cadre, name))


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _writer(name: str, read: Callable[[Any], Any]) -> Callable[[Any, Any, Viewer], None]:
    def write(cadre: Cadre, value: Any, by: Viewer) -> None:
        update_cadre(cadre=cadre, values={name: read(value)}, by=by)

    return write


def _field(
    order: int,
    name: str,
    label: str,
    form_field: Callable[[Viewer], forms.Field],
    *,
    shown: Callable[[Any], str] = str,
    read: Callable[[Any], Any] = lambda value: value,
    hint: str = "",
) -> None:
    register_bulk_edit(
        BulkField(
            list_key=ROSTER,
            key=name,
            label=label,
            order=order,
            permission=Permission.EDIT_CADRE,
            form_field=form_field,
            rows=_known,
            editable=_editable,
            current=_current(name),
            service=_writer(name, read),
            store=_stored,
            shown=shown,
            hint=hint,
        )
    )


def _choice(label: str, choices: Any) -> Callable[[Viewer], forms.Field]:
    return lambda viewer: forms.ChoiceField(choices=[("", f"请选择{label}"), *choices])


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


_field(
    10,
    "staff_type",
    "身份",
    _choice("身份", StaffType.choices),
    shown=lambda value: str(dict(StaffType.choices).get(value, "")),
)
_field(20, "rank", "职级", _choice("职级", RANK_CHOICES), hint="任现职级时间另用下面一项修改。")
_field(
    30,
    "rank_since",
    "任现职级时间",
    lambda viewer: forms.DateField(),
    shown=lambda value: cn_date(_day(value)),
    read=_day,
)
_field(
    40,
    "leadership_level",
    "领导职务层次",
    lambda viewer: forms.ChoiceField(required=False, choices=[("", NO_LEVEL), *LeadershipLevel.choices]),
    shown=lambda value: str(dict(LeadershipLevel.choices).get(value, NO_LEVEL)),
)
_field(
    50,
    "political_status",
    "政治面貌",
    _choice("政治面貌", PoliticalStatus.choices),
    shown=lambda value: str(dict(PoliticalStatus.choices).get(value, "")),
)
_field(60, "note", "备注", lambda viewer: forms.CharField(max_length=200, required=False))
