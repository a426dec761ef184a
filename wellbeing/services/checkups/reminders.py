"""Reminders: the day before to those who have a place, now and then to those who have not taken one."""

from datetime import date, timedelta

from django.db import transaction

from core.access import Viewer
from core.errors import DomainError
from core.notifications import notify
from core.templatetags.ui import cn_time
from wellbeing.choices.checkups import BOOKABLE, CheckupState
from wellbeing.models import CheckupCampaign, CheckupMember, CheckupSlot
from wellbeing.queries.checkups.lists import accounts_of
from wellbeing.services.checkups.campaigns import KIND, bookable, note, refuse_organiser

EVERY = 7  # days between reminders to book
LAST_DAYS = 3  # before the end the reminders come daily


def remind_by_clock(*, on: date) -> int:
    """What is due to be said on the day, once however often it runs; returns how many were told."""
    campaigns = list(CheckupCampaign.objects.filter(state__in=BOOKABLE))
    late = [row for row in campaigns if _remind_today(row, on)]
    return _before_the_day(on) + sum(_unbooked(row, on) for row in late)


def _remind_today(row: CheckupCampaign, on: date) -> bool:
    days = (on - (row.published_on or on)).days
    closing = 0 <= (row.ends_on - on).days <= LAST_DAYS
    return on <= row.ends_on and (closing or (days > 0 and days % EVERY == 0))


@transaction.atomic
def remind_unbooked(*, campaign: CheckupCampaign, by: Viewer, on: date) -> int:
    """By hand, at any time."""
    refuse_organiser(by)
    if not bookable(campaign):
        raise DomainError("只有已发布、未结束的体检能提醒预约。", code="wrong_state")
    told = _unbooked(campaign, on)
    note(campaign, by, f"提醒未预约 {told} 人")
    return told


def _unbooked(campaign: CheckupCampaign, on: date) -> int:
    rows = CheckupMember.objects.filter(campaign=campaign, state=CheckupState.OPEN)
    with transaction.atomic():
        return notify(
            recipients=accounts_of(rows.values_list("cadre_id", flat=True)),
            kind=KIND,
            title=f"{campaign.year}年度体检还没有预约，{campaign.ends_on.month}月{campaign.ends_on.day}日截止",
            key=f"{KIND}:{campaign.pk}:unbooked",
            on=on,
            url_name="wellbeing:my_checkups",
        )


def _before_the_day(on: date) -> int:
    slots = CheckupSlot.objects.filter(starts_at__date=on + timedelta(days=1), campaign__state__in=BOOKABLE)
    return sum(_tomorrow(slot, on) for slot in slots)


def _tomorrow(slot: CheckupSlot, on: date) -> int:
    rows = CheckupMember.objects.filter(slot=slot, state=CheckupState.BOOKED)
    with transaction.atomic():
        return notify(
            recipients=accounts_of(rows.values_list("cadre_id", flat=True)),
            kind=KIND,
            title=f"明天体检：{cn_time(slot.starts_at)}，{slot.place}",
            key=f"{KIND}:{slot.pk}:tomorrow",
            on=on,
            url_name="wellbeing:my_checkups",
        )
