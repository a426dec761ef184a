from datetime import date
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from core.access import ON_RELATIVES, Permission, Viewer
from core.classification import classify
from core.crypto.fields import EncryptedTextField
from core.periods import covers
from people.choices import (
    AppointmentKind,
    CadreStatus,
    HealthState,
    LeadershipLevel,
    PoliticalStatus,
    Sex,
    StaffType,
)
from people.models.units import under_any
from people.ranks import UNKNOWN_RANK_ORDER


def posts_held(on: date) -> "QuerySet[models.Model]":
    """Main posts held on a day by the cadre of the outer query, the latest first."""
    from people.models.appointments import Appointment  # the two models name each other

    held = Appointment.objects.filter(covers(on), cadre=OuterRef("pk"), kind=AppointmentKind.POST)
    return held.order_by("-is_main", "-starts_on", "-pk")


def avoided_by(viewer: Viewer, path: str = "pk") -> Q:
    """The viewer's own record and those of declared relatives: no staff or leader role acts there (R2).

    `path` leads from the rows asked for to the cadre. A tie that waits to be confirmed counts: it stands in
    the family lines that the person has declared.
    """
    from people.models.kinship import KinTie  # the two models name each other

    if viewer.cadre_id is None:
        return Q(pk__in=())
    theirs = KinTie.objects.filter(cadre=viewer.cadre_id).values("relative")
    named = KinTie.objects.filter(relative=viewer.cadre_id).values("cadre")
    kin = Q(**{f"{path}__in": theirs}) | Q(**{f"{path}__in": named})
    return Q(**{path: viewer.cadre_id}) | kin


def cadre_seen(viewer: Viewer, permission: Permission = Permission.VIEW_CADRE, path: str = "cadre") -> Q:
    """Condition on rows about a cadre: which of them the viewer's units and own record open on the day.

    `path` leads from the rows to the cadre. It speaks of the rows themselves: a list of all cadres that may
    be seen, to look each row up in, would be made anew for every question.
    """
    own = Q(**{path: viewer.cadre_id}) if viewer.cadre_id else Q(pk__in=())
    kept_from = own if permission in ON_RELATIVES else avoided_by(viewer, path)
    reach = _in_scope(viewer, permission, path) & ~kept_from
    return reach | own if viewer.on_own_record(permission) else reach


def _in_scope(viewer: Viewer, permission: Permission, path: str) -> Q:
    """From the units to those who hold a post there: looked at cadre by cadre, it would read all of them."""
    from people.models.appointments import Appointment  # the two models name each other

    if viewer.sees_all(permission):
        return Q(**{f"{path}__isnull": False})
    paths = viewer.paths(permission)
    if not paths:
        return Q(pk__in=())
    held = Appointment.objects.filter(covers(viewer.on), kind=AppointmentKind.POST)
    return Q(**{f"{path}__in": held.filter(under_any(paths, "unit__path")).order_by().values("cadre")})


