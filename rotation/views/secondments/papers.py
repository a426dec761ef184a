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
from rotation.choices.secondments import SecondmentAct
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
