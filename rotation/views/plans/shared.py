"""What the pages of plans share: the way back, the plan and the variant a page is about, who may write."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission, Viewer
from core.errors import DomainError
from core.web.views import ObjectMixin
from rotation.choices.plans import CaseDuty, PlanState
from rotation.models import PlanMember, RotationPlan, Variant
from rotation.plan_states import EDITABLE

Crumbs = Sequence[tuple[str, str]]
SEES: tuple[Permission, ...] = (
    Permission.VIEW_ROTATION,
    Permission.REVIEW_SECONDMENT,  # heads of departments are asked for their opinion
)
EDITS = Permission.EDIT_ROTATION


def plan_url(plan: RotationPlan) -> str:
    return reverse("rotation:plan", args=[plan.pk])


def variant_url(variant: Variant) -> str:
    return reverse("rotation:variant", args=[variant.pk])


def crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("轮岗方案", reverse("rotation:plans")), *more]


def drafts(plan: RotationPlan, viewer: Viewer) -> bool:
    return RotationPlan.objects.visible_to(viewer).editable_by(viewer).filter(pk=plan.pk).exists()


def duty_of(plan: RotationPlan, viewer: Viewer) -> str:
    rows = PlanMember.objects.visible_to(viewer).filter(plan=plan, user=viewer.user_id)
    return str(rows.values_list("duty", flat=True).first() or "")


class PlanMixin(ObjectMixin):
    """A plan the viewer knows of."""

    model: ClassVar[Any] = RotationPlan
    permission: ClassVar[Any] = SEES

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = RotationPlan.objects.visible_to(self.viewer)
        return rows.select_related("chosen", "unit", "created_by")

    @property
    def plan(self) -> RotationPlan:
        plan: RotationPlan = self.object
        return plan

    @cached_property
    def drafts(self) -> bool:
        return drafts(self.plan, self.viewer)

    @property
    def may_edit(self) -> bool:
        return self.drafts and PlanState(self.plan.state) in EDITABLE

    def plan_crumbs(self, title: str) -> Crumbs:
        return crumbs((self.plan.title, plan_url(self.plan)), (title, ""))


class DrafterMixin(PlanMixin):
    """Pages that write: for whoever drafts the plan; the others do not learn that they exist."""

    permission: ClassVar[Any] = EDITS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may(self.permission) or not self.drafts:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class VariantMixin(PlanMixin):
    model: ClassVar[Any] = Variant

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Variant.objects.visible_to(self.viewer)
        return rows.select_related("plan__chosen", "plan__unit")

    @property
    def plan(self) -> RotationPlan:
        plan: RotationPlan = self.object.plan
        return plan

    def variant_crumbs(self, title: str) -> Crumbs:
        variant: Variant = self.object
        return crumbs(
            (self.plan.title, plan_url(self.plan)), (str(variant), variant_url(variant)), (title, "")
        )


class VariantDrafterMixin(VariantMixin, DrafterMixin):
    pass


class Act(ObjectMixin):
    """One POST that is one service call; back to the page it came from, refusals as a toast."""

    success_message: ClassVar[str] = ""

    def act(self) -> Any:
        raise NotImplementedError

    def get_success_url(self) -> str:
        raise NotImplementedError

    def answer(self, refused: str) -> HttpResponse:
        if not refused and self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect(self.get_success_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refused = ""
        try:
            self.act()
        except DomainError as refusal:
            refused = refusal.message
            messages.error(request, refused)
        return self.answer(refused)


DUTY_WORDS = dict(CaseDuty.choices)
