"""Letters of a secondment as PDF and as Word, and the scans kept with its opinions."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from core.audit import record
from core.choices import AuditAction
from core.exports import download
from core.files import file_response
from core.web.views import ObjectMixin
from people.models import Cadre
from rotation.choices.secondments import Direction, SecondmentAct
from rotation.exports.appraisal import STAGE, appraisal_docx, appraisal_pdf, sheet_of
from rotation.exports.letters import letter_docx, letter_pdf
from rotation.letters import Letter, dispatch_letter, return_letter
from rotation.models import Opinion, Secondment
from rotation.secondment_states import OVER, PUBLISHED
from rotation.views.secondments.shared import EDITS, SEES, with_names

LETTERS: dict[str, tuple[Callable[..., Letter], tuple[Any, ...], SecondmentAct]] = {
    "dispatch": (dispatch_letter, PUBLISHED, SecondmentAct.DISPATCH),
    "return": (return_letter, OVER, SecondmentAct.RETURN),
}


class LetterFile(ObjectMixin):
    """`kind` dispatch or return, `suffix` pdf or docx."""

    permission: ClassVar = EDITS
    model = Secondment

    def get_queryset(self) -> QuerySet[Any]:
        rows = Secondment.objects.visible_to(self.viewer, EDITS)
        return with_names(rows.exclude(cadre_id=self.viewer.cadre_id or 0)).select_related("return_plan")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kwargs["kind"] not in LETTERS or self.kwargs["suffix"] not in ("pdf", "docx"):
            raise Http404
        make, states, act = LETTERS[self.kwargs["kind"]]
        if self.object.state not in states:
            raise Http404
        letter = make(self.object, zone=settings.ZONE_NAME, signed_on=self._signed_on(act))
        suffix = self.kwargs["suffix"]
        data = letter_pdf(letter).data if suffix == "pdf" else letter_docx(letter)
        record(
            action=AuditAction.EXPORTED, by=self.viewer, subject=self.object, label=f"下载{letter.file_name}"
        )
        return download(data, f"{letter.file_name}.{suffix}")

    def _signed_on(self, act: SecondmentAct) -> Any:
        """The day of the step that the letter belongs to; today before it."""
        step = self.object.steps.filter(act=act).order_by("pk").last()
        return step.happened_on if step else timezone.localdate()


class AppraisalFile(ObjectMixin):
    """挂职干部鉴定表 with what the reader may read of it; being read is noted, as on the page."""

    permission: ClassVar = SEES
    model = Secondment

    def get_queryset(self) -> QuerySet[Any]:
        return with_names(Secondment.objects.visible_to(self.viewer))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        suffix, row = self.kwargs["suffix"], self.object
        opinions = list(Opinion.objects.visible_to(self.viewer).filter(secondment=row, stage=STAGE))
        if suffix not in ("pdf", "docx") or not opinions:
            raise Http404
        sheet = sheet_of(row, opinions, home=self._home(), zone=settings.ZONE_NAME, on=timezone.localdate())
        data = appraisal_pdf(sheet).data if suffix == "pdf" else appraisal_docx(sheet)
        record(
            action=AuditAction.SECONDMENT_OPENED,
            by=self.viewer,
            subject=row,
            label=f"下载挂职干部鉴定表：{row}",
        )
        return download(data, f"{sheet.file_name}.{suffix}")

    def _home(self) -> str:
        row: Secondment = self.object
        if row.direction == Direction.IN:
            return str(row.organisation)
        placed: Any = Cadre.objects.visible_to(self.viewer).with_position(row.starts_on)
        found = placed.filter(pk=row.cadre_id).values_list("unit_name", flat=True).first()
        return f"{settings.ZONE_NAME}{found or ''}"


class ScanFile(ObjectMixin):
    """The signed paper of an opinion, for whoever may read the opinion."""

    permission: ClassVar = SEES
    model = Opinion

    def get_queryset(self) -> QuerySet[Any]:
        rows = Opinion.objects.visible_to(self.viewer).filter(scan__isnull=False)
        return rows.select_related("scan", "secondment")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record(
            action=AuditAction.SECONDMENT_OPENED,
            by=self.viewer,
            subject=self.object,
            label=f"下载签章扫描件：{self.object}",
        )
        return file_response(self.object.scan)
