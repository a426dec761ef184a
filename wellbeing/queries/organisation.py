"""Who stands above whom on a day, as far as talks are concerned: read from the grants and the unit tree.

部门负责人, 分管领导 and 主要领导 are roles with a scope and dates (people.RoleGrant), so a change of 分管
or a move counts from its day and never rewrites who owed a talk before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from core.access import Role
from people.choices import AppointmentKind
from people.models import Appointment, KinTie, RoleGrant
from wellbeing.choices.triggers import TalkerRelation

# Whom a relation means, and who steps in, from below upwards, where there is nobody.
CHAINS = {
    TalkerRelation.DIRECT: (Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER),
    TalkerRelation.HEAD: (Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER),
    TalkerRelation.VICE: (Role.VICE_LEADER, Role.TOP_LEADER),
    TalkerRelation.TOP: (Role.TOP_LEADER,),
    TalkerRelation.OFFICE: (Role.HR, Role.PARTY),
}
LEVELS = {Role.DEPARTMENT_HEAD: 1, Role.VICE_LEADER: 2, Role.TOP_LEADER: 3}


@dataclass(frozen=True, slots=True)
class Holder:
    """One grant: who holds which role over which subtree."""

    user_id: int
    cadre_id: int | None
    role: Role
    path: str
    since: date

    def covers(self, unit_path: str) -> bool:
        return unit_path.startswith(self.path)


class Organisation:
    """The talk-holding roles of one day, and the relatives of those who hold them; two queries."""

    def __init__(self, holders: Iterable[Holder], kin: Iterable[tuple[int, int]] = ()) -> None:
        self.holders = list(holders)
        self.kin = {frozenset(pair) for pair in kin}
        self.users = frozenset(holder.user_id for holder in self.holders)

    @classmethod
    def on(cls, day: date) -> Self:
        roles = {role for chain in CHAINS.values() for role in chain}
        held = RoleGrant.objects.covering(day).filter(role__in=roles, user__is_active=True)
        rows = held.values_list("user_id", "user__cadre_id", "role", "unit_id", "unit__path", "starts_on")
        holders = [
            Holder(user, cadre, Role(role), path or "", since)
            for user, cadre, role, unit, path, since in rows
            if unit is None or path
        ]
        ties = KinTie.objects.of([holder.cadre_id for holder in holders if holder.cadre_id])
        return cls(holders, ties.order_by().values_list("cadre_id", "relative_id"))

    def reaches(self, user_id: int | None, unit_path: str) -> bool:
        """Whether any grant of the account covers the unit."""
        return any(h.user_id == user_id and h.covers(unit_path) for h in self.holders)

    def talker_for(self, relation: TalkerRelation, *, cadre_id: int, unit_path: str) -> int | None:
        """The account that has to talk, or None when the organisation has nobody for it."""
        for role in CHAINS[relation]:
            fitting = self._fitting(role, cadre_id, unit_path)
            if fitting:
                nearest = relation != TalkerRelation.HEAD or role != Role.DEPARTMENT_HEAD
                return min(fitting, key=lambda h: _place(h, nearest)).user_id
        return None

    def _fitting(self, role: Role, cadre_id: int, unit_path: str) -> list[Holder]:
        own = self._own(cadre_id)
        return [
            holder
            for holder in self.holders
            if holder.role == role
            and not self._avoids(holder, cadre_id)
            and holder.covers(unit_path)
            and _above(holder, own)
        ]

    def _avoids(self, holder: Holder, cadre_id: int) -> bool:
        """Nobody talks with themselves or, as staff, with a relative (R2)."""
        return holder.cadre_id == cadre_id or frozenset((holder.cadre_id, cadre_id)) in self.kin

    def _own(self, cadre_id: int) -> list[Holder]:
        return [holder for holder in self.holders if holder.cadre_id == cadre_id and holder.role in LEVELS]

    def cadres_in(self, role: Role) -> dict[int, str]:
        """Cadre id → subtree of those who hold a role, the widest where there are several."""
        found: dict[int, str] = {}
        for holder in sorted(self.holders, key=lambda h: (len(h.path), h.path), reverse=True):
            if holder.role == role and holder.cadre_id is not None:
                found[holder.cadre_id] = holder.path
        return found


def _place(holder: Holder, nearest: bool) -> tuple[int, date, int]:
    """The smallest unit around the cadre first (or the largest: the department, not the section)."""
    length = len(holder.path)
    return (-length if nearest else length, holder.since, holder.user_id)


def _above(holder: Holder, own: Sequence[Holder]) -> bool:
    """Nobody is talked to by those below or beside: a head by the heads above, a vice leader by the top."""
    if holder.role not in LEVELS or not own:
        return True
    level = max(LEVELS[mine.role] for mine in own)
    if LEVELS[holder.role] != level:
        return LEVELS[holder.role] > level
    if holder.role == Role.TOP_LEADER:
        return True
    return all(len(holder.path) < len(mine.path) for mine in own if LEVELS[mine.role] == level)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cadre works on a day."""

    unit_id: int | None
    path: str


NOWHERE = Place(None, "")


class Placements:
    """The posts of some cadres through time, so that any day can be asked for without another query."""

    def __init__(self, cadre_ids: Sequence[int]) -> None:
        held = Appointment.objects.filter(
            cadre_id__in=cadre_ids, kind=AppointmentKind.POST, unit__isnull=False
        )
        # The order in which people.models.cadres.posts_held looks for the main post.
        rows = held.order_by("-is_main", "-starts_on", "-pk").values_list(
            "cadre_id", "starts_on", "ends_on", "unit_id", "unit__path"
        )
        self._posts: dict[int, list[tuple[date, date | None, int, str]]] = {}
        for cadre_id, first, last, unit_id, path in rows:
            self._posts.setdefault(cadre_id, []).append((first, last, unit_id, path or ""))

    def on(self, cadre_id: int, day: date) -> Place:
        for first, last, unit_id, path in self._posts.get(cadre_id, ()):
            if first <= day and (last is None or last >= day):
                return Place(unit_id, path)
        return NOWHERE
