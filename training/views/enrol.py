"""报名参训: what is open to me, where I stand, and my classes. Made for the phone."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.web.views import ConfirmPage, FramePage, ObjectMixin
from training.choices import EnrolmentWay, ParticipationState
from training.class_states import BEFORE_START
from training.enrolment import LIGHTS
from training.models import Participation, TrainingClass
from training.queries.clashes import clashes_of_class
from training.queries.enrolment import (
    certificates_of,
    coming_parts,
    offer_of,
    offers_for,
    own_parts,
    queue_places,
)
from training.services.enrolment import apply_for, withdraw_own

RECENT = 10


class EnrolPage(FramePage):
    title = "报名参训"
    permission = Permission.SIGN_UP
    template_name = "training/enrol/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offers, coming = offers_for(self.viewer, timezone.now()), coming_parts(self.viewer)
        places = queue_places(coming)
        ended = own_parts(self.viewer).filter(
            state__in=(ParticipationState.COMPLETED, ParticipationState.NOT_COMPLETED)
        )
        past = list(ended.order_by("-training_class__ends_on", "-pk")[:RECENT])
        papers = certificates_of(past)
        return super().get_context_data(
            offers=[offer for offer in offers if offer.may_apply],
            coming=[
                (row, LIGHTS[row.state], places.get(row.pk, 0), row.training_class.state in BEFORE_START)
                for row in coming
            ],
            past=[(row, LIGHTS[row.state], papers.get(row.pk)) for row in past],
            **kwargs,
        )


class Apply(ObjectMixin, ConfirmPage):
    """The second tap: what one applies for, and what stands against it."""

    permission = Permission.SIGN_UP
    model = TrainingClass
    title = "报名"
    template_name = "training/enrol/apply.html"
    dangerous = False

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("首页", reverse("home")), ("报名参训", reverse("training:enrol")), (self.object.name, "")]

    @cached_property
    def clashes(self) -> Any:
        return clashes_of_class(self.object, on=self.viewer.on, cadre_ids=[self.viewer.cadre_id or 0])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(
            object=self.object,
            offer=offer_of(self.object, self.viewer),
            clashes=[row.clash.engagement for row in self.clashes.clashes],
            slots=list(self.object.slots.filter(cancelled_at__isnull=True)),
            **kwargs,
        )
        waits = self.object.is_full and self.object.enrolment_way == EnrolmentWay.OPEN
        return {**found, "submit_label": "确认候补" if waits else "确认报名"}

    def act(self, form: Any) -> Participation:
        return apply_for(training_class=self.object, by=self.viewer, at=timezone.now())

    def get_success_message(self) -> str:
        row = self.result
        if row.state == ParticipationState.WAITING:
            place = queue_places([row]).get(row.pk, 0)
            return f"名额已满，您排在候补第 {place} 位，有名额空出会自动递补并通知您。"
        return "报名成功，请按时参加。" if row.state == ParticipationState.CONFIRMED else "已报名，等待审批。"

    def get_success_url(self) -> str:
        return reverse("training:enrol")


class WithdrawOwn(ObjectMixin, ConfirmPage):
    permission = Permission.SIGN_UP
    model = Participation
    title = "退出报名"
    submit_label = "退出"
    keep_label = "不退出"
    success_message = "已退出，空出的名额留给候补的同志。"

    def get_queryset(self) -> QuerySet[Any]:
        return own_parts(self.viewer)

    def get_question(self) -> str:
        return f"退出“{self.object.training_class}”？"

    def get_consequence(self) -> str:
        return "名额随即由候补的人递补；报名截止以前可以重新报名，但要重新排队。"

    def act(self, form: Any) -> Any:
        return withdraw_own(participation=self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("training:enrol")
