"""Enterprises of the zone, who looks after them, visits, and what they asked for."""

from typing import Any, Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto.fields import EncryptedTextField
from core.models import StoredFile
from core.periods import Period, PeriodQuerySet
from park.choices import EnterpriseState, RequestKind, RequestState, Satisfaction, StewardKind
from park.models.projects import held_through, in_departments, money_field
from park.models.tasks import cadre_field, user_field
from people.models import Cadre, Unit
from people.models.units import under_any


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        reach = in_departments(viewer, permission)
        if permission in (Permission.VIEW_PARK, Permission.REPORT_PARK) and viewer.can(permission):
            reach |= held_through("enterprise", viewer)
            if viewer.cadre_id is not None:
                reach |= Q(lead_official=viewer.cadre_id)
        return self.filter(reach)


@classify(
    plain=(
        "name short_name credit_code state industry grid address lead_department land_mu employees is_key "
        "entered_on left_on note created_at updated_at"
    ),
    personal="lead_official contact",
    sensitive="contact_phone",
)
class Enterprise(models.Model):
    """An enterprise by its unified social credit code; its stewards (包保干部) are `Assignment`s."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("企业名称", max_length=120, unique=True)
    short_name = models.CharField("简称", max_length=40, blank=True)
    credit_code = models.CharField(
        "统一社会信用代码",
        max_length=18,
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": "该统一社会信用代码已登记。"},
    )
    state = models.CharField(
        "状态", max_length=10, choices=EnterpriseState, default=EnterpriseState.OPERATING
    )
    industry = models.CharField("行业", max_length=60, blank=True)
    grid = models.CharField("网格", max_length=60, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    lead_department = models.ForeignKey(
        Unit, models.PROTECT, related_name="led_enterprises", null=True, blank=True, verbose_name="责任部门"
    )
    lead_official = cadre_field("包保领导", related_name="led_enterprises", null=True, blank=True)
    contact = models.CharField("企业联系人", max_length=60, blank=True)
    contact_phone = EncryptedTextField("联系电话", blank=True, default="")
    land_mu = models.DecimalField("用地（亩）", max_digits=10, decimal_places=2, null=True, blank=True)
    employees = models.PositiveIntegerField("职工人数", null=True, blank=True)
    is_key = models.BooleanField("重点企业", default=False)
    entered_on = models.DateField("入园日期", null=True, blank=True)
    left_on = models.DateField("退出日期", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "企业"
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["lead_department", "state"], name="enterprise_of_department")]

    def __str__(self) -> str:
        return self.short_name or self.name


class OfEnterprise(models.QuerySet[Any]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        return self.filter(enterprise__in=Enterprise.objects.visible_to(viewer, permission))


class PeriodOfEnterprise(PeriodQuerySet):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        return self.filter(enterprise__in=Enterprise.objects.visible_to(viewer, permission))


class GradeLabelQuerySet(models.QuerySet["GradeLabel"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_PARK) else self.none()


@classify(plain="code name meaning display_order")
class GradeLabel(models.Model):
    """亩均评价 grades: the letters and what they are called differ from place to place, so they are rows."""

    code = models.CharField("档次", max_length=4, unique=True)
    name = models.CharField("名称", max_length=30)
    meaning = models.CharField("含义", max_length=100, blank=True)
    display_order = models.PositiveSmallIntegerField("排序", default=0)

    objects = GradeLabelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "亩均评价档次"
        ordering = ["display_order", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


def ratio_field(verbose_name: str) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(verbose_name, max_digits=14, decimal_places=4, null=True, blank=True)


@classify(
    plain=(
        "enterprise year grade tax_per_mu added_value_per_mu labour_productivity added_value_per_energy "
        "added_value_per_emission research_share note created_at updated_at"
    )
)
class EnterpriseGrade(models.Model):
    """The 亩均 evaluation of one year, with its six indicators where they are known."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="grades", verbose_name="企业")
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(1990), MaxValueValidator(2199)]
    )
    grade = models.ForeignKey(GradeLabel, models.PROTECT, related_name="+", verbose_name="档次")
    tax_per_mu = ratio_field("亩均税收（万元）")
    added_value_per_mu = ratio_field("亩均增加值（万元）")
    labour_productivity = ratio_field("全员劳动生产率（万元/人）")
    added_value_per_energy = ratio_field("单位能耗增加值（万元/吨标煤）")
    added_value_per_emission = ratio_field("单位排放增加值（万元/吨）")
    research_share = ratio_field("研发投入占主营收入比（%）")
    note = models.CharField("备注", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OfEnterprise.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "亩均评价"
        ordering = ["enterprise", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "year"],
                name="one_grade_per_enterprise_and_year",
                violation_error_message="该企业这一年度的评价已登记。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}·{self.year}·{self.grade.code}"


@classify(plain="enterprise kind provider starts_on ends_on note", personal="contact")
class ThirdPartySteward(Period):
    """A hired service that looks after an enterprise: 安全管家、环保管家、用电管家."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="services", verbose_name="企业")
    kind = models.CharField("类别", max_length=12, choices=StewardKind)
    provider = models.CharField("服务机构", max_length=100)
    contact = models.CharField("联系人", max_length=60, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    objects: Any = PeriodOfEnterprise.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "第三方管家"
        ordering = ["enterprise", "kind", "-starts_on"]
        constraints = [Period.ends_after_start("third_party_steward_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.provider}"


def photo_field(verbose_name: str) -> "models.OneToOneField[Any, Any]":
    return models.OneToOneField(
        StoredFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=verbose_name
    )


@classify(plain="enterprise position text done_on note before after")
class BeautyCheck(models.Model):
    """A point of the 美丽厂区 checklist of one enterprise."""

    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, related_name="beauty_checks", verbose_name="企业"
    )
    position = models.PositiveSmallIntegerField("顺序", default=0)
    text = models.CharField("整治内容", max_length=120)
    done_on = models.DateField("完成日期", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    before = photo_field("整治前照片")
    after = photo_field("整治后照片")

    objects = OfEnterprise.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "美丽厂区清单"
        ordering = ["enterprise", "position", "pk"]

    def __str__(self) -> str:
        return self.text


class VisitRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        known = viewer.can(Permission.VIEW_PARK) or viewer.can(Permission.EDIT_RULES)
        return self if known else self.none()


@classify(plain="for_key_enterprises every_days source starts_on ends_on")
class VisitRule(Period):
    """How often an enterprise is to be visited: at least once in `every_days`."""

    for_key_enterprises = models.BooleanField("适用于重点企业", default=False)
    every_days = models.PositiveSmallIntegerField(
        "走访间隔（天）", validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    source = models.CharField("依据", max_length=200, blank=True)

    objects: Any = VisitRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访规则"
        ordering = ["for_key_enterprises", "-starts_on"]
        constraints = [
            Period.ends_after_start("visit_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=["for_key_enterprises", "starts_on"], name="one_visit_rule_per_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{'重点企业' if self.for_key_enterprises else '企业'}每 {self.every_days} 天走访一次"


@classify(
    plain=(
        "enterprise on place situation output_value tax employees answer client_key registered_by created_at"
    ),
    personal="contact",
)
class Visit(models.Model):
    """A visit to an enterprise: how it is doing and what was answered on the spot.

    `client_key` is made by the phone's form, so that a form sent twice makes one visit.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="visits", verbose_name="企业")
    on = models.DateField("走访日期")
    place = models.CharField("地点", max_length=100, blank=True)
    contact = models.CharField("企业对接人", max_length=60, blank=True)
    visitors = models.ManyToManyField(
        Cadre, through="VisitPerson", related_name="park_visits", verbose_name="走访人"
    )
    situation = models.TextField("经营情况")
    output_value = money_field("产值")
    tax = money_field("税收")
    employees = models.PositiveIntegerField("用工人数", null=True, blank=True)
    answer = models.TextField("现场答复", blank=True)
    client_key = models.UUIDField(default=uuid4, unique=True, editable=False)
    registered_by = user_field("登记人", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = OfEnterprise.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "企业走访"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["enterprise", "-on"], name="visit_of_enterprise")]

    def __str__(self) -> str:
        return f"{self.enterprise}·{self.on:%Y-%m-%d}"


