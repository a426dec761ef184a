"""The leaders' opinions: given with the own password, withdrawn; leave and order kept by who drafts."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property

from core.web.views import ConfirmPage, FormPage, ObjectMixin
from rotation.forms.room import AbsenceForm, OpinionForm, WrittenOpinionForm
from rotation.models import RotationPlan, Speaker
from rotation.queries.room.cases import Table, table_of
from rotation.services.room import opinions as services
from rotation.services.room.cases import mark_absent, move_speaker
from rotation.views.room.shared import EDITS, CaseMixin, Crumbs, HandlerMixin, crumbs, room_url


class OwnOpinion(CaseMixin):
    """Only for a leader who speaks in the case."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may(self.permission) or self.table.mine is None or self.table.mine.excluded:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def table(self) -> Table:
        return table_of(self.object, self.viewer)

    def get_success_url(self) -> str:
        return f"{room_url(self.object)}#sign"


class GiveOpinion(OwnOpinion, FormPage):
    title = "签批"
    template_name = "rotation/room/opinion.html"
    form_class = OpinionForm
    submit_label = "签批"
    success_message = "已签批，会议研究以前可以撤回。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"case": self.object}

    def act(self, form: OpinionForm) -> Any:
        return services.give_opinion(
            case=self.object,
            password=form.cleaned_data["password"],
            by=self.viewer,
            at=timezone.now(),
            **form.values(),
        )

    def get_crumbs(self) -> Crumbs:
        return self.case_crumbs(self.title)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, table=self.table, **kwargs)


class WithdrawOpinion(OwnOpinion, ConfirmPage):
    title = "撤回意见"
    submit_label = "撤回意见"
    success_message = "已撤回，请重新发表意见。"

    def get_consequence(self) -> str:
        return "您的意见将撤回，又轮到您发表意见；撤回的意见留有记录。"

    def act(self, form: Any) -> None:
        services.withdraw_opinion(case=self.object, by=self.viewer, at=timezone.now())

    def get_crumbs(self) -> Crumbs:
        return self.case_crumbs(self.title)


class SpeakerMixin(HandlerMixin, ObjectMixin):
    """A leader of a case, for whoever drafts the plan."""

    model = Speaker
    permission: ClassVar[Any] = EDITS

    def get_queryset(self) -> QuerySet[Any]:
        return Speaker.objects.visible_to(self.viewer).select_related("case__plan", "user")

    @property
    def plan_handled(self) -> RotationPlan:
        plan: RotationPlan = self.object.case.plan
        return plan

    def get_success_url(self) -> str:
        return f"{room_url(self.object.case)}#sign"

    def get_crumbs(self) -> Crumbs:
        case, title = self.object.case, getattr(self, "title", "")
        return crumbs((case.number, room_url(case)), (title, ""))


class MarkAbsent(SpeakerMixin, FormPage):
    title = "登记请假"
    form_class = AbsenceForm
    success_message = "已登记。"

    def get_title(self) -> str:
        return f"{self.title}：{self.object.user}"

    def get_initial(self) -> dict[str, Any]:
        return {"reason": self.object.absence}

    def act(self, form: AbsenceForm) -> None:
        mark_absent(speaker=self.object, reason=form.cleaned_data["reason"], by=self.viewer)


class WrittenOpinion(SpeakerMixin, FormPage):
    title = "登记书面意见"
    form_class = WrittenOpinionForm
    success_message = "已登记。书面意见不计入票数。"

    def get_title(self) -> str:
        return f"{self.title}：{self.object.user}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"case": self.object.case}

    def act(self, form: WrittenOpinionForm) -> Any:
        return services.register_written_opinion(
            speaker=self.object, by=self.viewer, at=timezone.now(), **form.values()
        )


class MoveSpeaker(SpeakerMixin):
    """One place up or down in the order of speaking."""

    def post(self, request: HttpRequest, pk: int, way: str) -> HttpResponse:
        if way not in ("up", "down"):
            raise Http404
        move_speaker(speaker=self.object, up=way == "up", by=self.viewer)
        return HttpResponseRedirect(self.get_success_url())