class CadreQuerySet(models.QuerySet["Cadre"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_CADRE) -> Self:
        """Cadres of the viewer's units as of the viewer's day, and the own record.

        A staff or leader role never reaches the own record: there the viewer is only the cadre; of declared
        relatives it reads level L2 (`ON_RELATIVES`) and does nothing (rule R2).
        """
        return self.filter(cadre_seen(viewer, permission, "pk"))

    def with_position(self, on: date) -> Self:
        """Adds unit_id_at, unit_name, unit_path, post_title, post_since: the main post held on the day."""
        held = posts_held(on)
        return self.annotate(
            unit_id_at=Subquery(held.values("unit_id")[:1]),
            unit_name=Subquery(held.values("unit__name")[:1]),
            unit_path=Subquery(held.values("unit__path")[:1]),
            unit_order=Subquery(held.values("unit__display_order")[:1]),
            post_title=Subquery(held.values("title")[:1]),
            post_since=Subquery(held.values("starts_on")[:1]),
        )

    def as_of(self, on: date) -> Self:
        """Cadres who held a post on the day, with the position they had then."""
        return self.filter(Exists(posts_held(on))).with_position(on)

    def in_unit(self, path: str, on: date) -> Self:
        """Cadres whose main post on the day lies in the subtree of `path`."""
        return self.filter(Exists(posts_held(on).filter(unit__path__startswith=path)))


@classify(
    plain="staff_no status rank rank_order rank_since staff_type leadership_level display_order",
    personal=(
        "name former_name sex birth_month ethnicity native_place birthplace political_status party_joined_on "
        "party_note work_started_on retirement_month health professional_title specialty reward_text "
        "appraisal_text note name_pinyin name_initials name_stroke_key photo_path photo_digest"
    ),
    sensitive="id_number id_number_index phone address",
)
class Cadre(models.Model):
    """A person under the personnel office, with the fields of the 干部任免审批表 (domain.md 3.2).

    Dates that the form gives as year and month are stored as the first day of that month.
    Where the person works is not here: Appointment is the single truth.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    staff_no = models.CharField(
        "工号",
        max_length=32,
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": "该工号已被使用。"},
    )
    name = models.CharField("姓名", max_length=60)
    former_name = models.CharField("曾用名", max_length=60, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex, blank=True)
    birth_month = models.DateField("出生年月", null=True, blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    native_place = models.CharField("籍贯", max_length=60, blank=True)
    birthplace = models.CharField("出生地", max_length=60, blank=True)
    political_status = models.CharField("政治面貌", max_length=16, choices=PoliticalStatus, blank=True)
    party_joined_on = models.DateField("入党时间", null=True, blank=True)
    party_note = models.CharField("入党时间（原文）", max_length=60, blank=True)
    work_started_on = models.DateField("参加工作时间", null=True, blank=True)
    retirement_month = models.DateField("到龄年月", null=True, blank=True)
    health = models.CharField("健康状况", max_length=8, choices=HealthState, blank=True)
    professional_title = models.CharField("专业技术职务", max_length=60, blank=True)
    specialty = models.CharField("熟悉专业有何专长", max_length=100, blank=True)
    staff_type = models.CharField("身份", max_length=20, choices=StaffType, blank=True)
    rank = models.CharField("职级", max_length=30, blank=True)
    rank_order = models.PositiveSmallIntegerField("职级序", default=UNKNOWN_RANK_ORDER, editable=False)
    rank_since = models.DateField("任现职级时间", null=True, blank=True)
    leadership_level = models.CharField("领导职务层次", max_length=20, choices=LeadershipLevel, blank=True)
    status = models.CharField("状态", max_length=8, choices=CadreStatus, default=CadreStatus.ACTIVE)
    reward_text = models.TextField("奖惩情况", blank=True)
    appraisal_text = models.TextField("年度考核结果", blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    display_order = models.PositiveIntegerField("排序", default=0)

    id_number = EncryptedTextField("身份证号", blank=True, default="")
    id_number_index = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    phone = EncryptedTextField("联系电话", blank=True, default="")
    address = EncryptedTextField("住址", blank=True, default="")

    photo_path = models.CharField("照片", max_length=100, blank=True, editable=False)
    photo_digest = models.CharField(max_length=64, blank=True, editable=False)

    name_pinyin = models.CharField(max_length=160, blank=True, editable=False)
    name_initials = models.CharField(max_length=30, blank=True, editable=False)
    name_stroke_key = models.CharField(max_length=200, blank=True, editable=False)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CadreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "干部"
        ordering = ["display_order", "name_pinyin", "pk"]
        indexes = [
            models.Index(fields=["display_order", "name_pinyin", "id"], name="cadre_roster_order"),
            models.Index(fields=["name_pinyin", "id"], name="cadre_pinyin"),
            models.Index(fields=["name_stroke_key", "id"], name="cadre_strokes"),
            models.Index(fields=["name_initials"], name="cadre_initials"),
            models.Index(fields=["name"], name="cadre_name"),
            models.Index(fields=["status", "rank_order", "id"], name="cadre_status_rank"),
        ]

    def __str__(self) -> str:
        return self.name

    def age(self, on: date) -> int | None:
        """Full years by month, as the 任免审批表 counts them; None when the birth month is unknown."""
        if self.birth_month is None:
            return None
        months = (on.year - self.birth_month.year) * 12 + on.month - self.birth_month.month
        return months // 12
