"""Steps of a plan, who is in the case, opinions."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property

from core.web.views import ConfirmPage, FormPage
from rotation.choices.plans import CaseDuty, ConsultStance
from rotation.forms.plans import MemberForm, NoteForm, OpinionForm
from rotation.models import ConsultOpinion, PlanMember, RotationPlan
from rotation.plan_states import PlanAction
from rotation.services.plans import add_member, give_opinion, remove_member, take
from rotation.views.plans.page import HERE
from rotation.views.plans.shared import DrafterMixin, PlanMixin, duty_of, plan_url

CONSEQUENCES = {
    PlanAction.SUBMIT: "预审人会收到提醒；预审期间仍可以修改。",
    PlanAction.PASS: "被征求意见的人会收到提醒；此后人员调整不能再改，需要修改的先退回。",
    PlanAction.RETURN: "方案回到草案，承办人会收到提醒；修改后重新预审、重新征求意见。",
    PlanAction.TO_MEETING: "选定的备选方案提请会议研究；不具备的条件须已逐项说明理由。",
    PlanAction.CANCEL: "方案不再继续，过程和意见保留备查。",
}
DONE = {
    PlanAction.SUBMIT: "已提交预审。",
    PlanAction.PASS: "预审通过，已征求意见。",
    PlanAction.RETURN: "已退回修改。",
    PlanAction.TO_MEETING: "已提请上会，接下来在轮岗议题中请领导研究。",
    PlanAction.CANCEL: "方案已终止。",
}


class TakeStep(PlanMixin, ConfirmPage):
    """One step, confirmed; going back and giving up ask for the reason."""

    form_class = NoteForm

    @cached_property
    def action(self) -> PlanAction:
        value = self.kwargs["action"].replace("-", "_")
        if value not in HERE:
            raise Http404
        return PlanAction(value)

    @property
    def dangerous(self) -> bool:  # type: ignore[override]
        return self.action == PlanAction.CANCEL

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        return self.action.label

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """For those in the case alone; whoever may not take the step hears why from the service."""
        if not self.may(self.permission) or not duty_of(self.plan, self.viewer):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> str:
        return self.action.label

    def get_question(self) -> str:
        return f"{self.action.label}：{self.plan.title}"

    def get_consequence(self) -> str:
        return CONSEQUENCES[self.action]

    def get_crumbs(self) -> Any:
        return self.plan_crumbs(self.get_title())

    def get_success_message(self) -> str:
        return DONE[self.action]

    def get_success_url(self) -> str:
        return plan_url(self.object)

    def act(self, form: NoteForm) -> None:
        note = form.cleaned_data["note"]
        take(plan=self.object, action=self.action, by=self.viewer, at=timezone.now(), note=note)


class NewMember(DrafterMixin, FormPage):
    title = "加入知悉人员"
    form_class = MemberForm
    submit_label = "加入"
    success_message = "已加入，此人从现在起能看到这份方案。"

    def get_crumbs(self) -> Any:
        return self.plan_crumbs(self.title)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"plan": self.object}

    def get_success_url(self) -> str:
        return plan_url(self.object)

    def act(self, form: MemberForm) -> PlanMember:
        data = form.cleaned_data
        return add_member(
            plan=self.object,
            user=data["user"],
            duty=CaseDuty(data["duty"]),
            by=self.viewer,
            at=timezone.now(),
        )


class RemoveMember(PlanMixin, ConfirmPage):
    model = PlanMember
    title = "移出知悉范围"
    submit_label = "移出"
    success_message = "已移出，此人不再能看到这份方案。"

    def get_queryset(self) -> Any:
        rows = PlanMember.objects.visible_to(self.viewer).select_related("plan", "user")
        mine = RotationPlan.objects.visible_to(self.viewer).editable_by(self.viewer)
        return rows.filter(plan__in=mine)

    @property
    def plan(self) -> RotationPlan:
        plan: RotationPlan = self.object.plan
        return plan

    def get_question(self) -> str:
        return f"将{self.object.user.name}（{self.object.get_duty_display()}）移出知悉范围"

    def get_consequence(self) -> str:
        return "还没有反馈的征求意见一并取消；已经反馈的意见保留。移出留有记录。"

    def get_crumbs(self) -> Any:
        return self.plan_crumbs(self.title)

    def get_success_url(self) -> str:
        return plan_url(self.plan)

    def act(self, form: Any) -> None:
        remove_member(member=self.object, by=self.viewer)


class GiveOpinion(PlanMixin, FormPage):
    title = "反馈意见"
    form_class = OpinionForm
    submit_label = "反馈意见"
    success_message = "意见已反馈。"

    @cached_property
    def opinion(self) -> ConsultOpinion:
        rows = ConsultOpinion.objects.visible_to(self.viewer).select_related("plan")
        asked = rows.filter(plan=self.object, user=self.viewer.user_id, given_at=None)
        found: ConsultOpinion = get_object_or_404(asked)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(opinion=self.opinion, **kwargs)

    def get_crumbs(self) -> Any:
        return self.plan_crumbs(self.title)

    def get_success_url(self) -> str:
        return plan_url(self.object)

    def act(self, form: OpinionForm) -> None:
        give_opinion(
            opinion=self.opinion,
            stance=ConsultStance(form.cleaned_data["stance"]),
            words=form.cleaned_data["words"],
            by=self.viewer,
            at=timezone.now(),
        )
