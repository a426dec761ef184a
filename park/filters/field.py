"""Questions to the lists of projects, enterprises, visits, requests and of who holds what."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from core.periods import covers
from core.web.forms import DateInput
from park.choices import (
    EnterpriseState,
    HandoverState,
    ProjectKind,
    ProjectStage,
    ProjectState,
    RequestKind,
    RequestState,
    Satisfaction,
)
from park.filters.tasks import officials_of
from park.models import Assignment, Enterprise, EnterpriseRequest, GradeLabel, Handover, Project, Visit
from park.queries.assignments import (
    GAPS,
    IN_ZONE,
    LIVE_PROJECTS,
    load_rule,
    orphan_enterprises,
    orphan_projects,
)
from park.queries.enterprises import OPEN_REQUESTS, VISITED_STATES, behind, cadence
from people.filters import units_of, viewer_of
from people.models import Cadre, Unit

OPEN, OVERDUE = "open", "overdue"


def grades_of(request: HttpRequest | None) -> QuerySet[GradeLabel]:
    if request is None:
        return GradeLabel.objects.none()
    return GradeLabel.objects.visible_to(viewer_of(request))


class OfDepartment(filters.FilterSet):
    """Lists with a lead department and holders."""

    department = filters.ModelChoiceFilter(
        queryset=units_of, method="in_department", label="责任部门", empty_label="全部责任部门"
    )
    official = filters.ModelChoiceFilter(
        queryset=officials_of, field_name="lead_official", label="包保领导", empty_label="全部包保领导"
    )

    def in_department(self, rows: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        return rows.filter(lead_department__in=Unit.objects.filter(path__startswith=value.path or ""))

    def held_by_name(self, subject: str, words: str) -> Exists:
        """Somebody of this name holds the row on the viewer's day."""
        held = Assignment.objects.filter(
            covers(viewer_of(self.request).on), **{subject: OuterRef("pk")}, cadre__name__icontains=words
        )
        return Exists(held)


