"""Campaigns, people and slots as the pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.access import Viewer
from people.choices import AppointmentKind
from people.models import Appointment, User
from wellbeing.choices.checkups import BOOKABLE, EXPECTED, CampaignState, CheckupState
from wellbeing.models import CheckupCampaign, CheckupMember, CheckupReport, CheckupSlot


def campaign_list(viewer: Viewer) -> QuerySet[CheckupCampaign]:
    rows: QuerySet[CheckupCampaign] = CheckupCampaign.objects.visible_to(viewer)
    return rows


def member_list(viewer: Viewer) -> QuerySet[CheckupMember]:
    rows: QuerySet[CheckupMember] = CheckupMember.objects.visible_to(viewer)
    return rows.select_related("cadre", "unit", "slot", "campaign", "rule")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one campaign; all of its people, so that they add up whoever looks."""

    expected: int = 0
    booked: int = 0
    open: int = 0
    done: int = 0
    missed: int = 0
    deferred: int = 0
    recheck: int = 0
    rechecked: int = 0

    @property
    def percent(self) -> int | None:
        return round(100 * self.done / self.expected) if self.expected else None


def figures_of(campaigns: Iterable[CheckupCampaign]) -> dict[int, Figures]:
    """Campaign id → its figures; one query."""
    rows = CheckupMember.objects.filter(campaign__in=list(campaigns)).order_by().values("campaign_id")
    counted = rows.annotate(
        expected=Count("pk", filter=Q(state__in=EXPECTED)),
        recheck=Count("pk", filter=Q(recheck_needed=True)),
        rechecked=Count("pk", filter=Q(recheck_done=True)),
        **{state.value: _in(state) for state in CheckupState if state != CheckupState.REMOVED},
    )
    return {row["campaign_id"]: _figures(row) for row in counted}


def _figures(row: Any) -> Figures:
    return Figures(**{name: value for name, value in row.items() if name != "campaign_id"})


def _in(state: CheckupState) -> Count:
    return Count("pk", filter=Q(state=state))


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """`planned` for all expected, `due` for those who went (or what was settled), in yuan."""

    total: Decimal
    planned: Decimal
    due: Decimal
    settled: bool

    @property
    def left(self) -> Decimal:
        return self.total - self.due

    @property
    def percent(self) -> int:
        return round(100 * self.due / self.total) if self.total else 0


def budget_use(campaign: CheckupCampaign, figures: Figures) -> BudgetUse:
    settled = campaign.spent is not None
    due = campaign.spent if campaign.spent is not None else campaign.budget_per_head * figures.done
    return BudgetUse(campaign.budget_total, campaign.budget_per_head * figures.expected, due, settled)


def free_slots(campaigns: Sequence[int], *, after: datetime) -> QuerySet[CheckupSlot]:
    """Those that can still be taken, the earliest first."""
    rows: QuerySet[CheckupSlot] = CheckupSlot.objects.filter(campaign__in=campaigns, starts_at__gt=after)
    return rows.free().order_by("starts_at", "pk")  # type: ignore[attr-defined, no-any-return]


def own_members(viewer: Viewer) -> list[CheckupMember]:
    """The viewer's own lines, the latest year first."""
    rows = member_list(viewer).filter(cadre_id=viewer.cadre_id or 0)
    return list(rows.order_by("-campaign__year", "-campaign__starts_on", "-pk"))


def may_book(member: CheckupMember) -> bool:
    return member.campaign.state in BOOKABLE and member.state in (CheckupState.OPEN, CheckupState.BOOKED)


def own_reports(viewer: Viewer) -> QuerySet[CheckupReport]:
    rows: QuerySet[CheckupReport] = CheckupReport.objects.visible_to(viewer)
    return rows


def away_on(cadre_ids: Iterable[int], day: date) -> set[int]:
    """Those on secondment on the day: whom the office will want to let go later."""
    held: Any = Appointment.objects.covering(day).filter(kind=AppointmentKind.SECONDMENT)
    return set(held.filter(cadre_id__in=list(cadre_ids)).values_list("cadre_id", flat=True))


def accounts_of(cadre_ids: Iterable[int]) -> list[int]:
    rows = User.objects.filter(cadre_id__in=list(cadre_ids), is_active=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def running_years() -> list[int]:
    """Years with a published campaign, the latest first."""
    rows = CheckupCampaign.objects.exclude(state=CampaignState.DRAFT).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())
