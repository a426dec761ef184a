"""What a list of people may be asked: the same questions on the page and in the API."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Replace
from django.db.models.lookups import StartsWith
from django.http import HttpRequest

from core.access import Role, Viewer
from core.periods import covers
from people.checks import ACCOUNT_CHECKS, accounts_to_check
from people.choices import CadreStatus, KinRelation, LeadershipLevel, PoliticalStatus, Sex, StaffType
from people.models import Cadre, KinTie, Post, Unit, User
from people.queries import incomplete_cadres
from people.ranks import CIVIL_RANKS, INSTITUTION_RANKS, TECHNICAL_RANKS

ANY_STATUS = "any"
STATUS_CHOICES = [*CadreStatus.choices, (ANY_STATUS, "在职、退休、调出")]
RANK_CHOICES = [
    ("公务员职级", [(rank, rank) for rank in CIVIL_RANKS]),
    ("事业单位管理岗", [(rank, rank) for rank in INSTITUTION_RANKS]),
    ("专业技术岗", [(rank, rank) for rank in TECHNICAL_RANKS]),
]
# Youngest and oldest full age of each band; None is open.
AGE_BANDS: dict[str, tuple[str, int | None, int | None]] = {
    "35": ("35岁及以下", None, 35),
    "36-40": ("36–40岁", 36, 40),
    "41-45": ("41–45岁", 41, 45),
    "46-50": ("46–50岁", 46, 50),
    "51-55": ("51–55岁", 51, 55),
    "56": ("56岁及以上", 56, None),
}
# Full years in the present post: at least, or fewer than.
TENURES: dict[str, tuple[str, int | None, int | None]] = {
    "under1": ("不满1年", None, 1),
    "2": ("满2年", 2, None),
    "3": ("满3年", 3, None),
    "5": ("满5年", 5, None),
    "10": ("满10年", 10, None),
}


def labels(bands: dict[str, tuple[str, int | None, int | None]]) -> list[tuple[str, str]]:
    return [(key, band[0]) for key, band in bands.items()]


def years_before(on: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes 1 March, as a full year is only then over."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return date(on.year - years, 3, 1)


def aged(on: date, youngest: int | None, oldest: int | None) -> Q:
    """Condition on the birth month for full ages counted by month, both ends included."""
    month = on.replace(day=1)
    condition = Q(birth_month__isnull=False)
    if youngest is not None:
        condition &= Q(birth_month__lte=month.replace(year=month.year - youngest))
    if oldest is not None:
        condition &= Q(birth_month__gt=month.replace(year=month.year - oldest - 1))
    return condition


def search_condition(words: str) -> Q:
    """Name, pinyin, initials or staff number; how people are looked for everywhere."""
    plain = words.strip().replace(" ", "")
    letters = plain.lower()
    condition = Q(name__icontains=plain) | Q(staff_no__istartswith=plain)
    if letters.isascii() and letters.isalpha():
        joined = Replace("name_pinyin", Value(" "), Value(""))  # stored with a space between syllables
        condition |= Q(name_initials__startswith=letters) | Q(StartsWith(joined, letters))
    return condition


def units_of(request: HttpRequest | None) -> QuerySet[Unit]:
    """Units to choose from: all open ones that the viewer may know, in tree order."""
    if request is None:
        return Unit.objects.none()
    return Unit.objects.visible_to(viewer_of(request)).open().order_by("path")


def viewer_of(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


class CadreFilter(filters.FilterSet):
    """Expects a queryset `with_position` of the viewer's day."""

    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    rank = filters.ChoiceFilter(choices=RANK_CHOICES, label="职级", empty_label="全部职级")
    staff_type = filters.ChoiceFilter(choices=StaffType.choices, label="身份", empty_label="不限")
    status = filters.ChoiceFilter(
        choices=STATUS_CHOICES, method="with_status", label="状态", empty_label="在职（默认）"
    )
    sex = filters.ChoiceFilter(choices=Sex.choices, label="性别", empty_label="不限")
    age = filters.ChoiceFilter(choices=labels(AGE_BANDS), method="in_age", label="年龄", empty_label="不限")
    tenure = filters.ChoiceFilter(
        choices=labels(TENURES), method="in_tenure", label="任现岗", empty_label="任现岗不限"
    )
    level = filters.ChoiceFilter(
        field_name="leadership_level",
        choices=LeadershipLevel.choices,
        label="领导职务层次",
        empty_label="不限",
    )
    political = filters.ChoiceFilter(
        field_name="political_status", choices=PoliticalStatus.choices, label="政治面貌", empty_label="不限"
    )
    incomplete = filters.ChoiceFilter(
        choices=[("1", "信息不全")], method="only_incomplete", label="档案信息", empty_label="不限"
    )

    class Meta:
        model = Cadre
        fields: list[str] = []

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.request)

    def search(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        return rows.filter(search_condition(value))

    def in_unit(self, rows: Any, name: str, value: Unit) -> QuerySet[Cadre]:
        found: QuerySet[Cadre] = rows.in_unit(value.path, self.viewer.on)
        return found

    def with_status(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        return rows if value == ANY_STATUS else rows.filter(status=value)

    def in_age(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        _, youngest, oldest = AGE_BANDS[value]
        return rows.filter(aged(self.viewer.on, youngest, oldest))

    def in_tenure(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        _, at_least, under = TENURES[value]
        if at_least is not None:
            rows = rows.filter(Q(post_since__lte=years_before(self.viewer.on, at_least)))
        if under is not None:
            rows = rows.filter(Q(post_since__gt=years_before(self.viewer.on, under)))
        return rows

    def only_incomplete(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        return rows.filter(pk__in=incomplete_cadres(self.viewer).values("pk"))


class UnitFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="机构名称或代码")
    parent = filters.ModelChoiceFilter(queryset=units_of, label="上级机构", empty_label="不限")

    class Meta:
        model = Unit
        fields: list[str] = []

    def search(self, rows: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        return rows.filter(Q(name__icontains=value) | Q(code__istartswith=value))


class PostFilter(filters.FilterSet):
    unit = filters.ModelChoiceFilter(queryset=units_of, label="机构", empty_label="不限")
    q = filters.CharFilter(field_name="title", lookup_expr="icontains", label="岗位名称")

    class Meta:
        model = Post
        fields = ["post_class", "level"]


class AccountFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名或登录名")
    role = filters.ChoiceFilter(
        choices=Role.choices, method="with_role", label="角色", empty_label="全部角色"
    )
    active = filters.ChoiceFilter(
        field_name="is_active",
        choices=[("True", "启用"), ("False", "停用")],
        label="账号状态",
        empty_label="启用和停用",
    )
    check = filters.ChoiceFilter(
        choices=[(code, check.label) for code, check in ACCOUNT_CHECKS.items()],
        method="to_check",
        label="应核对",
        empty_label="全部",
    )

    class Meta:
        model = User
        fields: list[str] = []

    def search(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(Q(name__icontains=value) | Q(username__icontains=value))

    def to_check(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return accounts_to_check(value, viewer_of(self.request).on, rows)

    def with_role(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        on = viewer_of(self.request).on
        return rows.filter(covers(on, "grants__"), grants__role=value).distinct()


class KinTieFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名")
    state = filters.ChoiceFilter(
        choices=[("open", "待核实"), ("settled", "已核实")],
        method="in_state",
        label="状态",
        empty_label="状态不限",
    )
    relation = filters.ChoiceFilter(choices=KinRelation.choices, label="关系", empty_label="关系不限")

    class Meta:
        model = KinTie
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(cadre__name__icontains=value) | Q(relative__name__icontains=value))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(confirmed_at__isnull=value == "open")
