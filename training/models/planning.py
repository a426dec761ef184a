"""What helps to plan: clashes someone has accepted, calendar feeds, and proposed timetables."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from people.models import Cadre, Unit
from training.choices import TimetableState
from training.models.slots import Slot


class AcceptedClashQuerySet(models.QuerySet["AcceptedClash"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those about people the viewer sees; a thin department is no secret."""
        seen = Cadre.objects.visible_to(viewer, Permission.VIEW_TRAINING)
        return (
            self.filter(Q(cadre__isnull=True) | Q(cadre__in=seen))
            if viewer.paths(Permission.VIEW_TRAINING)
            else self.none()
        )


@classify(plain="slot unit key at by_id by_name", personal="cadre reason")
class AcceptedClash(models.Model):
    """Someone has looked at a clash and lets it stand; `key` names the other engagement."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="accepted_clashes", verbose_name="时段")
    cadre = models.ForeignKey(
        Cadre, models.CASCADE, related_name="+", null=True, blank=True, verbose_name="干部"
    )
    unit = models.ForeignKey(
        Unit, models.CASCADE, related_name="+", null=True, blank=True, verbose_name="部门"
    )
    key = models.CharField("冲突事项", max_length=64, blank=True)
    reason = models.CharField("说明", max_length=200)
    at = models.DateTimeField("时间")
    by_id = models.PositiveBigIntegerField("经办账号")
    by_name = models.CharField("经办人", max_length=60)

    objects = AcceptedClashQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "已接受的冲突"
        ordering = ["slot", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "cadre", "key"],
                condition=Q(cadre__isnull=False),
                name="clash_of_cadre_accepted_once",
                violation_error_message="这处冲突已经处理。",
            ),
            models.UniqueConstraint(
                fields=["slot", "unit"],
                condition=Q(unit__isnull=False),
                name="clash_of_unit_accepted_once",
                violation_error_message="这处冲突已经处理。",
            ),
            models.CheckConstraint(
                condition=Q(cadre__isnull=False, unit__isnull=True)
                | Q(cadre__isnull=True, unit__isnull=False),
                name="clash_of_a_cadre_or_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre or self.unit}·{self.slot}"


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Everyone's own, and nobody else's."""
        own = viewer.cadre_id is not None and viewer.on_own_record(Permission.VIEW_TRAINING)
        return self.filter(cadre_id=viewer.cadre_id) if own else self.none()

    def open(self) -> Self:
        return self.filter(revoked_at__isnull=True)


@classify(plain="created_at revoked_at last_used_on", personal="cadre name token_digest")
class CalendarFeed(models.Model):
    """A calendar subscription of one cadre; of its token only a keyed hash is kept."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="+", verbose_name="干部")
    name = models.CharField("名称", max_length=40)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("建立时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    last_used_on = models.DateField("最近读取", null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class TimetableQuerySet(models.QuerySet["Timetable"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.paths(Permission.EDIT_TRAINING) else self.none()


@classify(plain="title state demand answer created_at created_by_id created_by_name solved_at adopted_at")
class Timetable(models.Model):
    """A wish for a timetable and what the solver made of it (排课建议).

    `demand` and `answer` are the dictionaries of training.timetable; they name classes, rooms and lecturers,
    and count people, but name no cadre.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField("名称", max_length=120)
    state = models.CharField("状态", max_length=12, choices=TimetableState, default=TimetableState.WAITING)
    demand = models.JSONField("要求")
    answer = models.JSONField("方案", default=dict, blank=True)
    created_at = models.DateTimeField("提出时间")
    created_by_id = models.PositiveBigIntegerField("提出账号")
    created_by_name = models.CharField("提出人", max_length=60)
    solved_at = models.DateTimeField("完成时间", null=True, blank=True)
    adopted_at = models.DateTimeField("采用时间", null=True, blank=True)

    objects = TimetableQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "排课方案"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title
