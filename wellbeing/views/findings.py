"""整改台账: findings, one finding, and the steps to 销号. The texts open on their own page only."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission, Viewer
from core.files import file_response
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, FormPage, ListPage, ObjectMixin, Permissions
from people.models import Unit
from wellbeing.choices.inspections import FINDING_COLOURS, UNSETTLED, FindingState
from wellbeing.filters.inspections import FindingFilter
from wellbeing.forms.inspections import (
    EvidenceForm,
    OutcomeForm,
    ProgressForm,
    RectifyForm,
    RepeatForm,
    ReviewForm,
)
from wellbeing.models import DecisionNotice, Finding, FindingFile
from wellbeing.queries.decisions import notice_of
from wellbeing.queries.inspections import earlier_findings, finding_list, officials_for
from wellbeing.services.findings import (
    add_evidence,
    decide_outcome,
    hand_in,
    link_repeat,
    open_finding,
    order_rectification,
    review_rectification,
)
from wellbeing.services.inspections import may_edit
from wellbeing.views.inspections import Crumbs, finding_url, inspection_crumbs, is_late
from wellbeing.views.records import unlogged

EDIT = Permission.EDIT_DISCIPLINE


def _whom(row: Finding) -> str:
    return f"{row.unit.name} {row.cadre.name}" if row.cadre else row.unit.name


def _named(viewer: Viewer, row: Finding) -> bool:
    """Whether the viewer is one of the two officials who put it right."""
    return viewer.user_id in (row.owner_id, row.lead_id)


def _paper(key: str, label: str, value: Callable[[Any], Any], width: int = 30) -> ListColumn:
    """A column of the office's ledger that the page does not show."""
    return ListColumn(key, label, value, width=width, on_page=False)


