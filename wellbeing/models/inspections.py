"""专项督查: what was planned and found, how it is put right, what was decided and until when it counts.

What was found, what is done about it and what was decided stand in encrypted columns; a list shows states.
"""

from datetime import date
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.access import ROLE_PERMISSIONS, Permission, Role, Viewer
from core.classification import classify
from core.crypto import EncryptedTextField
from core.links import user_key
from core.models import StoredFile
from people.models import Unit
from people.models.cadres import avoided_by
from people.models.units import under_any
from wellbeing.choices.inspections import (
    UNSETTLED,
    FindingState,
    InspectionKind,
    InspectionState,
    Outcome,
)
from wellbeing.models.talks import cadre_key


def case_paths(viewer: Viewer) -> tuple[str, ...]:
    """Subtrees whose whole discipline the viewer sees; a vice leader sees only the cases that name them."""
    wide = (g for g in viewer.grants if g.role not in (Role.VICE_LEADER, Role.CADRE))
    return tuple(sorted({g.path for g in wide if Permission.VIEW_DISCIPLINE in ROLE_PERMISSIONS[g.role]}))


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those who see the discipline of the inspected part; one of the whole zone all of them know."""
        paths = case_paths(viewer)
        if not paths:
            return self.none()
        return self.filter(Q(unit__isnull=True) | under_any(paths, "unit__path"))


@classify(
    plain=(
        "kind kind_name title unit item_key planned_on from_time to_time checked_on state created_by "
        "created_at"
    )
)
class Inspection(models.Model):
    """One round of looking: it holds nothing about anyone, that is what findings are for."""

    kind = models.CharField("类别", max_length=12, choices=InspectionKind)
    kind_name = models.CharField("类别名称", max_length=20, blank=True, help_text="类别选“其他”时填写")
    title = models.CharField("督查事项", max_length=80, help_text="只写督查什么，不写人名和问题")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="被督查范围"
    )
    # What it looks into, by the key of people.contracts.Inspectable; empty where nothing was chosen.
    item_key = models.CharField("督查对象", max_length=60, blank=True, default="")
    planned_on = models.DateField("计划检查日期")
    # Hours of the visit; without them the whole working day is taken.
    from_time = models.TimeField("检查时间自", null=True, blank=True)
    to_time = models.TimeField("检查时间至", null=True, blank=True)
    team: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name="检查人员"
    )
    checked_on = models.DateField("检查日期", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=InspectionState, default=InspectionState.PLANNED)
    created_by = user_key("立项人")
    created_at = models.DateTimeField("立项时间", auto_now_add=True)

    objects: Any = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督查"
        ordering = ["-planned_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=InspectionKind.OTHER) | ~Q(kind_name=""),
                name="inspection_other_is_named",
                violation_error_message="类别选“其他”时请填写类别名称。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[InspectionState.CHECKED, InspectionState.CLOSED])
                | Q(checked_on__isnull=False),
                name="inspection_checked_has_a_day",
                violation_error_message="请填写检查日期。",
            ),
            models.CheckConstraint(
                condition=Q(from_time__isnull=True, to_time__isnull=True)
                | Q(from_time__isnull=False, to_time__isnull=False, to_time__gt=F("from_time")),
                name="inspection_hours_are_a_span",
                violation_error_message="检查时间的起止要一起填写，止要晚于起。",
            ),
        ]
        indexes = [models.Index(fields=["state", "planned_on"], name="inspection_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        return self.kind_name or self.get_kind_display()


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Who sees the discipline of the unit, and the two officials who put this very finding right.

        Never the person it is about: to them speaks the formal decision, which has its own place.
        """
        seen = Q(lead_id=viewer.user_id) | Q(owner_id=viewer.user_id)
        seen |= under_any(case_paths(viewer), "unit__path")
        if viewer.cadre_id is not None:
            seen &= Q(cadre__isnull=True) | ~avoided_by(viewer, "cadre")
        return self.filter(seen)

    def unsettled(self) -> Self:
        return self.filter(state__in=UNSETTLED)

    def in_effect(self, on: date) -> Self:
        """Decisions about persons whose effect period holds the day."""
        return self.filter(cadre__isnull=False, decided_on__lte=on, effect_from__lte=on, effect_to__gte=on)


