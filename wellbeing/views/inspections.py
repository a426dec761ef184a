"""督查: the plan, one inspection with its findings, and the acts on it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission, Viewer
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, FramePage, ListPage, ObjectMixin, Permissions
from people.contracts import Inspectable, inspectable, worth_inspecting
from people.models import Cadre, Unit
from wellbeing.choices.inspections import (
    FINDING_COLOURS,
    INSPECTION_COLOURS,
    FindingState,
    InspectionKind,
    InspectionState,
)
from wellbeing.filters.inspections import InspectionFilter
from wellbeing.forms.inspections import CheckForm, FindingForm, InspectionForm
from wellbeing.models import Finding, Inspection
from wellbeing.queries.inspections import (
    finding_counts,
    finding_list,
    inspection_list,
    inspectors,
    not_yet_planned,
)
from wellbeing.services.findings import add_finding
from wellbeing.services.inspections import (
    cancel_inspection,
    change_inspection,
    check_inspection,
    close_inspection,
    may_edit,
    plan_inspection,
)

SEES, EDIT = Permission.VIEW_DISCIPLINE, Permission.EDIT_DISCIPLINE
Crumbs = Sequence[tuple[str, str]]
MOST_ITEMS = 100


def inspection_url(row: Inspection) -> str:
    return reverse("wellbeing:inspection", args=[row.pk])


def finding_url(row: Finding) -> str:
    return reverse("wellbeing:finding", args=[row.pk])


def reachable_units(viewer: Viewer) -> QuerySet[Unit]:
    """Units in which the viewer inspects."""
    rows: QuerySet[Unit] = Unit.objects.visible_to(viewer).in_reach(viewer, EDIT).open()
    return rows


def inspection_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("督查整改", reverse("wellbeing:inspections")), *more]


class InspectionList(ListPage):
    title = "督查整改"
    permission = SEES
    model = Inspection
    filterset_class = InspectionFilter
    noun = "督查"
    counter = "项"
    main_filters = ("kind", "state")
    acts_template = "wellbeing/inspections/acts.html"
    template_name = "wellbeing/inspections/list.html"
    empty_icon = "clipboard-check"
    empty_hint = "由纪检专员立项；检查后登记问题，整改到销号为止。"
    export_permission = EDIT
    default_sort = "-planned"
    sorts = (
        Sort("planned", "计划日期", ("planned_on",)),
        Sort("checked", "检查日期", ("checked_on",)),
        Sort("title", "督查事项", ("title",)),
    )
    views = (
        SavedView("全部", ""),
        SavedView("待检查", "state=planned"),
        SavedView("整改中", "state=checked"),
    )
    columns = (
        ListColumn("title", "督查事项", lambda i: i.title, sort="title", link=inspection_url, width=30),
        ListColumn("kind", "类别", lambda i: i.kind_label, css="nowrap"),
        ListColumn("unit", "被督查范围", lambda i: i.unit.name if i.unit else "全区"),
        ListColumn(
            "planned",
            "计划日期",
            lambda i: i.planned_on,
            sort="planned",
            template="wellbeing/cells/day.html",
            css="num nowrap",
        ),
        ListColumn(
            "checked",
            "检查日期",
            lambda i: i.checked_on,
            sort="checked",
            template="wellbeing/cells/day.html",
            css="num nowrap",
        ),
        ListColumn("whole", "问题", lambda i: i.whole, css="num right"),
        ListColumn("left", "未销号", lambda i: i.left, css="num right"),
        ListColumn(
            "state", "状态", lambda i: i.get_state_display(), template="wellbeing/cells/talk_state.html"
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return inspection_list(self.viewer)

    def decorate(self, rows: list[Any]) -> list[Any]:
        counts = finding_counts(rows, self.viewer)
        for row in rows:
            row.whole, row.left = counts.get(row.pk, (0, 0))
            row.colour = INSPECTION_COLOURS[InspectionState(row.state)]
        return rows


class InspectionMixin(ObjectMixin):
    permission: ClassVar[Permissions] = SEES
    model = Inspection

    def get_queryset(self) -> QuerySet[Any]:
        return inspection_list(self.viewer)

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return inspection_crumbs((self.object.title, inspection_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return inspection_url(self.object)


class InspectionPage(InspectionMixin, DetailPage):
    template_name = "wellbeing/inspections/inspection.html"

    def get_crumbs(self) -> Crumbs:
        return inspection_crumbs((self.object.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        findings: list[Any] = list(finding_list(self.viewer).filter(inspection=row))
        for finding in findings:
            finding.colour = FINDING_COLOURS[FindingState(finding.state)]
            finding.late = is_late(finding, self.viewer.on)
        return super().get_context_data(
            findings=findings,
            colour=INSPECTION_COLOURS[InspectionState(row.state)],
            edits=may_edit(self.viewer, row.unit),
            team=[user.name for user in row.team.order_by("name", "pk")],
            item=inspectable(self.viewer, row.item_key) if row.item_key else None,
            left=sum(finding.state != FindingState.CLOSED for finding in findings),
            **kwargs,
        )


def is_late(finding: Finding, on: Any) -> bool:
    """Past its date with nothing handed in."""
    return bool(finding.state == FindingState.RECTIFYING and finding.due_on and finding.due_on < on)


class EditedInspection(InspectionMixin):
    """An act on an inspection: for others than its inspectors it does not exist."""

    permission: ClassVar[Permissions] = EDIT
    states: ClassVar[tuple[InspectionState, ...]] = (InspectionState.PLANNED,)

    @cached_property
    def object(self) -> Any:
        row = super().object
        if row.state not in self.states or not may_edit(self.viewer, row.unit):
            raise Http404
        return row


class PickItem(FramePage):
    """What does not get on, told by the apps that know, to be chosen for an inspection."""

    permission: ClassVar[Permissions] = EDIT
    title = "从工作推进中选取"
    template_name = "wellbeing/inspections/pick.html"

    def get_crumbs(self) -> Crumbs:
        return inspection_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        items = not_yet_planned(worth_inspecting(self.viewer), self.viewer)
        return super().get_context_data(items=items[:MOST_ITEMS], whole=len(items), **kwargs)


class PlanInspection(FormPage):
    permission: ClassVar[Permissions] = EDIT
    template_name = "wellbeing/inspections/plan.html"
    title = "督查立项"
    form_class = InspectionForm
    submit_label = "立项"
    success_message = "已立项。检查后在这里登记检查日期和问题。"

    def get_crumbs(self) -> Crumbs:
        return inspection_crumbs((self.title, ""))

    @cached_property
    def item(self) -> Inspectable | None:
        """What was chosen to be looked into; a key that leads nowhere is no page."""
        key = self.request.GET.get("item", "")
        found = inspectable(self.viewer, key) if key else None
        if key and found is None:
            raise Http404
        return found

    def get_initial(self) -> dict[str, Any]:
        if self.item is None:
            return {}
        longest = Inspection._meta.get_field("title").max_length or 0
        title, unit = self.item.title[:longest], self.item.unit
        return {"kind": InspectionKind.PROGRESS, "title": title, "unit": unit, "planned_on": self.viewer.on}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "units": reachable_units(self.viewer),
            "team": inspectors(self.viewer.on),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(item=self.item, **kwargs)

    def act(self, form: InspectionForm) -> Inspection:
        key = self.item.key if self.item else ""
        return plan_inspection(values=form.cleaned_data, by=self.viewer, item_key=key)

    def get_success_url(self) -> str:
        made = getattr(self, "result", None)
        return inspection_url(made) if made else reverse("wellbeing:inspections")


class ChangeInspection(EditedInspection, FormPage):
    title = "修改督查计划"
    form_class = InspectionForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        units, team = reachable_units(self.viewer), inspectors(self.viewer.on)
        return {**super().get_form_kwargs(), "units": units, "team": team, "row": self.object}

    def act(self, form: InspectionForm) -> None:
        change_inspection(inspection=self.object, values=form.cleaned_data, by=self.viewer)


class CheckInspection(EditedInspection, FormPage):
    title = "登记检查"
    form_class = CheckForm
    submit_label = "登记检查"
    success_message = "已登记检查日期。现在可以逐条登记问题。"

    def get_initial(self) -> dict[str, Any]:
        return {"checked_on": self.viewer.on}

    def act(self, form: CheckForm) -> None:
        day = form.cleaned_data["checked_on"]
        check_inspection(inspection=self.object, checked_on=day, by=self.viewer, on=self.viewer.on)


class CancelInspection(EditedInspection, ConfirmPage):
    title = "取消督查"
    submit_label = "取消督查"
    success_message = "已取消。"

    def get_question(self) -> str:
        return f"取消“{self.object.title}”？"

    def get_consequence(self) -> str:
        return "取消后保留记录，需要时另行立项。"

    def act(self, form: Any) -> None:
        cancel_inspection(inspection=self.object, by=self.viewer)


class CloseInspection(EditedInspection, ConfirmPage):
    title = "办结督查"
    submit_label = "办结归档"
    dangerous = False
    states = (InspectionState.CHECKED,)
    success_message = "已办结。"

    def get_question(self) -> str:
        return f"办结“{self.object.title}”？"

    def get_consequence(self) -> str:
        return "问题要全部销号。办结后不能再登记新问题。"

    def act(self, form: Any) -> None:
        close_inspection(inspection=self.object, by=self.viewer)


class NewFinding(EditedInspection, FormPage):
    title = "登记问题"
    form_class = FindingForm
    submit_label = "登记"
    states = (InspectionState.CHECKED,)
    success_message = "已登记。接着明确整改措施、责任人和时限。"

    def get_form_kwargs(self) -> dict[str, Any]:
        viewer = self.viewer
        units = reachable_units(viewer)
        if self.object.unit:
            units = units.filter(path__startswith=self.object.unit.path)
        cadres = Cadre.objects.visible_to(viewer, EDIT)
        return {**super().get_form_kwargs(), "units": units, "cadres": cadres}

    def act(self, form: FindingForm) -> Finding:
        return add_finding(inspection=self.object, **form.cleaned_data, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return finding_url(self.result) if hasattr(self, "result") else inspection_url(self.object)
