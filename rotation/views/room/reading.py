"""阅档授权 of a case: who may read until when, what they have opened; and what changed since."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.web.views import ConfirmPage, DetailPage, FormPage, ObjectMixin
from growth.diff import Difference
from growth.models import GrowthFile
from growth.verification import changes_since
from rotation.forms.room import GrantForm
from rotation.models import CaseFile, ReadingGrant, RotationPlan
from rotation.queries.room.reading import readings_for
from rotation.services.room.reading import grant_reading, revoke_reading
from rotation.views.room.shared import (
    CaseHandlerMixin,
    CaseMixin,
    Crumbs,
    HandlerMixin,
    crumbs,
    handles,
    room_url,
)

LATEST = 100


class GrantsPage(CaseHandlerMixin, DetailPage):
    """Permits and every opening, for whoever handles the case."""

    title = "阅档授权"
    template_name = "rotation/room/grants.html"

    def get_crumbs(self) -> Crumbs:
        return self.case_crumbs(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grants = ReadingGrant.objects.visible_to(self.viewer).filter(case=self.object)
        return super().get_context_data(
            grants=grants.select_related("reader", "granted_by", "revoked_by"),
            readings=readings_for(self.object)[:LATEST],
            today=self.viewer.on,
            **kwargs,
        )


class NewGrant(CaseHandlerMixin, FormPage):
    title = "授权阅档"
    form_class = GrantForm
    submit_label = "授权"
    success_message = "已授权，并通知了阅档人。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"case": self.object}

    def act(self, form: GrantForm) -> Any:
        return grant_reading(case=self.object, by=self.viewer, at=timezone.now(), **form.cleaned_data)

    def get_crumbs(self) -> Crumbs:
        return self.case_crumbs(self.title)

    def get_success_url(self) -> str:
        return reverse("rotation:grants", args=[self.object.uid])


class RevokeGrant(HandlerMixin, ObjectMixin, ConfirmPage):
    title = "收回阅档授权"
    submit_label = "收回授权"
    success_message = "已收回，立即生效。"
    model = ReadingGrant
    lookup = "uid"

    def get_queryset(self) -> Any:
        return ReadingGrant.objects.visible_to(self.viewer).select_related("case__plan", "reader")

    @property
    def plan_handled(self) -> RotationPlan:
        plan: RotationPlan = self.object.case.plan
        return plan

    def get_consequence(self) -> str:
        return f"{self.object.reader}将不能再打开本议题的成长档案，已经打开的下一页也看不到。"

    def act(self, form: Any) -> None:
        revoke_reading(grant=self.object, by=self.viewer, at=timezone.now())

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.object.case.number, room_url(self.object.case)), (self.title, ""))

    def get_success_url(self) -> str:
        return room_url(self.object.case)


class ChangesPage(CaseMixin, DetailPage):
    """此后有何变化: what the file of one candidate would say differently today, line by line."""

    title = "此后有何变化"
    template_name = "rotation/room/changes.html"

    @cached_property
    def shown(self) -> CaseFile:
        rows = (
            CaseFile.objects.visible_to(self.viewer).filter(case=self.object).select_related("file", "cadre")
        )
        found: CaseFile = get_object_or_404(rows, cadre=self.kwargs["cadre"])
        readable = GrowthFile.objects.visible_to(self.viewer).filter(pk=found.file_id).exists()
        if not readable and not handles(self.object.plan, self.viewer):
            raise Http404
        return found

    @cached_property
    def changes(self) -> Sequence[Difference]:
        return changes_since(self.shown.file, on=self.viewer.on, by=self.viewer)

    def get_title(self) -> str:
        return f"{self.shown.cadre}：{self.title}"

    def get_crumbs(self) -> Crumbs:
        return self.case_crumbs(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(shown=self.shown, changes=self.changes, **kwargs)
