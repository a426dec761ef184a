"""The acts on a secondment, each a form that ends in one service call."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.web.views import FormPage, ObjectMixin
from people.models import Cadre
from rotation.choices.secondments import (
    Direction,
    OpinionParty,
    OpinionStage,
    Outcome,
    SecondmentState,
)
from rotation.choices.tenure import ExtensionState
from rotation.forms.secondments import (
    AnswerForm,
    ApproveForm,
    BroughtHomeForm,
    DayForm,
    DispatchForm,
    ExtendForm,
    MakeTaskForm,
    OpinionForm,
    ReasonForm,
    ReturnPlanForm,
    SecondmentForm,
    SettleForm,
)
from rotation.forms.tenure import DecisionForm
from rotation.models import (
    BroughtHome,
    MonthlyNote,
    Opinion,
    ReturnPlan,
    Secondment,
    SecondmentExtension,
)
from rotation.queries.secondments import eligibility
from rotation.secondment_states import COMING, LIVE, OVER
from rotation.services import secondments as services
from rotation.services.secondments import Hop
from rotation.views.secondments.shared import (
    APPROVES,
    EDITS,
    REVIEWS,
    Crumbs,
    OfSecondment,
    crumbs,
    may,
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


class Complete(OfSecondment):
    states = (S.ENDED,)
    title = "完成鉴定"
    submit_label = "完成鉴定"
    form_class = ReasonForm
    template_name = "rotation/secondments/complete.html"
    success_message = "鉴定已完成，本人可以查看。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Opinion.objects.visible_to(self.viewer, EDITS).filter(
            secondment=self.object, stage=OpinionStage.FINAL
        )
        there = set(rows.values_list("party", flat=True))
        parts = [(party, party in there) for party in services.PARTIES[OpinionStage.FINAL]]
        return super().get_context_data(parts=parts, **kwargs)

    def act(self, form: ReasonForm) -> None:
        services.complete(secondment=self.object, hop=self.hop(form.cleaned_data["reason"]))


class Settle(OfSecondment):
    states = (S.APPRAISED,)
    title = "办理返岗或留任"
    submit_label = "办理"
    form_class = SettleForm
    success_message = "已办结。"

    def get_initial(self) -> dict[str, Any]:
        plan = ReturnPlan.objects.visible_to(self.viewer).filter(secondment=self.object).first()
        return {"outcome": plan.outcome if plan else Outcome.RETURN}

    def act(self, form: SettleForm) -> None:
        data = form.cleaned_data
        services.settle(
            secondment=self.object,
            outcome=Outcome(data["outcome"]),
            document_no=data["document_no"],
            hop=self.hop(data["reason"]),
        )


class ArrangeReturn(OfSecondment):
    states = (*LIVE, S.ENDED, S.APPRAISED)
    title = "返岗安排"
    submit_label = "保存安排"
    form_class = ReturnPlanForm
    success_message = "已登记返岗安排。"

    def get_form_kwargs(self) -> dict[str, Any]:
        plan = ReturnPlan.objects.visible_to(self.viewer).filter(secondment=self.object).first()
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial", None)
        return {**kwargs, "row": plan}

    def act(self, form: ReturnPlanForm) -> None:
        services.arrange_return(secondment=self.object, values=form.cleaned_data, hop=self.hop())


class WriteOpinion(OfSecondment):
    """Of any party on the part of staff; the own summary is written on the own page."""

    permission: ClassVar = (EDITS, REVIEWS)
    reach = REVIEWS
    states = (*LIVE, S.ENDED)
    form_class = OpinionForm
    submit_label = "保存意见"
    success_message = "已登记。"

    @cached_property
    def part(self) -> tuple[OpinionStage, OpinionParty]:
        stage, party = self.kwargs["stage"], self.kwargs["party"]
        if stage not in OpinionStage.values or party not in OpinionParty.values:
            raise Http404
        found = OpinionStage(stage), OpinionParty(party)
        allowed = found[1] == OpinionParty.HOME or may(self.viewer, self.object, EDITS)
        if not allowed or found[1] not in services.PARTIES[found[0]]:
            raise Http404
        return found

    def get_title(self) -> str:
        stage, party = self.part
        return f"{stage.label}：{party.label}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "party": self.part[1]}

    def get_initial(self) -> dict[str, Any]:
        stage, party = self.part
        rows = Opinion.objects.visible_to(self.viewer, self.reach)
        known = rows.filter(secondment=self.object, stage=stage, party=party).first()
        names = ("text", "grade", "signer", "signer_title", "signed_on")
        return {name: getattr(known, name) for name in names} if known else {"signed_on": self.viewer.on}

    def act(self, form: OpinionForm) -> None:
        values = dict(form.cleaned_data)
        upload = values.pop("scan", None)
        stage, party = self.part
        services.record_opinion(
            secondment=self.object, stage=stage, party=party, values=values, hop=self.hop(), upload=upload
        )

    def get_success_url(self) -> str:
        return reverse("rotation:secondment_appraisal", args=[self.object.pk])


class ReadNote(ObjectMixin, FormPage):
    """One note; read with or without words."""

    permission: ClassVar = REVIEWS
    model = MonthlyNote
    form_class = AnswerForm
    template_name = "rotation/secondments/note.html"
    submit_label = "已阅"
    success_message = "已审阅。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = MonthlyNote.objects.visible_to(self.viewer, REVIEWS)
        rows = rows.exclude(secondment__cadre_id=self.viewer.cadre_id or 0)
        return rows.select_related("secondment__cadre", "secondment__host_unit")

    def get_title(self) -> str:
        return (
            f"{self.object.month.year}年{self.object.month.month}月月报：{self.object.secondment.cadre.name}"
        )

    def get_crumbs(self) -> Crumbs:
        return crumbs(("挂职月报", reverse("rotation:secondment_notes")), (self.get_title(), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)

    def act(self, form: AnswerForm) -> None:
        services.read_note(note=self.object, by=self.viewer, at=timezone.now(), **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("rotation:secondment_notes")


class NewBroughtHome(OfSecondment):
    states = (*LIVE, *OVER)
    title = "登记成果带回"
    submit_label = "登记成果"
    form_class = BroughtHomeForm
    success_message = "已登记，可以转为园区任务。"

    def act(self, form: BroughtHomeForm) -> None:
        services.bring_home(secondment=self.object, hop=self.hop(), **form.cleaned_data)


class MakeTask(ObjectMixin, FormPage):
    """A draft task of an action plan; who answers for it by when is filled in there."""

    permission: ClassVar = EDITS
    model = BroughtHome
    title = "转为园区任务"
    submit_label = "转为任务"
    form_class = MakeTaskForm
    template_name = "rotation/secondments/task.html"
    success_message = "已转为园区任务，请补全责任领导、责任部门、责任人和完成时限后交办。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = BroughtHome.objects.visible_to(self.viewer, EDITS).filter(task=None)
        rows = rows.exclude(secondment__cadre_id=self.viewer.cadre_id or 0)
        return rows.select_related("secondment__cadre", "secondment__host_unit")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def get_crumbs(self) -> Crumbs:
        row = self.object.secondment
        return crumbs((row.cadre.name, secondment_url(row)), (self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)

    def act(self, form: MakeTaskForm) -> Any:
        plan = form.cleaned_data["plan"]
        return services.make_task(item=self.object, plan=plan, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return reverse("park:task", args=[self.result.pk])

    def get_cancel_url(self) -> str:
        return secondment_url(self.object.secondment)
