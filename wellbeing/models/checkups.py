"""健康体检: who is meant, when each goes, and whether they went. Nothing is kept of what was found.

No column here takes free words about a person (a test sees to it): a result is 已检 or 未检, a recheck is yes
or no. The own report of a cadre lies sealed under the cadre's key and opens for the cadre alone.
"""

from decimal import Decimal
from typing import Any, Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.links import user_key
from core.periods import Period, PeriodQuerySet
from core.seats import Seated
from people.choices import Sex, UnitKind
from people.models import Unit
from people.models.cadres import avoided_by, cadre_seen
from wellbeing.choices.checkups import (
    KNOWN,
    CampaignState,
    CheckupState,
    DeferReason,
    Frequency,
    ListReason,
)
from wellbeing.models.talks import cadre_key
from wellbeing.sealing.fields import SealedField

EDIT, OWN = Permission.EDIT_CHECKUP, Permission.OWN_WELLBEING


def money(label: str, **options: Any) -> "models.DecimalField[Any, Any]":
    zero = [MinValueValidator(Decimal(0))]
    return models.DecimalField(label, max_digits=10, decimal_places=2, validators=zero, **options)


class CheckupRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """Who goes to the checkup by which rule is no secret to those who go."""
        may = viewer.can(EDIT) or viewer.can(Permission.EDIT_RULES) or viewer.can(OWN)
        return self if may else self.none()


