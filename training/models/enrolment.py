"""Who takes part in a class, and every step on the way there."""

from typing import Self

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from people.models import Cadre, Unit
from people.models.cadres import cadre_seen
from training.choices import ParticipationOrigin, ParticipationState, ResultGrade
from training.models.amounts import hours_field
from training.models.catalogue import TrainingClass


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(cadre_seen(viewer, permission))


@classify(
    plain="training_class hours days state origin unit waiting_since created_at updated_at",
    personal="cadre result certificate_no note substitute_for",
)
class Participation(models.Model):
    """One cadre's part in one class, from application or nomination to the credit.

    `hours` and `days` are what was credited; 0 until the part is completed. `unit` is the unit of the
    cadre on the day of enrolment. The waiting list is in the order of `waiting_since`, then of the key.
    """

    state = models.CharField(
        "状态", max_length=12, choices=ParticipationState, default=ParticipationState.COMPLETED
    )
    origin = models.CharField(
        "来源", max_length=12, choices=ParticipationOrigin, default=ParticipationOrigin.REGISTERED
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="时任部门"
    )
    waiting_since = models.DateTimeField("候补时间", null=True, blank=True)
    substitute_for = models.OneToOneField(
        "self", models.SET_NULL, related_name="substitute", null=True, blank=True, verbose_name="替补"
    )
    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="participations", verbose_name="班次"
    )
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="participations", verbose_name="干部")
    hours = hours_field("认定学时")
    days = hours_field("认定天数")
    result = models.CharField("考核结果", max_length=12, choices=ResultGrade, blank=True)
    certificate_no = models.CharField("结业证书号", max_length=60, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参训记录"
        ordering = ["training_class", "cadre"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "cadre"],
                name="cadre_once_per_class",
                violation_error_message="该干部已在本班次名单中。",
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0, days__gte=0), name="participation_amounts_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state=ParticipationState.WAITING, waiting_since__isnull=False)
                | (~Q(state=ParticipationState.WAITING) & Q(waiting_since__isnull=True)),
                name="only_the_waiting_have_a_place_in_the_queue",
            ),
        ]
        indexes = [
            models.Index(fields=["cadre", "training_class"], name="participation_of_cadre"),
            models.Index(fields=["training_class", "state", "waiting_since"], name="participation_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.training_class}"

    @property
    def source_key(self) -> str:
        """Under which key the hours ledger knows what was credited."""
        return f"participation:{self.pk}"


class ParticipationStepQuerySet(models.QuerySet["ParticipationStep"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(participation__in=Participation.objects.visible_to(viewer))


@classify(plain="participation state at by_id by_name", personal="reason")
class ParticipationStep(models.Model):
    """One step of a participation's way: who moved it to which state, when and why. Only ever added to."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="steps", verbose_name="参训记录"
    )
    state = models.CharField("状态", max_length=12, choices=ParticipationState)
    at = models.DateTimeField("时间")
    by_id = models.PositiveBigIntegerField("经办账号", null=True)
    by_name = models.CharField("经办人", max_length=60, blank=True)
    reason = models.CharField("说明", max_length=200, blank=True)

    objects = ParticipationStepQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参训经过"
        ordering = ["participation", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.by_name}"
