"""Papers: the comparison, the pack for the meeting, the notice, the letter of appointment."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from core.audit import record
from core.choices import AuditAction
from core.exports import download
from core.pdf.stamp import stamp
from core.web.views import FormPage, ObjectMixin
from rotation.exports.letters import letter_docx, letter_pdf
from rotation.exports.room.comparison import TITLE, comparison_pdf, comparison_xlsx
from rotation.forms.room import PackForm
from rotation.models import Decision
from rotation.notices import appointment_letter, notice_letter
from rotation.queries.room.effects import passed_moves
from rotation.queries.room.frozen import comparison_shown
from rotation.services.room.papers import order_pack, record_taken
from rotation.views.room.shared import SEES, CaseMixin, Crumbs, room_url

LETTERS = {"notice": notice_letter, "appointment": appointment_letter}


class ComparisonPaper(CaseMixin):
    """干部比选一览表 as PDF or workbook, marked with who took it."""

    def get(self, request: HttpRequest, uid: Any, kind: str) -> HttpResponse:
        now, by = timezone.now(), self.viewer
        comparison = comparison_shown(self.object, on=by.on)
        if kind == "xlsx":
            data = comparison_xlsx(self.object, comparison, by=by.name, at=now)
        else:
            mark = f"{by.name}　{timezone.localtime(now):%Y-%m-%d %H:%M}"
            data = stamp(comparison_pdf(self.object, comparison).data, mark)
        record_taken(case=self.object, kind=f"{TITLE} {kind}", by=by, at=now)
        return download(data, f"{TITLE}_{self.object.number}.{kind}")


class OrderPack(CaseMixin, FormPage):
    title = "会议材料"
    form_class = PackForm
    submit_label = "生成会议材料"

    def act(self, form: PackForm) -> Any:
        return order_pack(case=self.object, kind=form.cleaned_data["kind"], by=self.viewer)

    def get_success_url(self) -> str:
        if hasattr(self, "result"):
            return reverse("job", args=[self.result.uid])
        return room_url(self.object)

    def get_crumbs(self) -> Crumbs:
        return self.case_crumbs(self.title)


class DecisionLetter(ObjectMixin):
    """公示文 and 任免通知, as PDF and as Word."""

    model = Decision
    lookup = "uid"
    permission: ClassVar = SEES

    def get_queryset(self) -> Any:
        return Decision.objects.visible_to(self.viewer).select_related("plan")

    def get(self, request: HttpRequest, uid: Any, paper: str, kind: str) -> HttpResponse:
        plan, moves = self.object.plan, passed_moves(self.object.plan)
        make = LETTERS.get(paper)
        if not moves or make is None or kind not in ("pdf", "docx"):
            raise Http404
        if paper == "notice" and plan.notice_from is None:
            raise Http404
        letter = make(plan, moves, on=self.viewer.on)
        data = letter_pdf(letter).data if kind == "pdf" else letter_docx(letter)
        label = f"{letter.title}（{kind}）：方案 {plan.pk}"
        record(action=AuditAction.PAPERS_TAKEN, by=self.viewer, subject=self.object, label=label)
        return download(data, f"{letter.title}.{kind}")
