"""Who an article or a quiz is meant for, asked from both sides: its people, and what is meant for a cadre."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from core.access import Permission, Viewer
from core.periods import covers
from people.choices import AppointmentKind, CadreStatus
from people.models import Appointment, Cadre, CadreQuerySet, User
from training.choices import Audience
from training.models import GroupMembership
from training.models.audience import Addressed


def addressed(row: Addressed, on: date) -> CadreQuerySet:
    """Active cadres of the audience as it stood on the day."""
    active = Cadre.objects.filter(status=CadreStatus.ACTIVE)
    if row.audience == Audience.UNIT and row.unit:
        return active.in_unit(row.unit.path or "?", on)
    if row.audience == Audience.GROUP:
        held = GroupMembership.objects.filter(covers(on), cadre=OuterRef("pk"), group=row.group_id)
        return active.filter(Exists(held))
    return active


def meant_for(cadre_id: int, day: str) -> Q:
    """Condition on an addressed table: the cadre belongs to the audience of the day in column `day`."""
    began = Q(starts_on__lte=OuterRef(day))
    during = began & (Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef(day)))
    posts = Appointment.objects.filter(
        during,
        cadre=cadre_id,
        kind=AppointmentKind.POST,
        unit__path__startswith=OuterRef("unit__path"),
    )
    held = GroupMembership.objects.filter(during, cadre=cadre_id, group=OuterRef("group"))
    return (
        Q(audience=Audience.ALL)
        | (Q(audience=Audience.UNIT) & Q(Exists(posts)))
        | (Q(audience=Audience.GROUP) & Q(Exists(held)))
    )


def count_of(rows: QuerySet[Any]) -> Coalesce:
    """The number of rows of a correlated query, to annotate with."""
    counted = rows.order_by().annotate(_all=Value(1)).values("_all").annotate(_n=Count("pk")).values("_n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def members_of(rows: QuerySet[Any], who: str, day: str) -> Case:
    """How many of `rows` belong to the audience of the outer row; `who` is their column of the cadre."""
    began = Q(starts_on__lte=OuterRef(OuterRef(day)))
    during = began & (Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef(OuterRef(day))))
    posts = Appointment.objects.filter(
        during,
        cadre=OuterRef(who),
        kind=AppointmentKind.POST,
        unit__path__startswith=OuterRef(OuterRef("unit__path")),
    )
    held = GroupMembership.objects.filter(during, cadre=OuterRef(who), group=OuterRef(OuterRef("group")))
    return Case(
        When(audience=Audience.UNIT, then=count_of(rows.filter(Exists(posts)))),
        When(audience=Audience.GROUP, then=count_of(rows.filter(Exists(held)))),
        default=count_of(rows),
    )


def accounts_of(cadre_ids: Sequence[int] | QuerySet[Any]) -> list[int]:
    """The accounts to tell, where these cadres have one."""
    rows = User.objects.filter(cadre__in=cadre_ids, is_active=True)
    return list(rows.values_list("pk", flat=True))


def own_unit_id(cadre_id: int, on: date) -> int | None:
    """Where the cadre's main post is on the day."""
    return units_on([cadre_id], on).get(cadre_id)


def units_on(cadre_ids: Sequence[int], on: date) -> dict[int, int | None]:
    rows: QuerySet[Any] = Cadre.objects.filter(pk__in=cadre_ids).with_position(on)
    return dict(rows.values_list("pk", "unit_id_at"))


def staff_reach(viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> CadreQuerySet:
    """Cadres the viewer answers for as staff or leader: never the own record."""
    reach = Cadre.objects.visible_to(viewer, permission)
    return reach.exclude(pk=viewer.cadre_id) if viewer.cadre_id else reach