class VisitPersonQuerySet(models.QuerySet["VisitPerson"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(visit__in=Visit.objects.visible_to(viewer))


@classify(plain="visit unit", personal="cadre")
class VisitPerson(models.Model):
    """Who went; `unit` is the department they belonged to on that day."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="people", verbose_name="走访")
    cadre = cadre_field("走访人", related_name="visit_parts")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="时任部门"
    )

    objects = VisitPersonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访人"
        constraints = [models.UniqueConstraint(fields=["visit", "cadre"], name="visitor_once_per_visit")]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.visit}"


class VisitPhotoQuerySet(models.QuerySet["VisitPhoto"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(visit__in=Visit.objects.visible_to(viewer))


@classify(plain="visit file")
class VisitPhoto(models.Model):
    """A photo taken at a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos", verbose_name="走访")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", verbose_name="照片")

    objects = VisitPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "走访照片"
        ordering = ["visit", "pk"]

    def __str__(self) -> str:
        return f"{self.visit}·{self.file}"


class RequestQuerySet(models.QuerySet["EnterpriseRequest"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        """With the enterprise, and for whoever is to handle it, in whatever department that is."""
        reach = Q(enterprise__in=Enterprise.objects.visible_to(viewer, permission))
        reach |= Q(department__in=Unit.objects.filter(under_any(viewer.paths(permission), "path")))
        if viewer.cadre_id is not None and viewer.on_own_record(permission):
            reach |= Q(handler=viewer.cadre_id)
        return self.filter(reach)


@classify(
    plain=(
        "enterprise visit kind text state raised_on department due_on assigned_on answered_on closed_on "
        "result satisfaction satisfaction_note by created_at updated_at"
    ),
    personal="handler",
)
class EnterpriseRequest(models.Model):
    """What an enterprise asked for: 交办→办理→反馈→销号, closed with its satisfaction."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="requests", verbose_name="企业")
    visit = models.ForeignKey(
        Visit, models.SET_NULL, related_name="requests", null=True, blank=True, verbose_name="走访"
    )
    kind = models.CharField("诉求类别", max_length=10, choices=RequestKind)
    text = models.TextField("诉求")
    state = models.CharField("状态", max_length=10, choices=RequestState, default=RequestState.RAISED)
    raised_on = models.DateField("提出日期")
    department = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="办理部门"
    )
    handler = cadre_field("办理人", related_name="handled_requests", null=True, blank=True)
    due_on = models.DateField("办结时限", null=True, blank=True)
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    answered_on = models.DateField("反馈日期", null=True, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    result = models.TextField("办理结果", blank=True)
    satisfaction = models.CharField("满意度", max_length=14, choices=Satisfaction, blank=True)
    satisfaction_note = models.CharField("企业意见", max_length=200, blank=True)
    by = user_field("登记人", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "企业诉求"
        ordering = ["-raised_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RequestState.RAISED)
                | Q(department__isnull=False, due_on__isnull=False, assigned_on__isnull=False),
                name="request_assigned_with_department_and_due",
                violation_error_message="交办诉求须选定办理部门和办结时限。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=False) & ~Q(satisfaction="")
                | Q(closed_on__isnull=True) & ~Q(state=RequestState.CLOSED),
                name="request_closed_with_satisfaction",
                violation_error_message="销号须填写企业满意度。",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="request_due")]

    def __str__(self) -> str:
        return f"{self.enterprise}·{self.get_kind_display()}"
