"""应谈尽谈: the rules that make a talk due, and the duties they have raised."""

from typing import Any, Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.links import user_key
from core.periods import Period, PeriodQuerySet
from people.models import Unit
from people.models.cadres import avoided_by, cadre_seen
from wellbeing.choices.triggers import DutyState, TalkerRelation, TriggerCode, WaiveReason
from wellbeing.models.talks import Talk, cadre_key


class TalkRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """Everyone who holds or plans talks may know the rules."""
        may = viewer.can(Permission.HOLD_TALK) or viewer.can(Permission.PLAN_TALK)
        return self if may or viewer.can(Permission.EDIT_RULES) else self.none()


@classify(plain="code relation is_on lead_days due_days per_year source starts_on ends_on")
class TalkRule(Period):
    """One situation, who has to talk, and by when; a regular one says how often a year.

    `lead_days` is how long before the event the duty is raised, `due_days` how long after it the talk is
    due (negative: before it).
    """

    code = models.CharField("情形", max_length=20, choices=TriggerCode)
    relation = models.CharField("谈话人", max_length=8, choices=TalkerRelation)
    is_on = models.BooleanField("启用", default=True)
    lead_days = models.PositiveSmallIntegerField(
        "提前几天提出", default=0, validators=[MaxValueValidator(180)], help_text="0 表示事情发生后提出"
    )
    due_days = models.SmallIntegerField(
        "几天内谈",
        default=30,
        validators=[MinValueValidator(-60), MaxValueValidator(366)],
        help_text="从事情发生之日算起；负数表示须在事前几天谈完",
    )
    per_year = models.PositiveSmallIntegerField(
        "每年次数", default=0, validators=[MaxValueValidator(12)], help_text="定期谈话填 1–12，其他填 0"
    )
    source = models.CharField("依据", max_length=200, blank=True)

    objects: Any = TalkRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "谈话规则"
        ordering = ["code", "-starts_on"]
        constraints = [
            Period.ends_after_start("talk_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=["code", "starts_on"],
                name="talk_rule_version_once",
                violation_error_message="从这一天起已有一版规则，请另选生效日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}：{self.get_relation_display()}"

    @property
    def before_days(self) -> int:
        """How many days before the event the talk is due."""
        return max(0, -self.due_days)


class TalkDutyQuerySet(models.QuerySet["TalkDuty"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The talker's own duties, those of the planner's scope, and what the cadre has asked for."""
        seen = Q(pk__in=())
        if viewer.can(Permission.HOLD_TALK):
            seen |= Q(talker_id=viewer.user_id)
        if viewer.paths(Permission.PLAN_TALK):
            planned = cadre_seen(viewer, Permission.PLAN_TALK)
            # That somebody was disciplined is for whoever may know the effect period (security.md, row 14).
            knows = viewer.can(Permission.VIEW_EFFECT_PERIOD) or viewer.can(Permission.VIEW_DISCIPLINE)
            seen |= planned if knows else planned & ~Q(code=TriggerCode.DISCIPLINED)
        if viewer.cadre_id is not None:
            seen &= ~avoided_by(viewer, "cadre")
            if viewer.on_own_record(Permission.OWN_TALK):
                seen |= Q(cadre_id=viewer.cadre_id, code=TriggerCode.REQUEST)
        return self.filter(seen)

    def unmet(self) -> Self:
        return self.filter(state__in=[DutyState.OPEN, DutyState.PLANNED])


@classify(
    plain="unit talker relation raised_on due_on state done_on waived_by",
    personal="cadre code occasion_key occasion_on talk waive_reason",
)
class TalkDuty(models.Model):
    """A talk that is owed. The key names the event for good, so the same event never raises a second one."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField("事由", max_length=20, choices=TriggerCode)
    cadre = cadre_key(models.CASCADE)  # an import that is taken back takes what it has raised along
    occasion_key = models.CharField(max_length=80)
    occasion_on = models.DateField("事由日期")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="当时所在部门"
    )
    relation = models.CharField("谈话关系", max_length=8, choices=TalkerRelation)
    talker = user_key("应谈人", null=True)
    raised_on = models.DateField("提出日期")
    due_on = models.DateField("应谈截止")
    state = models.CharField("状态", max_length=8, choices=DutyState, default=DutyState.OPEN)
    talk = models.ForeignKey(Talk, models.SET_NULL, related_name="+", null=True, blank=True)
    done_on = models.DateField("谈话日期", null=True, blank=True)
    waive_reason = models.CharField("免谈或撤销的原因", max_length=12, choices=WaiveReason, blank=True)
    waived_by = user_key("免谈经办人", null=True)

    objects: Any = TalkDutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "应谈事项"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "cadre", "occasion_key"], name="one_duty_per_event"),
            models.CheckConstraint(
                condition=Q(state=DutyState.DONE, done_on__isnull=False)
                | (~Q(state=DutyState.DONE) & Q(done_on__isnull=True)),
                name="duty_done_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DutyState.WAIVED, DutyState.REVOKED]) | ~Q(waive_reason=""),
                name="duty_waived_has_a_reason",
                violation_error_message="请选择免谈原因。",
            ),
        ]
        indexes = [
            models.Index(fields=["talker", "state", "due_on"], name="duty_of_talker"),
            models.Index(fields=["cadre", "state"], name="duty_of_cadre"),
            models.Index(fields=["unit", "due_on", "state"], name="duty_in_unit"),
            models.Index(fields=["state", "due_on"], name="duty_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·应谈"
