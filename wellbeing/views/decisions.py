"""处理决定: what the person reads, signs for and answers; delivering it; the ledger on paper."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.access import Permission
from core.audit import record
from core.choices import AuditAction
from core.pdf import PdfUnavailable
from core.pdf.stamp import stamp
from core.templatetags.ui import cn_date
from core.web.views import ConfirmPage, DetailPage, FormPage, FramePage, ObjectMixin, Permissions, ViewerMixin
from wellbeing.exports import MOST_ON_PAPER, LedgerSheet, ledger_pdf
from wellbeing.forms.inspections import DefenceForm, DeliverForm
from wellbeing.models import DecisionNotice
from wellbeing.queries.decisions import notice_of, own_decisions, own_notices
from wellbeing.services.decisions import acknowledge_decision, deliver_decision, open_notice, state_defence
from wellbeing.services.inspections import may_edit
from wellbeing.views.findings import EditedFinding, FindingList
from wellbeing.views.inspections import Crumbs
from wellbeing.views.records import unlogged

OWN = Permission.OWN_WELLBEING


class Own(ViewerMixin):
    permission: ClassVar[Permissions] = OWN

    def may(self, permission: Permissions) -> bool:
        return self.viewer.on_own_record(OWN)


def own_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("我的处理决定", reverse("wellbeing:my_decisions")), *more]


class MyDecisions(Own, FramePage):
    """Formal decisions about the viewer, as far as they concern the viewer."""

    title = "我的处理决定"
    template_name = "wellbeing/inspections/my_decisions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decisions = own_decisions(self.viewer)
        return super().get_context_data(decisions=decisions, on=self.viewer.on, **kwargs)


class OwnNotice(Own, ObjectMixin):
    model = DecisionNotice

    def get_queryset(self) -> QuerySet[Any]:
        return own_notices(self.viewer)

    def get_crumbs(self) -> Crumbs:
        return own_crumbs((self.get_title(), ""))  # type: ignore[attr-defined]

    def get_success_url(self) -> str:
        return reverse("wellbeing:my_decision", args=[self.object.pk])


class MyDecision(OwnNotice, DetailPage):
    template_name = "wellbeing/inspections/my_decision.html"

    def get_title(self) -> str:
        return f"处理决定：{self.object.finding.get_outcome_display()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_notice(notice=self.object, viewer=self.viewer, at=timezone.now())
        return super().get_context_data(decision=self.object.finding, **kwargs)


class SignDecision(OwnNotice, ConfirmPage):
    title = "签收处理决定"
    submit_label = "签收"
    dangerous = False
    success_message = "已签收。有不同意见的，可以陈述申辩。"

    def get_question(self) -> str:
        return "签收这份处理决定？"

    def get_consequence(self) -> str:
        return "签收只表示已经收到，不表示同意。签收后可以陈述申辩。"

    def act(self, form: Any) -> None:
        acknowledge_decision(notice=self.object, by=self.viewer, at=timezone.now())


@unlogged
class StateDefence(OwnNotice, FormPage):
    title = "陈述申辩"
    form_class = DefenceForm
    submit_label = "提交"
    success_message = "已提交，纪检专员会收到提醒。"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(acknowledged_at__isnull=False, stated_at=None)

    def act(self, form: DefenceForm) -> None:
        statement = form.cleaned_data["statement"]
        state_defence(
            notice=self.object, statement=statement, by=self.viewer, at=timezone.now(), on=self.viewer.on
        )


@unlogged
class DeliverDecision(EditedFinding, FormPage):
    """In words meant for the person; the finding itself stays where it is."""

    title = "送达本人"
    form_class = DeliverForm
    submit_label = "送达"
    success_message = "已送达，本人会收到提醒。"

    @cached_property
    def object(self) -> Any:
        row = super().object
        if row.cadre_id is None or not row.outcome or not may_edit(self.viewer, row.unit):
            raise Http404
        return row

    def get_initial(self) -> dict[str, Any]:
        before = notice_of(self.object, self.viewer)
        return {"notice": before.notice if before else ""}

    def act(self, form: DeliverForm) -> None:
        notice = form.cleaned_data["notice"]
        deliver_decision(
            finding=self.object, notice=notice, by=self.viewer, at=timezone.now(), on=self.viewer.on
        )


class LedgerPaper(FindingList):
    """The filtered ledger in the office's columns as A3 landscape PDF, for those who may export it."""

    permission: ClassVar[Permissions] = Permission.EDIT_DISCIPLINE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        rows = list(self.rows[: MOST_ON_PAPER + 1])
        if not rows or len(rows) > MOST_ON_PAPER:
            wrong = "没有可以打印的问题。" if not rows else f"超过 {MOST_ON_PAPER} 个，请先筛选再打印。"
            messages.warning(request, wrong)
            return HttpResponseRedirect(reverse("wellbeing:findings"))
        sheet = LedgerSheet("督查整改台账", self.viewer.on, self.viewer.name, self._note(len(rows)))
        columns = [column for column in self.columns if column.in_export]
        try:
            document = ledger_pdf(columns, self.decorate(rows), sheet)
        except PdfUnavailable as missing:
            raise Http404(str(missing)) from missing
        self._log(request, len(rows))
        return _private(exports.download(stamp(document.data, self._mark()), f"{sheet.title}.pdf"))

    def _mark(self) -> str:
        """Across every page: a copy that turns up elsewhere says whose it was."""
        return f"{self.viewer.name}　{timezone.localtime():%Y-%m-%d %H:%M}　督查台账"

    def _note(self, count: int) -> str:
        return f"截至 {cn_date(self.viewer.on)}，共 {count} 个问题"

    def _log(self, request: HttpRequest, count: int) -> None:
        record(
            action=AuditAction.EXPORTED,
            by=self.viewer,
            label=f"{self.get_title()}（A3），{count} 个",
            changes={"条件": ("", request.GET.urlencode())},
        )


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
