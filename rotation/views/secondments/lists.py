"""挂职锻炼: the list and the board, the yearly plans, the monthly notes."""

from collections import defaultdict
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from core.access import Permission
from core.errors import DomainError
from core.templatetags.ui import cn_date, cn_month, cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, FormPage, FramePage, ListPage, ObjectMixin
from rotation.choices.secondments import SchemeState, SecondmentState
from rotation.filters.secondments import NoteFilter, SecondmentFilter
from rotation.forms.secondments import PlanForm
from rotation.models import MonthlyNote, Secondment, SecondmentPlan
from rotation.queries.secondments import missing_notes
from rotation.secondment_states import LIVE, VOID
from rotation.services import secondments as services
from rotation.views.secondments.shared import (
    EDITS,
    REVIEWS,
    SEES,
    Crumbs,
    crumbs,
    light_of,
    secondment_url,
    with_names,
)

BOARD = (
    ("待审批", (SecondmentState.RECOMMENDED,)),
    ("待派出", (SecondmentState.APPROVED, SecondmentState.DISPATCHED)),
    ("在挂", LIVE),
    ("期满待鉴定", (SecondmentState.ENDED,)),
    ("待返岗", (SecondmentState.APPRAISED,)),
)
ON_BOARD = 60


class StaffList(ListPage):
    """For those who look after others; a cadre has the own pages."""

    permission = SEES
    export_permission = SEES

    def may(self, permission: Any) -> bool:
        return super().may(permission) and bool(self.viewer.paths(self.permission))

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.get_title(), ""))


class SecondmentListPage(StaffList):
    title = "挂职锻炼"
    model = Secondment
    filterset_class = SecondmentFilter
    noun = "挂职"
    counter = "人次"
    main_filters = ("state", "direction", "partner_kind")
    acts_template = "rotation/secondments/acts.html"
    empty_icon = "map-pin"
    empty_hint = "先拟订年度挂职计划，再推荐人选；批准后出具派遣函。"
    default_sort = "-start"
    sorts = (
        Sort("start", "开始日期", ("starts_on",)),
        Sort("end", "计划结束", ("planned_end_on",)),
        Sort("name", "姓名笔画", ("cadre__name_stroke_key",)),
        Sort("updated", "最近办理", ("-updated_at",)),
    )
    views = (
        SavedView("全部", ""),
        SavedView("未办结", "state=open"),
        SavedView("待审批", "state=recommended"),
        SavedView("在挂", "state=live"),
        SavedView("来区挂职", "direction=in"),
    )
    columns = (
        ListColumn("name", "姓名", lambda x: x.cadre.name, sort="name", link=secondment_url, css="nowrap"),
        ListColumn("place", "挂职单位", lambda x: x.place, width=26),
        ListColumn("title", "挂任职务", lambda x: x.title, width=18),
        ListColumn("kind", "类别", lambda x: x.kind_words, css="nowrap"),
        ListColumn("start", "开始", lambda x: cn_date(x.starts_on), sort="start", css="num nowrap"),
        ListColumn("end", "结束", lambda x: cn_date(x.last_day), sort="end", css="num nowrap"),
        ListColumn(
            "state", "状态", lambda x: x.get_state_display(), template="rotation/cells/secondment.html"
        ),
        ListColumn("notes", "欠交月报", lambda x: x.missing or "", css="num right"),
        ListColumn("from", "派出单位", lambda x: x.from_words, on_page=False, width=26),
        ListColumn("no", "派遣函文号", lambda x: x.document_no, on_page=False),
        ListColumn("plan", "计划", lambda x: str(x.plan or "计划外"), on_page=False, width=24),
    )

    def get_crumbs(self) -> Crumbs:
        return [crumbs()[0], (self.title, "")]

    def get_queryset(self) -> QuerySet[Any]:
        rows = Secondment.objects.visible_to(self.viewer)
        return with_names(rows.exclude(cadre_id=self.viewer.cadre_id or 0))

    def decorate(self, rows: list[Any]) -> list[Any]:
        missing = missing_notes([row for row in rows if row.state in LIVE], self.viewer.on)
        for row in rows:
            row.missing = len(missing.get(row.pk, ()))
            row.light = light_of(row, self.viewer.on)
            row.kind_words = "来区挂职" if row.host_unit_id else row.get_partner_kind_display()
            row.from_words = row.organisation if row.host_unit_id else "本区"
        return rows


class BoardPage(FramePage):
    """Everything under way by state, the earliest end first."""

    title = "挂职看板"
    permission = SEES
    template_name = "rotation/secondments/board.html"

    def may(self, permission: Any) -> bool:
        return super().may(permission) and bool(self.viewer.paths(SEES))

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        states = [state for _, group in BOARD for state in group]
        rows = Secondment.objects.visible_to(self.viewer).filter(state__in=states)
        rows = rows.exclude(cadre_id=self.viewer.cadre_id or 0).order_by("planned_end_on", "pk")
        found: dict[str, list[Any]] = defaultdict(list)
        for row in with_names(rows)[: ON_BOARD * len(BOARD)]:
            row.light = light_of(row, self.viewer.on)
            found[row.state].append(row)
        lanes = [(words, [row for state in group for row in found[state]]) for words, group in BOARD]
        return super().get_context_data(lanes=lanes, **kwargs)


# Plans


def _plan_url(plan: SecondmentPlan) -> str:
    return reverse("rotation:secondment_plan", args=[plan.pk])


