"""Single people of a 信息核对: whom the office does not wait for, and who came later; both undone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from growth.models import CheckCampaign, CheckMember
from growth.services.campaigns import ask_cadres, refuse_closed, refuse_organiser, tell
from people.choices import CadreStatus
from people.models import Cadre


@transaction.atomic
def excuse_member(*, member: CheckMember, reason: str, by: Viewer, at: datetime) -> None:
    """免核对, such as on long leave or transferred: no longer counted, reminded or escalated."""
    _refuse(member, by)
    if not reason.strip():
        raise DomainError("请写明免核对的原因，如“长期病假”“已调出”。", field="reason", code="no_reason")
    rows = CheckMember.objects.filter(pk=member.pk, done_at=None, excused_at=None)
    kept = reason.strip()[:200]
    if not rows.update(excused_at=at, excused_by=by.user_id, excuse=kept):
        raise DomainError("他已经核对完毕或已免核对，请刷新页面。", code="conflict")
    member.refresh_from_db()
    _note(member, by, "免核对", at, reason=kept)


@transaction.atomic
def restore_member(*, member: CheckMember, by: Viewer, at: datetime) -> None:
    """The person is asked after all; what was checked before stands."""
    _refuse(member, by)
    why = member.excuse
    rows = CheckMember.objects.filter(pk=member.pk, excused_at__isnull=False)
    if not rows.update(excused_at=None, excused_by=None, excuse=""):
        raise DomainError("他已在核对名单中，请刷新页面。", code="conflict")
    member.refresh_from_db()
    _note(member, by, "恢复核对", at, reason=f"原免核对原因：{why}")
    _tell(member.campaign, [member.pk], by)


@transaction.atomic
def add_people(*, campaign: CheckCampaign, cadres: Iterable[Cadre], by: Viewer, at: datetime) -> int:
    """People named one by one, whatever the campaign's measure is; nobody twice."""
    refuse_organiser(by)
    refuse_closed(campaign)
    wanted = {cadre.pk: cadre for cadre in cadres}
    if by.cadre_id in wanted:
        raise DomainError("本人由其他经办人补入。", field="names", code="own_record")
    reach: Any = Cadre.objects.visible_to(by).filter(pk__in=wanted, status=CadreStatus.ACTIVE)
    before = set(CheckMember.objects.filter(campaign=campaign).values_list("pk", flat=True))
    if not ask_cadres(campaign, reach, by.on):
        raise DomainError("所填的人都已在名单中，或已不在职。", field="names", code="nobody_new")
    made = CheckMember.objects.filter(campaign=campaign).exclude(pk__in=before).select_related("cadre")
    for member in made:
        _note(member, by, "补入", at)
    _tell(campaign, [member.pk for member in made], by)
    return len(made)


def _refuse(member: CheckMember, by: Viewer) -> None:
    refuse_organiser(by)
    refuse_closed(member.campaign)
    if by.cadre_id == member.cadre_id:
        raise DomainError("本人的核对由其他经办人办理。", code="own_record")


def _tell(campaign: CheckCampaign, pks: list[int], by: Viewer) -> None:
    if campaign.starts_on <= by.on:
        rows = CheckMember.objects.filter(pk__in=pks)
        tell(campaign, "opened", f"请核对本人信息：{campaign.title}", on=by.on, among=rows)


def _note(member: CheckMember, by: Viewer, what: str, at: datetime, reason: str = "") -> None:
    label = f"{member.campaign}：{what}{member.cadre}"
    record(action=AuditAction.CHECK_CHANGED, by=by, subject=member, label=label, reason=reason, at=at)
