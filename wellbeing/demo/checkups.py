"""Last year's checkup, over and settled, and this year's, in the middle; a few own reports in the locker."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from core import vault
from people.choices import CadreStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.models import Cadre, User
from wellbeing.choices.checkups import CampaignState, CheckupState, DeferReason
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.demo.words import marked
from wellbeing.models import (
    CheckupCampaign,
    CheckupMember,
    CheckupReport,
    CheckupRule,
    CheckupSlot,
    Consent,
)
from wellbeing.purposes import consent_version
from wellbeing.queries.checkups.eligibility import eligible, rules_on, rules_words
from wellbeing.queries.checkups.lists import away_on
from wellbeing.sealing.cipher import seal_bytes
from wellbeing.sealing.keys import key_for, seal_row
from wellbeing.services.checkups.locker import context_of, path_of

PER_HEAD = Decimal(480)
INSTITUTION = "示例县人民医院体检中心"
PLACE = "门诊楼三楼体检中心"
MORNING, NOON = time(8, 0), time(10, 30)
DAYS = 10
SHARES_BEFORE = ((CheckupState.DONE, 93), (CheckupState.MISSED, 4), (CheckupState.DEFERRED, 3))
SHARES_NOW = ((CheckupState.DONE, 52), (CheckupState.BOOKED, 22), (CheckupState.OPEN, 26))
RECHECK = 0.08
OWNERS = 3


@register(order=927)
def seed_checkups(context: DemoContext) -> None:
    by = User.objects.filter(username="hr").first()
    if by is None or not CheckupRule.objects.exists():
        return
    context.say("健康体检……")
    random = context.random("checkups")
    year = context.on.year
    _ended(random, context, by, year - 1)
    _running(random, context, by, year)
    if context.with_files:
        seed_reports(random, context)


def _campaign(context: DemoContext, by: User, year: int, starts_on: date, heads: int) -> CheckupCampaign:
    return CheckupCampaign(
        year=year,
        title=f"{year}年度干部健康体检",
        institution=INSTITUTION,
        package="在职干部年度套餐",
        budget_per_head=PER_HEAD,
        budget_total=PER_HEAD * (heads + heads // 10),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=45),
        rule_text=rules_words(rules_on(context.on)),
        published_on=starts_on - timedelta(days=14),
        created_by=by,
    )


def _ended(random: Random, context: DemoContext, by: User, year: int) -> None:
    found = eligible(year=year, on=context.on)
    row = _campaign(context, by, year, date(year, 9, 1), len(found))
    row.state, row.ended_on = CampaignState.ENDED, row.ends_on
    row.save()
    members = [_member(random, row, one.cadre_id, one.unit_id, one.rule) for one in found]
    for member in members:
        _put(random, member, _drawn(random, SHARES_BEFORE))
    done = sum(member.state == CheckupState.DONE for member in members)
    row.spent = PER_HEAD * done
    row.save()
    context.insert(CheckupMember, members)


def _running(random: Random, context: DemoContext, by: User, year: int) -> None:
    """Its slots lie around today: those who went are in the past ones, those who will go in the coming."""
    found = eligible(year=year, on=context.on)
    row = _campaign(context, by, year, context.on - timedelta(days=14), len(found))
    row.state = CampaignState.RUNNING
    row.save()
    slots = _slots(row, context.on, len(found) // DAYS + 3)
    past = [slot for slot in slots if timezone.localdate(slot.starts_at) < context.on]
    coming = [slot for slot in slots if timezone.localdate(slot.starts_at) > context.on]
    away = away_on([one.cadre_id for one in found], context.on)
    members = []
    for one in found:
        member = _member(random, row, one.cadre_id, one.unit_id, one.rule)
        state = CheckupState.DEFERRED if one.cadre_id in away else _drawn(random, SHARES_NOW)
        _put(random, member, state)
        if state in (CheckupState.DONE, CheckupState.BOOKED):
            _seat(random, member, past if state == CheckupState.DONE else coming)
        members.append(member)
    CheckupSlot.objects.bulk_update(slots, ["seats_taken"])
    context.insert(CheckupMember, members)


def _slots(row: CheckupCampaign, on: date, capacity: int) -> list[CheckupSlot]:
    days = [on + timedelta(days=number) for number in range(-13, 32)]
    working = [day for day in days if day.weekday() < 5]
    rows = [
        CheckupSlot(
            campaign=row,
            starts_at=timezone.make_aware(datetime.combine(day, MORNING)),
            ends_at=timezone.make_aware(datetime.combine(day, NOON)),
            place=PLACE,
            capacity=capacity,
        )
        for day in working
    ]
    return CheckupSlot.objects.bulk_create(rows)


def _member(
    random: Random, row: CheckupCampaign, cadre_id: int, unit_id: int | None, rule: CheckupRule
) -> CheckupMember:
    return CheckupMember(uid=demo_uid(random), campaign=row, cadre_id=cadre_id, unit_id=unit_id, rule=rule)


def _put(random: Random, member: CheckupMember, state: CheckupState) -> None:
    member.state = state
    if state == CheckupState.DEFERRED:
        member.deferred_for = DeferReason.SECONDMENT
    if state == CheckupState.DONE and random.random() < RECHECK:
        member.recheck_needed = True
        member.recheck_done = random.random() < 0.6


def _seat(random: Random, member: CheckupMember, slots: Sequence[CheckupSlot]) -> None:
    """Where all are full, whoever was to come later is still without a place."""
    free = [slot for slot in slots if slot.seats_left]
    if free:
        member.slot = random.choice(free)
        member.slot.seats_taken += 1
    elif member.state == CheckupState.BOOKED:
        member.state = CheckupState.OPEN


def _drawn(random: Random, shares: Sequence[tuple[CheckupState, int]]) -> CheckupState:
    states, weights = zip(*shares, strict=True)
    return CheckupState(random.choices(states, weights)[0])


def seed_reports(random: Random, context: DemoContext) -> None:
    """Of the first few who can log in as themselves; name and content carry marks of their own."""
    accounts = User.objects.filter(cadre__isnull=False, cadre__status=CadreStatus.ACTIVE)
    for account in accounts.select_related("cadre").order_by("pk")[:OWNERS]:
        if account.cadre is not None:
            _report(random, context.on, account.cadre)


def _report(random: Random, on: date, cadre: Cadre) -> None:
    at = timezone.make_aware(datetime.combine(on - timedelta(days=20), NOON))
    purpose = ConsentPurpose.HEALTH_LOCKER
    in_force = {"cadre": cadre, "purpose": purpose, "withdrawn_at": None}
    Consent.objects.get_or_create(
        **in_force, defaults={"text_version": consent_version(purpose), "given_at": at}
    )
    row = CheckupReport(uid=demo_uid(random), cadre=cadre, year=on.year - 1, kept_at=at)
    key = key_for(cadre)
    seal_row(row, key, {"name": marked("体检报告", row.uid, "name") + ".txt", "content_type": "text/plain"})
    row.save(force_insert=True)
    data = marked("示例报告，不含真实内容。", row.uid, "data").encode("utf-8")
    vault.write(path_of(row), seal_bytes(key, data, context=context_of(row)), context=context_of(row))
