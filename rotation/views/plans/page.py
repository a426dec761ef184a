"""The page of a plan: its variants, who knows of it, what was said, what happened; and variants compared."""

from typing import Any

from django.utils.functional import cached_property

from core.web.views import DetailPage
from rotation.choices.decisions import DECIDED_STATES
from rotation.choices.plans import CaseDuty, PlanState
from rotation.models import ConsultOpinion, PlanMember, PlanStep, RotationPlan, Variant
from rotation.plan_states import PlanAction, actions_from
from rotation.queries.plans import Side, side_by_side, sides_of, variants_of
from rotation.views.plans.shared import PlanMixin, crumbs, duty_of

STEPS = (
    ("草案", (PlanState.DRAFT,)),
    ("预审", (PlanState.PRECHECK,)),
    ("征求意见", (PlanState.OPINIONS,)),
    ("上会", (PlanState.MEETING,)),
    ("决定", (PlanState.DECIDED,)),
    ("公示", (PlanState.NOTICE,)),
    ("生效", (PlanState.EFFECTIVE,)),
    ("交接回访", (PlanState.HANDOVER, PlanState.CLOSED)),
)
# Steps taken on these pages; the later ones belong to the decision room.
HERE = (
    PlanAction.SUBMIT,
    PlanAction.PASS,
    PlanAction.RETURN,
    PlanAction.TO_MEETING,
    PlanAction.CANCEL,
)
MAIN = (PlanAction.SUBMIT, PlanAction.PASS, PlanAction.TO_MEETING)


def steps_of(state: str) -> list[tuple[int, str, str]]:
    """(number, words, state) as parts/steps.html draws them; none for a plan that was given up."""
    now = next((n for n, (_, states) in enumerate(STEPS) if state in states), -1)
    done = state == PlanState.CLOSED
    return [
        (n + 1, words, "done" if n < now or done else "now" if n == now else "")
        for n, (words, _) in enumerate(STEPS)
    ]


def acts_of(plan: RotationPlan, duty: str, drafts: bool) -> list[PlanAction]:
    """The steps that somebody may take next on these pages."""
    reviews = duty == CaseDuty.REVIEWER
    mine = {
        PlanAction.PASS: reviews,
        PlanAction.RETURN: drafts or (reviews and plan.state == PlanState.PRECHECK),
    }
    allowed = [action for action in actions_from(PlanState(plan.state)) if action in HERE]
    return [action for action in allowed if mine.get(action, drafts)]


class PlanPage(PlanMixin, DetailPage):
    template_name = "rotation/plan/plan.html"

    def get_title(self) -> str:
        return self.plan.title

    def get_crumbs(self) -> Any:
        return crumbs((self.plan.title, ""))

    @cached_property
    def duty(self) -> str:
        return duty_of(self.plan, self.viewer)

    @cached_property
    def opinions(self) -> list[ConsultOpinion]:
        rows = ConsultOpinion.objects.visible_to(self.viewer).filter(plan=self.plan).select_related("user")
        if self.duty == CaseDuty.CONSULTED:
            rows = rows.filter(user=self.viewer.user_id)  # what others say does not lead one's own opinion
        return list(rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = next((o for o in self.opinions if o.user_id == self.viewer.user_id and not o.given_at), None)
        members = PlanMember.objects.visible_to(self.viewer).filter(plan=self.plan)
        log = PlanStep.objects.visible_to(self.viewer).filter(plan=self.plan).select_related("by")
        return super().get_context_data(
            steps=steps_of(self.plan.state),
            acts=[(a, a in MAIN) for a in acts_of(self.plan, self.duty, self.drafts)],
            variants=list(variants_of(self.viewer, self.plan)),
            members=list(members.select_related("user")),
            opinions=self.opinions,
            my_opinion=mine if self.plan.state == PlanState.OPINIONS else None,
            log=list(log.order_by("-at", "-pk")),
            may_edit=self.may_edit,
            drafts=self.drafts,
            decided=self.plan.state in DECIDED_STATES,
            **kwargs,
        )


class ComparePage(PlanMixin, DetailPage):
    """Variants side by side; `diff=1` leaves out what all have in common."""

    template_name = "rotation/plan/compare.html"

    def get_title(self) -> str:
        return "并排比较"

    def get_crumbs(self) -> Any:
        return self.plan_crumbs(self.get_title())

    @cached_property
    def sides(self) -> list[Side]:
        variants = Variant.objects.visible_to(self.viewer).filter(plan=self.plan)
        return sides_of(self.plan, list(variants), on=self.viewer.on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = side_by_side(self.sides)
        only = self.request.GET.get("diff") == "1"
        shown = [row for row in rows if row.differs or not only]
        return super().get_context_data(
            may_check=duty_of(self.plan, self.viewer) != CaseDuty.CONSULTED,
            sides=self.sides,
            people=shown,
            only_different=only,
            alike=len(rows) - len(shown),
            **kwargs,
        )
