"""结业证书: issued for a class, printed one or all, verified, withdrawn."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from core import exports
from core.access import Permission
from core.audit import record
from core.choices import AuditAction
from core.pdf import PdfResult
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FramePage, ListPage, ObjectMixin
from training.exports.certificates import certificates_pdf, code_in_groups
from training.filters.classes import CertificateFilter
from training.forms.classes import NeededReasonForm, VerifyForm
from training.models import Certificate, TrainingClass
from training.queries.certificates import verify
from training.services.certificates import issue_certificates, withdraw_certificate
from training.views.classes import ClassAct, class_url


def certificate_url(found: Certificate) -> str:
    return reverse("training:certificate", args=[found.uid])


def pdf_of(request: HttpRequest, certificates: Sequence[Certificate]) -> PdfResult:
    address = request.build_absolute_uri(reverse("training:certificate_verify"))
    return certificates_pdf(certificates, verify_url=address, zone=settings.ZONE_NAME)


class CertificateListPage(ListPage):
    title = "结业证书"
    permission = Permission.VIEW_TRAINING
    model = Certificate
    filterset_class = CertificateFilter
    noun = "结业证书"
    counter = "份证书"
    main_filters = ("year", "valid")
    acts_template = "training/certificates/list_acts.html"
    empty_icon = "award"
    empty_hint = "班次归档后，在班次的“评定”里颁发。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-issued"
    sorts = (
        Sort("issued", "颁发日期", ("issued_on", "number")),
        Sort("holder", "姓名", ("holder", "issued_on")),
    )
    views = (SavedView("全部", ""), SavedView("已收回", "valid=false"))
    columns = (
        ListColumn("number", "证书编号", lambda c: c.number, link=certificate_url, css="nowrap", width=24),
        ListColumn("holder", "姓名", lambda c: c.holder, sort="holder", css="nowrap"),
        ListColumn("class", "班次", lambda c: c.class_name, width=36),
        ListColumn(
            "hours", "学时", lambda c: c.hours, css="num right", template="training/cells/number.html"
        ),
        ListColumn("issued", "颁发日期", lambda c: cn_date(c.issued_on), sort="issued", css="num nowrap"),
        ListColumn("state", "状态", lambda c: "已收回" if c.withdrawn_at else "有效", css="nowrap"),
        ListColumn("reason", "收回原因", lambda c: c.withdraw_reason, on_page=False, width=24),
        ListColumn(
            "act", "操作", lambda c: "", template="training/certificates/act_cell.html", in_export=False
        ),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_withdraw = self.viewer.can(Permission.EDIT_TRAINING)
        return super().get_context_data(may_withdraw=may_withdraw, **kwargs)


class CertificateFile(ObjectMixin):
    """The paper of one certificate, for its holder and for staff."""

    permission: ClassVar = Permission.VIEW_TRAINING
    model = Certificate
    lookup = "uid"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.object
        made = pdf_of(request, [found])
        return exports.download(made.data, f"结业证书_{found.holder}.pdf")


class ClassCertificates(ObjectMixin):
    """All valid ones of a class in one file, of the people whom the viewer runs."""

    permission: ClassVar = Permission.EDIT_TRAINING
    model = TrainingClass

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Certificate.objects.visible_to(self.viewer, Permission.EDIT_TRAINING).valid()
        found = list(rows.filter(participation__training_class=self.object).order_by("number"))
        if not found:
            raise Http404
        record(
            action=AuditAction.EXPORTED,
            by=self.viewer,
            subject=self.object,
            label=f"打印结业证书：{self.object}，{len(found)} 份",
        )
        return exports.download(pdf_of(request, found).data, f"结业证书_{self.object}.pdf")


class IssueCertificates(ClassAct, ConfirmPage):
    title = "颁发结业证书"
    submit_label = "颁发"
    dangerous = False

    def get_question(self) -> str:
        rows = self.object.participations.filter(state="completed", certificate_no="")
        return f"为“{self.object}”的 {rows.count()} 名结业学员颁发证书？"

    def get_consequence(self) -> str:
        return "证书按年度连续编号，编号不重复使用；本人的证书须由其他经办人颁发。"

    def act(self, form: Any) -> list[Certificate]:
        return issue_certificates(training_class=self.object, by=self.viewer, at=timezone.now())

    def get_success_message(self) -> str:
        return f"已颁发 {len(self.result)} 份结业证书。"

    def get_success_url(self) -> str:
        return f"{class_url(self.object)}?tab=assessment"


class WithdrawCertificate(ObjectMixin, ConfirmPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = Certificate
    lookup = "uid"
    title = "收回证书"
    submit_label = "收回证书"
    keep_label = "保留证书"
    form_class = NeededReasonForm
    success_message = "已收回证书，核验时会显示已收回。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Certificate.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        others = rows.exclude(participation__cadre_id=self.viewer.cadre_id or 0)
        return others.select_related("participation")

    def get_question(self) -> str:
        return f"收回 {self.object.holder} 的证书 {self.object.number}？"

    def get_consequence(self) -> str:
        return "纸质证书不再有效，编号不再使用；更正后可以重新颁发。"

    def act(self, form: NeededReasonForm) -> None:
        reason = form.cleaned_data["reason"]
        withdraw_certificate(certificate=self.object, by=self.viewer, at=timezone.now(), reason=reason)

    def get_success_url(self) -> str:
        return reverse("training:certificates")


class VerifyPage(FramePage):
    """Whoever is logged in may hold a paper against the register."""

    title = "核验结业证书"
    template_name = "training/certificates/verify.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("code", "")
        found = verify(asked) if asked else None
        return super().get_context_data(
            form=VerifyForm(initial={"code": code_in_groups(found.code) if found else asked}),
            asked=bool(asked),
            found=found,
            **kwargs,
        )
