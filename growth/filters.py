"""What the list of growth files may be asked: the same on the page and in the API."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.forms import HiddenInput

from core.api.filters import RowNumberFilter
from core.web.forms import DateInput
from growth.contracts import Edition
from growth.models import (
    CheckCampaign,
    CheckMember,
    CheckState,
    CorrectionRequest,
    CorrectionState,
    GrowthFile,
    GrowthReading,
    ReadingWay,
)
from people.filters import search_condition, units_of, viewer_of
from people.models import Cadre, Unit


class GrowthFileFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    edition = filters.ChoiceFilter(choices=Edition.choices, label="版本", empty_label="全部版本")
    as_of = filters.DateFilter(label="数据截至", widget=DateInput)
    # For the API: nobody in an office knows a row's number.
    cadre = RowNumberFilter(field_name="cadre_id", label="干部编号", widget=HiddenInput)

    class Meta:
        model = GrowthFile
        fields: list[str] = []

    def search(self, rows: QuerySet[GrowthFile], name: str, value: str) -> QuerySet[GrowthFile]:
        found = Cadre.objects.visible_to(viewer_of(self.request)).filter(search_condition(value))
        return rows.filter(cadre__in=found)

    def in_unit(self, rows: Any, name: str, value: Unit) -> QuerySet[GrowthFile]:
        viewer = viewer_of(self.request)
        staff = Cadre.objects.visible_to(viewer).in_unit(value.path or "", viewer.on)
        files: QuerySet[GrowthFile] = rows.filter(cadre__in=staff)
        return files


class CorrectionFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    state = filters.ChoiceFilter(choices=CorrectionState.choices, label="状态", empty_label="全部状态")

    class Meta:
        model = CorrectionRequest
        fields: list[str] = []

    def search(self, rows: QuerySet[CorrectionRequest], name: str, value: str) -> QuerySet[CorrectionRequest]:
        found = Cadre.objects.visible_to(viewer_of(self.request)).filter(search_condition(value))
        return rows.filter(cadre__in=found)


class ReadingFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="档案是谁的：姓名、拼音首字母或工号")
    way = filters.ChoiceFilter(choices=ReadingWay.choices, label="方式", empty_label="全部方式")
    since = filters.DateFilter(field_name="at", lookup_expr="date__gte", label="自", widget=DateInput)
    file = RowNumberFilter(field_name="file_id", label="档案", widget=HiddenInput)

    class Meta:
        model = GrowthReading
        fields: list[str] = []

    def search(self, rows: QuerySet[GrowthReading], name: str, value: str) -> QuerySet[GrowthReading]:
        found = Cadre.objects.visible_to(viewer_of(self.request)).filter(search_condition(value))
        return rows.filter(file__cadre__in=found)


CAMPAIGN_STATES = [("running", "进行中"), ("closed", "已结束")]


class CampaignFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="title", lookup_expr="icontains", label="名称")
    year = filters.NumberFilter(label="年度", min_value=2000, max_value=2199)
    state = filters.ChoiceFilter(
        choices=CAMPAIGN_STATES, method="in_state", label="状态", empty_label="状态不限"
    )

    class Meta:
        model = CheckCampaign
        fields: list[str] = []

    def in_state(self, rows: QuerySet[CheckCampaign], name: str, value: str) -> QuerySet[CheckCampaign]:
        return rows.filter(closed_at__isnull=value == "running")


class MemberFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    state = filters.ChoiceFilter(
        choices=[*CheckState.choices, ("behind", "没有核对完")],
        method="in_state",
        label="进度",
        empty_label="进度不限",
    )
    disputed = filters.ChoiceFilter(
        choices=[("yes", "有待处理的更正申请"), ("no", "没有")],
        method="by_dispute",
        label="异议",
        empty_label="异议不限",
    )
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="时任部门", empty_label="全部部门"
    )
    excused = filters.ChoiceFilter(
        choices=[("yes", "免核对")], method="keep", label="名单", empty_label="应核对"
    )

    class Meta:
        model = CheckMember
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> QuerySet[CheckMember]:
        """Who was taken off the list is shown only when asked for."""
        excused = self.form.cleaned_data.get("excused") == "yes"
        rows: QuerySet[CheckMember] = super().filter_queryset(queryset)
        return rows.filter(excused_at__isnull=not excused)

    def keep(self, rows: QuerySet[CheckMember], name: str, value: str) -> QuerySet[CheckMember]:
        return rows

    def search(self, rows: QuerySet[CheckMember], name: str, value: str) -> QuerySet[CheckMember]:
        found = Cadre.objects.visible_to(viewer_of(self.request)).filter(search_condition(value))
        return rows.filter(cadre__in=found)

    def in_state(self, rows: Any, name: str, value: str) -> QuerySet[CheckMember]:
        found: QuerySet[CheckMember] = (
            rows.filter(done_at=None) if value == "behind" else rows.in_state(CheckState(value))
        )
        return found

    def by_dispute(self, rows: Any, name: str, value: str) -> QuerySet[CheckMember]:
        found: QuerySet[CheckMember] = rows.filter(disputed=value == "yes")
        return found

    def in_unit(self, rows: QuerySet[CheckMember], name: str, value: Unit) -> QuerySet[CheckMember]:
        return rows.filter(unit__path__startswith=value.path or "?")


class MemberApiFilter(MemberFilter):
    campaign = RowNumberFilter(field_name="campaign_id", label="信息核对")
