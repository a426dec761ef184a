"""我的谈话: a cadre's own talks, times to take, a talk to ask for; and the times a talker offers."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from core.access import Permission
from core.errors import DomainError
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FormPage, FramePage, ListPage, ObjectMixin, Permissions
from people.contracts import engagements_of
from wellbeing.choices.talks import STATE_COLOURS, TalkState
from wellbeing.filters.talks import SlotFilter
from wellbeing.forms.talks import RequestForm, SlotForm
from wellbeing.models import TalkSlot
from wellbeing.queries.slots import open_slots, talker_choices
from wellbeing.queries.talks import duty_list, follow_up_list, talk_list
from wellbeing.services.slots import book_slot, offer_slot, request_talk, withdraw_slot
from wellbeing.views.talks import Crumbs, talk_crumbs, talk_url

MOST_SLOTS = 30
TALK = "谈话"  # the kind of engagement that this very booking is


class MyTalks(FramePage):
    title = "我的谈话"
    permission: ClassVar[Permissions] = Permission.OWN_TALK
    template_name = "wellbeing/my_talks.html"

    def may(self, permission: Permissions) -> bool:
        return self.viewer.on_own_record(Permission.OWN_TALK)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cadre_id, on = self.viewer.cadre_id or 0, self.viewer.on
        talks = list(talk_list(self.viewer).filter(cadre_id=cadre_id))
        for talk in talks:
            talk.colour = STATE_COLOURS[TalkState(talk.state)]  # type: ignore[attr-defined]
        to_sign = [talk for talk in talks if talk.state == TalkState.SIGNING]
        return super().get_context_data(
            talks=talks,
            to_sign=to_sign,
            slots=list(open_slots(cadre_id, on=on, after=timezone.now())[:MOST_SLOTS]),
            requests=list(duty_list(self.viewer).filter(cadre_id=cadre_id).unmet()),  # type: ignore[attr-defined]
            follow_ups=list(follow_up_list(self.viewer).filter(cadre_id=cadre_id)),
            **kwargs,
        )


class RequestTalk(FormPage):
    title = "申请谈话"
    permission: ClassVar[Permissions] = Permission.OWN_TALK
    form_class = RequestForm
    submit_label = "申请谈话"
    success_message = "已申请。对方会收到提醒，约定时间后您会看到。"

    def may(self, permission: Permissions) -> bool:
        return self.viewer.on_own_record(Permission.OWN_TALK)

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), ("我的谈话", reverse("wellbeing:my_talks")), (self.title, "")]

    def get_form_kwargs(self) -> dict[str, Any]:
        people = talker_choices(self.viewer.cadre_id or 0, on=self.viewer.on)
        return {**super().get_form_kwargs(), "people": people}

    def act(self, form: RequestForm) -> None:
        request_talk(talker=form.cleaned_data["talker"], by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return reverse("wellbeing:my_talks")


class SlotList(ListPage):
    title = "谈话时段"
    permission = Permission.HOLD_TALK
    model = TalkSlot
    filterset_class = SlotFilter
    noun = "时段"
    counter = "个时段"
    main_filters = ("state",)
    acts_template = "wellbeing/slot_acts.html"
    empty_icon = "calendar-clock"
    empty_hint = "放出几个时段，您分管或所属部门的干部就可以自己预约。"
    export_permission = Permission.HOLD_TALK
    template_name = "wellbeing/list.html"
    default_sort = "-starts"
    sorts = (Sort("starts", "开始时间", ("starts_at",)),)
    views = (SavedView("全部", ""), SavedView("空闲", "state=free"), SavedView("已约", "state=taken"))
    columns = (
        ListColumn(
            "starts", "开始", lambda s: cn_time(s.starts_at), sort="starts", css="num nowrap", width=20
        ),
        ListColumn("ends", "结束", lambda s: cn_time(s.ends_at), css="num nowrap", width=20),
        ListColumn("place", "地点", lambda s: s.place, width=20),
        ListColumn("who", "预约人", lambda s: s.cadre.name if s.cadre else "", css="nowrap"),
        ListColumn("acts", "操作", lambda s: "", template="wellbeing/cells/slot.html", in_export=False),
    )

    def get_queryset(self) -> QuerySet[Any]:
        mine: QuerySet[Any] = TalkSlot.objects.visible_to(self.viewer).filter(talker_id=self.viewer.user_id)
        return mine.filter(withdrawn_at__isnull=True).select_related("cadre", "talk", "talker")


class OfferSlot(FormPage):
    title = "放出时段"
    permission: ClassVar[Permissions] = Permission.HOLD_TALK
    form_class = SlotForm
    submit_label = "放出时段"
    success_message = "已放出，可以接着再放一个。"

    def get_crumbs(self) -> Crumbs:
        return talk_crumbs(("谈话时段", reverse("wellbeing:slots")), (self.title, ""))

    def act(self, form: SlotForm) -> TalkSlot:
        return offer_slot(**form.cleaned_data, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("wellbeing:slot_new")

    def get_cancel_url(self) -> str:
        return reverse("wellbeing:slots")


class SlotMixin(ObjectMixin):
    model = TalkSlot

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = TalkSlot.objects.visible_to(self.viewer)
        return rows.select_related("talker")


class WithdrawSlot(SlotMixin, ConfirmPage):
    permission: ClassVar[Permissions] = Permission.HOLD_TALK
    title = "撤回时段"
    submit_label = "撤回时段"
    success_message = "已撤回。"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().free().filter(talker_id=self.viewer.user_id)  # type: ignore[attr-defined, no-any-return]

    def get_question(self) -> str:
        return f"撤回 {cn_time(self.object.starts_at)} 的时段？"

    def act(self, form: Any) -> None:
        withdraw_slot(slot=self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("wellbeing:slots")


class BookSlot(SlotMixin):
    """One press takes the slot; who comes second is told so."""

    permission: ClassVar[Permissions] = Permission.OWN_TALK
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            talk = book_slot(slot=self.object, by=self.viewer, at=timezone.now(), on=self.viewer.on)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse("wellbeing:my_talks"))
        words = f"已预约：{cn_time(self.object.starts_at)}，{self.object.talker}。"
        messages.success(request, words + self._clash())
        return HttpResponseRedirect(talk_url(talk))

    def _clash(self) -> str:
        """What else the cadre is expected at then; the cadre decides what gives way."""
        slot, cadre_id = self.object, self.viewer.cadre_id or 0
        found = engagements_of([cadre_id], starts_at=slot.starts_at, ends_at=slot.ends_at)
        others = [f"{e.kind}“{e.title}”" for e in found if e.kind != TALK]
        return f"请注意，您这段时间还有{'、'.join(others)}。" if others else ""
