"""What the 任免审批表 says about a cadre besides the facts on the record itself."""

from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto.fields import EncryptedTextField
from people.choices import AppraisalGrade, EducationMode, HonourKind
from people.models.cadres import Cadre, cadre_seen


class OfCadreQuerySet(models.QuerySet[Any]):
    """Rows that hang on one cadre; `needs` is the permission to read them."""

    needs = Permission.VIEW_RESUME

    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(cadre_seen(viewer, self.needs))


class FamilyQuerySet(OfCadreQuerySet):
    needs = Permission.VIEW_FAMILY


@classify(plain="position", personal="cadre parent starts_on ends_on text")
class ResumeEntry(models.Model):
    """One line of the 简历; an interlude （其间：…） is an entry with a parent."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="resume")
    parent = models.ForeignKey("self", models.CASCADE, related_name="interludes", null=True, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)
    starts_on = models.DateField("起（年月）", null=True, blank=True)
    ends_on = models.DateField("止（年月）", null=True, blank=True, help_text="留空表示至今")
    text = models.CharField("经历", max_length=500)

    objects: Any = OfCadreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "简历"
        ordering = ["cadre", "position", "pk"]

    def __str__(self) -> str:
        return self.text


@classify(
    plain="position", personal="cadre relation birth_month political_status", sensitive="name workplace"
)
class FamilyMember(models.Model):
    """家庭主要成员及重要社会关系. Age is computed when shown, never stored."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="family")
    position = models.PositiveSmallIntegerField("次序", default=0)
    relation = models.CharField("称谓", max_length=20)
    name = EncryptedTextField("姓名")
    birth_month = models.DateField("出生年月", null=True, blank=True)
    political_status = models.CharField("政治面貌", max_length=20, blank=True)
    workplace = EncryptedTextField("工作单位及职务", blank=True, default="")

    objects: Any = FamilyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "家庭成员"
        ordering = ["cadre", "position", "pk"]

    def __str__(self) -> str:
        return self.relation


@classify(personal="cadre mode level degree level_school degree_school")
class Education(models.Model):
    """全日制 or 在职 education: 学历 and 学位, each with 毕业院校系及专业."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="education")
    mode = models.CharField("类别", max_length=12, choices=EducationMode)
    level = models.CharField("学历", max_length=40, blank=True)
    degree = models.CharField("学位", max_length=40, blank=True)
    level_school = models.CharField("学历毕业院校系及专业", max_length=100, blank=True)
    degree_school = models.CharField("学位毕业院校系及专业", max_length=100, blank=True)

    objects: Any = OfCadreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学历学位"
        ordering = ["cadre", "mode"]
        constraints = [
            models.UniqueConstraint(fields=["cadre", "mode"], name="one_education_per_mode"),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()}{self.level}"


@classify(personal="cadre year grade note")
class AnnualAppraisal(models.Model):
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="appraisals")
    year = models.PositiveSmallIntegerField("年度")
    grade = models.CharField("等次", max_length=20, choices=AppraisalGrade)
    note = models.CharField("说明", max_length=100, blank=True)

    objects: Any = OfCadreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度考核"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "year"],
                name="one_appraisal_per_year",
                violation_error_message="该年度考核结果已登记。",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1950, year__lte=2200), name="appraisal_year_is_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年度{self.get_grade_display()}"


@classify(personal="cadre kind title awarded_on awarding_body deed")
class Honour(models.Model):
    """奖励、荣誉称号、记功嘉奖; `deed` holds the 先进事迹."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="honours")
    kind = models.CharField("类别", max_length=8, choices=HonourKind, default=HonourKind.AWARD)
    title = models.CharField("名称", max_length=100)
    awarded_on = models.DateField("授予日期")
    awarding_body = models.CharField("授予单位", max_length=100, blank=True)
    deed = models.TextField("先进事迹", blank=True)

    objects: Any = OfCadreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "奖励荣誉"
        ordering = ["-awarded_on", "-pk"]

    def __str__(self) -> str:
        return self.title


@classify(
    plain="form_version",
    personal=(
        "cadre current_post proposed_post removed_post reason submitting_unit age_counted_on filled_on "
        "filled_by pre_reform_age_limit other_tags"
    ),
)
class AppointmentForm(models.Model):
    """The 任免 part of the last 干部任免审批表 read for a cadre; unknown tags are kept as they came."""

    cadre = models.OneToOneField(Cadre, models.CASCADE, related_name="appointment_form")
    current_post = models.CharField("现任职务", max_length=200, blank=True)
    proposed_post = models.CharField("拟任职务", max_length=200, blank=True)
    removed_post = models.CharField("拟免职务", max_length=200, blank=True)
    reason = models.CharField("任免理由", max_length=300, blank=True)
    submitting_unit = models.CharField("呈报单位", max_length=100, blank=True)
    age_counted_on = models.CharField("计算年龄时间", max_length=8, blank=True)
    filled_on = models.CharField("填表时间", max_length=8, blank=True)
    filled_by = models.CharField("填表人", max_length=60, blank=True)
    pre_reform_age_limit = models.CharField("改革前任职年龄界限", max_length=60, blank=True)
    form_version = models.CharField("版本", max_length=20, blank=True)
    other_tags = models.JSONField("其他标签", default=list, blank=True)

    objects: Any = OfCadreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任免审批信息"

    def __str__(self) -> str:
        return f"{self.cadre}·任免审批表"
