from typing import Any, Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto.fields import EncryptedTextField
from core.links import user_key
from core.periods import Period, PeriodQuerySet
from wellbeing.choices.privacy import ConsentPurpose, KeptKind
from wellbeing.models.talks import cadre_key


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(cadre_id=viewer.cadre_id) if viewer.cadre_id else self.none()

    def in_force(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


@classify(plain="purpose text_version given_at withdrawn_at", personal="cadre")
class Consent(models.Model):
    """A separate consent (PIPL 29): to one purpose, in the words of one version, until it is withdrawn."""

    cadre = cadre_key()
    purpose = models.CharField("用途", max_length=20, choices=ConsentPurpose)
    text_version = models.PositiveSmallIntegerField("告知书版本")
    given_at = models.DateTimeField("同意时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects: Any = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单独同意"
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_consent_in_force",
                violation_error_message="您已经同意过这一项。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.get_purpose_display()}"


class RetentionRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """How long things are kept is no secret to anyone they are about (PIPL 17)."""
        return self


@classify(plain="kind years source starts_on ends_on")
class RetentionRule(Period):
    kind = models.CharField("内容", max_length=16, choices=KeptKind)
    years = models.PositiveSmallIntegerField(
        "保存年限", validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    source = models.CharField("依据", max_length=200, blank=True)

    objects: Any = RetentionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "保存期限"
        ordering = ["kind", "-starts_on"]
        constraints = [
            Period.ends_after_start("retention_ends_after_start"),
            models.UniqueConstraint(
                fields=["kind", "starts_on"],
                name="retention_version_once",
                violation_error_message="从这一天起已有一版期限，请另选生效日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.years} 年"


class LegalHoldQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.EDIT_DISCIPLINE) else self.none()


@classify(plain="starts_on ends_on ordered_by", personal="cadre", sensitive="reason")
class LegalHold(Period):
    """While it lasts nothing of the cadre is erased, neither by age nor on request."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cadre = cadre_key()
    reason = EncryptedTextField("缘由")
    ordered_by = user_key("登记人")

    objects: Any = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "暂缓清除"
        ordering = ["-starts_on", "-pk"]
        constraints = [Period.ends_after_start("legal_hold_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.cadre}·暂缓清除"
