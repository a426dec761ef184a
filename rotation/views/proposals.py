"""系统建议: what is asked of the machine; its answer stands among the variants of the plan."""

from typing import Any

from django.urls import reverse

from core.models import Job
from core.web.views import FormPage
from rotation.forms.proposals import ProposalForm
from rotation.services.proposals import ask_for_proposals
from rotation.views.room.shared import Crumbs, PlanHandlerMixin, crumbs


class AskForProposals(PlanHandlerMixin, FormPage):
    """Only for whoever drafts the plan; the search runs as a job with its progress and a stop."""

    title = "系统建议"
    template_name = "rotation/proposals/ask.html"
    form_class = ProposalForm
    submit_label = "开始计算"
    success_message = "已经开始计算，一般不超过半分钟。结果写成新的备选方案，人员和理由都标明“系统建议”。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.viewer, "plan": self.object}

    def act(self, form: ProposalForm) -> Job:
        return ask_for_proposals(plan=self.object, wish=form.wish(), by=self.viewer)

    def get_crumbs(self) -> Crumbs:
        return crumbs((str(self.object), self.get_cancel_url()), (self.title, ""))

    def get_cancel_url(self) -> str:
        return reverse("rotation:plan", args=[self.object.pk])

    def get_success_url(self) -> str:
        return reverse("job", args=[self.result.uid])
