"""自学填报: the own filings on the phone, the office's list, deciding one by one or many at once."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.files import file_response
from core.keys import keys_of
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, FramePage, ListPage, ObjectMixin, ViewerMixin
from training.choices import SelfFiledState
from training.duplicates import Record
from training.filters.hours import FilingFilter
from training.forms.hours import FilingForm, ReturnForm
from training.models import SelfFiledStudy
from training.queries.self_filed import duplicates_for, waiting_for, wanted_of
from training.services import (
    approve_filing,
    approve_filings,
    delete_filing,
    return_filing,
    save_filing,
    submit_filing,
    withdraw_filing,
)
from training.services.self_filed import EDITABLE
from training.views.acts import ActView

OWN, DECIDE = Permission.SIGN_UP, Permission.NOMINATE
MOST_CHOSEN = 100
MOST_REASONS = 5
Crumbs = Sequence[tuple[str, str]]


def filing_url(row: SelfFiledStudy) -> str:
    return reverse("training:self_filed", args=[row.pk])


def quantity_words(row: SelfFiledStudy) -> str:
    words = f"{row.quantity.normalize():f} {row.get_measure_display()}"
    return f"{words}，每个 {row.minutes} 分钟" if row.minutes else words


def own_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("自学填报", reverse("training:self_filed_mine")), *more]


class FilingListPage(ListPage):
    """What was sent, for those who decide on it."""

    title = "自学填报审批"
    permission = DECIDE
    model = SelfFiledStudy
    filterset_class = FilingFilter
    main_filters = ("unit", "kind", "state")
    views = (
        SavedView("待审批", "state=submitted"),
        SavedView("全部", ""),
        SavedView("已通过", "state=approved"),
        SavedView("已退回", "state=returned"),
    )
    noun = "自学填报"
    counter = "条"
    empty_icon = "file-check"
    empty_hint = "干部在手机上填报自学并提交后，会列在这里等待审批。"
    export_permission = Permission.EXPORT_CADRE
    bulk_template = "training/self_filed/bulk.html"
    default_sort = "-sent"
    sorts = (
        Sort("sent", "提交时间", ("submitted_at",)),
        Sort("name", "姓名拼音", ("cadre__name_pinyin", "starts_on")),
        Sort("day", "学习日期", ("starts_on",)),
    )
    columns = (
        ListColumn("name", "姓名", lambda row: row.cadre.name, sort="name", css="nowrap"),
        ListColumn("title", "学习内容", str, link=filing_url, width=30),
        ListColumn("kind", "类别", lambda row: row.get_kind_display(), css="nowrap"),
        ListColumn("organiser", "主办单位或平台", lambda row: row.organiser, on_page=False, width=24),
        ListColumn(
            "day",
            "学习日期",
            lambda row: row.starts_on,
            sort="day",
            template="training/cells/dates.html",
            css="num nowrap",
        ),
        ListColumn("ends_on", "结束日期", lambda row: row.ends_on, on_page=False),
        ListColumn("quantity", "数量", quantity_words, css="nowrap", width=16),
        ListColumn(
            "alike",
            "可能重复",
            lambda row: "；".join(record.what for record in row.alike),
            template="training/self_filed/alike_cell.html",
            width=30,
        ),
        ListColumn("sent", "提交时间", lambda row: cn_time(row.submitted_at), sort="sent", css="num nowrap"),
        ListColumn(
            "state",
            "状态",
            lambda row: row.get_state_display(),
            template="training/self_filed/state_cell.html",
            css="nowrap",
        ),
        ListColumn("decided_by", "审批人", lambda row: row.decided_by, on_page=False),
        ListColumn("reason", "审批意见", lambda row: row.decision_reason, on_page=False, width=30),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = SelfFiledStudy.objects.visible_to(self.viewer, DECIDE)
        return rows.exclude(state=SelfFiledState.DRAFT).select_related("cadre")

    def decorate(self, rows: list[Any]) -> list[Any]:
        alike = duplicates_for(rows)
        for row in rows:
            row.alike = alike.get(row.pk, [])
        return rows


class ApproveChosen(ViewerMixin):
    """Approves the ticked ones; each that cannot be is named with its reason."""

    permission: ClassVar = DECIDE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        rows = waiting_for(self.viewer).filter(pk__in=self._chosen(request)).select_related("cadre")
        found = approve_filings(studies=list(rows), by=self.viewer, at=timezone.now())
        if found.count:
            messages.success(request, f"已通过 {found.count} 条，学时已入账。")
        for reason in found.refused[:MOST_REASONS]:
            messages.error(request, reason)
        if not found.count and not found.refused:
            messages.error(request, "请先勾选待审批的填报。")
        return HttpResponseRedirect(f"{reverse('training:self_filed_list')}?state=submitted")

    def _chosen(self, request: HttpRequest) -> list[int]:
        return keys_of(request.POST.getlist("chosen")[:MOST_CHOSEN])


class MyFilings(FramePage):
    title = "自学填报"
    permission: ClassVar = OWN
    template_name = "training/self_filed/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.viewer.cadre_id is None:
            raise Http404
        rows = SelfFiledStudy.objects.visible_to(self.viewer).filter(cadre=self.viewer.cadre_id)
        return super().get_context_data(filings=list(rows), **kwargs)


class FilingScope(ObjectMixin):
    """One filing among those that may be seen."""

    permission: ClassVar = Permission.VIEW_TRAINING
    model = SelfFiledStudy

    def get_queryset(self) -> QuerySet[Any]:
        rows = SelfFiledStudy.objects.visible_to(self.viewer)
        return rows.select_related("cadre", "evidence")

    def get_success_url(self) -> str:
        return filing_url(self.object)


class OwnFilingScope(FilingScope):
    permission: ClassVar = OWN

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(cadre=self.viewer.cadre_id)


class DecidedScope(FilingScope):
    """Staff rights end at the own record: there the filing does not exist as something to decide on."""

    permission: ClassVar = DECIDE

    def get_queryset(self) -> QuerySet[Any]:
        rows = SelfFiledStudy.objects.visible_to(self.viewer, DECIDE)
        return rows.select_related("cadre", "evidence")


class FilingPage(FilingScope, DetailPage):
    """What was filed, what it would count, what it may be a second record of, and its way."""

    template_name = "training/self_filed/detail.html"

    @property
    def is_own(self) -> bool:
        return bool(self.object.cadre_id == self.viewer.cadre_id)

    @cached_property
    def may_decide(self) -> bool:
        if self.is_own or not self.may(DECIDE):
            return False
        return SelfFiledStudy.objects.visible_to(self.viewer, DECIDE).filter(pk=self.object.pk).exists()

    def get_crumbs(self) -> Crumbs:
        if self.is_own:
            return own_crumbs((self.get_title(), ""))
        way = [("首页", reverse("home"))]
        if self.may_decide:
            way.append(("自学填报审批", reverse("training:self_filed_list")))
        return [*way, (self.get_title(), "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        study, state = self.object, self.object.state
        wanted = [posting for postings in wanted_of(study).values() for posting in postings]
        return super().get_context_data(
            is_own=self.is_own,
            quantity=quantity_words(study),
            wanted=wanted,
            total=sum((posting.hours for posting in wanted), start=0),
            alike=[(record, _record_url(record)) for record in duplicates_for([study])[study.pk]],
            steps=study.steps.all(),
            may_edit=self.is_own and state in EDITABLE,
            may_send=self.is_own and state in EDITABLE and study.evidence_id is not None,
            may_withdraw=self.is_own and state == SelfFiledState.SUBMITTED,
            may_approve=self.may_decide and state == SelfFiledState.SUBMITTED,
            may_return=self.may_decide and state in (SelfFiledState.SUBMITTED, SelfFiledState.APPROVED),
            **kwargs,
        )


def _record_url(record: Record) -> str:
    return reverse(record.url_name, args=record.args) if record.url_name else ""


class NewFiling(FormPage):
    title = "填报自学"
    permission: ClassVar = OWN
    form_class = FilingForm
    submit_label = "下一步：核对"
    template_name = "training/self_filed/form.html"

    def may(self, permission: Any) -> bool:
        return super().may(permission) and self.viewer.cadre_id is not None

    def get_crumbs(self) -> Crumbs:
        return own_crumbs((self.get_title(), ""))

    def get_cancel_url(self) -> str:
        return reverse("training:self_filed_mine")

    def act(self, form: FilingForm) -> SelfFiledStudy:
        evidence = form.cleaned_data["evidence"]
        return save_filing(values=form.values(), by=self.viewer, at=timezone.now(), evidence=evidence)

    def get_success_url(self) -> str:
        return filing_url(self.result)


class EditFiling(OwnFilingScope, FormPage):
    title = "修改填报"
    form_class = FilingForm
    submit_label = "下一步：核对"
    template_name = "training/self_filed/form.html"

    def get_crumbs(self) -> Crumbs:
        return own_crumbs((str(self.object), filing_url(self.object)), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: FilingForm) -> SelfFiledStudy:
        evidence, at = form.cleaned_data["evidence"], timezone.now()
        return save_filing(values=form.values(), by=self.viewer, at=at, study=self.object, evidence=evidence)


class SubmitFiling(OwnFilingScope, ActView):
    def act(self) -> str:
        submit_filing(study=self.object, by=self.viewer, at=timezone.now())
        return "已提交，审批结果会通知您。"


class WithdrawFiling(OwnFilingScope, ActView):
    def act(self) -> str:
        withdraw_filing(study=self.object, by=self.viewer, at=timezone.now())
        return "已撤回，修改后可以再次提交。"


class DeleteFiling(OwnFilingScope, ConfirmPage):
    title = "删除填报"
    submit_label = "删除填报"
    keep_label = "保留"
    success_message = "已删除填报。"

    def get_question(self) -> str:
        return f"删除“{self.object}”的填报？"

    def get_consequence(self) -> str:
        return "填报和证明材料一并删除，不能恢复。"

    def get_cancel_url(self) -> str:
        return filing_url(self.object)

    def act(self, form: Any) -> None:
        delete_filing(study=self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("training:self_filed_mine")


class ApproveFiling(DecidedScope, ActView):
    def act(self) -> str:
        approve_filing(study=self.object, by=self.viewer, at=timezone.now())
        return f"已通过{self.object.cadre.name}的填报，学时已入账。"


class ReturnFiling(DecidedScope, FormPage):
    form_class = ReturnForm
    submit_label = "退回"
    success_message = "已退回，本人会收到通知。"

    def get_title(self) -> str:
        return f"退回填报：{self.object.cadre.name}“{self.object}”"

    def get_crumbs(self) -> Crumbs:
        listed = ("自学填报审批", reverse("training:self_filed_list"))
        return [("首页", reverse("home")), listed, (str(self.object), filing_url(self.object)), ("退回", "")]

    def act(self, form: ReturnForm) -> None:
        reason = form.cleaned_data["reason"]
        return_filing(study=self.object, reason=reason, by=self.viewer, at=timezone.now())


class FilingEvidence(FilingScope):
    """The photo or document, for whoever may see the filing."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.object.evidence is None:
            raise Http404
        return file_response(self.object.evidence)
