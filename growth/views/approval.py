"""干部任免审批表 as PDF and Word; the exchange file (.lrmx) is people's own."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from core.access import Permission
from core.audit import record
from core.choices import AuditAction
from core.exports import download
from core.web.views import ObjectMixin
from growth.approval import approval_docx, approval_pdf, approval_sheets
from people.imports.lrmx_export import form_of
from people.models import Cadre


class ApprovalForm(ObjectMixin):
    """Staff who may export, never the own record: as for the exchange file."""

    permission: ClassVar = Permission.EXPORT_CADRE
    model = Cadre

    def get_queryset(self) -> QuerySet[Cadre]:
        return Cadre.objects.visible_to(self.viewer, Permission.EXPORT_CADRE)

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        on = self.viewer.on
        form = form_of(self.object, on=on)
        as_word = kind == "docx"
        data = (
            approval_docx(form, approval_sheets(form, on=on)) if as_word else approval_pdf(form, on=on).data
        )
        label = f"{self.object.name}·任免审批表（{kind}）"
        record(action=AuditAction.EXPORTED, by=self.viewer, subject=self.object, label=label)
        return download(data, f"{self.object.name}_任免审批表.{kind}")
