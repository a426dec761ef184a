"""A campaign from draft to end: publishing makes the list by the rules of the day, ending says who missed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import apply_changes, changes_to, save_validated, values_of
from wellbeing.choices.checkups import BOOKABLE, WAITING, CampaignState, CheckupState
from wellbeing.models import CheckupCampaign, CheckupMember
from wellbeing.queries.checkups.eligibility import eligible, rules_on, rules_words
from wellbeing.queries.checkups.lists import accounts_of

EDIT = Permission.EDIT_CHECKUP
FIELDS = (
    "year", "title", "institution", "package", "budget_per_head", "budget_total", "starts_on", "ends_on",
)  # fmt: skip
KIND = "wellbeing.checkup"


def refuse_organiser(by: Viewer) -> None:
    """A campaign is for the whole zone: who looks after a part enters results only."""
    if not by.sees_all(EDIT):
        raise DomainError("体检在全区统一安排，只有全区范围的经办人能办理。", code="not_allowed")


@transaction.atomic
def plan_campaign(*, values: Mapping[str, Any], by: Viewer) -> CheckupCampaign:
    refuse_organiser(by)
    row = CheckupCampaign(created_by_id=by.user_id, **values)
    save_validated(row)
    note(row, by, "拟订", values_of(row, FIELDS))
    return row


@transaction.atomic
def change_campaign(*, campaign: CheckupCampaign, values: Mapping[str, Any], by: Viewer) -> None:
    """The year decides who stands on the list: once it is published the year stays."""
    refuse_organiser(by)
    changes = changes_to(campaign, values)
    if campaign.state == CampaignState.ENDED and set(changes) - {"spent", "budget_total"}:
        raise DomainError("已结束的体检只能补登结算金额和预算。", code="wrong_state")
    if "year" in changes and campaign.state != CampaignState.DRAFT:
        raise DomainError("名单已按年度生成，不能再改年度。", field="year", code="wrong_state")
    if not changes:
        return
    apply_changes(campaign, changes)
    save_validated(campaign)
    note(campaign, by, "修改", changes)


@transaction.atomic
def drop_campaign(*, campaign: CheckupCampaign, by: Viewer) -> None:
    refuse_organiser(by)
    if campaign.state != CampaignState.DRAFT:
        raise DomainError("已发布的体检不能删除。", code="wrong_state")
    note(campaign, by, "删除草稿")
    campaign.delete()


@transaction.atomic
def publish_campaign(*, campaign: CheckupCampaign, by: Viewer, on: date) -> int:
    """Makes the list by the rules in force today and tells those on it; returns how many they are."""
    refuse_organiser(by)
    rules = rules_on(on)
    if not rules:
        raise DomainError("今天没有启用的体检规则，请先在“体检规则”中设置。", code="no_rules")
    found = eligible(year=campaign.year, on=on)
    refuse_over_budget(campaign, len(found))
    _move(
        campaign, CampaignState.DRAFT, CampaignState.PUBLISHED, published_on=on, rule_text=rules_words(rules)
    )
    CheckupMember.objects.bulk_create(
        CheckupMember(campaign=campaign, cadre_id=one.cadre_id, unit_id=one.unit_id, rule=one.rule)
        for one in found
    )
    note(campaign, by, "发布", {"members": (None, len(found)), "rule_text": ("", campaign.rule_text)})
    _tell(campaign, [one.cadre_id for one in found], on)
    return len(found)


def refuse_over_budget(campaign: CheckupCampaign, heads: int) -> None:
    needed = campaign.budget_per_head * heads
    if needed > campaign.budget_total:
        message = (
            f"应检 {heads} 人，按人均 {campaign.budget_per_head} 元需要 {needed} 元，超过预算总额 "
            f"{campaign.budget_total} 元。请先修改预算，或调整体检规则。"
        )
        raise DomainError(message, code="over_budget")


@transaction.atomic
def start_campaign(*, campaign: CheckupCampaign, by: Viewer) -> None:
    refuse_organiser(by)
    _move(campaign, CampaignState.PUBLISHED, CampaignState.RUNNING)
    note(campaign, by, "开始")


@transaction.atomic
def end_campaign(*, campaign: CheckupCampaign, spent: Decimal | None, by: Viewer, on: date) -> int:
    """Whoever has not gone by now has missed it; returns how many. A late result may still be entered."""
    refuse_organiser(by)
    _move(campaign, CampaignState.RUNNING, CampaignState.ENDED, ended_on=on, spent=spent)
    missed = CheckupMember.objects.filter(campaign=campaign, state__in=WAITING)
    count = int(missed.update(state=CheckupState.MISSED))
    note(campaign, by, "结束", {"missed": (None, count), "spent": (None, spent)})
    return count


def start_due_campaigns(*, on: date) -> int:
    """By the clock: what was published begins on its first day."""
    due = CheckupCampaign.objects.filter(state=CampaignState.PUBLISHED, starts_on__lte=on)
    with transaction.atomic():
        rows = list(due)
        for row in rows:
            _move(row, CampaignState.PUBLISHED, CampaignState.RUNNING)
            note(row, None, "到期开始")
    return len(rows)


def _move(row: CheckupCampaign, source: CampaignState, target: CampaignState, **values: Any) -> None:
    rows = CheckupCampaign.objects.filter(pk=row.pk, state=source)
    if not rows.update(state=target, **values):
        raise DomainError("这次体检的状态已经变化，请刷新页面查看。", code="conflict")
    row.refresh_from_db()


def note(row: CheckupCampaign, by: Viewer | None, what: str, changes: Any = None) -> None:
    record(action=AuditAction.CHECKUP_CHANGED, by=by, subject=row, label=f"{row}：{what}", changes=changes)


def _tell(campaign: CheckupCampaign, cadre_ids: list[int], on: date) -> None:
    notify(
        recipients=accounts_of(cadre_ids),
        kind=KIND,
        title=f"{campaign.year}年度体检可以预约",
        key=f"{KIND}:{campaign.pk}:published",
        on=on,
        url_name="wellbeing:my_checkups",
    )


def bookable(campaign: CheckupCampaign) -> bool:
    return campaign.state in BOOKABLE
