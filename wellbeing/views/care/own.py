"""我的关爱: what was given to me and waits for my signature, what I have reported, who helps me."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from core.web.views import FormPage, FramePage, ObjectMixin, Permissions, ViewerMixin
from people.models import Cadre
from wellbeing.choices.care import CARE_COLOURS, CareState
from wellbeing.forms.care import OwnReportForm
from wellbeing.models import CareCase, CareEvent, CareSupport
from wellbeing.services.care.deciding import sign_for
from wellbeing.services.care.events import agree, agreed, report_event
from wellbeing.views.care.common import OWN, Crumbs
from wellbeing.views.records import unlogged


class OwnMixin(ViewerMixin):
    """Pages about the own record: only for who has one."""

    permission: ClassVar[Permissions] = OWN

    def may(self, permission: Permissions) -> bool:
        return self.viewer.on_own_record(OWN)


class MyCare(OwnMixin, FramePage):
    title = "我的关爱"
    template_name = "wellbeing/care/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = self.viewer.cadre_id or 0
        cases = CareCase.objects.visible_to(self.viewer).filter(cadre_id=mine).select_related("event")
        rows: list[Any] = list(cases.defer("reason", "opinion"))
        for row in rows:
            row.colour = CARE_COLOURS[CareState(row.state)]
        events = CareEvent.objects.visible_to(self.viewer).filter(cadre_id=mine).unanswered()
        return super().get_context_data(
            cases=rows,
            to_sign=[row for row in rows if row.state == CareState.GIVEN],
            events=list(events.select_related("handler").defer("detail")),
            support=CareSupport.objects.visible_to(self.viewer)
            .filter(cadre_id=mine, state="active")
            .select_related("helper")
            .first(),
            **kwargs,
        )


@unlogged
class OwnReport(OwnMixin, FormPage):
    title = "报告本人事项"
    form_class = OwnReportForm
    submit_label = "报告"
    success_message = "已报告，工会经办人会与您联系。"

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), ("我的关爱", reverse("wellbeing:my_care")), (self.title, "")]

    def get_initial(self) -> dict[str, Any]:
        return {"happened_on": self.viewer.on, "consent": agreed(self.viewer.cadre_id or 0)}

    def act(self, form: OwnReportForm) -> CareEvent:
        data = dict(form.cleaned_data)
        if data.pop("consent"):
            agree(by=self.viewer, at=timezone.now())
        cadre = Cadre.objects.visible_to(self.viewer, OWN).get(pk=self.viewer.cadre_id or 0)
        return report_event(cadre=cadre, **data, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return reverse("wellbeing:my_care")


class SignFor(OwnMixin, ObjectMixin):
    """One press on the phone; it ends the case."""

    permission: ClassVar[Permissions] = OWN
    http_method_names = ("post",)
    model = CareCase

    def get_queryset(self) -> Any:
        rows = CareCase.objects.visible_to(self.viewer).filter(cadre_id=self.viewer.cadre_id or 0)
        return rows.select_related("cadre", "event")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            sign_for(case=self.object, by=self.viewer, at=timezone.now(), on=self.viewer.on)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "已签收，谢谢。")
        return HttpResponseRedirect(reverse("wellbeing:my_care"))