@classify(
    plain="name is_on min_age max_age sex rank min_years unit_kind frequency source starts_on ends_on",
)
class CheckupRule(Period):
    """One group that is entitled; whoever is in any group whose turn it is stands on the list.

    Age and years of service are full years at the end of the campaign's year. Empty conditions hold for all.
    """

    name = models.CharField("规则名称", max_length=30)
    is_on = models.BooleanField("启用", default=True)
    min_age = models.PositiveSmallIntegerField(
        "最小年龄", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    max_age = models.PositiveSmallIntegerField(
        "最大年龄", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    sex = models.CharField("性别", max_length=1, choices=Sex, blank=True, help_text="不选表示不限")
    rank = models.CharField("职级不低于", max_length=30, blank=True, help_text="不选表示不限")
    min_years = models.PositiveSmallIntegerField(
        "参加工作满几年", null=True, blank=True, validators=[MaxValueValidator(60)]
    )
    unit_kind = models.CharField(
        "机构类别", max_length=16, choices=UnitKind, blank=True, help_text="不选表示不限"
    )
    frequency = models.CharField("次数", max_length=1, choices=Frequency, default=Frequency.YEARLY)
    source = models.CharField("依据", max_length=200, blank=True)

    objects: Any = CheckupRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "体检规则"
        ordering = ["name", "-starts_on"]
        constraints = [
            Period.ends_after_start("checkup_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=["name", "starts_on"],
                name="checkup_rule_version_once",
                violation_error_message="从这一天起已有一版规则，请另选生效日期。",
            ),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(max_age__gte=F("min_age")),
                name="checkup_rule_ages",
                violation_error_message="最大年龄不能小于最小年龄。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}：{self.get_frequency_display()}"


class CampaignQuerySet(models.QuerySet["CheckupCampaign"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those who arrange checkups; a cadre knows of those whose list the cadre stands on."""
        if viewer.paths(EDIT):
            return self
        if not viewer.on_own_record(OWN):
            return self.none()
        mine = CheckupMember.objects.filter(cadre_id=viewer.cadre_id or 0).exclude(state=CheckupState.REMOVED)
        return self.filter(state__in=KNOWN, pk__in=mine.values("campaign_id"))


@classify(
    plain=(
        "year title institution package budget_per_head budget_total starts_on ends_on state rule_text "
        "published_on ended_on spent created_by created_at"
    )
)
class CheckupCampaign(models.Model):
    """One year's checkup with one institution."""

    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(2000), MaxValueValidator(2199)]
    )
    title = models.CharField("名称", max_length=80)
    institution = models.CharField("体检机构", max_length=80)
    package = models.CharField("体检套餐", max_length=80)
    budget_per_head = money("人均标准（元）")
    budget_total = money("预算总额（元）")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("截止日期")
    state = models.CharField("状态", max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    # The rules as they stood when the list was made, in words: printed beside the list.
    rule_text = models.TextField("名单规则", blank=True, editable=False)
    published_on = models.DateField("发布日期", null=True, blank=True, editable=False)
    ended_on = models.DateField("结束日期", null=True, blank=True, editable=False)
    spent = money("实际结算（元）", null=True, blank=True)
    created_by = user_key("经办人")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects: Any = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "体检安排"
        ordering = ["-year", "-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="checkup_campaign_span",
                violation_error_message="截止日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(budget_per_head__gte=0, budget_total__gte=0)
                & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="checkup_campaign_money",
                violation_error_message="金额不能是负数。",
            ),
            models.CheckConstraint(
                condition=Q(state=CampaignState.ENDED, ended_on__isnull=False)
                | (~Q(state=CampaignState.ENDED) & Q(ended_on__isnull=True)),
                name="checkup_campaign_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CheckupSlotQuerySet(models.QuerySet["CheckupSlot"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(campaign__in=CheckupCampaign.objects.visible_to(viewer))

    def free(self) -> Self:
        return self.filter(Q(capacity=None) | Q(seats_taken__lt=F("capacity")))


@classify(plain="campaign starts_at ends_at place")
class CheckupSlot(Seated):
    """A time at the institution with so many places."""

    campaign = models.ForeignKey(CheckupCampaign, models.CASCADE, related_name="+", verbose_name="体检安排")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    place = models.CharField("地点", max_length=60)

    objects: Any = CheckupSlotQuerySet.as_manager()

    class Meta(Seated.Meta):
        verbose_name = verbose_name_plural = "体检时段"
        ordering = ["starts_at", "pk"]
        constraints = [
            *Seated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="checkup_slot_span",
                violation_error_message="结束时间要晚于开始时间。",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=False),
                name="checkup_slot_has_places",
                violation_error_message="请填写这个时段的名额。",
            ),
            models.UniqueConstraint(
                fields=["campaign", "starts_at", "place"],
                name="checkup_slot_once",
                violation_error_message="这个时间和地点已经有一个时段。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}·时段 {self.pk}"


class CheckupMemberQuerySet(models.QuerySet["CheckupMember"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those who arrange checkups, in their scope and never for themselves; the cadre the own line."""
        seen = Q(pk__in=())
        if viewer.paths(EDIT):
            seen |= cadre_seen(viewer, EDIT)
        if viewer.cadre_id is not None:
            seen &= ~avoided_by(viewer, "cadre")
            if viewer.on_own_record(OWN):
                known = Q(campaign__state__in=KNOWN) & ~Q(state=CheckupState.REMOVED)
                seen |= Q(cadre_id=viewer.cadre_id) & known
        return self.filter(seen)

    def expected(self) -> Self:
        return self.exclude(state__in=[CheckupState.REMOVED, CheckupState.DEFERRED])


@classify(
    plain="campaign unit rule slot",
    personal="cadre state added_for removed_for deferred_for recheck_needed recheck_done",
)
class CheckupMember(models.Model):
    """One person of a campaign: which slot, whether they went, whether a recheck is due; no more."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(CheckupCampaign, models.CASCADE, related_name="+", verbose_name="体检安排")
    cadre = cadre_key()
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="时任部门"
    )
    rule = models.ForeignKey(
        CheckupRule, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="适用规则"
    )
    added_for = models.CharField("补入原因", max_length=12, choices=ListReason, blank=True)
    removed_for = models.CharField("移出原因", max_length=12, choices=ListReason, blank=True)
    deferred_for = models.CharField("缓检原因", max_length=12, choices=DeferReason, blank=True)
    slot = models.ForeignKey(
        CheckupSlot, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="体检时段"
    )
    state = models.CharField("状态", max_length=10, choices=CheckupState, default=CheckupState.OPEN)
    recheck_needed = models.BooleanField("需复查", default=False)
    recheck_done = models.BooleanField("已复查", default=False)

    objects: Any = CheckupMemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "体检名单"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "cadre"],
                name="checkup_once_per_campaign",
                violation_error_message="此人已在名单中。",
            ),
            models.CheckConstraint(
                condition=~Q(state=CheckupState.BOOKED) | Q(slot__isnull=False),
                name="checkup_booked_has_a_slot",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CheckupState.OPEN, CheckupState.DEFERRED, CheckupState.REMOVED])
                | Q(slot__isnull=True),
                name="checkup_unbooked_has_none",
            ),
            models.CheckConstraint(
                condition=Q(recheck_needed=False) | Q(state=CheckupState.DONE),
                name="checkup_recheck_after_checkup",
                violation_error_message="先登记已检，再登记复查。",
            ),
            models.CheckConstraint(
                condition=Q(recheck_done=False) | Q(recheck_needed=True),
                name="checkup_recheck_was_needed",
                violation_error_message="不需要复查的不能登记已复查。",
            ),
            models.CheckConstraint(
                condition=(Q(state=CheckupState.REMOVED) & ~Q(removed_for=""))
                | (~Q(state=CheckupState.REMOVED) & Q(removed_for="")),
                name="checkup_removed_for_a_reason",
                violation_error_message="请选择移出原因。",
            ),
            models.CheckConstraint(
                condition=(Q(state=CheckupState.DEFERRED) & ~Q(deferred_for=""))
                | (~Q(state=CheckupState.DEFERRED) & Q(deferred_for="")),
                name="checkup_deferred_for_a_reason",
                violation_error_message="请选择缓检原因。",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state"], name="checkup_by_state"),
            models.Index(fields=["cadre", "state"], name="checkup_of_cadre"),
            models.Index(fields=["slot"], name="checkup_in_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.campaign}"


class CheckupReportQuerySet(models.QuerySet["CheckupReport"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Nobody but the cadre, and the cadre only as the cadre; no emergency access reaches here."""
        return self.filter(cadre_id=viewer.cadre_id) if viewer.on_own_record(OWN) else self.none()


@classify(plain="kept_at", personal="cadre year", sensitive="name content_type")
class CheckupReport(models.Model):
    """The cadre's own report in the cadre's own locker; its bytes lie sealed in the data folder."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cadre = cadre_key()
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(1980), MaxValueValidator(2199)]
    )
    kept_at = models.DateTimeField("存入时间")
    name = SealedField("文件名")
    content_type = SealedField("类型")

    objects: Any = CheckupReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "本人体检报告"
        ordering = ["-year", "-kept_at", "-pk"]
        indexes = [models.Index(fields=["cadre"], name="checkup_report_of")]

    def __str__(self) -> str:
        return "本人体检报告"
