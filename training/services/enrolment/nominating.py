"""Nomination by units within their quotas (上级调训名额), and the substitute for somebody who withdrew."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from people.models import Cadre, Unit
from training.choices import ParticipationOrigin, ParticipationState
from training.class_states import TAKES_PEOPLE
from training.enrolment import OUT
from training.models import ClassQuota, Participation, TrainingClass
from training.services.enrolment.steps import Hop, begin, lock_class, record_steps, refuse_own

P = ParticipationState


@transaction.atomic
def set_quotas(*, training_class: TrainingClass, seats: Mapping[Unit, int], by: Viewer) -> None:
    """The quotas of the units, all at once; a unit left out has none."""
    held = lock_class(training_class.pk)
    total = sum(seats.values())
    if held.capacity is not None and total > held.capacity:
        message = f"各单位名额合计 {total}，超过班次名额 {held.capacity}，请调整。"
        raise DomainError(message, code="beyond_capacity")
    for unit, number in seats.items():
        used = _nominated(held, unit)
        if used > number:
            message = f"{unit.name} 已推荐 {used} 人，名额不能少于这个数。"
            raise DomainError(message, code="below_nominated")
    before = {row.unit.name: row.seats for row in held.quotas.select_related("unit")}
    held.quotas.all().delete()
    ClassQuota.objects.bulk_create(
        ClassQuota(training_class=held, unit=unit, seats=number) for unit, number in seats.items() if number
    )
    after = {unit.name: number for unit, number in seats.items() if number}
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=held,
        label=f"分配名额：{held}",
        changes={"名额": (_words(before), _words(after))},
    )


def _words(seats: Mapping[str, int]) -> str:
    return "、".join(f"{name} {number}" for name, number in seats.items())


@transaction.atomic
def nominate(
    *,
    training_class: TrainingClass,
    cadres: Sequence[Cadre],
    by: Viewer,
    at: datetime,
    reason: str = "",
    substitute_for: Participation | None = None,
) -> list[Participation]:
    """A unit names people for a class, within its quota where quotas are set. The office decides."""
    held = lock_class(training_class.pk)
    if held.state not in TAKES_PEOPLE:
        raise DomainError(f"班次{held.get_state_display()}，现在不能推荐。", code="takes_nobody")
    if substitute_for is not None:
        _check_substitute(held, substitute_for, cadres)
    hop = Hop(by, at, reason or (f"替补 {substitute_for.cadre.name}" if substitute_for else ""))
    rows = []
    for cadre in cadres:
        refuse_own(cadre.pk, by)
        _check_reach(cadre, by)
        _check_quota(held, cadre, at)
        rows.append(
            begin(
                held, cadre, ParticipationOrigin.NOMINATION, hop, P.NOMINATED, substitute_for=substitute_for
            )
        )
    record_steps(rows, "推荐参训", hop)
    return rows


def _check_reach(cadre: Cadre, by: Viewer) -> None:
    if not Cadre.objects.visible_to(by, Permission.NOMINATE).filter(pk=cadre.pk).exists():
        raise DomainError(f"{cadre.name} 不在您可以推荐的范围内。", field="cadres", code="out_of_reach")


def _check_quota(held: TrainingClass, cadre: Cadre, at: datetime) -> None:
    quotas = list(held.quotas.select_related("unit"))
    if not quotas:
        return
    today: Any = Cadre.objects.filter(pk=cadre.pk).with_position(timezone.localdate(at))
    path = str(today.get().unit_path or "")
    over = [quota for quota in quotas if path.startswith(quota.unit.path or "\0")]
    if not over:
        message = f"{cadre.name} 所在单位没有本班次的名额，请与组织人事部门联系。"
        raise DomainError(message, field="cadres", code="no_quota")
    quota = max(over, key=lambda one: len(one.unit.path or ""))
    if _nominated(held, quota.unit) >= quota.seats:
        message = f"{quota.unit.name} 的 {quota.seats} 个名额已经用完，不能再推荐 {cadre.name}。"
        raise DomainError(message, field="cadres", code="quota_used")


def _nominated(held: TrainingClass, unit: Unit) -> int:
    """How many people of the unit and those below it count against its quota."""
    rows = held.participations.filter(origin=ParticipationOrigin.NOMINATION).exclude(state__in=OUT)
    return rows.filter(unit__path__startswith=unit.path or "\0").count()


def _check_substitute(held: TrainingClass, gone: Participation, cadres: Sequence[Cadre]) -> None:
    if gone.training_class_id != held.pk or gone.state not in OUT:
        raise DomainError("只有退出或未通过的人才能替补。", code="not_gone")
    if len(cadres) != 1:
        raise DomainError("替补一次只推荐一人。", field="cadres", code="one_substitute")
    if Participation.objects.filter(substitute_for=gone).exists():
        raise DomainError(f"{gone.cadre.name} 已经有人替补。", code="has_substitute")
