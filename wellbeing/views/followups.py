"""跟进事项: what came out of talks, on its way to an end; the matter opens only on its own page."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin, Permissions
from wellbeing.choices.followups import FOLLOW_UP_COLOURS, FollowUpState
from wellbeing.choices.talks import HELD_STATES
from wellbeing.filters.talks import FollowUpFilter
from wellbeing.forms.others import FollowUpForm, OwnerForm, ResultForm
from wellbeing.models import FollowUp, Talk
from wellbeing.queries.people import people_around
from wellbeing.queries.talks import follow_up_list, talk_list
from wellbeing.services.followups import (
    close_follow_up,
    hand_over_follow_up,
    open_follow_up,
    read_follow_up,
    tell_back,
)
from wellbeing.views.records import unlogged
from wellbeing.views.talks import Crumbs, talk_crumbs, talk_url


def follow_up_url(row: FollowUp) -> str:
    return reverse("wellbeing:followup", args=[row.pk])


class FollowUpList(ListPage):
    """Owners need no talk permission: whoever was handed something finds it here."""

    title = "跟进事项"
    permission = None
    model = FollowUp
    filterset_class = FollowUpFilter
    noun = "跟进事项"
    counter = "项"
    main_filters = ("category", "state")
    empty_icon = "list-todo"
    empty_hint = "谈话定稿后，谈话人可以把诉求和困难交办给责任人，办到反馈本人为止。"
    export_permission = Permission.HOLD_TALK
    template_name = "wellbeing/list.html"
    default_sort = "due"
    sorts = (
        Sort("due", "办理时限", ("due_on",)),
        Sort("name", "姓名拼音", ("cadre__name_pinyin",)),
        Sort("category", "类别", ("category", "due_on")),
    )
    views = (
        SavedView("办理中", "state=open"),
        SavedView("我负责的", "mine=1&state=open"),
        SavedView("办结未反馈", "untold=1"),
        SavedView("全部", ""),
    )
    columns = (
        ListColumn("name", "干部", lambda f: f.cadre.name, sort="name", link=follow_up_url, css="nowrap"),
        ListColumn("category", "类别", lambda f: f.get_category_display(), sort="category", css="nowrap"),
        ListColumn("owner", "责任人", lambda f: str(f.owner), css="nowrap"),
        ListColumn(
            "due",
            "办理时限",
            lambda f: f.due_on,
            sort="due",
            template="wellbeing/cells/due.html",
            css="num nowrap",
        ),
        ListColumn(
            "state", "状态", lambda f: f.get_state_display(), template="wellbeing/cells/talk_state.html"
        ),
        ListColumn("told", "反馈本人", lambda f: "已反馈" if f.told_at else "", css="nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return follow_up_list(self.viewer)

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.colour = FOLLOW_UP_COLOURS[FollowUpState(row.state)]
            row.late = row.state == FollowUpState.OPEN and row.due_on < self.viewer.on
        return rows


class FollowUpMixin(ObjectMixin):
    permission: ClassVar[Permissions] = None
    model = FollowUp

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = FollowUp.objects.visible_to(self.viewer)
        return rows.select_related("cadre", "owner", "talk", "closed_by", "told_by")

    @property
    def is_subject(self) -> bool:
        return bool(self.viewer.cadre_id == self.object.cadre_id)

    @property
    def leads(self) -> bool:
        """Whether the viewer is the talker or the superior behind it."""
        named = (self.object.talk.talker_id, self.object.talk.superior_id)
        return self.viewer.user_id in named and self.viewer.can(Permission.HOLD_TALK) and not self.is_subject

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        mine = ("跟进事项", follow_up_url(self.object))
        return talk_crumbs(("跟进事项", reverse("wellbeing:followups")), mine, (here, ""))

    def get_success_url(self) -> str:
        return follow_up_url(self.object)


class FollowUpPage(FollowUpMixin, DetailPage):
    template_name = "wellbeing/followup.html"
    title = "跟进事项"

    def get_crumbs(self) -> Crumbs:
        return talk_crumbs(("跟进事项", reverse("wellbeing:followups")), (self.object.cadre.name, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, viewer = self.object, self.viewer
        owns = row.owner_id == viewer.user_id and not self.is_subject
        is_open = row.state == FollowUpState.OPEN
        return super().get_context_data(
            texts=read_follow_up(viewer=viewer, row=row),
            colour=FOLLOW_UP_COLOURS[FollowUpState(row.state)],
            is_subject=self.is_subject,
            may_close=owns and is_open,
            may_tell=(owns or row.talk.talker_id == viewer.user_id) and not is_open and not row.told_at,
            may_hand_over=self.leads and is_open,
            sees_talk=self.leads,
            **kwargs,
        )


@unlogged
class NewFollowUp(FormPage):
    permission: ClassVar[Permissions] = Permission.HOLD_TALK
    title = "交办跟进事项"
    form_class = FollowUpForm
    submit_label = "交办"
    success_message = "已交办，责任人会收到提醒。"

    @cached_property
    def talk(self) -> Talk:
        rows = talk_list(self.viewer).filter(state__in=HELD_STATES)
        mine = rows.filter(talker_id=self.viewer.user_id) | rows.filter(superior_id=self.viewer.user_id)
        found = mine.exclude(cadre_id=self.viewer.cadre_id or 0).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_crumbs(self) -> Crumbs:
        return talk_crumbs((self.talk.cadre.name, talk_url(self.talk)), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "users": people_around(self.talk.cadre_id, on=self.viewer.on)}

    def act(self, form: FollowUpForm) -> FollowUp:
        return open_follow_up(talk=self.talk, **form.cleaned_data, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return talk_url(self.talk)


@unlogged
class CloseFollowUp(FollowUpMixin, FormPage):
    title = "登记办理结果"
    form_class = ResultForm
    submit_label = "登记"
    success_message = "已登记。请把结果当面反馈本人，再点“已反馈本人”。"

    def get_queryset(self) -> QuerySet[Any]:
        mine = super().get_queryset().filter(owner_id=self.viewer.user_id, state=FollowUpState.OPEN)
        return mine.exclude(cadre_id=self.viewer.cadre_id or 0)

    def act(self, form: ResultForm) -> None:
        close_follow_up(
            row=self.object,
            solved=form.cleaned_data["solved"] == "1",
            result=form.cleaned_data["result"],
            by=self.viewer,
            at=timezone.now(),
            on=self.viewer.on,
        )


class TellBack(FollowUpMixin, ConfirmPage):
    title = "反馈本人"
    submit_label = "已反馈本人"
    dangerous = False
    success_message = "已登记反馈。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().exclude(state=FollowUpState.OPEN).filter(told_at__isnull=True)
        mine = rows.filter(owner_id=self.viewer.user_id) | rows.filter(talk__talker_id=self.viewer.user_id)
        return mine.exclude(cadre_id=self.viewer.cadre_id or 0)

    def get_question(self) -> str:
        return f"已把结果告诉{self.object.cadre.name}？"

    def get_consequence(self) -> str:
        return "登记后本人在“我的谈话”里能看到办理结果。"

    def act(self, form: Any) -> None:
        tell_back(row=self.object, by=self.viewer, at=timezone.now(), on=self.viewer.on)


class HandOver(FollowUpMixin, FormPage):
    permission: ClassVar[Permissions] = Permission.HOLD_TALK
    title = "改派责任人"
    form_class = OwnerForm
    submit_label = "改派"
    success_message = "已改派。原责任人不再能看到这一项。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().filter(state=FollowUpState.OPEN)
        user = self.viewer.user_id
        mine = rows.filter(talk__talker_id=user) | rows.filter(talk__superior_id=user)
        return mine.exclude(cadre_id=self.viewer.cadre_id or 0)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "users": people_around(self.object.cadre_id, on=self.viewer.on)}

    def act(self, form: OwnerForm) -> None:
        hand_over_follow_up(
            row=self.object, owner=form.cleaned_data["owner"], by=self.viewer, on=self.viewer.on
        )
