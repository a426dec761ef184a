"""What the lists of checkups may be asked, on the pages and in the API alike."""

import django_filters as filters
from django.db.models import QuerySet

from people.filters import search_condition, units_of
from people.models import Cadre, Unit
from wellbeing.choices.checkups import CampaignState, CheckupState, DeferReason
from wellbeing.models import CheckupCampaign, CheckupMember, CheckupSlot

RECHECKS = [("needed", "需复查"), ("waiting", "需复查、还没有复查"), ("done", "已复查")]


class CampaignFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="title", lookup_expr="icontains", label="名称")
    state = filters.ChoiceFilter(choices=CampaignState.choices, label="状态", empty_label="状态不限")
    year = filters.NumberFilter(label="年度", min_value=2000, max_value=2199)

    class Meta:
        model = CheckupCampaign
        fields: list[str] = []


class MemberFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    state = filters.ChoiceFilter(choices=CheckupState.choices, label="状态", empty_label="状态不限")
    recheck = filters.ChoiceFilter(
        choices=RECHECKS, method="by_recheck", label="复查", empty_label="复查不限"
    )
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="时任部门", empty_label="全部部门"
    )
    deferred_for = filters.ChoiceFilter(
        choices=DeferReason.choices, label="缓检原因", empty_label="缓检原因不限"
    )

    class Meta:
        model = CheckupMember
        fields: list[str] = []

    def search(self, rows: QuerySet[CheckupMember], name: str, value: str) -> QuerySet[CheckupMember]:
        return rows.filter(cadre__in=Cadre.objects.filter(search_condition(value)))

    def by_recheck(self, rows: QuerySet[CheckupMember], name: str, value: str) -> QuerySet[CheckupMember]:
        if value == "done":
            return rows.filter(recheck_done=True)
        needed = rows.filter(recheck_needed=True)
        return needed.filter(recheck_done=False) if value == "waiting" else needed

    def in_unit(self, rows: QuerySet[CheckupMember], name: str, value: Unit) -> QuerySet[CheckupMember]:
        return rows.filter(unit__path__startswith=value.path or "")


class MemberApiFilter(MemberFilter):
    campaign = filters.NumberFilter(label="体检安排", min_value=1)
    year = filters.NumberFilter(field_name="campaign__year", label="年度", min_value=2000, max_value=2199)


class SlotFilter(filters.FilterSet):
    left = filters.ChoiceFilter(
        choices=[("free", "有空位"), ("full", "已满")],
        method="by_seats",
        label="名额",
        empty_label="名额不限",
    )
    campaign = filters.NumberFilter(label="体检安排", min_value=1)

    class Meta:
        model = CheckupSlot
        fields: list[str] = []

    def by_seats(self, rows: QuerySet[CheckupSlot], name: str, value: str) -> QuerySet[CheckupSlot]:
        free = rows.free()  # type: ignore[attr-defined]
        return free if value == "free" else rows.exclude(pk__in=free.values("pk"))
