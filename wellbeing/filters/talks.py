"""What the lists of talks may be asked: metadata only, nothing of the content."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from people.filters import search_condition, units_of, viewer_of
from people.models import Cadre, Unit
from wellbeing.choices.followups import FollowUpCategory, FollowUpState
from wellbeing.choices.talks import GlassState, TalkKind, TalkState
from wellbeing.choices.triggers import UNMET_STATES, DutyState, TriggerCode
from wellbeing.models import EmergencyAccess, FollowUp, Talk, TalkDuty, TalkSlot

MINE_CHOICES = [("talker", "我谈的"), ("superior", "指定我为上级的")]


class OfCadreFilter(filters.FilterSet):
    """Rows about a cadre, found by the cadre's name and the department of the day."""

    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(cadre__in=Cadre.objects.filter(search_condition(value)))

    def in_unit(self, rows: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        return rows.filter(unit__path__startswith=value.path)


class TalkFilter(OfCadreFilter):
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    kind = filters.ChoiceFilter(choices=TalkKind.choices, label="类型", empty_label="全部类型")
    reason = filters.ChoiceFilter(choices=TriggerCode.choices, label="事由", empty_label="全部事由")
    state = filters.ChoiceFilter(choices=TalkState.choices, label="状态", empty_label="状态不限")
    mine = filters.ChoiceFilter(choices=MINE_CHOICES, method="only_mine", label="与我", empty_label="不限")
    unfinished = filters.ChoiceFilter(
        choices=[("1", "草稿和待归档")], method="only_unfinished", label="进度", empty_label="不限"
    )
    year = filters.NumberFilter(
        field_name="held_on", lookup_expr="year", label="谈话年度", min_value=2000, max_value=2199
    )

    class Meta:
        model = Talk
        fields: list[str] = []

    def only_unfinished(self, rows: QuerySet[Talk], name: str, value: str) -> QuerySet[Talk]:
        return rows.filter(state__in=[TalkState.DRAFT, TalkState.FINAL])

    def only_mine(self, rows: QuerySet[Talk], name: str, value: str) -> QuerySet[Talk]:
        return rows.filter(**{f"{value}_id": viewer_of(self.request).user_id})


class DutyFilter(OfCadreFilter):
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    code = filters.ChoiceFilter(choices=TriggerCode.choices, label="事由", empty_label="全部事由")
    state = filters.ChoiceFilter(choices=DutyState.choices, label="状态", empty_label="状态不限")
    late = filters.ChoiceFilter(
        choices=[("1", "已逾期")], method="only_late", label="时限", empty_label="不限"
    )
    unassigned = filters.ChoiceFilter(
        choices=[("1", "待指定谈话人")], method="only_unassigned", label="谈话人", empty_label="不限"
    )
    mine = filters.ChoiceFilter(
        choices=[("1", "我应谈的")], method="only_mine", label="与我", empty_label="不限"
    )

    class Meta:
        model = TalkDuty
        fields: list[str] = []

    def only_late(self, rows: QuerySet[TalkDuty], name: str, value: str) -> QuerySet[TalkDuty]:
        on = viewer_of(self.request).on
        return rows.filter(Q(state__in=UNMET_STATES, due_on__lt=on) | Q(state=DutyState.LAPSED))

    def only_unassigned(self, rows: QuerySet[TalkDuty], name: str, value: str) -> QuerySet[TalkDuty]:
        return rows.filter(talker__isnull=True, state=DutyState.OPEN)

    def only_mine(self, rows: QuerySet[TalkDuty], name: str, value: str) -> QuerySet[TalkDuty]:
        return rows.filter(talker_id=viewer_of(self.request).user_id)


class FollowUpFilter(OfCadreFilter):
    category = filters.ChoiceFilter(choices=FollowUpCategory.choices, label="类别", empty_label="全部类别")
    state = filters.ChoiceFilter(choices=FollowUpState.choices, label="状态", empty_label="状态不限")
    mine = filters.ChoiceFilter(
        choices=[("1", "我负责的")], method="only_mine", label="与我", empty_label="不限"
    )
    untold = filters.ChoiceFilter(
        choices=[("1", "办结未反馈")], method="only_untold", label="反馈", empty_label="不限"
    )

    class Meta:
        model = FollowUp
        fields: list[str] = []

    def only_mine(self, rows: QuerySet[FollowUp], name: str, value: str) -> QuerySet[FollowUp]:
        return rows.filter(owner_id=viewer_of(self.request).user_id)

    def only_untold(self, rows: QuerySet[FollowUp], name: str, value: str) -> QuerySet[FollowUp]:
        return rows.exclude(state=FollowUpState.OPEN).filter(told_at__isnull=True)


class EmergencyFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=GlassState.choices, label="状态", empty_label="状态不限")

    class Meta:
        model = EmergencyAccess
        fields: list[str] = []


class SlotFilter(filters.FilterSet):
    state = filters.ChoiceFilter(
        choices=[("free", "空闲"), ("taken", "已约")], method="in_state", label="状态", empty_label="状态不限"
    )

    class Meta:
        model = TalkSlot
        fields: list[str] = []

    def in_state(self, rows: QuerySet[TalkSlot], name: str, value: str) -> QuerySet[TalkSlot]:
        return rows.filter(cadre__isnull=value == "free")
