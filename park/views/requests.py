"""企业诉求: the list, one request and the steps it takes until it is closed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from core.access import Permission, Viewer
from core.templatetags.ui import cn_date
from core.web.forms import Form
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, FormPage, ListPage, ObjectMixin
from park.access import may_edit_row, may_handle, may_visit
from park.choices import RequestState
from park.filters.field import RequestFilter
from park.forms.field import AssignRequestForm, RequestForm, ResultForm, SatisfactionForm
from park.models import Enterprise, EnterpriseRequest
from park.queries.enterprises import OPEN_REQUESTS
from park.services import requests as services
from park.views.enterprises import OfEnterprise
from park.views.links import Crumbs

_R = RequestState


def request_url(request: EnterpriseRequest) -> str:
    return reverse("park:request", args=[request.pk])


def request_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("企业诉求", reverse("park:requests")), *more]


class RequestListPage(ListPage):
    title = "企业诉求"
    permission = Permission.VIEW_PARK
    model = EnterpriseRequest
    filterset_class = RequestFilter
    noun = "诉求"
    counter = "件诉求"
    main_filters = ("state", "kind", "mine")
    views = (
        SavedView("全部", ""),
        SavedView("未销号", "state=open"),
        SavedView("超过时限", "state=overdue"),
        SavedView("待交办", "state=raised"),
    )
    empty_icon = "message-square"
    empty_hint = "走访时登记的诉求会列在这里，交办、办理、反馈、销号都在诉求页面上。"
    export_permission = Permission.VIEW_PARK
    default_sort = "-raised"
    sorts = (
        Sort("raised", "提出日期", ("raised_on",)),
        Sort("due", "办结时限", ("due_on",)),
        Sort("enterprise", "企业", ("enterprise__name",)),
    )
    columns = (
        ListColumn("text", "诉求", lambda r: r.text[:40], link=request_url, width=36),
        ListColumn("enterprise", "企业", lambda r: r.enterprise, sort="enterprise", width=22),
        ListColumn("kind", "类别", lambda r: r.get_kind_display(), css="nowrap"),
        ListColumn("state", "状态", lambda r: r.state_words[1], template="park/cells/request.html"),
        ListColumn("department", "办理部门", lambda r: r.department or "", css="nowrap"),
        ListColumn("handler", "办理人", lambda r: r.handler or "", css="nowrap"),
        ListColumn("raised", "提出日期", lambda r: cn_date(r.raised_on), sort="raised", css="num nowrap"),
        ListColumn("due", "办结时限", lambda r: cn_date(r.due_on), sort="due", css="num nowrap"),
        ListColumn("satisfaction", "满意度", lambda r: r.get_satisfaction_display(), css="nowrap"),
        ListColumn("result", "办理结果", lambda r: r.result, on_page=False, width=40),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = EnterpriseRequest.objects.visible_to(self.viewer)
        return rows.select_related("enterprise", "department", "handler")

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.state_words = request_light(row, self.viewer)
        return rows


def request_light(row: EnterpriseRequest, viewer: Viewer) -> tuple[str, str]:
    """(light, words): overdue in red, what waits to be handed on in blue."""
    label = RequestState(row.state).label
    if row.state == _R.CLOSED:
        return ("grey", label)
    if row.due_on and row.due_on < viewer.on and row.state != _R.ANSWERED:
        return ("red", f"{label}，超期 {(viewer.on - row.due_on).days} 天")
    return ("blue" if row.state == _R.RAISED else "green", label)


@dataclass(frozen=True, slots=True)
class Act:
    """A step: `staff` steps are for those who look after the enterprise, the rest also for the handler."""

    title: str
    staff: bool
    states: tuple[RequestState, ...]
    form: type[forms.Form]
    run: Callable[..., object]
    dated: bool = True
    main: bool = True


ACTS: dict[str, Act] = {
    "assign": Act("交办诉求", True, (_R.RAISED,), AssignRequestForm, services.assign_request),
    "reassign": Act(
        "改派", True, (_R.ASSIGNED, _R.HANDLING), AssignRequestForm, services.assign_request, main=False
    ),
    "start": Act("开始办理", False, (_R.ASSIGNED,), Form, services.start_request, dated=False, main=False),
    "answer": Act("反馈结果", False, (_R.ASSIGNED, _R.HANDLING), ResultForm, services.answer_request),
    "reopen": Act("重新办理", True, (_R.ANSWERED,), Form, services.reopen_request, dated=False, main=False),
    "close": Act("回访销号", True, (_R.ANSWERED,), SatisfactionForm, services.close_request),
}


def open_acts(row: EnterpriseRequest, viewer: Viewer) -> list[tuple[str, Act]]:
    staff, handler = may_edit_row(row.enterprise, viewer), may_handle(row, viewer)
    own = viewer.cadre_id is not None and viewer.cadre_id == row.handler_id
    found = []
    for key, act in ACTS.items():
        allowed = (staff and not (own and key == "close")) if act.staff else handler
        if allowed and row.state in act.states:
            found.append((key, act))
    return found


class RequestRow(ObjectMixin):
    model = EnterpriseRequest

    def get_queryset(self) -> QuerySet[Any]:
        rows = EnterpriseRequest.objects.visible_to(self.viewer)
        return rows.select_related("enterprise__lead_department", "department", "handler", "visit")


class RequestPage(RequestRow, DetailPage):
    permission = Permission.VIEW_PARK
    template_name = "park/visits/request.html"

    def get_title(self) -> str:
        return f"{self.object.enterprise}的诉求"

    def get_crumbs(self) -> Crumbs:
        return request_crumbs((self.get_title(), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = Enterprise.objects.visible_to(self.viewer).filter(pk=self.object.enterprise_id)
        reached = {_R.RAISED: 0, _R.ASSIGNED: 1, _R.HANDLING: 2, _R.ANSWERED: 3, _R.CLOSED: 4}
        place = reached[_R(self.object.state)]
        words = ("提出", "交办", "办理", "反馈", "销号")
        states = ["done" if n < place or place == 4 else "now" if n == place else "" for n in range(5)]
        steps = [(n + 1, words[n], states[n]) for n in range(5)]
        return super().get_context_data(
            light=request_light(self.object, self.viewer),
            acts=open_acts(self.object, self.viewer),
            sees_enterprise=seen.exists(),
            steps=steps,
            open=self.object.state in OPEN_REQUESTS,
            **kwargs,
        )


class TakeRequestAct(RequestRow, FormPage):
    permission: ClassVar = Permission.VIEW_PARK
    template_name = "park/act.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.may(self.permission) or kwargs["act"] not in dict(open_acts(self.object, self.viewer)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def act_taken(self) -> Act:
        return ACTS[self.kwargs["act"]]

    def get_form_class(self) -> type[forms.Form]:
        return self.act_taken.form

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "viewer": self.viewer} if self.act_taken.form is AssignRequestForm else kwargs

    def get_initial(self) -> dict[str, Any]:
        row = self.object
        return {name: getattr(row, name) for name in ("department", "handler", "due_on", "result")}

    def get_title(self) -> str:
        return self.act_taken.title

    def get_crumbs(self) -> Crumbs:
        name = f"{self.object.enterprise}的诉求"
        return request_crumbs((name, request_url(self.object)), (self.get_title(), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(object=self.object, hint=self.object.text, **kwargs)
        return {**context, "submit_label": self.act_taken.title}

    def act(self, form: Any) -> None:
        day = {"on": self.viewer.on} if self.act_taken.dated else {}
        self.act_taken.run(request=self.object, by=self.viewer, **day, **form.cleaned_data)

    def get_success_message(self) -> str:
        return f"已办理：{self.act_taken.title}。"

    def get_success_url(self) -> str:
        seen = EnterpriseRequest.objects.visible_to(self.viewer).filter(pk=self.object.pk).exists()
        return request_url(self.object) if seen else reverse("park:requests")


class NewRequest(OfEnterprise):
    permission: ClassVar = (Permission.EDIT_PARK, Permission.REPORT_PARK)
    title = "登记诉求"
    submit_label = "登记诉求"
    form_class = RequestForm
    tab = "requests"
    success_message = "已登记诉求，等待交办。"

    def allowed(self) -> bool:
        return may_visit(self.object, self.viewer)

    def act(self, form: RequestForm) -> EnterpriseRequest:
        return services.raise_request(
            enterprise=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data
        )