class PlanListPage(StaffList):
    title = "挂职计划"
    model = SecondmentPlan
    noun = "挂职计划"
    counter = "份计划"
    acts_template = "rotation/secondments/plan_acts.html"
    empty_icon = "calendar-check"
    empty_hint = "按年度拟订，写明计划人数和安排，再在计划下推荐人选。"
    default_sort = "year"
    sorts = (Sort("year", "年度", ("-year", "title")),)
    columns = (
        ListColumn("title", "名称", lambda p: p.title, link=_plan_url, width=30),
        ListColumn("year", "年度", lambda p: p.year, sort="year", css="num"),
        ListColumn("quota", "计划人数", lambda p: p.quota or "不定", css="num right"),
        ListColumn("put", "已推荐", lambda p: p.put, css="num right"),
        ListColumn("sent", "已报到", lambda p: p.sent, css="num right"),
        ListColumn("state", "状态", lambda p: p.get_state_display(), css="nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        valid = ~Q(secondments__state__in=VOID)
        gone = ~Q(
            secondments__state__in=(
                *VOID,
                SecondmentState.RECOMMENDED,
                SecondmentState.APPROVED,
                SecondmentState.DISPATCHED,
            )
        )
        named = Q(secondments__isnull=False)
        return SecondmentPlan.objects.visible_to(self.viewer).annotate(
            put=Count("secondments", filter=valid & named), sent=Count("secondments", filter=gone & named)
        )


class PlanPage(DetailPage):
    permission = SEES
    model = SecondmentPlan
    template_name = "rotation/secondments/plan.html"

    def get_crumbs(self) -> Crumbs:
        return crumbs(("挂职计划", reverse("rotation:secondment_plans")), (str(self.object), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Secondment.objects.visible_to(self.viewer).filter(plan=self.object)
        found = list(with_names(rows))
        for row in found:
            row.light = light_of(row, self.viewer.on)
        moves = services.PLAN_MOVES.get(SchemeState(self.object.state), ())
        may_edit = bool(self.viewer.paths(EDITS))
        return super().get_context_data(rows=found, moves=moves, may_edit=may_edit, **kwargs)


class PlanFormPage(FormPage):
    permission: ClassVar = EDITS
    form_class = PlanForm

    def get_crumbs(self) -> Crumbs:
        return crumbs(("挂职计划", reverse("rotation:secondment_plans")), (self.get_title(), ""))

    def get_cancel_url(self) -> str:
        return reverse("rotation:secondment_plans")


class NewPlan(PlanFormPage):
    title = "拟订挂职计划"
    submit_label = "保存计划"
    success_message = "已保存。执行后即可推荐人选。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "initial": {"year": self.viewer.on.year}}

    def act(self, form: PlanForm) -> SecondmentPlan:
        return services.write_plan(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return _plan_url(self.result)


class EditPlan(ObjectMixin, PlanFormPage):
    model = SecondmentPlan
    title = "修改挂职计划"
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: PlanForm) -> SecondmentPlan:
        return services.write_plan(values=form.cleaned_data, by=self.viewer, plan=self.object)

    def get_success_url(self) -> str:
        return _plan_url(self.object)


class MovePlan(ObjectMixin):
    """执行 and 总结: one press, no questions."""

    permission: ClassVar = EDITS
    model = SecondmentPlan

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kwargs["state"] not in SchemeState.values:
            raise Http404
        state = SchemeState(self.kwargs["state"])
        try:
            services.move_plan(plan=self.object, state=state, by=self.viewer)
            messages.success(request, f"计划{state.label}。")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(_plan_url(self.object))


# Monthly notes


def _note_url(note: MonthlyNote) -> str:
    return reverse("rotation:secondment_note", args=[note.pk])


class NoteListPage(StaffList):
    title = "挂职月报"
    permission = REVIEWS
    model = MonthlyNote
    filterset_class = NoteFilter
    noun = "月报"
    counter = "份月报"
    main_filters = ("read", "help")
    export_permission = Permission.REVIEW_SECONDMENT
    empty_icon = "notebook-pen"
    empty_hint = "在挂干部每月在手机上提交，部门负责人审阅。"
    default_sort = "sent"
    sorts = (Sort("sent", "提交时间", ("-sent_at",)), Sort("month", "月份", ("-month",)))
    views = (SavedView("全部", ""), SavedView("待审阅", "read=0"), SavedView("有事项需协调", "help=1"))
    columns = (
        ListColumn("name", "姓名", lambda n: n.secondment.cadre.name, link=_note_url, css="nowrap"),
        ListColumn("month", "月份", lambda n: cn_month(n.month), sort="month", css="num nowrap"),
        ListColumn("place", "挂职单位", lambda n: n.secondment.place, width=24),
        ListColumn("text", "本月工作", lambda n: n.text, template="rotation/cells/note.html", width=60),
        ListColumn("help", "需要协调", lambda n: n.wants_help, width=24),
        ListColumn("sent", "提交", lambda n: cn_time(n.sent_at), sort="sent", css="num nowrap"),
        ListColumn("read", "审阅", lambda n: n.read_by or "待审阅", css="nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = MonthlyNote.objects.visible_to(self.viewer, REVIEWS)
        rows = rows.exclude(secondment__cadre_id=self.viewer.cadre_id or 0)
        return rows.select_related("secondment__cadre", "secondment__host_unit")
