"""Checkups made through the services as people make them. Everything is invented."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.access import Role
from people.models import Cadre, Unit, User
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.wellbeing import decide, inspector, make_finding, viewer_of
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.models import (
    CheckupCampaign,
    CheckupMember,
    CheckupReport,
    CheckupRule,
    CheckupSlot,
    DecisionNotice,
    Finding,
)
from wellbeing.services.checkups.campaigns import plan_campaign, publish_campaign, start_campaign
from wellbeing.services.checkups.locker import keep_report
from wellbeing.services.consents import give_consent, has_consented
from wellbeing.services.decisions import deliver_decision

PDF = b"%PDF-1.4\n%%EOF"


def organiser(**values: Any) -> User:
    return make_account(Role.HR, **values)


def make_campaign(by: User | None = None, *, state: str = "running", on: date = TODAY, **values: Any):
    """A campaign of the year of `on`, taken as far as `state`; its list is of all active cadres there are."""
    viewer = viewer_of(by or organiser(), on)
    defaults = {
        "year": on.year,
        "title": f"{on.year}年度干部健康体检",
        "institution": "示例市第一医院体检中心",
        "package": "在职干部套餐",
        "budget_per_head": Decimal(500),
        "budget_total": Decimal(500_000),
        "starts_on": on,
        "ends_on": on + timedelta(days=60),
    }
    row: CheckupCampaign = plan_campaign(values=defaults | values, by=viewer)
    if state != "draft":
        publish_campaign(campaign=row, by=viewer, on=on)
    if state == "running":
        start_campaign(campaign=row, by=viewer)
    return row


def line_of(campaign: CheckupCampaign, cadre: Cadre) -> CheckupMember:
    return CheckupMember.objects.select_related("campaign", "cadre", "slot").get(
        campaign=campaign, cadre=cadre
    )


def make_slot(
    campaign: CheckupCampaign, *, starts_at: datetime | None = None, capacity: int = 5, place: str = "一号楼"
) -> CheckupSlot:
    starts_at = starts_at or timezone.now() + timedelta(days=2)
    return CheckupSlot.objects.create(
        campaign=campaign,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        place=place,
        capacity=capacity,
    )


def make_report(own: User, *, name: str = "报告.pdf", data: bytes = PDF, year: int = 2026) -> CheckupReport:
    """Kept by the cadre, who agrees to it first."""
    viewer, now = viewer_of(own), timezone.now()
    if not has_consented(own.cadre_id or 0, ConsentPurpose.HEALTH_LOCKER):
        give_consent(purpose=ConsentPurpose.HEALTH_LOCKER, by=viewer, at=now)
    return keep_report(upload=SimpleUploadedFile(name, data), year=year, by=viewer, at=now)


def checkup_things(cadre: Cadre, unit: Unit) -> dict[str, Any]:
    """What the addresses of checkups and decisions refer to; all of it about `cadre`."""
    by, campaign = organiser(), make_campaign()
    person = make_cadre("决定示例", unit=unit)
    finding = decide(make_finding(unit, cadre=person))
    own = make_account(cadre=make_cadre("报告示例", unit=unit), name="报告示例")
    return {
        "checkup": campaign,
        "checkup_draft": make_campaign(by, state="draft", title="草稿", year=2031),
        "checkup_published": make_campaign(by, state="published", title="待开始", year=2032),
        "checkup_slot": make_slot(campaign),
        "checkup_line": line_of(campaign, cadre),
        "checkup_rule": CheckupRule.objects.get(),
        "report": make_report(own),
        "decided": finding,
        "notice": deliver(finding),
    }


def deliver(finding: Finding, *, by: User | None = None) -> DecisionNotice:
    viewer, now = viewer_of(by or inspector()), timezone.now()
    return deliver_decision(finding=finding, notice="经研究，予以通报。", by=viewer, at=now, on=TODAY)
