"""What comes of a secondment: notes, opinions, the appraisal, the return, what it brings home."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.web.views import FormPage, ObjectMixin
from rotation.choices.secondments import (
    OpinionParty,
    OpinionStage,
    Outcome,
    SecondmentState,
)
from rotation.forms.secondments import (
    AnswerForm,
    BroughtHomeForm,
    MakeTaskForm,
    OpinionForm,
    ReasonForm,
    ReturnPlanForm,
    SettleForm,
)
from rotation.models import (
    BroughtHome,
    MonthlyNote,
    Opinion,
    ReturnPlan,
)
from rotation.secondment_states import LIVE, OVER
from rotation.services import secondments as services
from rotation.views.secondments.shared import (
    EDITS,
    REVIEWS,
    Crumbs,
    OfSecondment,
    crumbs,
    may,
    secondment_url,
)

S = SecondmentState


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
