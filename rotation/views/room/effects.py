"""After the decision: notice, objections, taking effect and back, handing over, visits, the end."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.templatetags.ui import cn_date
from core.web.views import ConfirmPage, DetailPage, FormPage, ObjectMixin
from rotation.choices.decisions import ObjectionState
from rotation.forms.room import (
    AnnounceForm,
    EffectiveDayForm,
    ObjectionForm,
    RevertForm,
    RevisitForm,
    SettleForm,
)
from rotation.models import DecidedMove, Effect, EffectLine, Objection, RotationPlan
from rotation.queries.room.effects import Giver, givers_of, passed_moves
from rotation.services.room import closing, effects, notices
from rotation.views.room.room import steps_of
from rotation.views.room.shared import (
    EDITS,
    Crumbs,
    HandlerMixin,
    PlanHandlerMixin,
    PlanMixin,
    decision_url,
    handles,
)


class Step(PlanHandlerMixin):
    """A step of a decided plan; the way back is the decision."""

    def get_success_url(self) -> str:
        return self.plan_url()

    def get_crumbs(self) -> Crumbs:
        return self.plan_crumbs(self.title)  # type: ignore[attr-defined]

    @property
    def people(self) -> str:
        """Who it is about, in words."""
        names = [decided.cadre.name for decided in passed_moves(self.object)]
        return "、".join(names[:6]) + (f"等 {len(names)} 人" if len(names) > 6 else "")


class Announce(Step, FormPage):
    title = "任前公示"
    form_class = AnnounceForm
    submit_label = "开始公示"
    success_message = "已公示；公示文可以在决定页面下载。"

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.viewer.on, "effective_on": self.object.effective_on}

    def act(self, form: AnnounceForm) -> None:
        notices.announce(plan=self.object, by=self.viewer, at=timezone.now(), **form.cleaned_data)


class ChangeDay(Step, FormPage):
    title = "改任职日期"
    form_class = EffectiveDayForm
    success_message = "已改。"

    def get_initial(self) -> dict[str, Any]:
        return {"effective_on": self.object.effective_on}

    def act(self, form: EffectiveDayForm) -> None:
        notices.change_effective_day(plan=self.object, on=form.cleaned_data["effective_on"], by=self.viewer)


class TakeEffect(Step, ConfirmPage):
    title = "任职生效"
    submit_label = "现在生效"
    dangerous = False
    success_message = "已生效；确认以前可以整体撤回。"

    def get_consequence(self) -> str:
        day = cn_date(self.object.effective_on)
        return (
            f"{self.people}自{day}起任新职，原任职务同时免去，承担的工作逐项移交。"
            "不点也会在任职日期当天凌晨自动生效；确认以前可以整体撤回。"
        )

    def act(self, form: Any) -> None:
        effects.take_effect(plan=self.object, by=self.viewer, at=timezone.now())


class Revert(Step, ConfirmPage):
    title = "撤回生效"
    form_class = RevertForm
    submit_label = "撤回生效"
    success_message = "已撤回，任职和移交都恢复到生效以前。"

    def get_consequence(self) -> str:
        return f"{self.people}的任职和移交恢复到生效以前；撤回后不会自动再生效，须由承办人再次办理。"

    def act(self, form: RevertForm) -> None:
        reason = form.cleaned_data["reason"]
        effects.revert(plan=self.object, reason=reason, by=self.viewer, at=timezone.now())


class ConfirmEffect(Step, ConfirmPage):
    title = "确认生效"
    submit_label = "确认生效，开始交接"
    success_message = "已确认，交接开始。"

    def get_consequence(self) -> str:
        return f"{self.people}的任职不能再撤回，开始交接工作，到期由承办人回访。"

    def act(self, form: Any) -> None:
        effects.confirm(plan=self.object, by=self.viewer, at=timezone.now())


class ClosePlan(Step, ConfirmPage):
    title = "回访办结"
    submit_label = "办结"
    dangerous = False
    success_message = "已办结。"

    def get_consequence(self) -> str:
        return "交接和回访都完成后办结；办结后，人选可以看到谁看过自己的成长档案。"

    def act(self, form: Any) -> None:
        closing.close(plan=self.object, by=self.viewer, at=timezone.now())


class HandoverPage(PlanMixin, DetailPage):
    """交接 and 回访 of everybody who moved."""

    title = "交接和回访"
    template_name = "rotation/room/handover.html"

    def get_crumbs(self) -> Crumbs:
        return self.plan_crumbs(self.title)

    @cached_property
    def effect(self) -> Effect:
        rows = Effect.objects.visible_to(self.viewer).standing()
        found: Effect = get_object_or_404(rows, plan=self.object)
        return found

    @cached_property
    def givers(self) -> list[Giver]:
        return givers_of(self.effect, self.viewer.on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            effect=self.effect,
            givers=self.givers,
            open=sum(giver.open for giver in self.givers),
            waiting=sum(giver.line.held_on is None for giver in self.givers),
            handles=handles(self.object, self.viewer),
            steps=steps_of(self.object),
            **kwargs,
        )


class Revisit(HandlerMixin, ObjectMixin, FormPage):
    title = "登记回访"
    form_class = RevisitForm
    success_message = "已登记。"
    model = EffectLine
    lookup = "uid"
    permission: ClassVar[Any] = EDITS

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = EffectLine.objects.visible_to(self.viewer)
        return rows.select_related("effect__plan", "decided__cadre")

    @property
    def plan_handled(self) -> RotationPlan:
        plan: RotationPlan = self.object.effect.plan
        return plan

    def get_title(self) -> str:
        return f"{self.title}：{self.object.decided.cadre}"

    def get_initial(self) -> dict[str, Any]:
        return {"held_on": self.object.held_on or self.viewer.on, "words": self.object.words}

    def act(self, form: RevisitForm) -> None:
        closing.record_revisit(line=self.object, by=self.viewer, at=timezone.now(), **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("rotation:plan_handover", args=[self.plan_handled.pk])


class NewObjection(HandlerMixin, ObjectMixin, FormPage):
    title = "登记反映"
    form_class = ObjectionForm
    success_message = "已登记；办结以前不能任职。"
    model = DecidedMove
    permission: ClassVar[Any] = EDITS

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = DecidedMove.objects.visible_to(self.viewer)
        return rows.select_related("decision__plan", "cadre")

    @property
    def plan_handled(self) -> RotationPlan:
        plan: RotationPlan = self.object.decision.plan
        return plan

    def get_title(self) -> str:
        return f"{self.title}：{self.object.cadre}"

    def get_initial(self) -> dict[str, Any]:
        return {"received_on": self.viewer.on}

    def act(self, form: ObjectionForm) -> Any:
        return notices.record_objection(
            decided=self.object, by=self.viewer, at=timezone.now(), **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return decision_url(self.object.decision)


class SettleObjection(HandlerMixin, ObjectMixin, FormPage):
    title = "办结反映"
    template_name = "rotation/room/objection.html"
    form_class = SettleForm
    submit_label = "办结"
    success_message = "已办结。"
    model = Objection
    lookup = "uid"
    permission: ClassVar[Any] = EDITS

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Objection.objects.visible_to(self.viewer)
        return rows.select_related("decided__decision__plan", "decided__cadre")

    @property
    def plan_handled(self) -> RotationPlan:
        plan: RotationPlan = self.object.decided.decision.plan
        return plan

    def get_title(self) -> str:
        return f"{self.title}：{self.object.decided.cadre}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)

    def act(self, form: SettleForm) -> None:
        data = form.cleaned_data
        notices.settle_objection(
            objection=self.object,
            state=ObjectionState(data["state"]),
            answer=data["answer"],
            by=self.viewer,
            at=timezone.now(),
        )

    def get_success_url(self) -> str:
        return decision_url(self.object.decided.decision)
