"""What cadres say of the lines of their own file: confirmed, disputed, to be corrected."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto import EncryptedTextField
from core.models import StoredFile
from growth.evidence import Verdict
from people.models import Cadre, User
from people.models.cadres import cadre_seen


class LineVerdictQuerySet(models.QuerySet["LineVerdict"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(cadre_seen(viewer, Permission.VIEW_CADRE))


@classify(plain="key line_digest verdict at", personal="cadre")
class LineVerdict(models.Model):
    """Confirmed or disputed by the cadre. A line that changes gets another digest, so it is open again."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="line_verdicts", verbose_name="干部")
    key = models.CharField("来源记录", max_length=100)
    line_digest = models.CharField("内容摘要", max_length=64)
    verdict = models.CharField("核对结果", max_length=10, choices=Verdict)
    at = models.DateTimeField("核对时间")

    objects = LineVerdictQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "本人核对"
        ordering = ["cadre", "key", "at"]
        constraints = [
            models.UniqueConstraint(fields=["cadre", "key", "line_digest"], name="one_verdict_per_line"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre} {self.key} {self.get_verdict_display()}"


MISSING = "missing"  # the key of a request for what is not there yet: "missing:merit"


class CorrectionState(models.TextChoices):
    OPEN = "open", "待处理"
    APPLIED = "applied", "已更正"
    REFUSED = "refused", "未采纳"
    WITHDRAWN = "withdrawn", "已撤回"


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.EDIT_CADRE) -> Self:
        """For the office in its scope; the own requests for the cadre."""
        condition = cadre_seen(viewer, permission)
        if viewer.on_own_record(Permission.VIEW_CADRE):
            condition |= Q(cadre=viewer.cadre_id)
        return self.filter(condition)


@classify(
    plain="key label state asked_at decided_at decided_by",
    personal="cadre proof",
    sensitive="line wanted new_line answer",
)
class CorrectionRequest(models.Model):
    """A line of the own record that the cadre wants put right, with the evidence for it.

    `line` is what stood there, `wanted` what should stand, `new_line` what stands after the correction.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="corrections", verbose_name="干部")
    key = models.CharField("来源记录", max_length=100)
    label = models.CharField("类别", max_length=60)
    line = EncryptedTextField("原内容")
    wanted = EncryptedTextField("应为")
    new_line = EncryptedTextField("更正后", blank=True, default="")
    proof = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="佐证材料"
    )
    state = models.CharField("状态", max_length=10, choices=CorrectionState, default=CorrectionState.OPEN)
    asked_at = models.DateTimeField("提出时间")
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="处理人"
    )
    answer = EncryptedTextField("答复", blank=True, default="")

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "更正申请"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "key"],
                condition=Q(state=CorrectionState.OPEN),
                name="one_open_correction_per_line",
                violation_error_message="这条内容已有待处理的更正申请。",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.OPEN, decided_at__isnull=True)
                | (~Q(state=CorrectionState.OPEN) & Q(decided_at__isnull=False)),
                name="a_decided_correction_says_when",
            ),
        ]
        indexes = [models.Index(fields=["state", "-asked_at"], name="corrections_by_state")]

    def __str__(self) -> str:
        return f"{self.cadre} {self.label}"

    @property
    def is_missing(self) -> bool:
        """Whether it asks for a line to be entered rather than put right."""
        return self.key.startswith(f"{MISSING}:")