class ProjectFilter(OfDepartment):
    q = filters.CharFilter(method="search", label="项目、投资方、承担干部")
    kind = filters.ChoiceFilter(choices=ProjectKind.choices, label="类别", empty_label="全部类别")
    stage = filters.ChoiceFilter(choices=ProjectStage.choices, label="阶段", empty_label="全部阶段")
    state = filters.ChoiceFilter(
        choices=[("live", "推进中和暂缓"), *ProjectState.choices],
        method="in_state",
        label="状态",
        empty_label="全部状态",
    )
    held = filters.ChoiceFilter(
        choices=[("none", "没有承担干部")], method="by_holder", label="包干", empty_label="包干不限"
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        named = Q(name__icontains=words) | Q(investor__icontains=words) | Q(code__icontains=words)
        return rows.filter(named | self.held_by_name("project", words))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(state__in=LIVE_PROJECTS) if value == "live" else rows.filter(state=value)

    def by_holder(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return orphan_projects(rows, viewer_of(self.request).on)


class EnterpriseFilter(OfDepartment):
    """Expects enterprises `with_last_visit`."""

    q = filters.CharFilter(method="search", label="企业、信用代码、包保干部")
    grid = filters.CharFilter(field_name="grid", lookup_expr="icontains", label="网格")
    state = filters.ChoiceFilter(
        choices=[("here", "在园"), *EnterpriseState.choices],
        method="in_state",
        label="状态",
        empty_label="全部状态",
    )
    key = filters.ChoiceFilter(
        choices=[("1", "重点企业")], method="only_key", label="重点企业", empty_label="重点不限"
    )
    visit = filters.ChoiceFilter(
        choices=[("behind", "走访超期")], method="by_visit", label="走访", empty_label="走访不限"
    )
    held = filters.ChoiceFilter(
        choices=[("none", "没有包保干部")], method="by_holder", label="包保", empty_label="包保不限"
    )
    grade = filters.ModelChoiceFilter(
        queryset=grades_of, method="with_grade", label="亩均评价", empty_label="全部档次"
    )

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        named = Q(name__icontains=words) | Q(short_name__icontains=words)
        coded = Q(credit_code__icontains=words.upper())
        return rows.filter(named | coded | self.held_by_name("enterprise", words))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(state__in=IN_ZONE) if value == "here" else rows.filter(state=value)

    def only_key(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(is_key=True)

    def by_visit(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        viewer = viewer_of(self.request)
        return rows.filter(behind(viewer.on, cadence(viewer)), state__in=VISITED_STATES)

    def by_holder(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return orphan_enterprises(rows, viewer_of(self.request).on)

    def with_grade(self, rows: QuerySet[Any], name: str, value: GradeLabel) -> QuerySet[Any]:
        return rows.filter(grade_code=value.code)


class VisitFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="企业、走访人、情况")
    since = filters.DateFilter(field_name="on", lookup_expr="gte", label="走访日期从", widget=DateInput)
    until = filters.DateFilter(field_name="on", lookup_expr="lte", label="走访日期到", widget=DateInput)
    mine = filters.ChoiceFilter(
        choices=[("1", "我参加的")], method="only_mine", label="走访人", empty_label="全部走访人"
    )

    class Meta:
        model = Visit
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        went = Q(pk__in=Visit.objects.filter(people__cadre__name__icontains=words).values("pk"))
        return rows.filter(Q(enterprise__name__icontains=words) | Q(situation__icontains=words) | went)

    def only_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        went = Visit.objects.filter(people__cadre=viewer_of(self.request).cadre_id)
        return rows.filter(pk__in=went.values("pk"))


class RequestFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="企业、诉求")
    state = filters.ChoiceFilter(
        choices=[(OPEN, "未销号"), (OVERDUE, "超过时限"), *RequestState.choices],
        method="in_state",
        label="状态",
        empty_label="全部状态",
    )
    kind = filters.ChoiceFilter(choices=RequestKind.choices, label="类别", empty_label="全部类别")
    department = filters.ModelChoiceFilter(queryset=units_of, label="办理部门", empty_label="全部办理部门")
    satisfaction = filters.ChoiceFilter(
        choices=Satisfaction.choices, label="满意度", empty_label="满意度不限"
    )
    mine = filters.ChoiceFilter(
        choices=[("1", "我办理的")], method="only_mine", label="办理人", empty_label="全部办理人"
    )

    class Meta:
        model = EnterpriseRequest
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(enterprise__name__icontains=value.strip()) | Q(text__icontains=value.strip()))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == OPEN:
            return rows.filter(state__in=OPEN_REQUESTS)
        if value == OVERDUE:
            return rows.filter(state__in=OPEN_REQUESTS, due_on__lt=viewer_of(self.request).on)
        return rows.filter(state=value)

    def only_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(handler=viewer_of(self.request).cadre_id)


class PeopleFilter(filters.FilterSet):
    """Cadres with their load."""

    q = filters.CharFilter(field_name="name", lookup_expr="icontains", label="姓名")
    department = filters.ModelChoiceFilter(
        queryset=units_of, method="in_department", label="部门", empty_label="全部部门"
    )

    class Meta:
        model = Cadre
        fields: list[str] = []

    def in_department(self, rows: Any, name: str, value: Unit) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.in_unit(value.path or "", viewer_of(self.request).on)
        return found


class LoadFilter(PeopleFilter):
    """Who carries more than the rule of the day says."""

    over = filters.ChoiceFilter(
        choices=[("1", "超负荷")], method="beyond", label="负荷", empty_label="全部负荷"
    )

    def beyond(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.filter(load_n__gt=load_rule(viewer_of(self.request)).most_items)
        return found


class LeaderFilter(LoadFilter):
    def beyond(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.filter(people_n__gt=load_rule(viewer_of(self.request)).most_people)
        return found


class HandoverFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="移交人、接收人")
    mine = filters.ChoiceFilter(
        choices=[("1", "由我接收的")], method="only_mine", label="接收人", empty_label="全部接收人"
    )

    class Meta:
        model = Handover
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        return rows.filter(Q(to__name__icontains=words) | Q(assignment__cadre__name__icontains=words))

    def only_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(to=viewer_of(self.request).cadre_id)


class HandoverStateFilter(HandoverFilter):
    """In the API also those that were answered."""

    state = filters.ChoiceFilter(choices=HandoverState.choices, label="状态")


class GapFilter(PeopleFilter):
    gap = filters.ChoiceFilter(choices=list(GAPS.items()), label="缺什么", empty_label="全部缺口")


class CadreLoadFilter(LoadFilter, GapFilter):
    """In the API load and gaps are one list."""


class AssignmentFilter(filters.FilterSet):
    """In the API: `holding=1` leaves what is over."""

    cadre = filters.ModelChoiceFilter(
        queryset=lambda request: (
            Cadre.objects.visible_to(viewer_of(request)) if request else Cadre.objects.none()
        ),
        label="干部",
    )
    holding = filters.ChoiceFilter(choices=[("1", "现在承担")], method="only_holding", label="时间")

    class Meta:
        model = Assignment
        fields: list[str] = []

    def only_holding(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.covering(viewer_of(self.request).on)
        return found
