"""A 信息核对 from opening to closing, and the cadre's own way through it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated, values_of
from core.templatetags.ui import cn_date
from growth.campaigns import Part, accounts_of, digest_of, is_on, lines_of_part, meant, parts_for, titles_of
from growth.models import CheckCampaign, CheckedPart, CheckMember
from growth.services.checking import confirm_lines, mark_begun, own_only
from people.models import Cadre

EDIT = Permission.EDIT_CADRE
KIND = "growth.check"
FIELDS = ("year", "title", "starts_on", "ends_on", "parts", "unit", "staff_types", "chosen", "note")
BATCH = 500


def refuse_organiser(by: Viewer) -> None:
    """A campaign is for the whole zone: who keeps the records of a part follows and reminds there."""
    if not by.sees_all(EDIT):
        raise DomainError("信息核对由全区范围的组织人事经办人发起和结束。", code="not_allowed")


@transaction.atomic
def open_campaign(
    *, values: Mapping[str, Any], cadres: QuerySet[Cadre], by: Viewer, at: datetime
) -> CheckCampaign:
    """Asks these cadres from the first day on; those of a campaign that has begun are told at once."""
    refuse_organiser(by)
    campaign = CheckCampaign(opened_by_id=by.user_id, opened_at=at, **values)
    if not titles_of(campaign.parts):
        raise DomainError("请至少选择一部分核对内容。", field="parts", code="empty")
    if campaign.ends_on and campaign.ends_on < by.on:
        raise DomainError("截止日期已经过去，请选择今天或以后的日期。", field="ends_on", code="past")
    save_validated(campaign)
    if not ask_cadres(campaign, cadres, by.on):
        raise DomainError("这个范围内没有在职干部，请换一个范围。", code="nobody")
    _note(campaign, by, "发起", at, values_of(campaign, FIELDS))
    if campaign.starts_on <= by.on:
        tell(campaign, "opened", f"请核对本人信息：{campaign.title}", on=by.on)
    return campaign


def ask_cadres(campaign: CheckCampaign, cadres: Any, on: date) -> int:
    """Rows for those who have none yet, with the unit they are in today."""
    known = CheckMember.objects.filter(campaign=campaign).values("cadre")
    fresh = cadres.with_position(on).exclude(pk__in=known).values_list("pk", "unit_id_at")
    rows = [CheckMember(campaign=campaign, cadre_id=pk, unit_id=unit) for pk, unit in fresh.order_by("pk")]
    CheckMember.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


@transaction.atomic
def add_newcomers(*, campaign: CheckCampaign, by: Viewer, at: datetime) -> int:
    """Whoever has come into office since, by the same measure; nobody twice."""
    refuse_organiser(by)
    refuse_closed(campaign)
    if campaign.chosen:
        raise DomainError("这次的人员是在名册中选定的，不能按范围补入。", code="chosen")
    cadres = meant(on=by.on, unit=campaign.unit, staff_types=campaign.staff_types)
    added = ask_cadres(campaign, cadres, by.on)
    if added:
        _note(campaign, by, f"补入 {added} 人", at)
        tell(campaign, "opened", f"请核对本人信息：{campaign.title}", on=by.on)
    return added


@transaction.atomic
def extend_campaign(*, campaign: CheckCampaign, ends_on: date, by: Viewer, at: datetime) -> None:
    """Gives those behind more time, and tells them."""
    refuse_organiser(by)
    refuse_closed(campaign)
    if ends_on <= campaign.ends_on or ends_on < by.on:
        message = f"新的截止日期要晚于现在的{cn_date(campaign.ends_on)}，且不早于今天。"
        raise DomainError(message, field="ends_on", code="not_later")
    changes = {"ends_on": (campaign.ends_on, ends_on)}
    campaign.ends_on = ends_on
    save_validated(campaign, update_fields=["ends_on"])
    _note(campaign, by, "延长", at, changes)
    words = f"信息核对延长到{cn_date(ends_on)}：{campaign.title}"
    tell(campaign, f"until {ends_on:%Y-%m-%d}", words, on=by.on)


@transaction.atomic
def close_campaign(*, campaign: CheckCampaign, by: Viewer, at: datetime) -> None:
    """Nothing more is confirmed in it; corrections that were asked for are still decided."""
    refuse_organiser(by)
    open_one = CheckCampaign.objects.filter(pk=campaign.pk, closed_at=None)
    if not open_one.update(closed_at=at, closed_by=by.user_id):
        raise DomainError("这次信息核对已经结束，请刷新页面。", code="closed")
    campaign.refresh_from_db()
    _note(campaign, by, "结束", at)


@transaction.atomic
def remind(*, campaign: CheckCampaign, by: Viewer, at: datetime) -> int:
    """Those behind in the reach of whoever reminds, each once a day; returns how many were told now."""
    refuse_closed(campaign)
    behind = CheckMember.objects.visible_to(by).filter(campaign=campaign, done_at=None)
    behind = behind.exclude(cadre=by.cadre_id or 0)
    words = f"信息核对还没有完成，{cn_date(campaign.ends_on)}截止：{campaign.title}"
    told = tell(campaign, "remind", words, on=by.on, among=behind)
    if told:
        _note(campaign, by, f"提醒 {told} 人", at)
    return told


def tell(
    campaign: CheckCampaign, matter: str, title: str, *, on: date, among: QuerySet[CheckMember] | None = None
) -> int:
    """Those who are not through; the matter is in the key, so nobody hears it twice on a day."""
    rows = CheckMember.objects.filter(campaign=campaign, done_at=None) if among is None else among
    return notify(
        recipients=accounts_of(rows.expected()),  # type: ignore[attr-defined]
        kind=KIND,
        title=title,
        key=f"{KIND}:{campaign.pk}:{matter}",
        on=on,
        url_name="growth:check",
        args=(campaign.pk,),
    )


def tell_of_begun(*, on: date) -> int:
    """By the clock: a campaign that was opened beforehand is told of on its first day."""
    begun = CheckCampaign.objects.running().filter(starts_on=on)
    return sum(tell(one, "opened", f"请核对本人信息：{one.title}", on=on) for one in begun)


# The cadre


@transaction.atomic
def confirm_part(*, member: CheckMember, part: str, by: Viewer, at: datetime) -> CheckedPart:
    """无误: every line of the part that is not disputed is confirmed as it stands."""
    own_only(member.cadre, by)
    _refuse_off(member, by)
    if part not in dict(titles_of(member.campaign.parts)):
        raise DomainError("这次不核对这一部分，请刷新页面。", code="gone")
    confirm_lines(cadre=member.cadre, keys=None, by=by, at=at, only=(part,))
    mark_begun(member.cadre, by=by, at=at)
    lines = lines_of_part(member.cadre, part, by)
    values = {"lines": len(lines), "digest": digest_of(lines), "at": at}
    row, _ = CheckedPart.objects.update_or_create(member=member, part=part, defaults=values)
    return row


@transaction.atomic
def finish(*, member: CheckMember, by: Viewer, at: datetime) -> None:
    """确认核对完毕: all parts gone through, and nothing in them has changed since."""
    own_only(member.cadre, by)
    _refuse_off(member, by)
    parts = parts_for(member)
    _refuse_unchecked(parts)
    _refuse_changed(member, parts, by)
    digests = [part.checked.digest for part in parts if part.checked]
    lines = sum(part.checked.lines for part in parts if part.checked)
    done = CheckMember.objects.filter(pk=member.pk, done_at=None)
    if not done.update(done_at=at, lines=lines, digest=whole_digest(digests)):
        raise DomainError("您已经确认过核对完毕。", code="done")
    member.refresh_from_db()
    label = f"{member.campaign}：核对完毕，共 {lines} 条"
    record(action=AuditAction.GROWTH_CHECKED, by=by, subject=member, label=label, at=at)


def whole_digest(digests: Sequence[str]) -> str:
    return sha256("\n".join(digests).encode()).hexdigest()


def _refuse_unchecked(parts: Iterable[Part]) -> None:
    left = [f"“{part.title}”" for part in parts if part.checked is None]
    if left:
        raise DomainError(f"还有 {len(left)} 部分没有核对：{'、'.join(left)}。", code="unchecked")


def _refuse_changed(member: CheckMember, parts: Iterable[Part], by: Viewer) -> None:
    """What was put right meanwhile is to be looked at once more: its part is open again."""
    changed = [part for part in parts if _has_changed(member, part, by)]
    if changed:
        titles = "、".join(f"“{part.title}”" for part in changed)
        message = f"{titles}在您核对后有变化，请再看一遍这一部分。"
        raise DomainError(message, code="changed")


def _has_changed(member: CheckMember, part: Part, by: Viewer) -> bool:
    lines = lines_of_part(member.cadre, part.key, by)
    return part.checked is None or part.checked.digest != digest_of(lines)


def _refuse_off(member: CheckMember, by: Viewer) -> None:
    if member.excused_at:
        raise DomainError("这次您已免核对；确需核对请联系组织人事部门恢复。", code="excused")
    if not is_on(member.campaign, by.on):
        raise DomainError("这次信息核对还没有开始，或已经结束。", code="not_on")


def refuse_closed(campaign: CheckCampaign) -> None:
    if not campaign.is_open:
        raise DomainError("这次信息核对已经结束。", code="closed")


def _note(campaign: CheckCampaign, by: Viewer, what: str, at: datetime, changes: Any = None) -> None:
    label = f"{campaign}：{what}"
    record(action=AuditAction.CHECK_CHANGED, by=by, subject=campaign, label=label, changes=changes, at=at)
