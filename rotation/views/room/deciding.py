"""研究决定: the form of the meeting, and the decision as it is kept."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property

from core.files import file_response
from core.web.views import DetailPage, FormPage, ObjectMixin
from rotation.choices.plans import PlanState
from rotation.forms.room import DecideForm
from rotation.models import Case, DecidedMove, Decision, Objection
from rotation.plan_states import actions_from
from rotation.queries.room.effects import in_the_way, passed_moves
from rotation.queries.rules import thresholds_on
from rotation.services.room.deciding import decide, is_genuine
from rotation.thresholds import Thresholds
from rotation.views.room.room import steps_of
from rotation.views.room.shared import (
    SEES,
    Crumbs,
    PlanHandlerMixin,
    PlanMixin,
    crumbs,
    decision_url,
    handled,
)

BEFORE_EFFECT = (PlanState.DECIDED, PlanState.NOTICE)


class Decide(PlanHandlerMixin, FormPage):
    title = "登记会议决定"
    template_name = "rotation/room/decide.html"
    form_class = DecideForm
    submit_label = "登记决定"
    dangerous = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"plan": self.object, "rules": self.rules}

    @cached_property
    def rules(self) -> Thresholds:
        """Those of the day that the form begins with; what is entered is judged by the day of the meeting."""
        return thresholds_on(self.object.meeting_on or self.viewer.on)

    def get_initial(self) -> dict[str, Any]:
        return {"held_on": self.object.meeting_on or self.viewer.on}

    def act(self, form: DecideForm) -> Decision:
        return decide(
            plan=self.object,
            meeting=form.meeting(),
            rulings=form.rulings(),
            document_no=form.cleaned_data["document_no"],
            on_paper=form.cleaned_data["on_paper"],
            by=self.viewer,
            at=timezone.now(),
        )

    def get_crumbs(self) -> Crumbs:
        return self.plan_crumbs(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, rules=self.rules, **kwargs)

    def get_success_url(self) -> str:
        return decision_url(self.result) if hasattr(self, "result") else self.plan_url()


class Outcome(PlanMixin):
    """From a plan to its decision."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        decision = Decision.objects.visible_to(self.viewer).filter(plan=self.object).first()
        if decision is None:
            raise Http404
        return HttpResponseRedirect(decision_url(decision))


class DecisionMixin(ObjectMixin):
    model = Decision
    lookup = "uid"
    permission: ClassVar[Any] = SEES

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Decision.objects.visible_to(self.viewer)
        rows = rows.annotate(handled=handled(self.viewer, "plan"))
        return rows.select_related("plan", "decided_by", "minutes_file")


class DecisionPage(DecisionMixin, DetailPage):
    template_name = "rotation/room/decision.html"

    def get_title(self) -> str:
        return str(self.object.plan.title)

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.object.number, ""))

    @cached_property
    def moves(self) -> list[DecidedMove]:
        rows = DecidedMove.objects.visible_to(self.viewer).filter(decision=self.object)
        related = ("cadre", "file", "move__variant", "effect_line__effect")
        return list(rows.select_related(*related).order_by("cadre__name_stroke_key", "pk"))

    @cached_property
    def hindrances(self) -> list[str]:
        """Why it cannot take effect on its day; that the day is still to come is no hindrance."""
        plan = self.object.plan
        if plan.state not in BEFORE_EFFECT:
            return []
        return in_the_way(plan, passed_moves(plan), max(plan.effective_on, self.viewer.on))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan = self.object.plan
        return super().get_context_data(
            plan=plan,
            moves=self.moves,
            steps=steps_of(plan),
            cases=Case.objects.visible_to(self.viewer).filter(plan=plan),
            objections=Objection.objects.visible_to(self.viewer)
            .filter(decided__decision=self.object)
            .select_related("decided__cadre"),
            genuine=is_genuine(self.object),
            handles=self.object.handled,
            actions={action.value for action in actions_from(PlanState(plan.state))},
            can_take_effect=plan.effective_on <= self.viewer.on,
            hindrances=self.hindrances,
            present=[one for one in self.object.attendance if one["present"]],
            absent=[one for one in self.object.attendance if not one["present"]],
            **kwargs,
        )


class MinutesFile(DecisionMixin):
    def get(self, request: HttpRequest, uid: Any) -> HttpResponseBase:
        if self.object.minutes_file is None:
            raise Http404
        return file_response(self.object.minutes_file)
