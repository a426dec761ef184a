"""慰问办理: the list, one case, and each act on it by the person whose turn it is."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import file_response
from core.pdf import PdfUnavailable
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import (
    ConfirmPage,
    DetailPage,
    FormPage,
    ListPage,
    ObjectMixin,
    Permissions,
    ViewerMixin,
)
from people.models import Cadre
from wellbeing.choices.care import CARE_COLOURS, HELP_KINDS, CareState
from wellbeing.exports import MOST_ON_PAPER, Sheet, sheet_pdf
from wellbeing.filters.care import CareCaseFilter
from wellbeing.forms.care import GiveForm, OpinionForm, ReceiptForm, ResubmitForm
from wellbeing.models import CareCase
from wellbeing.services.care.cases import resubmit_case, take_over, withdraw_case
from wellbeing.services.care.deciding import (
    approve_case,
    approve_in_bulk,
    file_receipt,
    give_case,
    give_in_bulk,
    return_case,
)
from wellbeing.services.care.reading import (
    handles,
    note_receipt,
    read_opinion,
    read_reason,
    read_words,
)
from wellbeing.views.care.common import (
    APPROVE,
    EDIT,
    OWN,
    Crumbs,
    care_crumbs,
    case_url,
    chosen_numbers,
    say,
)
from wellbeing.views.records import unlogged

SEES = (EDIT, APPROVE)
S = CareState


def _day(key: str, label: str, field: str, *, sort: str = "", on_page: bool = True) -> ListColumn:
    return ListColumn(
        key,
        label,
        lambda case: getattr(case, field),
        sort=sort,
        template="wellbeing/cells/day.html",
        css="num nowrap",
        on_page=on_page,
    )


class CaseList(ListPage):
    """On the page who, what and how far; the export has the office's columns, and no reason either."""

    title = "慰问办理"
    permission: ClassVar[Permissions] = SEES
    model = CareCase
    filterset_class = CareCaseFilter
    noun = "慰问救助"
    counter = "件"
    main_filters = ("unit", "kind", "state")
    acts_template = "wellbeing/care/case_acts.html"
    bulk_template = "wellbeing/care/case_bulk.html"
    template_name = "wellbeing/care/list.html"
    empty_icon = "heart-handshake"
    empty_hint = "从“应慰问未慰问”发起；待您审批的也列在这里。"
    export_permission = EDIT
    default_sort = "-applied"
    sorts = (
        Sort("applied", "申请日期", ("applied_on",)),
        Sort("name", "姓名拼音", ("cadre__name_pinyin",)),
        Sort("amount", "金额", ("amount",)),
        Sort("given", "慰问日期", ("given_on",)),
    )
    views = (
        SavedView("全部", ""),
        SavedView("待审批", "state=applied"),
        SavedView("待发放", "state=approved"),
        SavedView("待签收", "state=given"),
        SavedView("我经办的", "mine=1"),
    )
    columns = (
        ListColumn("name", "对象", lambda c: c.cadre.name, sort="name", link=case_url, css="nowrap"),
        ListColumn("unit", "部门", lambda c: c.unit.name if c.unit else "", width=24),
        ListColumn("kind", "类别", lambda c: c.get_kind_display(), css="nowrap", width=16),
        ListColumn("cause", "事由", lambda c: c.event.get_cause_display(), on_page=False, width=16),
        ListColumn("amount", "金额（元）", lambda c: c.amount, sort="amount", css="num right"),
        ListColumn("form", "金额/实物", lambda c: c.get_form_display(), on_page=False),
        ListColumn("fund", "经费来源", lambda c: c.get_fund_display(), css="nowrap"),
        ListColumn("handler", "经办人", lambda c: str(c.handler), css="nowrap"),
        _day("applied", "申请日期", "applied_on", sort="applied"),
        ListColumn("giver", "慰问人", lambda c: c.giver, on_page=False),
        _day("given", "慰问日期", "given_on", sort="given", on_page=False),
        ListColumn("receipt", "签收", lambda c: c.get_receipt_kind_display(), on_page=False, width=16),
        ListColumn(
            "state", "状态", lambda c: c.get_state_display(), template="wellbeing/cells/talk_state.html"
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = CareCase.objects.visible_to(self.viewer).exclude(cadre_id=self.viewer.cadre_id or 0)
        return rows.select_related("cadre", "unit", "event", "handler").defer("reason", "opinion")

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.colour = CARE_COLOURS[S(row.state)]
        return rows


class CaseSheet(CaseList):
    """慰问发放表: what waits to be given or to be signed for, as filtered, for signatures on paper."""

    permission: ClassVar[Permissions] = EDIT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        waiting = self.rows.filter(state__in=[S.APPROVED, S.GIVEN])
        rows = list(waiting[: MOST_ON_PAPER + 1])
        if len(rows) > MOST_ON_PAPER or not rows:
            wrong = (
                "没有待发放、待签收的慰问，审批通过后再打印。"
                if not rows
                else "超过 500 人，请先筛选再打印。"
            )
            messages.warning(request, wrong)
            return HttpResponseRedirect(reverse("wellbeing:care_cases"))
        try:
            document = sheet_pdf(rows, Sheet("慰问发放表", self.viewer.on, self.viewer.name))
        except PdfUnavailable as missing:
            raise Http404(str(missing)) from missing
        record(action=AuditAction.EXPORTED, by=self.viewer, label=f"慰问发放表，{len(rows)} 人")
        return exports.download(document.data, "慰问发放表.pdf")


class ChosenCases(ViewerMixin):
    """One press for those that were ticked; each that cannot be is named with its reason."""

    http_method_names = ("post",)
    states: ClassVar[tuple[CareState, ...]] = ()

    def rows(self, request: HttpRequest) -> list[CareCase]:
        found = CareCase.objects.visible_to(self.viewer).exclude(cadre_id=self.viewer.cadre_id or 0)
        found = found.filter(pk__in=chosen_numbers(request), state__in=self.states)
        return list(found.select_related("cadre", "event", "handler", "rule"))


class ApproveChosen(ChosenCases):
    permission: ClassVar[Permissions] = APPROVE
    states = (S.APPLIED,)

    def post(self, request: HttpRequest) -> HttpResponse:
        bulk = approve_in_bulk(cases=self.rows(request), by=self.viewer, on=self.viewer.on)
        say(request, bulk, "已批准 {} 件。", "请先勾选待审批的申请。")
        return HttpResponseRedirect(f"{reverse('wellbeing:care_cases')}?state=applied")


class GiveChosen(ChosenCases):
    """Given today by the handler; another giver or day is entered on the case itself."""

    permission: ClassVar[Permissions] = EDIT
    states = (S.APPROVED,)

    def post(self, request: HttpRequest) -> HttpResponse:
        viewer = self.viewer
        cases = self.rows(request)
        bulk = give_in_bulk(cases=cases, giver=viewer.name, given_on=viewer.on, by=viewer, on=viewer.on)
        say(request, bulk, "已登记发放 {} 件，等待本人签收。", "请先勾选待发放的慰问。")
        return HttpResponseRedirect(f"{reverse('wellbeing:care_cases')}?state=approved")


class CaseMixin(ObjectMixin):
    permission: ClassVar[Permissions] = SEES
    model = CareCase

    def get_queryset(self) -> QuerySet[Any]:
        rows = CareCase.objects.visible_to(self.viewer).exclude(cadre_id=self.viewer.cadre_id or 0)
        return rows.select_related("cadre", "unit", "event", "handler", "approver", "rule", "receipt")

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        mine = (self.object.cadre.name, case_url(self.object))
        return _crumbs(self.viewer, mine, (here, ""))

    def get_success_url(self) -> str:
        return case_url(self.object)


def _crumbs(viewer: Any, *more: tuple[str, str]) -> Crumbs:
    return care_crumbs(viewer, ("慰问办理", reverse("wellbeing:care_cases")), *more)


class CasePage(CaseMixin, DetailPage):
    template_name = "wellbeing/care/case.html"

    def get_title(self) -> str:
        return f"{self.object.cadre.name}：{self.object.get_kind_display()}"

    def get_crumbs(self) -> Crumbs:
        return _crumbs(self.viewer, (self.object.cadre.name, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, viewer = self.object, self.viewer
        state, words = S(row.state), read_words(viewer=viewer, case=row)
        mine = words is not None
        unfinished = state in (S.APPLIED, S.RETURNED, S.APPROVED, S.GIVEN)
        reach = mine or Cadre.objects.visible_to(viewer, EDIT).filter(pk=row.cadre_id).exists()
        return super().get_context_data(
            colour=CARE_COLOURS[state],
            mine=mine,
            words=words,
            opinion=words.opinion if words else read_opinion(viewer=viewer, case=row),
            may_decide=state == S.APPLIED and _decides(viewer, row),
            may_resubmit=mine and state == S.RETURNED,
            may_withdraw=mine and state in (S.APPLIED, S.RETURNED, S.APPROVED),
            may_give=mine and state == S.APPROVED,
            may_receipt=mine and state == S.GIVEN,
            may_take=reach and not mine and unfinished and row.approver_id != viewer.user_id,
            needs_support=mine and row.kind in HELP_KINDS,
            **kwargs,
        )


def _decides(viewer: Any, row: CareCase) -> bool:
    reach = Cadre.objects.visible_to(viewer, APPROVE).filter(pk=row.cadre_id)
    return row.handler_id != viewer.user_id and viewer.cadre_id != row.cadre_id and reach.exists()


class HandlerAct(CaseMixin):
    """An act of the handler: for everybody else it does not exist."""

    permission: ClassVar[Permissions] = EDIT
    states: ClassVar[tuple[CareState, ...]] = ()

    @cached_property
    def object(self) -> Any:
        row = super().object
        if row.state not in self.states or not handles(self.viewer, row):
            raise Http404
        return row


class ApproverAct(CaseMixin):
    permission: ClassVar[Permissions] = APPROVE

    @cached_property
    def object(self) -> Any:
        row = super().object
        if row.state != S.APPLIED or not _decides(self.viewer, row):
            raise Http404
        return row

    def get_success_url(self) -> str:
        return f"{reverse('wellbeing:care_cases')}?state=applied"

    def get_cancel_url(self) -> str:
        return case_url(self.object)


@unlogged
class ApproveCase(ApproverAct, FormPage):
    title = "批准"
    form_class = OpinionForm
    submit_label = "批准"
    success_message = "已批准，经办人会收到提醒。"

    def act(self, form: OpinionForm) -> None:
        approve_case(case=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)


@unlogged
class ReturnCase(ApproverAct, FormPage):
    title = "退回"
    form_class = OpinionForm
    submit_label = "退回"
    success_message = "已退回，经办人会收到提醒。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "needed": True}

    def act(self, form: OpinionForm) -> None:
        return_case(case=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)


@unlogged
class ResubmitCase(HandlerAct, FormPage):
    title = "修改后重新申请"
    form_class = ResubmitForm
    submit_label = "重新申请"
    states = (S.RETURNED,)
    success_message = "已重新提交，等待审批。"

    def get_initial(self) -> dict[str, Any]:
        return {"amount": self.object.amount, "reason": read_reason(viewer=self.viewer, case=self.object)}

    def act(self, form: ResubmitForm) -> None:
        resubmit_case(case=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)


class WithdrawCase(HandlerAct, ConfirmPage):
    title = "撤回申请"
    submit_label = "撤回申请"
    states = (S.APPLIED, S.RETURNED, S.APPROVED)
    success_message = "已撤回，占用的额度和预算已退还。"

    def get_question(self) -> str:
        return f"撤回给{self.object.cadre.name}的{self.object.get_kind_display()}？"

    def get_consequence(self) -> str:
        return "撤回后这件事回到“应慰问未慰问”，可以重新发起。"

    def act(self, form: Any) -> None:
        withdraw_case(case=self.object, by=self.viewer)


class TakeOver(CaseMixin, ConfirmPage):
    permission: ClassVar[Permissions] = EDIT
    title = "接手办理"
    submit_label = "接手办理"
    dangerous = False
    success_message = "已由您经办。"

    @cached_property
    def object(self) -> Any:
        row = super().object
        if not Cadre.objects.visible_to(self.viewer, EDIT).filter(pk=row.cadre_id).exists():
            raise Http404
        return row

    def get_question(self) -> str:
        return f"接手{self.object.handler}经办的这件慰问？"

    def get_consequence(self) -> str:
        return "接手后事由只有您能看到，原经办人不再能看到。接手会记入审计日志。"

    def act(self, form: Any) -> None:
        take_over(case=self.object, by=self.viewer)


class GiveCase(HandlerAct, FormPage):
    title = "登记发放"
    form_class = GiveForm
    submit_label = "登记发放"
    states = (S.APPROVED,)
    success_message = "已登记，本人会收到签收提醒。"

    def get_initial(self) -> dict[str, Any]:
        return {"giver": self.viewer.name, "given_on": self.viewer.on}

    def act(self, form: GiveForm) -> None:
        give_case(case=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)


class FileReceipt(HandlerAct, FormPage):
    title = "上传签收单"
    form_class = ReceiptForm
    submit_label = "上传并办结"
    states = (S.GIVEN,)
    success_message = "签收单已加密保存，已办结。"

    def act(self, form: ReceiptForm) -> None:
        upload = form.cleaned_data["upload"]
        file_receipt(case=self.object, upload=upload, by=self.viewer, at=timezone.now(), on=self.viewer.on)


class ReceiptFile(ViewerMixin):
    """For the handler and the recipient."""

    permission: ClassVar[Permissions] = (EDIT, OWN)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = CareCase.objects.visible_to(self.viewer).filter(receipt__isnull=False)
        case = get_object_or_404(rows.select_related("receipt", "cadre"), pk=pk)
        try:
            if case.receipt is None or not note_receipt(viewer=self.viewer, case=case):
                raise Http404
        except DomainError as refusal:
            raise Http404 from refusal
        return file_response(case.receipt)
