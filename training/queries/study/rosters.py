"""Who is expected at a study activity on a day, and who of them is away."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from people.choices import AppointmentKind, CadreStatus
from people.contracts import engagements_of
from people.models import Cadre, Unit
from training.models import GroupMembership, StudyGroup

AWAY = frozenset({AppointmentKind.SECONDMENT.label, AppointmentKind.LOAN.label})


def expected_cadres(*, group: StudyGroup | None, unit: Unit | None, on: date) -> Any:
    """A queryset of cadres, with their position of the day: the group's members, the unit's people, or
    everyone who holds a post."""
    active = Cadre.objects.filter(status=CadreStatus.ACTIVE)
    if group is not None:
        members = GroupMembership.objects.filter(group=group).covering(on)
        return active.filter(pk__in=members.values("cadre_id")).with_position(on)
    rows = active.as_of(on)
    return rows.in_unit(unit.path or "", on) if unit is not None else rows


def away(cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> dict[int, str]:
    """Who is on secondment or loan at the time, and where, in words."""
    found = engagements_of(cadre_ids, starts_at=starts_at, ends_at=ends_at)
    return {one.cadre_id: f"{one.kind}：{one.title}"[:200] for one in found if one.kind in AWAY}


def units_at(cadres: Any) -> dict[int, int | None]:
    """Cadre id → unit of the day, of a queryset `with_position`; one query."""
    return dict(cadres.order_by("pk").values_list("pk", "unit_id_at"))
