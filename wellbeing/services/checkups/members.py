"""The list: put on by hand, taken off, put off, and the results. Reasons are from fixed lists, no words."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.errors import DomainError
from core.saving import save_validated
from core.seats import free_seat
from people.choices import CadreStatus
from people.models import Cadre
from wellbeing.choices.checkups import (
    ADD_REASONS,
    BOOKABLE,
    EXPECTED,
    REMOVE_REASONS,
    CampaignState,
    CheckupState,
    DeferReason,
    ListReason,
)
from wellbeing.models import CheckupCampaign, CheckupMember
from wellbeing.queries.organisation import Placements
from wellbeing.services.checkups.campaigns import note, refuse_over_budget

EDIT = Permission.EDIT_CHECKUP
RESULTS = {"done": "已检", "missed": "未检", "recheck": "已检，需复查", "rechecked": "已复查"}
WITH_RESULTS = (CampaignState.RUNNING, CampaignState.ENDED)


def refuse_stranger(cadre_ids: Iterable[int], by: Viewer) -> None:
    """Only for cadres of the own scope, and never for oneself."""
    wanted = set(cadre_ids)
    if by.cadre_id in wanted:
        raise DomainError("不能办理本人的体检，请由其他经办人办理。", code="self")
    known = (
        Cadre.objects.filter(pk__in=wanted).visible_to(by, EDIT) if by.paths(EDIT) else Cadre.objects.none()
    )
    if known.count() != len(wanted):
        raise DomainError("所选的人中有的不在您的管辖范围内，请刷新页面重选。", code="not_allowed")


@transaction.atomic
def add_member(
    *, campaign: CheckupCampaign, cadre: Cadre, reason: str, by: Viewer, on: date
) -> CheckupMember:
    """By hand; one who was taken off comes back, with the new reason."""
    refuse_stranger([cadre.pk], by)
    _refuse_state(campaign, BOOKABLE, "只有已发布、未结束的体检能补入人员。")
    if reason not in ADD_REASONS:
        raise DomainError("请选择补入原因。", field="reason", code="reason")
    if cadre.status != CadreStatus.ACTIVE:
        raise DomainError(f"{cadre.name}不在职，不能补入。", field="cadre", code="not_active")
    expected = CheckupMember.objects.filter(campaign=campaign, state__in=EXPECTED).count()
    refuse_over_budget(campaign, expected + 1)
    row = _member(campaign, cadre, on)
    row.added_for, row.removed_for, row.state = reason, "", CheckupState.OPEN
    save_validated(row)
    note(campaign, by, f"补入{cadre.name}", {"added_for": (None, ListReason(reason).label)})
    return row


def _member(campaign: CheckupCampaign, cadre: Cadre, on: date) -> CheckupMember:
    known: CheckupMember | None = CheckupMember.objects.filter(campaign=campaign, cadre=cadre).first()
    if known and known.state != CheckupState.REMOVED:
        raise DomainError(f"{cadre.name}已在名单中。", field="cadre", code="known")
    unit_id = Placements([cadre.pk]).on(cadre.pk, on).unit_id
    return known or CheckupMember(campaign=campaign, cadre=cadre, unit_id=unit_id)


@transaction.atomic
def remove_members(*, members: Sequence[CheckupMember], reason: str, by: Viewer) -> int:
    """Off the list; a place they had booked is free again."""
    if reason not in REMOVE_REASONS:
        raise DomainError("请选择移出原因。", field="reason", code="reason")
    values = {"state": CheckupState.REMOVED, "removed_for": reason, "deferred_for": ""}
    return _put(members, by, f"移出（{ListReason(reason).label}）", values)


@transaction.atomic
def defer_members(*, members: Sequence[CheckupMember], reason: str, by: Viewer) -> int:
    """缓检: expected again only once it is taken back."""
    if reason not in DeferReason.values:
        raise DomainError("请选择缓检原因。", field="reason", code="reason")
    values = {"state": CheckupState.DEFERRED, "deferred_for": reason}
    return _put(members, by, f"缓检（{DeferReason(reason).label}）", values)


@transaction.atomic
def resume_members(*, members: Sequence[CheckupMember], by: Viewer) -> int:
    """Those who are back from leave or secondment are expected again."""
    waiting = [row for row in members if row.state == CheckupState.DEFERRED]
    return _put(waiting, by, "恢复应检", {"state": CheckupState.OPEN, "deferred_for": ""})


def _put(members: Sequence[CheckupMember], by: Viewer, what: str, values: dict[str, Any]) -> int:
    """One change for several people who have not been yet; returns for how many."""
    refuse_stranger([row.cadre_id for row in members], by)
    for row in members:
        _refuse_state(row.campaign, BOOKABLE, "这次体检已经结束，名单不能再改。")
        if row.state == CheckupState.DONE:
            raise DomainError(f"{row.cadre.name}已经检过，不能{what[:2]}。", code="done")
        _release(row)
        _write(row, **values, slot=None)
    _note(members, by, what)
    return len(members)


def _release(row: CheckupMember) -> None:
    if row.slot is not None and row.state == CheckupState.BOOKED:
        free_seat(row.slot)


@transaction.atomic
def record_results(*, members: Sequence[CheckupMember], result: str, by: Viewer) -> int:
    """已检, 未检, 需复查, 已复查; the same result twice changes nothing. Returns how many changed."""
    if result not in RESULTS:
        raise DomainError("请选择体检结果。", field="result", code="result")
    refuse_stranger([row.cadre_id for row in members], by)
    changed = [row for row in members if _set_result(row, result)]
    _note(changed, by, RESULTS[result])
    return len(changed)


def _set_result(row: CheckupMember, result: str) -> bool:
    values = result_values(row, result)
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    _write(row, **values)
    return True


def result_values(row: CheckupMember, result: str) -> dict[str, Any]:
    """The fields that a result sets; refuses what does not follow from where the person stands."""
    _refuse_state(row.campaign, WITH_RESULTS, "体检开始以后才能登记结果。")
    if row.state in (CheckupState.REMOVED, CheckupState.DEFERRED):
        message = f"{row.cadre.name}已移出名单或缓检，先补入或恢复应检，再登记结果。"
        raise DomainError(message, code="not_expected")
    if result == "missed":
        return {"state": CheckupState.MISSED, "recheck_needed": False, "recheck_done": False}
    if result == "rechecked":
        if not row.recheck_needed:
            raise DomainError(f"{row.cadre.name}没有登记需复查，不能登记已复查。", code="no_recheck")
        return {"recheck_done": True}
    needed = result == "recheck"
    done = needed and row.recheck_done
    return {"state": CheckupState.DONE, "recheck_needed": needed, "recheck_done": done}


def _write(row: CheckupMember, **values: Any) -> None:
    """Only if the row is still where the caller saw it: two clerks at once make one change."""
    seen = CheckupMember.objects.filter(pk=row.pk, state=row.state, slot_id=row.slot_id)
    if not seen.update(**values):
        message = f"{row.cadre.name}的体检刚被办理过，请刷新页面查看。"
        raise DomainError(message, code="conflict")
    row.refresh_from_db()


def _refuse_state(campaign: CheckupCampaign, states: Sequence[str], message: str) -> None:
    if campaign.state not in states:
        raise DomainError(message, code="wrong_state")


def _note(members: Sequence[CheckupMember], by: Viewer, what: str) -> None:
    """One event per campaign: what was done for how many, not what became of whom."""
    by_campaign: dict[int, list[CheckupMember]] = {}
    for row in members:
        by_campaign.setdefault(row.campaign_id, []).append(row)
    for rows in by_campaign.values():
        note(rows[0].campaign, by, f"{what} {len(rows)} 人")
