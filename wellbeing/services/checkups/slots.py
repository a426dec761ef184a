"""Times at the institution and who takes them; the last place of a slot is given once (core.seats)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.errors import DomainError
from core.notifications import notify
from core.saving import apply_changes, changes_to, save_validated
from core.seats import free_seat, take_seat
from core.templatetags.ui import cn_time
from people.contracts import Engagement, engagements_of
from wellbeing.choices.checkups import BOOKABLE, WAITING, CheckupState
from wellbeing.models import CheckupCampaign, CheckupMember, CheckupSlot
from wellbeing.queries.checkups.lists import accounts_of, free_slots
from wellbeing.services.checkups.campaigns import KIND, note, refuse_organiser
from wellbeing.services.checkups.members import refuse_stranger

MOST_SLOTS = 200
SATURDAY = 5


@transaction.atomic
def open_slots(
    *,
    campaign: CheckupCampaign,
    first: date,
    last: date,
    begins: time,
    ends: time,
    place: str,
    capacity: int,
    weekends: bool,
    by: Viewer,
) -> list[CheckupSlot]:
    """The same hours on each day of the span; at weekends only where `weekends` says so."""
    refuse_organiser(by)
    _refuse_ended(campaign)
    days = [day for day in _days(campaign, first, last) if weekends or day.weekday() < SATURDAY]
    if not days:
        raise DomainError("所选日期都是周末，请勾选“含周末”或另选日期。", field="last", code="no_days")
    rows = [
        CheckupSlot(
            campaign=campaign,
            starts_at=_moment(day, begins),
            ends_at=_moment(day, ends),
            place=place,
            capacity=capacity,
        )
        for day in days
    ]
    for row in rows:
        save_validated(row)
    note(campaign, by, f"设置时段 {len(rows)} 个，每个 {capacity} 人")
    return rows


def _days(campaign: CheckupCampaign, first: date, last: date) -> list[date]:
    if last < first:
        raise DomainError("最后一天不能早于第一天。", field="last", code="end_before_start")
    if first < campaign.starts_on or last > campaign.ends_on:
        message = f"时段要在体检期间（{campaign.starts_on:%Y-%m-%d} 至 {campaign.ends_on:%Y-%m-%d}）内。"
        raise DomainError(message, field="first", code="outside")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if len(days) > MOST_SLOTS:
        raise DomainError(f"一次最多设置 {MOST_SLOTS} 个时段，请分几次设置。", field="last", code="too_many")
    return days


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


@transaction.atomic
def change_slot(*, slot: CheckupSlot, values: Mapping[str, Any], by: Viewer, on: date) -> None:
    """Those who have booked are told when the time or the place changes."""
    refuse_organiser(by)
    _refuse_ended(slot.campaign)
    changes = changes_to(slot, values)
    if not changes:
        return
    apply_changes(slot, changes)
    save_validated(slot)
    note(slot.campaign, by, "调整时段", changes)
    if set(changes) & {"starts_at", "ends_at", "place"}:
        title = f"体检时间改为{cn_time(slot.starts_at)}，{slot.place}"
        _tell(slot, _booked(slot), title, on, f"changed:{slot.starts_at:%m%d%H%M}")


@transaction.atomic
def drop_slot(*, slot: CheckupSlot, by: Viewer) -> None:
    refuse_organiser(by)
    if CheckupMember.objects.filter(slot=slot).exists():
        raise DomainError("已有人预约这个时段，先改约或取消他们的预约，再删除时段。", code="taken")
    note(slot.campaign, by, f"删除时段 {cn_time(slot.starts_at)}")
    slot.delete()


@transaction.atomic
def book_slot(*, member: CheckupMember, slot: CheckupSlot, by: Viewer, at: datetime) -> None:
    """Takes a place, or another one instead of the one already held; by the cadre, or by the office."""
    _refuse_booker(member, by)
    _refuse_slot(member, slot, at)
    before = member.slot if member.state == CheckupState.BOOKED else None
    if before and before.pk == slot.pk:
        raise DomainError("已经预约了这个时段。", field="slot", code="same")
    if not take_seat(slot):
        raise DomainError("这个时段的名额已满，请另选时段。", field="slot", code="full")
    _place(member, slot)
    if before is not None:
        free_seat(before)
    note(member.campaign, by, f"{member.cadre.name}{'改约' if before else '预约'}{cn_time(slot.starts_at)}")


@transaction.atomic
def book_together(*, members: Sequence[CheckupMember], slot: CheckupSlot, by: Viewer, at: datetime) -> int:
    """All of them in one slot, or nobody where the places do not suffice."""
    moving = [member for member in members if member.slot_id != slot.pk]
    for member in moving:
        book_slot(member=member, slot=slot, by=by, at=at)
    return len(moving)


def _refuse_booker(member: CheckupMember, by: Viewer) -> None:
    if member.cadre_id == by.cadre_id and by.on_own_record(Permission.OWN_WELLBEING):
        return
    refuse_stranger([member.cadre_id], by)


def _refuse_slot(member: CheckupMember, slot: CheckupSlot, at: datetime) -> None:
    if slot.campaign_id != member.campaign_id:
        raise DomainError("请选择这次体检的时段。", field="slot", code="other_campaign")
    if member.campaign.state not in BOOKABLE or member.state not in WAITING:
        raise DomainError("现在不能预约：已检、缓检，或体检已经结束。", code="wrong_state")
    if slot.starts_at <= at:
        raise DomainError("这个时段已经开始，请另选时段。", field="slot", code="past")


def _place(member: CheckupMember, slot: CheckupSlot | None) -> None:
    """Only from where the caller saw the person: two presses take one place."""
    seen = CheckupMember.objects.filter(pk=member.pk, state=member.state, slot_id=member.slot_id)
    state = CheckupState.BOOKED if slot else CheckupState.OPEN
    if not seen.update(slot=slot, state=state):
        raise DomainError("预约刚被改过，请刷新页面查看。", code="conflict")
    member.refresh_from_db()


@transaction.atomic
def cancel_booking(*, member: CheckupMember, by: Viewer, at: datetime) -> None:
    _refuse_booker(member, by)
    slot = member.slot
    if member.state != CheckupState.BOOKED or slot is None:
        raise DomainError("没有预约，不用取消。", code="wrong_state")
    if slot.starts_at <= at:
        raise DomainError("体检时间已到，不能再取消；没有去的由经办人登记。", code="past")
    _place(member, None)
    free_seat(slot)
    note(member.campaign, by, f"{member.cadre.name}取消预约")


@transaction.atomic
def assign_leftovers(*, campaign: CheckupCampaign, by: Viewer, at: datetime, on: date) -> tuple[int, int]:
    """Gives those not booked the earliest free place at which nothing else occupies them.

    Returns how many got one and how many did not.
    """
    refuse_organiser(by)
    _refuse_ended(campaign)
    waiting = CheckupMember.objects.filter(campaign=campaign, state=CheckupState.OPEN)
    people = list(
        waiting.exclude(cadre_id=by.cadre_id or 0).select_related("cadre", "campaign").order_by("pk")
    )
    slots = list(free_slots([campaign.pk], after=at))
    busy = _busy([row.cadre_id for row in people], slots)
    given = [row for row in people if _assign(row, slots, busy)]
    note(campaign, by, f"统一安排 {len(given)} 人，{len(people) - len(given)} 人没有合适的时段")
    for row in given:
        if row.slot is not None:
            title = f"已为您安排体检：{cn_time(row.slot.starts_at)}，{row.slot.place}"
            _tell(row.slot, [row.cadre_id], title, on, f"assigned:{row.pk}")
    return len(given), len(people) - len(given)


def _busy(cadre_ids: list[int], slots: list[CheckupSlot]) -> dict[int, list[Engagement]]:
    found: dict[int, list[Engagement]] = {}
    if slots and cadre_ids:
        last = max(slot.ends_at for slot in slots)
        for engagement in engagements_of(cadre_ids, starts_at=slots[0].starts_at, ends_at=last):
            found.setdefault(engagement.cadre_id, []).append(engagement)
    return found


def _assign(row: CheckupMember, slots: Iterable[CheckupSlot], busy: dict[int, list[Engagement]]) -> bool:
    for slot in slots:
        taken = busy.get(row.cadre_id, ())
        if any(one.starts_at < slot.ends_at and one.ends_at > slot.starts_at for one in taken):
            continue
        if slot.seats_left and take_seat(slot):
            _place(row, slot)
            return True
    return False


def _booked(slot: CheckupSlot) -> list[int]:
    rows = CheckupMember.objects.filter(slot=slot, state=CheckupState.BOOKED)
    return list(rows.values_list("cadre_id", flat=True))


def _refuse_ended(campaign: CheckupCampaign) -> None:
    if campaign.state not in (*BOOKABLE, "draft"):
        raise DomainError("这次体检已经结束。", code="wrong_state")


def _tell(slot: CheckupSlot, cadre_ids: Iterable[int], title: str, on: date, step: str) -> None:
    notify(
        recipients=accounts_of(cadre_ids),
        kind=KIND,
        title=title,
        key=f"{KIND}:{slot.pk}:{step}",
        on=on,
        url_name="wellbeing:my_checkups",
    )
