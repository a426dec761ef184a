"""Certificates of completion (结业证书): numbered by year, each with a code by which it can be verified."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from training.models.enrolment import Participation


class CertificateSeriesQuerySet(models.QuerySet["CertificateSeries"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.paths(Permission.EDIT_TRAINING) else self.none()


@classify(plain="year last")
class CertificateSeries(models.Model):
    """The numbers of a year; `last` moves by conditional UPDATE only, so no number is given twice."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    last = models.PositiveIntegerField("最后编号", default=0)

    objects = CertificateSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "证书编号"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}年"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(participation__in=Participation.objects.visible_to(viewer, permission))

    def valid(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


@classify(
    plain=(
        "participation number class_name starts_on ends_on hours issued_on issued_by withdrawn_at "
        "withdrawn_by"
    ),
    personal="holder code withdraw_reason",
)
class Certificate(models.Model):
    """One certificate as it was printed: what it says does not change when the class is corrected later.

    `code` is what the verification page asks for; it follows from nothing.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="certificates", verbose_name="参训记录"
    )
    number = models.CharField("证书编号", max_length=60, unique=True)
    code = models.CharField("验证码", max_length=16, unique=True, editable=False)
    holder = models.CharField("姓名", max_length=60)
    class_name = models.CharField("班次名称", max_length=120)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    hours = models.DecimalField("学时", max_digits=6, decimal_places=2)
    issued_on = models.DateField("颁发日期")
    issued_by = models.CharField("经办人", max_length=60)
    withdrawn_at = models.DateTimeField("收回时间", null=True, blank=True)
    withdrawn_by = models.CharField("收回经办", max_length=60, blank=True)
    withdraw_reason = models.CharField("收回原因", max_length=200, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结业证书"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_valid_certificate_each",
                violation_error_message="该学员已有有效的结业证书。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdraw_reason=""),
                name="certificate_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number