class FindingList(ListPage):
    """On the page states and dates; the exported ledger has the office's twelve columns.

    Officials need no discipline permission: whoever was handed a rectification finds it here.
    """

    title = "整改台账"
    permission: ClassVar[Permissions] = None
    model = Finding
    filterset_class = FindingFilter
    noun = "问题"
    counter = "个"
    main_filters = ("unit", "state", "late")
    template_name = "wellbeing/inspections/list.html"
    acts_template = "wellbeing/inspections/ledger_acts.html"
    empty_icon = "clipboard-check"
    empty_hint = "检查中发现的问题由纪检专员登记；交您负责的整改也列在这里。"
    export_permission = EDIT
    default_sort = "due"
    sorts = (
        Sort("due", "时限", ("due_on", "-found_on")),
        Sort("found", "检查时间", ("found_on",)),
        Sort("unit", "部门", ("unit__path", "due_on")),
    )
    views = (
        SavedView("未销号", "state=unsettled"),
        SavedView("我负责的", "mine=1&state=unsettled"),
        SavedView("已逾期", "late=1"),
        SavedView("屡查屡犯", "repeated=1"),
        SavedView("全部", ""),
    )
    columns = (
        _paper("number", "序号", lambda f: f.number, 6),
        ListColumn(
            "found",
            "检查时间",
            lambda f: f.found_on,
            sort="found",
            template="wellbeing/cells/day.html",
            css="num nowrap",
        ),
        ListColumn("kind", "类别", lambda f: f.inspection.kind_label, css="nowrap"),
        _paper("problem", "问题", lambda f: str(f.problem), 40),
        ListColumn("whom", "涉及部门/人", _whom, sort="unit", link=finding_url, width=24),
        _paper("measure", "整改措施", lambda f: str(f.measure), 40),
        ListColumn("lead", "责任领导", lambda f: str(f.lead or ""), css="nowrap"),
        ListColumn("owner", "责任人", lambda f: str(f.owner or ""), css="nowrap"),
        ListColumn(
            "due",
            "时限",
            lambda f: f.due_on,
            sort="due",
            template="wellbeing/cells/due.html",
            css="num nowrap",
        ),
        _paper("progress", "整改情况", lambda f: str(f.progress), 40),
        ListColumn(
            "state",
            "状态",
            lambda f: f.get_state_display(),
            template="wellbeing/cells/talk_state.html",
            in_export=False,
        ),
        _paper("closed", "是否销号", lambda f: "是" if f.state == FindingState.CLOSED else "否", 10),
        _paper("outcome", "处理方式", lambda f: f.get_outcome_display(), 12),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return finding_list(self.viewer)

    def decorate(self, rows: list[Any]) -> list[Any]:
        for number, row in enumerate(rows, 1):
            row.number = number
            row.colour = FINDING_COLOURS[FindingState(row.state)]
            row.late = is_late(row, self.viewer.on)
        return rows


class FindingMixin(ObjectMixin):
    permission: ClassVar[Permissions] = None
    model = Finding

    def get_queryset(self) -> QuerySet[Any]:
        return finding_list(self.viewer)

    @property
    def edits(self) -> bool:
        unit: Unit = self.object.unit
        return may_edit(self.viewer, unit)

    @property
    def puts_right(self) -> bool:
        return _named(self.viewer, self.object)

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return _crumbs((self.object.whom, finding_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return finding_url(self.object)


def _crumbs(*more: tuple[str, str]) -> Crumbs:
    return inspection_crumbs(("整改台账", reverse("wellbeing:findings")), *more)


class FindingPage(FindingMixin, DetailPage):
    template_name = "wellbeing/inspections/finding.html"

    def get_title(self) -> str:
        return f"{self.object.whom}·督查问题"

    def get_crumbs(self) -> Crumbs:
        return _crumbs((self.object.whom, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, viewer = self.object, self.viewer
        open_finding(finding=row, viewer=viewer)
        state = FindingState(row.state)
        reviews = self.edits and not self.puts_right
        return super().get_context_data(
            colour=FINDING_COLOURS[state],
            late=is_late(row, viewer.on),
            files=FindingFile.objects.visible_to(viewer).filter(finding=row).select_related("file"),
            edits=self.edits,
            may_order=self.edits and state in (FindingState.OPEN, FindingState.RECTIFYING),
            may_hand_in=self.puts_right and state == FindingState.RECTIFYING,
            may_review=reviews and state == FindingState.SUBMITTED,
            may_attach=(self.edits or self.puts_right) and state in UNSETTLED,
            sees_inspection=viewer.can(Permission.VIEW_DISCIPLINE) and self.edits,
            again=Finding.objects.visible_to(viewer)
            .filter(repeat_of=row)
            .only("found_on")
            .order_by("found_on"),
            notice=self._notice(),
            **kwargs,
        )

    def _notice(self) -> DecisionNotice | None:
        """What the person was told and answered: for the inspectors and the top leader, not the officials."""
        row = self.object
        if row.cadre_id is None or not self.viewer.can(Permission.VIEW_DISCIPLINE) or self.puts_right:
            return None
        return notice_of(row, self.viewer)


class EditedFinding(FindingMixin):
    """An act of the inspectors: for others it does not exist."""

    permission: ClassVar[Permissions] = EDIT
    states: ClassVar[tuple[FindingState, ...]] = tuple(FindingState)

    @cached_property
    def object(self) -> Any:
        row = super().object
        if row.state not in self.states or not may_edit(self.viewer, row.unit):
            raise Http404
        return row


@unlogged
class OrderRectification(EditedFinding, FormPage):
    title = "交办整改"
    form_class = RectifyForm
    submit_label = "交办"
    states = (FindingState.OPEN, FindingState.RECTIFYING)
    success_message = "已交办，责任领导和责任人会收到提醒。"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("measure", "lead", "owner", "due_on")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "users": officials_for(self.object, on=self.viewer.on)}

    def act(self, form: RectifyForm) -> None:
        order_rectification(finding=self.object, **form.cleaned_data, by=self.viewer, on=self.viewer.on)


@unlogged
class HandIn(FindingMixin, FormPage):
    title = "报送整改情况"
    form_class = ProgressForm
    submit_label = "报送"
    success_message = "已报送，等待复核。"

    @cached_property
    def object(self) -> Any:
        row = super().object
        if row.state != FindingState.RECTIFYING or not _named(self.viewer, row):
            raise Http404
        return row

    def get_initial(self) -> dict[str, Any]:
        return {"progress": self.object.progress}

    def act(self, form: ProgressForm) -> None:
        hand_in(finding=self.object, **form.cleaned_data, by=self.viewer, on=self.viewer.on)


@unlogged
class ReviewRectification(EditedFinding, FormPage):
    title = "复核销号"
    form_class = ReviewForm
    submit_label = "提交复核"
    states = (FindingState.SUBMITTED,)
    success_message = "已登记复核结论。"

    def act(self, form: ReviewForm) -> None:
        data = form.cleaned_data
        review_rectification(
            finding=self.object,
            settled=data["settled"] == "1",
            review=data["review"],
            due_on=data["due_on"],
            by=self.viewer,
            on=self.viewer.on,
        )


@unlogged
class DecideOutcome(EditedFinding, FormPage):
    title = "登记处理"
    form_class = OutcomeForm
    success_message = "已登记处理。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: OutcomeForm) -> None:
        decide_outcome(finding=self.object, values=form.cleaned_data, by=self.viewer, on=self.viewer.on)


class LinkRepeat(EditedFinding, FormPage):
    title = "关联前次问题"
    form_class = RepeatForm
    success_message = "已保存。"

    def get_initial(self) -> dict[str, Any]:
        return {"earlier": self.object.repeat_of_id}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rows": earlier_findings(self.object, self.viewer)}

    def act(self, form: RepeatForm) -> None:
        link_repeat(finding=self.object, **form.cleaned_data, by=self.viewer)


class AttachEvidence(FindingMixin, FormPage):
    title = "添加佐证"
    form_class = EvidenceForm
    submit_label = "上传"
    success_message = "佐证已加密保存。"

    @cached_property
    def object(self) -> Any:
        row = super().object
        if row.state not in UNSETTLED or not (_named(self.viewer, row) or may_edit(self.viewer, row.unit)):
            raise Http404
        return row

    def act(self, form: EvidenceForm) -> None:
        upload = form.cleaned_data["upload"]
        add_evidence(finding=self.object, upload=upload, by=self.viewer, at=timezone.now())


class EvidenceFile(FindingMixin):
    def get(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        files = FindingFile.objects.visible_to(self.viewer).select_related("file")
        found = get_object_or_404(files, pk=row, finding_id=pk)
        open_finding(finding=self.object, viewer=self.viewer)
        return file_response(found.file)
