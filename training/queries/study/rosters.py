"""Who is expected at a study activity on a day, and who of them is away."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from people.choices import AppointmentKind, CadreStatus, StudyWhileAway
from people.contracts import Engagement, engagements_of, study_while_away
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
    """Who is on secondment or loan at the time and need not come, and where they are, in words.

    Whoever is to take part as usual is not named; whoever takes part from afar is exempted all the same, so
    that no absence arises, and may be registered as present.
    """
    found = engagements_of(cadre_ids, starts_at=starts_at, ends_at=ends_at)
    gone = [one for one in found if one.kind in AWAY]
    ids = sorted({one.cadre_id for one in gone})
    rules = study_while_away(ids, on=timezone.localdate(starts_at)) if ids else {}
    settled = ((one, rules.get(one.cadre_id, StudyWhileAway.EXCUSED)) for one in gone)
    return {one.cadre_id: _where(one, rule) for one, rule in settled if rule != StudyWhileAway.NORMAL}


def _where(one: Engagement, rule: StudyWhileAway) -> str:
    remote = "（远程参加学习）" if rule == StudyWhileAway.REMOTE else ""
    return f"{one.kind}：{one.title}"[: 200 - len(remote)] + remote


def units_at(cadres: Any) -> dict[int, int | None]:
    """Cadre id → unit of the day, of a queryset `with_position`; one query."""
    return dict(cadres.order_by("pk").values_list("pk", "unit_id_at"))
