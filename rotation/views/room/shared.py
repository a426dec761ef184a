"""What the pages of the decision room share: the way back, and the rows they are about."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.views import ObjectMixin, ViewerMixin
from rotation.choices.decisions import DECIDED_STATES
from rotation.models import Case, Decision, RotationPlan

Crumbs = Sequence[tuple[str, str]]
SEES = Permission.VIEW_ROTATION
EDITS = Permission.EDIT_ROTATION


def room_url(case: Case) -> str:
    return reverse("rotation:room", args=[case.uid])


def decision_url(decision: Decision) -> str:
    return reverse("rotation:decision", args=[decision.uid])


def crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("轮岗议题", reverse("rotation:cases")), *more]


class CaseMixin(ObjectMixin):
    """A case the viewer is in; nobody else learns that it exists."""

    model = Case
    lookup = "uid"
    permission: ClassVar[Any] = SEES

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Case.objects.visible_to(self.viewer)
        return rows.select_related("plan", "post__unit")

    def case_crumbs(self, title: str) -> Crumbs:
        return crumbs((self.object.number, room_url(self.object)), (title, ""))


class HandlerMixin(ViewerMixin):
    """Only whoever drafts the plan; to the others in the case the page does not exist."""

    permission: ClassVar[Any] = EDITS

    @property
    def plan_handled(self) -> RotationPlan:
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may(self.permission) or not self.handles:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def handles(self) -> bool:
        return handles(self.plan_handled, self.viewer)


def handles(plan: RotationPlan, viewer: Any) -> bool:
    return RotationPlan.objects.visible_to(viewer).editable_by(viewer).filter(pk=plan.pk).exists()


def handled(viewer: Any, path: str) -> Exists:
    """Whether the viewer drafts the plan to which `path` leads from the row asked for; part of its query."""
    return Exists(RotationPlan.objects.visible_to(viewer).editable_by(viewer).filter(pk=OuterRef(path)))


class CaseHandlerMixin(HandlerMixin, CaseMixin):
    permission: ClassVar[Any] = EDITS

    @property
    def plan_handled(self) -> RotationPlan:
        plan: RotationPlan = self.object.plan
        return plan


class PlanMixin(ObjectMixin):
    """A plan the viewer knows of."""

    model = RotationPlan
    permission: ClassVar[Any] = SEES

    def get_queryset(self) -> QuerySet[Any]:
        return RotationPlan.objects.visible_to(self.viewer).select_related("chosen", "unit")

    def plan_crumbs(self, title: str) -> Crumbs:
        return crumbs((self.object.title, self.plan_url()), (title, ""))

    def plan_url(self) -> str:
        """The decision where there is one, else the plan."""
        name = "outcome" if self.object.state in DECIDED_STATES else "plan"
        return reverse(f"rotation:{name}", args=[self.object.pk])


class PlanHandlerMixin(HandlerMixin, PlanMixin):
    permission: ClassVar[Any] = EDITS

    @property
    def plan_handled(self) -> RotationPlan:
        plan: RotationPlan = self.object
        return plan
