"""What was reported: the list, one event with its detail for the handler, and the start of a case from it."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property

from core.errors import DomainError
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin, Permissions
from people.models import Cadre
from wellbeing.choices.care import COMPUTED, STAGE_COLOURS, EventStage, EventState, kinds_for
from wellbeing.filters.care import CareEventFilter
from wellbeing.forms.care import CaseForm, ReportForm
from wellbeing.models import CareCase, CareEvent
from wellbeing.queries.care.rules import RuleBook
from wellbeing.services.care.cases import Wish, near_cases, start_case
from wellbeing.services.care.events import report_event, settle_event, take_event
from wellbeing.services.care.reading import handles, read_detail
from wellbeing.views.care.common import EDIT, REPORT, Crumbs, care_crumbs, case_url, event_url
from wellbeing.views.records import unlogged

SEES = (EDIT, REPORT)


class EventList(ListPage):
    title = "报告事项"
    permission = SEES
    model = CareEvent
    filterset_class = CareEventFilter
    noun = "报告事项"
    counter = "件"
    main_filters = ("cause", "state")
    acts_template = "wellbeing/care/event_acts.html"
    template_name = "wellbeing/care/list.html"
    empty_icon = "heart-handshake"
    empty_hint = "干部结婚、生育、住院、亲属去世或有困难时，本人、部门负责人或组织人事在这里报告。"
    export_permission = EDIT
    default_sort = "-day"
    sorts = (Sort("day", "发生日期", ("happened_on",)), Sort("name", "姓名拼音", ("cadre__name_pinyin",)))
    views = (
        SavedView("待办理", "state=open"),
        SavedView("办理中", "state=going"),
        SavedView("我报告的", "mine=1"),
        SavedView("全部", ""),
    )
    columns = (
        ListColumn("name", "干部", lambda e: e.cadre.name, sort="name", link=event_url, css="nowrap"),
        ListColumn("cause", "事项", lambda e: e.get_cause_display(), css="nowrap"),
        ListColumn(
            "day",
            "发生日期",
            lambda e: e.happened_on,
            sort="day",
            template="wellbeing/cells/day.html",
            css="num nowrap",
        ),
        ListColumn("by", "报告人", lambda e: str(e.reported_by or ""), css="nowrap"),
        ListColumn("handler", "经办人", lambda e: str(e.handler or "待受理"), css="nowrap"),
        ListColumn(
            "state",
            "状态",
            lambda e: EventStage(e.stage).label,
            template="wellbeing/cells/talk_state.html",
            css="nowrap",
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = CareEvent.objects.visible_to(self.viewer).exclude(cause__in=COMPUTED)
        others = rows.exclude(cadre_id=self.viewer.cadre_id or 0).with_stage()
        return others.select_related("cadre", "reported_by", "handler").defer("detail")

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.colour = STAGE_COLOURS[EventStage(row.stage)]
        return rows


@unlogged
class ReportForOther(FormPage):
    title = "报告关心关爱事项"
    permission: ClassVar[Permissions] = REPORT
    form_class = ReportForm
    submit_label = "报告"
    success_message = "已报告，工会经办人会收到提醒。"

    def get_crumbs(self) -> Crumbs:
        return care_crumbs(self.viewer, (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        cadres = Cadre.objects.visible_to(self.viewer, REPORT).exclude(pk=self.viewer.cadre_id or 0)
        return {**super().get_form_kwargs(), "cadres": cadres}

    def act(self, form: ReportForm) -> CareEvent:
        return report_event(**form.cleaned_data, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return reverse("wellbeing:care_events")


class EventMixin(ObjectMixin):
    permission: ClassVar[Permissions] = SEES
    model = CareEvent

    def get_queryset(self) -> QuerySet[Any]:
        rows = CareEvent.objects.visible_to(self.viewer).exclude(cadre_id=self.viewer.cadre_id or 0)
        reported = rows.exclude(cause__in=COMPUTED).with_stage()
        return reported.select_related("cadre", "handler", "reported_by")

    def get_crumbs(self) -> Crumbs:
        here = ("报告事项", reverse("wellbeing:care_events"))
        return care_crumbs(self.viewer, here, (self.get_title(), ""))  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return event_url(self.object)

    @property
    def handled_here(self) -> bool:
        """Whether the viewer handles care where the cadre works."""
        reach = Cadre.objects.visible_to(self.viewer, EDIT)
        return bool(reach.filter(pk=self.object.cadre_id).exists())


class EventPage(EventMixin, DetailPage):
    template_name = "wellbeing/care/event.html"

    def get_title(self) -> str:
        return f"{self.object.cadre.name}：{self.object.get_cause_display()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, viewer = self.object, self.viewer
        is_open = row.state == EventState.OPEN
        cases = CareCase.objects.visible_to(viewer).filter(event=row).select_related("handler")
        live = [case for case in cases if case.state != "withdrawn"]
        mine = handles(viewer, row)
        reach = self.handled_here
        return super().get_context_data(
            stage=EventStage(row.stage),
            colour=STAGE_COLOURS[EventStage(row.stage)],
            detail=read_detail(viewer=viewer, event=row),
            cases=cases,
            may_take=reach and is_open and row.handler_id is None,
            may_start=reach and is_open and (mine or row.handler_id is None) and not live,
            may_settle=is_open and not live and (mine or row.reported_by_id == viewer.user_id),
            reach=reach,
            mine=mine,
            **kwargs,
        )


class TakeEvent(EventMixin):
    permission: ClassVar[Permissions] = EDIT
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            take_event(event=self.object, by=self.viewer)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse("wellbeing:care_events"))
        messages.success(request, "已受理，情况说明只有您能看到。")
        return HttpResponseRedirect(event_url(self.object))


class SettleEvent(EventMixin, ConfirmPage):
    title = "结束事项"
    submit_label = "结束"
    success_message = "已结束，不再列入应慰问。"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(state=EventState.OPEN)

    def get_question(self) -> str:
        return f"结束“{self.object.cadre.name}：{self.object.get_cause_display()}”？"

    def get_consequence(self) -> str:
        return "用于报错、不符合规则或不需要办理的情况，结束后不能再发起申请。"

    def act(self, form: Any) -> None:
        settle_event(event=self.object, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("wellbeing:care_events")


@unlogged
class StartFromEvent(EventMixin, FormPage):
    permission: ClassVar[Permissions] = EDIT
    form_class = CaseForm
    template_name = "wellbeing/care/start.html"
    submit_label = "提交申请"
    success_message = "已提交，等待审批。"

    @cached_property
    def object(self) -> Any:
        row = super().object
        others = row.handler_id not in (None, self.viewer.user_id)
        if row.state != EventState.OPEN or others or not self._reaches(row):
            raise Http404
        return row

    def _reaches(self, row: CareEvent) -> bool:
        return bool(Cadre.objects.visible_to(self.viewer, EDIT).filter(pk=row.cadre_id).exists())

    def get_title(self) -> str:
        return f"{self.object.cadre.name}：{self.object.get_cause_display()}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "cause": self.object.cause}

    @cached_property
    def rules(self) -> list[Any]:
        book, event = RuleBook.load(), self.object
        found = (book.of(kind, event.happened_on) for kind in kinds_for(event.cause))
        return [rule for rule in found if rule is not None]

    def get_initial(self) -> dict[str, Any]:
        return {"amount": self.rules[0].amount} if self.rules else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        near = near_cases(self.object, self.rules[0]) if self.rules else []
        return super().get_context_data(rules=self.rules, near=near, **kwargs)

    def act(self, form: CaseForm) -> CareCase:
        wish = Wish(**form.cleaned_data)
        return start_case(event=self.object, wish=wish, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return case_url(self.result) if hasattr(self, "result") else event_url(self.object)
