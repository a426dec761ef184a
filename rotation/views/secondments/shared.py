"""What the pages of secondments share: ways back, rights, lights, the acts that a state allows."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.access import Permission, Viewer
from core.web.views import FormPage, ObjectMixin, Permissions
from rotation.choices.secondments import SecondmentState
from rotation.models import Secondment
from rotation.secondment_states import LIVE
from rotation.services.secondments import Hop

Crumbs = Sequence[tuple[str, str]]
SEES, EDITS = Permission.VIEW_SECONDMENT, Permission.EDIT_SECONDMENT
APPROVES, REVIEWS = Permission.APPROVE_SECONDMENT, Permission.REVIEW_SECONDMENT
S = SecondmentState
LIGHTS = {
    S.RECOMMENDED: "yellow",
    S.APPROVED: "blue",
    S.DISPATCHED: "blue",
    S.ACTIVE: "green",
    S.EXTENDED: "green",
    S.ENDED: "yellow",
    S.APPRAISED: "yellow",
}


def light_of(row: Secondment, on: date) -> str:
    """Red where it has run past its planned end."""
    if row.state in LIVE and row.planned_end_on < on:
        return "red"
    return LIGHTS.get(SecondmentState(row.state), "grey")


def crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("挂职锻炼", reverse("rotation:secondments")), *more]


def secondment_url(row: Secondment) -> str:
    return reverse("rotation:secondment", args=[row.pk])


def with_names(rows: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.select_related("cadre", "host_unit", "plan", "appointment")
    return found


def may(viewer: Viewer, row: Secondment, permission: Permission) -> bool:
    """Whether the viewer may act on this one as staff; never on the own case."""
    if viewer.cadre_id is not None and viewer.cadre_id == row.cadre_id:
        return False
    if not viewer.paths(permission):
        return False
    return Secondment.objects.visible_to(viewer, permission).filter(pk=row.pk).exists()


def with_rights(rows: QuerySet[Any], viewer: Viewer, *permissions: Permission) -> QuerySet[Any]:
    """Rows with what `may` says of each permission, as part of their query: read it with `has`."""
    own = Q(cadre=viewer.cadre_id or 0)
    for permission in permissions:
        reached = Secondment.objects.visible_to(viewer, permission).filter(pk=OuterRef("pk"))
        held = Exists(reached) & ~own if viewer.paths(permission) else Q(pk__in=())
        rows = rows.annotate(**{_right(permission): ExpressionWrapper(held, BooleanField())})
    return rows


def _right(permission: Permission) -> str:
    return f"may_{permission.value}".replace(".", "_")


def has(row: Secondment, permission: Permission) -> bool:
    return bool(getattr(row, _right(permission)))


class OfSecondment(ObjectMixin, FormPage):
    """A form about one secondment of somebody else."""

    permission: ClassVar[Permissions] = EDITS
    reach: ClassVar[Permission] = EDITS
    states: ClassVar[Sequence[SecondmentState]] = tuple(SecondmentState)
    model = Secondment
    template_name = "rotation/secondments/act.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Secondment.objects.visible_to(self.viewer, self.reach)
        return with_names(rows.exclude(cadre_id=self.viewer.cadre_id or 0))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.may(self.permission) or self.object.state not in self.states:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> str:
        return f"{self.title}：{self.object.cadre.name}"

    def hop(self, reason: str = "", on: date | None = None) -> Hop:
        return Hop(self.viewer, timezone.now(), on or self.viewer.on, reason)

    def get_crumbs(self) -> Crumbs:
        row = self.object
        return crumbs((row.cadre.name, secondment_url(row)), (self.get_title(), ""))

    def get_success_url(self) -> str:
        return secondment_url(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)