@classify(
    plain=(
        "inspection unit found_on repeat_of lead owner due_on state submitted_on closed_on closed_by "
        "created_by created_at"
    ),
    personal="cadre outcome decided_on effect_from effect_to",
    sensitive="problem measure progress review decision",
)
class Finding(models.Model):
    """A problem of one department or one person, on its way to 销号."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="+", verbose_name="督查")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="涉及部门")
    cadre = cadre_key(null=True, blank=True)
    found_on = models.DateField("检查时间")
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, related_name="+", null=True, blank=True, verbose_name="前次问题"
    )
    problem = EncryptedTextField("问题", max_length=1000)
    measure = EncryptedTextField("整改措施", max_length=1000, blank=True, default="")
    lead = user_key("责任领导", null=True)
    owner = user_key("责任人", null=True)
    due_on = models.DateField("整改时限", null=True, blank=True)
    progress = EncryptedTextField("整改情况", max_length=1000, blank=True, default="")
    review = EncryptedTextField("复核意见", max_length=1000, blank=True, default="")
    state = models.CharField("状态", max_length=12, choices=FindingState, default=FindingState.OPEN)
    submitted_on = models.DateField("报送日期", null=True, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    closed_by = user_key("销号人", null=True)
    outcome = models.CharField("处理方式", max_length=10, choices=Outcome, blank=True, default="")
    decided_on = models.DateField("处理日期", null=True, blank=True)
    effect_from = models.DateField("影响期自", null=True, blank=True)
    effect_to = models.DateField("影响期至", null=True, blank=True)
    decision = EncryptedTextField("处理依据和内容", max_length=1000, blank=True, default="")
    created_by = user_key("登记人")
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects: Any = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督查问题"
        ordering = ["-found_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=FindingState.OPEN)
                | (Q(lead__isnull=False, owner__isnull=False, due_on__isnull=False)),
                name="finding_put_right_by_someone",
                violation_error_message="请先明确责任领导、责任人和整改时限。",
            ),
            models.CheckConstraint(
                condition=Q(state=FindingState.CLOSED, closed_on__isnull=False)
                | (~Q(state=FindingState.CLOSED) & Q(closed_on__isnull=True)),
                name="finding_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_on__isnull=True)
                | (~Q(outcome="") & Q(decided_on__isnull=False)),
                name="finding_decided_on_a_day",
                violation_error_message="处理方式和处理日期要一起填写。",
            ),
            models.CheckConstraint(
                condition=Q(effect_from__isnull=True, effect_to__isnull=True)
                | Q(effect_from__isnull=False, effect_to__isnull=False, effect_to__gte=F("effect_from")),
                name="finding_effect_is_a_span",
                violation_error_message="影响期的起止日期要一起填写，止日不能早于起日。",
            ),
            models.CheckConstraint(
                condition=Q(effect_from__isnull=True) | (Q(cadre__isnull=False) & ~Q(outcome="")),
                name="finding_effect_of_a_person",
                violation_error_message="影响期只对个人的处理填写。",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="finding_in_unit"),
            models.Index(fields=["cadre", "effect_to"], name="finding_of_cadre"),
            models.Index(fields=["owner", "state", "due_on"], name="finding_of_owner"),
            models.Index(fields=["lead", "state", "due_on"], name="finding_of_lead"),
            models.Index(fields=["inspection"], name="finding_of_inspection"),
        ]

    def __str__(self) -> str:
        """Goes into the audit log: whom it is about is not said there."""
        return f"督查问题 {self.pk}"

    @property
    def whom(self) -> str:
        return self.cadre.name if self.cadre_id else self.unit.name


class FindingFileQuerySet(models.QuerySet["FindingFile"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(finding__in=Finding.objects.visible_to(viewer))


@classify(plain="finding file")
class FindingFile(models.Model):
    """Evidence; the file is kept under a number, because names of files tell tales."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="+")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    objects: Any = FindingFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督查佐证"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name
