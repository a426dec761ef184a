"""The acts on a secondment, each a form that ends in one service call."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.web.views import FormPage, ObjectMixin
from people.models import Cadre
from rotation.choices.secondments import (
    Direction,
    SecondmentState,
)
from rotation.choices.tenure import ExtensionState
from rotation.forms.secondments import (
    ApproveForm,
    DayForm,
    DispatchForm,
    ExtendForm,
    ReasonForm,
    SecondmentForm,
)
from rotation.forms.tenure import DecisionForm
from rotation.models import (
    Secondment,
    SecondmentExtension,
)
from rotation.queries.secondments import eligibility
from rotation.secondment_states import COMING, LIVE
from rotation.services import secondments as services
from rotation.services.secondments import Hop
from rotation.views.secondments.shared import (
    APPROVES,
    EDITS,
    Crumbs,
    OfSecondment,
    crumbs,
    secondment_url,
)

S = SecondmentState


class NewSecondment(FormPage):
    """Puts somebody forward, for a plan that the address may name."""

    permission: ClassVar = EDITS
    title = "推荐挂职人选"
    submit_label = "提交审批"
    form_class = SecondmentForm
    success_message = "已推荐，由分管领导或主要领导审批。"

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = {**super().get_form_kwargs(), "viewer": self.viewer}
        wanted = {name: self.request.GET[name] for name in ("plan", "cadre") if name in self.request.GET}
        kwargs["initial"] = {"direction": Direction.OUT, "released": True, "into_resume": True, **wanted}
        return kwargs

    def act(self, form: SecondmentForm) -> Secondment:
        values = dict(form.cleaned_data)
        cadre: Cadre = values.pop("cadre")
        hop = Hop(self.viewer, timezone.now(), self.viewer.on, values.get("reason", ""))
        return services.recommend(cadre=cadre, values=values, hop=hop)

    def get_success_url(self) -> str:
        return secondment_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("rotation:secondments")


class EditSecondment(OfSecondment):
    title = "修改挂职"
    form_class = SecondmentForm
    template_name = "web/form.html"
    success_message = "已保存。"
    states = (*COMING, *LIVE)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.object}

    def act(self, form: SecondmentForm) -> None:
        services.change(secondment=self.object, values=form.cleaned_data, by=self.viewer)


class Approve(OfSecondment):
    permission: ClassVar = APPROVES
    reach = APPROVES
    states = (S.RECOMMENDED,)
    title = "审批挂职"
    submit_label = "提交审批意见"
    form_class = ApproveForm
    template_name = "rotation/secondments/approve.html"
    success_message = "已办理。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        checks = eligibility(row.cadre, row.starts_on, row.planned_end_on)
        return super().get_context_data(checks=checks, **kwargs)

    def act(self, form: ApproveForm) -> None:
        data = form.cleaned_data
        services.approve(secondment=self.object, approved=data["approved"], hop=self.hop(data["reason"]))


class Dispatch(OfSecondment):
    states = (S.APPROVED,)
    title = "出具派遣函"
    submit_label = "出具派遣函"
    form_class = DispatchForm
    success_message = "已登记文号，可以下载派遣函（PDF、Word）。"

    def act(self, form: DispatchForm) -> None:
        number = form.cleaned_data["document_no"]
        services.dispatch(secondment=self.object, document_no=number, hop=self.hop())


class ReportIn(OfSecondment):
    states = (S.DISPATCHED,)
    title = "登记报到"
    submit_label = "登记报到"
    form_class = DayForm
    success_message = "已报到，任职记录中已登记。"

    def get_initial(self) -> dict[str, Any]:
        return {"on": self.object.starts_on}

    def act(self, form: DayForm) -> None:
        data = form.cleaned_data
        services.report_in(secondment=self.object, hop=self.hop(data["reason"], data["on"]))


class End(OfSecondment):
    states = LIVE
    title = "办理期满"
    submit_label = "办理期满"
    form_class = DayForm
    success_message = "已期满，请办理鉴定。"

    def get_initial(self) -> dict[str, Any]:
        return {"on": min(self.object.planned_end_on, self.viewer.on)}

    def act(self, form: DayForm) -> None:
        data = form.cleaned_data
        services.end(secondment=self.object, hop=self.hop(data["reason"], data["on"]))


class Extend(OfSecondment):
    states = LIVE
    title = "申请延期"
    submit_label = "提交审批"
    form_class = ExtendForm
    success_message = "已提交，由分管领导或主要领导审批。"

    def act(self, form: ExtendForm) -> None:
        services.request_extension(secondment=self.object, hop=self.hop(), **form.cleaned_data)


class DecideExtension(ObjectMixin, FormPage):
    permission: ClassVar = APPROVES
    model = SecondmentExtension
    title = "审批延期"
    submit_label = "提交审批意见"
    form_class = DecisionForm
    template_name = "rotation/secondments/extension.html"
    success_message = "已办理。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = SecondmentExtension.objects.visible_to(self.viewer, APPROVES)
        rows = rows.filter(state=ExtensionState.REQUESTED)
        rows = rows.exclude(secondment__cadre_id=self.viewer.cadre_id or 0)
        return rows.select_related("secondment__cadre", "secondment__host_unit")

    def get_crumbs(self) -> Crumbs:
        row = self.object.secondment
        return crumbs((row.cadre.name, secondment_url(row)), (self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)

    def act(self, form: DecisionForm) -> None:
        data = form.cleaned_data
        hop = Hop(self.viewer, timezone.now(), self.viewer.on, data["answer"])
        services.decide_extension(extension=self.object, approved=data["approved"], hop=hop, by=self.viewer)

    def get_success_url(self) -> str:
        return secondment_url(self.object.secondment)


class Cancel(OfSecondment):
    states = COMING
    title = "撤销挂职"
    submit_label = "撤销挂职"
    form_class = ReasonForm
    dangerous = True
    success_message = "已撤销，记录保留。"

    def act(self, form: ReasonForm) -> None:
        services.cancel(secondment=self.object, hop=self.hop(form.cleaned_data["reason"]))
