"""关心关爱: the rules, the budgets, what has happened to whom, and what was given for it.

What a person is going through stands in encrypted columns and opens to the handler alone; everybody else
sees kinds, days and amounts as far as `visible_to` lets them.
"""

from decimal import Decimal
from typing import Any, Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto import EncryptedTextField
from core.links import user_key
from core.models import StoredFile
from core.periods import Period, PeriodQuerySet
from people.models import Unit
from people.models.cadres import avoided_by, cadre_seen
from wellbeing.choices.care import (
    HELP_KINDS,
    LIVE,
    CareCause,
    CareForm,
    CareFund,
    CareKind,
    CareState,
    EventStage,
    EventState,
    Hardship,
    ReceiptKind,
)
from wellbeing.models.talks import cadre_key

CENT = Decimal("0.01")
STAFF = (Permission.EDIT_CARE, Permission.APPROVE_CARE, Permission.EDIT_RULES)


def money(label: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """元, to the cent."""
    return models.DecimalField(label, max_digits=10, decimal_places=2, **options)


class CareRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """What one is entitled to is no secret: everyone with a part in it, and every cadre, may read it."""
        may = any(viewer.can(one) for one in (*STAFF, Permission.OWN_WELLBEING, Permission.REPORT_CARE))
        return self if may else self.none()


@classify(
    plain=(
        "kind is_on amount yearly_cap form fund entitled within_days lead_days near_days source "
        "starts_on ends_on"
    )
)
class CareRule(Period):
    """How much for what, from which fund, by when; versions by day, never overwritten.

    `near_days`: another event of the same cadre or of the spouse so near is asked about as the same one.
    """

    kind = models.CharField("类别", max_length=12, choices=CareKind)
    is_on = models.BooleanField("启用", default=True)
    amount = money("每次不超过（元）", validators=[MinValueValidator(CENT)])
    yearly_cap = money("每人每年不超过（元）", validators=[MinValueValidator(CENT)])
    form = models.CharField("形式", max_length=8, choices=CareForm, default=CareForm.GOODS)
    fund = models.CharField("经费来源", max_length=8, choices=CareFund, default=CareFund.UNION)
    entitled = models.CharField("什么情况可以享受", max_length=200)
    within_days = models.PositiveSmallIntegerField(
        "几天内办理", validators=[MaxValueValidator(366)], help_text="从事情发生之日算起"
    )
    lead_days = models.PositiveSmallIntegerField(
        "提前几天列出",
        default=0,
        validators=[MaxValueValidator(90)],
        help_text="只对能提前算出的生日、退休和节日有用",
    )
    near_days = models.PositiveSmallIntegerField(
        "几天内视为同一件事",
        default=30,
        validators=[MaxValueValidator(366)],
        help_text="同一人或其配偶在这些天内已有慰问、救助的，办理时提示",
    )
    source = models.CharField("依据", max_length=200)

    objects: Any = CareRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "慰问规则"
        ordering = ["kind", "-starts_on"]
        constraints = [
            Period.ends_after_start("care_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=["kind", "starts_on"],
                name="care_rule_version_once",
                violation_error_message="从这一天起已有一版规则，请另选生效日期。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(yearly_cap__gte=F("amount")),
                name="care_rule_amounts_fit",
                violation_error_message="每人每年的上限不能少于每次的金额。",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class CareFestivalQuerySet(models.QuerySet["CareFestival"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if any(viewer.can(one) for one in STAFF) else self.none()


@classify(plain="name day is_on")
class CareFestival(models.Model):
    """A festival on its day; lunar ones fall on another day each year, so the calendar is kept as rows."""

    name = models.CharField("节日", max_length=20)
    day = models.DateField("日期", unique=True, error_messages={"unique": "这一天已登记了节日。"})
    is_on = models.BooleanField("慰问", default=True)

    objects: Any = CareFestivalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "慰问节日"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day.year}年{self.name}"


class CareBudgetQuerySet(models.QuerySet["CareBudget"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if any(viewer.sees_all(one) for one in STAFF) else self.none()


@classify(plain="fund year total committed given")
class CareBudget(models.Model):
    """The money of a fund in a year. `committed` is approved and not yet given; both move conditionally."""

    fund = models.CharField("经费来源", max_length=8, choices=CareFund)
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(2000), MaxValueValidator(2199)]
    )
    total = money("年度预算（元）", validators=[MinValueValidator(Decimal(0))])
    committed = money("已批未发（元）", default=Decimal(0), editable=False)
    given = money("已发放（元）", default=Decimal(0), editable=False)

    objects: Any = CareBudgetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "慰问预算"
        ordering = ["-year", "fund"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "year"],
                name="care_budget_once",
                violation_error_message="这项经费本年度已有预算，请直接修改。",
            ),
            models.CheckConstraint(
                condition=Q(committed__gte=0, given__gte=0, total__gte=F("committed") + F("given")),
                name="care_budget_not_overdrawn",
                violation_error_message="预算不能少于已批和已发的金额之和。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_fund_display()}"

    @property
    def used(self) -> Decimal:
        used: Decimal = self.committed + self.given
        return used

    @property
    def left(self) -> Decimal:
        left: Decimal = self.total - self.used
        return left


class CareEventQuerySet(models.QuerySet["CareEvent"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those who handle care in the cadre's unit, whoever reported it, and the cadre what was reported."""
        seen = Q(reported_by_id=viewer.user_id)
        if viewer.paths(Permission.EDIT_CARE):
            seen |= cadre_seen(viewer, Permission.EDIT_CARE)
        if viewer.cadre_id is not None:
            seen &= ~avoided_by(viewer, "cadre")
            if viewer.on_own_record(Permission.OWN_WELLBEING):
                seen |= Q(cadre_id=viewer.cadre_id, reported_by__isnull=False)
        return self.filter(seen)

    def with_stage(self) -> Self:
        """`stage`: an EventStage, from the event and its case."""
        live = CareCase.objects.filter(event=models.OuterRef("pk"), state__in=LIVE)
        closed = live.filter(state=CareState.CLOSED)
        stage = models.Case(
            models.When(state=EventState.SETTLED, then=models.Value(EventStage.SETTLED.value)),
            models.When(models.Exists(closed), then=models.Value(EventStage.DONE.value)),
            models.When(models.Exists(live), then=models.Value(EventStage.GOING.value)),
            default=models.Value(EventStage.WAITING.value),
        )
        return self.annotate(stage=stage)

    def unanswered(self) -> Self:
        """Open ones without a case."""
        return self.with_stage().filter(stage=EventStage.WAITING)


@classify(
    plain="handler reported_by reported_on state", personal="cadre cause key happened_on", sensitive="detail"
)
class CareEvent(models.Model):
    """Something in a cadre's life. `key` names it for good among the cadre's events of its cause."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cadre = cadre_key(models.CASCADE)
    cause = models.CharField("事项", max_length=12, choices=CareCause)
    key = models.CharField(max_length=40, editable=False)
    happened_on = models.DateField("发生日期")
    reported_by = user_key("报告人", null=True)
    reported_on = models.DateField("报告日期", null=True, blank=True)
    handler = user_key("经办人", null=True)
    detail = EncryptedTextField("情况说明", max_length=500, blank=True, default="")
    state = models.CharField("状态", max_length=8, choices=EventState, default=EventState.OPEN)

    objects: Any = CareEventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "慰问事项"
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "cause", "key"],
                name="care_event_once",
                violation_error_message="这件事已经报告过，不用重复报告。",
            )
        ]
        indexes = [
            models.Index(fields=["state", "happened_on"], name="care_event_by_state"),
            models.Index(fields=["reported_by", "state"], name="care_event_of_reporter"),
        ]

    def __str__(self) -> str:
        """Goes into the audit log: what has happened to whom is not said there."""
        return f"慰问事项 {self.pk}"


@classify(plain="", personal="cadre kind year used")
class CareAllowance(models.Model):
    """What a cadre has had of one kind in a year; the cap is kept by a conditional UPDATE of `used`."""

    cadre = cadre_key(models.CASCADE)
    kind = models.CharField("类别", max_length=12, choices=CareKind)
    year = models.PositiveSmallIntegerField("年度")
    used = money("已用（元）", default=Decimal(0))

    objects: Any = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "个人年度额度"
        constraints = [
            models.UniqueConstraint(fields=["cadre", "kind", "year"], name="care_allowance_once"),
            models.CheckConstraint(condition=Q(used__gte=0), name="care_allowance_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年额度 {self.pk}"


class CareCaseQuerySet(models.QuerySet["CareCase"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Handlers of the unit; approvers what waits for them or what they decided; the cadre the own."""
        seen = Q(pk__in=())
        if viewer.paths(Permission.EDIT_CARE):
            seen |= cadre_seen(viewer, Permission.EDIT_CARE)
        if viewer.paths(Permission.APPROVE_CARE):
            within = cadre_seen(viewer, Permission.APPROVE_CARE)
            seen |= within & (Q(state=CareState.APPLIED) | Q(approver_id=viewer.user_id))
        if viewer.cadre_id is not None:
            seen &= ~avoided_by(viewer, "cadre")
            if viewer.on_own_record(Permission.OWN_WELLBEING):
                seen |= Q(cadre_id=viewer.cadre_id, state__in=LIVE)
        return self.filter(seen)

    def live(self) -> Self:
        return self.filter(state__in=LIVE)


@classify(
    plain=(
        "unit fund year form rule state handler applied_on approver decided_on giver given_on "
        "receipt_kind receipt received_on closed_at"
    ),
    personal="event cadre kind amount hardship",
    sensitive="reason opinion",
)
class CareCase(models.Model):
    """What is given for one event. One live case for each event, whatever its kind: the database says so."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    event = models.ForeignKey(CareEvent, models.PROTECT, related_name="+", verbose_name="事项")
    cadre = cadre_key()
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="当时所在部门"
    )
    kind = models.CharField("类别", max_length=12, choices=CareKind)
    hardship = models.CharField("困难类型", max_length=8, choices=Hardship, blank=True, default="")
    rule = models.ForeignKey(CareRule, models.PROTECT, related_name="+", verbose_name="适用规则")
    fund = models.CharField("经费来源", max_length=8, choices=CareFund)
    year = models.PositiveSmallIntegerField("经费年度")
    form = models.CharField("形式", max_length=8, choices=CareForm)
    amount = money("金额（元）", validators=[MinValueValidator(CENT)])
    reason = EncryptedTextField("事由说明", max_length=500, blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=CareState, default=CareState.APPLIED)
    handler = user_key("经办人")
    applied_on = models.DateField("申请日期")
    approver = user_key("审批人", null=True)
    decided_on = models.DateField("审批日期", null=True, blank=True)
    opinion = EncryptedTextField("审批意见", max_length=300, blank=True, default="")
    giver = models.CharField("慰问人", max_length=60, blank=True)
    given_on = models.DateField("慰问日期", null=True, blank=True)
    receipt_kind = models.CharField("签收方式", max_length=8, choices=ReceiptKind, blank=True, default="")
    receipt = models.OneToOneField(
        StoredFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="签收单"
    )
    received_on = models.DateField("签收日期", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    objects: Any = CareCaseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "慰问救助"
        ordering = ["-applied_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(state__in=[state.value for state in LIVE]),
                name="one_care_for_one_event",
                violation_error_message="这件事已经有人在办理，不能重复慰问。请在“慰问办理”中查看。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CareState.APPROVED, CareState.GIVEN, CareState.CLOSED])
                | (Q(approver__isnull=False, decided_on__isnull=False) & ~Q(approver=F("handler"))),
                name="care_approved_by_another",
                violation_error_message="审批人不能是经办人本人。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CareState.GIVEN, CareState.CLOSED])
                | (Q(given_on__isnull=False) & ~Q(giver="")),
                name="care_given_by_someone",
                violation_error_message="请填写慰问人和慰问日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state=CareState.CLOSED)
                | (Q(received_on__isnull=False, closed_at__isnull=False) & ~Q(receipt_kind="")),
                name="care_closed_with_receipt",
                violation_error_message="签收后才能办结。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[kind.value for kind in HELP_KINDS]) | ~Q(hardship=""),
                name="care_help_says_hardship",
                violation_error_message="救助和帮扶要选择困难类型。",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="care_amount_positive"),
        ]
        indexes = [
            models.Index(fields=["cadre", "year", "kind"], name="care_of_cadre"),
            models.Index(fields=["state", "applied_on"], name="care_by_state"),
            models.Index(fields=["handler", "state"], name="care_of_handler"),
            models.Index(fields=["year", "unit", "kind"], name="care_in_unit"),
        ]

    def __str__(self) -> str:
        """Goes into the audit log: for whom and what for is not said there."""
        return f"慰问救助 {self.pk}"
