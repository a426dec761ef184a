"""Who is related to whom: found in family lines, confirmed or dismissed by the office, or added by it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from people.choices import CadreStatus, KinRelation
from people.kinship import relation_of
from people.models import Appointment, Cadre, FamilyMember, KinDismissal, KinTie


@dataclass(frozen=True, slots=True)
class Found:
    """A family line that fits somebody of the roster."""

    line: FamilyMember
    relative: Cadre
    relation: KinRelation


@transaction.atomic
def suggest_ties(*, by: Viewer | None, at: datetime) -> list[KinTie]:
    """Ties that the family lines tell of and nobody has settled yet; each waits to be confirmed.

    By name and month of birth; where the line has no month, by name and workplace. `by` None reads all.
    """
    settled = {frozenset(pair) for pair in _pairs(KinTie) | _pairs(KinDismissal)}
    made: list[KinTie] = []
    for found in _matches(by):
        pair = frozenset((found.line.cadre_id, found.relative.pk))
        if len(pair) == 2 and pair not in settled:
            settled.add(pair)
            tie = KinTie(cadre_id=found.line.cadre_id, relative=found.relative, relation=found.relation)
            save_validated(tie)
            made.append(tie)
    if made:
        label = f"从家庭成员中找到待核实亲属关系 {len(made)} 条"
        record(action=AuditAction.KINSHIP_CHANGED, by=by, subject=made[0], label=label, at=at)
    return made


def _pairs(model: type[KinTie] | type[KinDismissal]) -> set[tuple[int, int]]:
    return set(model.objects.values_list("cadre_id", "relative_id"))


def _matches(by: Viewer | None) -> Iterable[Found]:
    roster: dict[str, list[Cadre]] = defaultdict(list)
    for cadre in Cadre.objects.filter(status=CadreStatus.ACTIVE):
        roster[cadre.name].append(cadre)
    places = _places()
    lines = FamilyMember.objects.filter(cadre__status=CadreStatus.ACTIVE)
    if by is not None:
        lines = lines.filter(cadre__in=Cadre.objects.visible_to(by, Permission.VIEW_FAMILY))
    for line in lines.order_by("pk"):
        relation = relation_of(line.relation)
        fitting = [one for one in roster.get(line.name.strip(), ()) if _fits(line, one, places)]
        if relation and len(fitting) == 1:
            yield Found(line, fitting[0], relation)


def _places() -> dict[int, set[str]]:
    """Cadre id → names of the units where they hold posts now."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Appointment.objects.filter(ends_on=None, unit__isnull=False)
    for cadre_id, name, short in rows.values_list("cadre_id", "unit__name", "unit__short_name"):
        found[cadre_id] |= {text for text in (name, short) if text}
    return found


def _fits(line: FamilyMember, cadre: Cadre, places: dict[int, set[str]]) -> bool:
    if line.cadre_id == cadre.pk:
        return False
    if line.birth_month and cadre.birth_month:
        return _month(line.birth_month) == _month(cadre.birth_month)
    return any(name in line.workplace for name in places.get(cadre.pk, ()))


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


@transaction.atomic
def confirm_tie(*, tie: KinTie, by: Viewer | None, at: datetime) -> None:
    _check_reach(tie, by)
    if tie.confirmed_at is not None:
        raise DomainError("这条亲属关系已经核实。", code="confirmed")
    tie.confirmed_by_id = by.user_id if by else None
    tie.confirmed_at = at
    save_validated(tie, update_fields=["confirmed_by", "confirmed_at"])
    _record(tie, by, "核实", at)


@transaction.atomic
def dismiss_tie(*, tie: KinTie, reason: str, by: Viewer, at: datetime) -> None:
    """They are no relatives, or no longer; the same line is not asked about again."""
    _check_reach(tie, by)
    if not reason.strip():
        raise DomainError("请写明为什么不是亲属，如同名同姓、已离婚。", field="reason", code="reason")
    KinDismissal.objects.get_or_create(
        cadre_id=tie.cadre_id,
        relative_id=tie.relative_id,
        defaults={"reason": reason.strip(), "by_id": by.user_id, "at": at},
    )
    _record(tie, by, "排除", at, reason.strip())
    tie.delete()


@transaction.atomic
def add_tie(*, cadre: Cadre, relative: Cadre, relation: KinRelation, by: Viewer, at: datetime) -> KinTie:
    """What the office knows beyond the forms; at once confirmed. Kept once, from whichever side."""
    tie = KinTie(cadre=cadre, relative=relative, relation=relation)
    _check_reach(tie, by)
    if KinTie.objects.between(cadre.pk, relative.pk).exists():
        message = "这两名干部的亲属关系已登记，需要更正的请先排除原来的。"
        raise DomainError(message, field="relative", code="known")
    KinDismissal.objects.between(cadre.pk, relative.pk).delete()
    tie.confirmed_by_id, tie.confirmed_at = by.user_id, at
    save_validated(tie)
    _record(tie, by, "登记", at)
    return tie


def _check_reach(tie: KinTie, by: Viewer | None) -> None:
    """The office writes only of people in its reach, and never of its own relatives (R2)."""
    if by is None:
        return
    if by.cadre_id in (tie.cadre_id, tie.relative_id):
        raise DomainError("本人的亲属关系由其他经办人核实。", code="own_case")
    reach = Cadre.objects.visible_to(by, Permission.EDIT_CADRE)
    if reach.filter(pk__in=(tie.cadre_id, tie.relative_id)).count() < 1:
        raise DomainError("这两名干部不在您管理的范围内。", code="out_of_scope")


def _record(tie: KinTie, by: Viewer | None, act: str, at: datetime, reason: str = "") -> None:
    label = f"{act}亲属关系：干部 {tie.cadre_id} 与 {tie.relative_id}"
    record(action=AuditAction.KINSHIP_CHANGED, by=by, subject=tie, label=label, reason=reason, at=at)
