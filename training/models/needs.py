"""Training needs: filed by departments and cadres, weighed with the evidence of other apps, looked at again
after the class."""

from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from people.choices import NeedKind
from people.models import Cadre, Unit
from people.models.units import under_any
from training.choices import NeedMoment, NeedOrigin, Theme
from training.models.catalogue import Programme, TrainingClass


class TrainingNeedQuerySet(models.QuerySet["TrainingNeed"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those of the viewer's units; the own one as the cadre alone."""
        own = Q(cadre_id=viewer.cadre_id) if viewer.cadre_id else Q(pk__in=())
        reach = under_any(viewer.paths(Permission.VIEW_TRAINING), "unit__path") & ~own
        return (
            self.filter(reach | own) if viewer.on_own_record(Permission.VIEW_TRAINING) else self.filter(reach)
        )

    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)


@classify(
    plain="origin unit theme topic people filed_on wanted_by closed_on close_reason",
    personal="cadre reason filed_by_id filed_by_name",
)
class TrainingNeed(models.Model):
    """What a department or a cadre asks for. `unit` is that of the cadre on the day of filing."""

    origin = models.CharField("来源", max_length=8, choices=NeedOrigin)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="部门")
    cadre = models.ForeignKey(
        Cadre, models.CASCADE, related_name="training_needs", null=True, blank=True, verbose_name="干部"
    )
    theme = models.CharField("专题", max_length=16, choices=Theme)
    topic = models.CharField("具体内容", max_length=120)
    reason = models.CharField("理由", max_length=500, blank=True)
    people = models.PositiveSmallIntegerField(
        "需培训人数", default=1, validators=[MinValueValidator(1), MaxValueValidator(9999)]
    )
    wanted_by = models.DateField("希望何时前", null=True, blank=True)
    filed_on = models.DateField("填报日期")
    filed_by_id = models.PositiveBigIntegerField("填报账号", null=True)
    filed_by_name = models.CharField("填报人", max_length=60, blank=True)
    programmes = models.ManyToManyField(
        Programme, related_name="needs", blank=True, verbose_name="据此设立的项目"
    )
    closed_on = models.DateField("办结日期", null=True, blank=True)
    close_reason = models.CharField("办结说明", max_length=200, blank=True)

    objects = TrainingNeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训需求"
        ordering = ["-filed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(origin=NeedOrigin.UNIT, cadre__isnull=True)
                | Q(origin=NeedOrigin.CADRE, cadre__isnull=False),
                name="a_wish_is_of_a_cadre",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(close_reason=""),
                name="need_closed_with_a_word",
                violation_error_message="请写明办结说明。",
            ),
            models.UniqueConstraint(
                fields=["unit", "theme", "topic"],
                condition=Q(closed_on__isnull=True, cadre__isnull=True),
                name="unit_asks_once",
                violation_error_message="本部门同一专题、同一内容的需求还没有办结，不必重复填报。",
            ),
            models.UniqueConstraint(
                fields=["cadre", "theme", "topic"],
                condition=Q(closed_on__isnull=True, cadre__isnull=False),
                name="cadre_asks_once",
                violation_error_message="你已提出同一专题、同一内容的需求，不必重复提出。",
            ),
        ]
        indexes = [models.Index(fields=["theme", "unit"], name="needs_by_theme")]

    def __str__(self) -> str:
        return f"{self.get_theme_display()}：{self.topic}"


class NeedWeightQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        known = viewer.can(Permission.VIEW_TRAINING) or viewer.can(Permission.EDIT_RULES)
        return self if known else self.none()


@classify(plain="kind weight note starts_on ends_on")
class NeedWeight(Period):
    """How much one signal of a kind counts when needs are ranked, in force for a period."""

    kind = models.CharField("依据", max_length=16, choices=NeedKind)
    weight = models.DecimalField(
        "权重",
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    note = models.CharField("说明", max_length=200, blank=True)

    objects: Any = NeedWeightQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "需求权重"
        ordering = ["kind", "starts_on"]
        constraints = [
            Period.ends_after_start("need_weight_ends_after_start"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="need_weight_not_negative"),
            models.UniqueConstraint(
                fields=["kind", "starts_on"],
                name="one_need_weight_per_start",
                violation_error_message="从这一天起已有一版权重，请另选生效日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.weight.normalize():f}"


class NeedReadingQuerySet(models.QuerySet["NeedReading"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Figures of all participants for those who see others' training; a unit's within their reach."""
        paths = viewer.paths(Permission.VIEW_TRAINING)
        if not paths:
            return self.none()
        return self.filter(Q(unit__isnull=True) | under_any(paths, "unit__path"))


@classify(plain="training_class unit moment first_day last_day taken_at people signals score")
class NeedReading(models.Model):
    """The figure of a class's theme in a span of 60 days, for the participants' departments or all of them.

    Kept as it was read: evidence changes afterwards. `people` is how many participants of the class belong to
    the unit; below five nothing is shown. `unit` None stands for all participants together.
    """

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="need_readings", verbose_name="班次"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="部门"
    )
    moment = models.CharField("时点", max_length=8, choices=NeedMoment)
    first_day = models.DateField("起")
    last_day = models.DateField("止")
    taken_at = models.DateTimeField("读取时间")
    people = models.PositiveIntegerField("参训人数")
    signals = models.PositiveIntegerField("需求条数")
    score = models.DecimalField("需求强度", max_digits=9, decimal_places=2)

    objects = NeedReadingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "需求对照"
        ordering = ["training_class", "unit", "moment"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "unit", "moment"], name="one_need_reading_per_unit"
            ),
            models.UniqueConstraint(
                fields=["training_class", "moment"],
                condition=Q(unit__isnull=True),
                name="one_need_reading_of_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class} {self.get_moment_display()}"
