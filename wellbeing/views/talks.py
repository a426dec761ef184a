"""谈心谈话: the list, one talk, planning one, calling one off, naming the superior."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.templatetags.ui import cn_date, cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin, Permissions
from people.models import Cadre, User
from wellbeing.access import Seer, seers_of
from wellbeing.choices.talks import STATE_COLOURS, WRITABLE_STATES, Right, TalkState
from wellbeing.choices.triggers import DutyState
from wellbeing.filters.talks import TalkFilter
from wellbeing.forms.people import name_of
from wellbeing.forms.talks import HandOverForm, PlanForm, SuperiorForm
from wellbeing.models import Talk, TalkDuty
from wellbeing.queries.labels import content_label, mood_label
from wellbeing.queries.people import people_around, talk_holders
from wellbeing.queries.talks import follow_up_list, talk_list
from wellbeing.services.door import OpenTalk, open_talk
from wellbeing.services.handing_over import hand_over_talk
from wellbeing.services.talks import assign_superior, cancel_talk, plan_talk

Crumbs = Sequence[tuple[str, str]]
STAFF = (Permission.HOLD_TALK, Permission.PLAN_TALK)
ANYONE = (*STAFF, Permission.OWN_TALK)


def talk_url(talk: Talk) -> str:
    return reverse("wellbeing:talk", args=[talk.pk])


def talk_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("谈心谈话", reverse("wellbeing:talks")), *more]


def when(talk: Talk) -> str:
    """The day of the talk, or what it is planned for."""
    return cn_date(talk.held_on) or cn_time(talk.planned_from) or "未约定"


class TalkList(ListPage):
    title = "谈心谈话"
    permission = STAFF
    model = Talk
    filterset_class = TalkFilter
    noun = "谈话"
    counter = "次"
    main_filters = ("unit", "kind", "state")
    acts_template = "wellbeing/talk_acts.html"
    empty_icon = "messages-square"
    empty_hint = "从“应谈事项”里约谈，或者直接登记一次谈话。这里只列时间、人员和类型，不显示内容。"
    export_permission = Permission.PLAN_TALK
    default_sort = "-date"
    sorts = (
        Sort("date", "谈话日期", ("held_on", "planned_from")),
        Sort("name", "姓名拼音", ("cadre__name_pinyin",)),
        Sort("unit", "部门", ("unit__display_order", "unit__path")),
        Sort("state", "状态", ("state",)),
    )
    views = (
        SavedView("全部", ""),
        SavedView("我谈的", "mine=talker"),
        SavedView("待谈", "state=planned"),
        SavedView("草稿", "state=draft"),
        SavedView("待归档", "state=final"),
    )
    template_name = "wellbeing/list.html"
    columns = (
        ListColumn("name", "谈话对象", lambda t: t.cadre.name, sort="name", link=talk_url, css="nowrap"),
        ListColumn("unit", "当时部门", lambda t: t.unit.name if t.unit else "", sort="unit", width=20),
        ListColumn("kind", "类型", lambda t: t.get_kind_display(), css="nowrap"),
        ListColumn("reason", "事由", lambda t: t.get_reason_display(), width=18),
        ListColumn("talker", "谈话人", lambda t: str(t.talker), css="nowrap"),
        ListColumn("date", "时间", when, sort="date", css="num nowrap", width=20),
        ListColumn(
            "state",
            "状态",
            lambda t: t.get_state_display(),
            sort="state",
            template="wellbeing/cells/talk_state.html",
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return talk_list(self.viewer)

    def decorate(self, rows: list[Any]) -> list[Any]:
        for talk in rows:
            talk.colour = STATE_COLOURS[TalkState(talk.state)]
        return rows


class TalkMixin(ObjectMixin):
    """One talk that the viewer may know of; what was said is another matter."""

    permission: ClassVar[Permissions] = ANYONE
    model = Talk

    def get_queryset(self) -> QuerySet[Any]:
        return talk_list(self.viewer).select_related("cadre", "talker", "superior", "unit")

    @property
    def is_subject(self) -> bool:
        return bool(self.viewer.cadre_id == self.object.cadre_id)

    @property
    def is_talker(self) -> bool:
        return self.viewer.user_id == self.object.talker_id and not self.is_subject

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        if self.is_subject:
            return [("首页", reverse("home")), ("我的谈话", reverse("wellbeing:my_talks")), (here, "")]
        return talk_crumbs((self.object.cadre.name, talk_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return talk_url(self.object)


class TalkerMixin(TalkMixin):
    """Acts of the talker: for everybody else this page does not exist."""

    permission: ClassVar[Permissions] = Permission.HOLD_TALK

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(talker_id=self.viewer.user_id)


class TalkPage(TalkMixin, DetailPage):
    """Metadata for those who may know of the talk; the content only through the door."""

    def get_title(self) -> str:
        return f"{self.object.get_kind_display()}"

    def get_template_names(self) -> list[str]:
        return ["wellbeing/talk_own.html" if self.is_subject else "wellbeing/talk.html"]

    def get_crumbs(self) -> Crumbs:
        if self.is_subject:
            return super().get_crumbs()
        return talk_crumbs((self.object.cadre.name, ""))

    @cached_property
    def opened(self) -> OpenTalk | None:
        try:
            return open_talk(viewer=self.viewer, talk=self.object, at=timezone.now())
        except Talk.DoesNotExist:
            return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        opened = None if self.object.erased_at else self.opened
        involved = opened is not None and opened.right in (Right.TALKER, Right.SUPERIOR)
        return super().get_context_data(
            opened=opened,
            texts=_labelled(opened) if opened else [],
            colour=STATE_COLOURS[TalkState(self.object.state)],
            seers=self._seers() if involved else [],
            follow_ups=list(follow_up_list(self.viewer).filter(talk=self.object)),
            is_talker=self.is_talker,
            writable=self.is_talker and self.object.state in WRITABLE_STATES,
            may_cancel=not self.is_subject and self.object.state in WRITABLE_STATES,
            when=when(self.object),
            **kwargs,
        )

    def _seers(self) -> list[Seer]:
        return seers_of(self.object, on=self.viewer.on, at=timezone.now(), asking=self.viewer)


def _labelled(opened: OpenTalk) -> list[tuple[str, str, str]]:
    """(field, label, text) of what is there to read."""
    shown = {**opened.texts, "mood": mood_label(opened.texts.get("mood", ""))}
    return [(name, content_label(name), text) for name, text in shown.items() if text]


class PlanTalk(FormPage):
    """A talk is planned: from a duty, for a chosen cadre, or from scratch."""

    permission: ClassVar[Permissions] = STAFF
    title = "登记谈心谈话"
    submit_label = "保存"
    form_class = PlanForm

    def get_crumbs(self) -> Crumbs:
        return talk_crumbs((self.title, ""))

    @cached_property
    def duty(self) -> TalkDuty | None:
        wanted = self.request.GET.get("duty", "")
        if not wanted.isdecimal() or len(wanted) > 18:
            return None
        rows = TalkDuty.objects.visible_to(self.viewer).filter(state=DutyState.OPEN)
        found: TalkDuty | None = rows.filter(pk=int(wanted)).select_related("cadre", "talker").first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def cadre(self) -> Cadre | None:
        if self.duty is not None:
            owed: Cadre = self.duty.cadre
            return owed
        wanted = self.request.GET.get("cadre", "")
        if not wanted.isdecimal() or len(wanted) > 18:
            return None
        found: Cadre | None = self.cadres.filter(pk=int(wanted)).first()
        return found

    @property
    def cadres(self) -> Any:
        """Those in reach of the viewer's talks or plans."""
        seen = Cadre.objects.visible_to(self.viewer, Permission.HOLD_TALK)
        planned = Cadre.objects.visible_to(self.viewer, Permission.PLAN_TALK)
        return seen | planned

    @property
    def plans(self) -> bool:
        return bool(self.viewer.paths(Permission.PLAN_TALK))

    def get_form_kwargs(self) -> dict[str, Any]:
        on = self.viewer.on
        users = people_around(self.cadre.pk, on=on) if self.cadre else talk_holders(on=on)
        return {**super().get_form_kwargs(), "cadres": self.cadres, "users": users, "plans": self.plans}

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = {"talker": self.viewer.user_id}
        if self.cadre is not None:
            initial["cadre"] = name_of(self.cadre)
        if self.duty is not None:
            initial["reason"] = self.duty.code
            initial["talker"] = self.duty.talker_id or self.viewer.user_id
        return initial

    def act(self, form: PlanForm) -> Talk:
        talker = form.cleaned_data.get("talker") or self.own_account
        return plan_talk(
            cadre=form.cleaned_data["cadre"],
            talker=talker,
            values=form.values(),
            by=self.viewer,
            on=self.viewer.on,
            duty=self.duty,
        )

    @property
    def own_account(self) -> User:
        return self.request.user  # type: ignore[return-value]

    def get_success_url(self) -> str:
        name = "wellbeing:record" if self.result.talker_id == self.viewer.user_id else "wellbeing:talk"
        return reverse(name, args=[self.result.pk])

    def get_cancel_url(self) -> str:
        return reverse("wellbeing:talks")


class CancelTalk(TalkMixin, ConfirmPage):
    permission: ClassVar[Permissions] = STAFF
    title = "取消谈话"
    submit_label = "取消这次谈话"
    success_message = "已取消。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().filter(state__in=WRITABLE_STATES)
        return rows.exclude(cadre_id=self.viewer.cadre_id or 0)

    def get_question(self) -> str:
        return f"取消与{self.object.cadre.name}的谈话？"

    def get_consequence(self) -> str:
        return "已写的草稿和附件会删除，约定的时段放回，应谈事项恢复为待谈。取消后不能恢复。"

    def act(self, form: Any) -> None:
        cancel_talk(talk=self.object, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("wellbeing:talks")

    def get_cancel_url(self) -> str:
        return talk_url(self.object)


class ChangeSuperior(TalkerMixin, FormPage):
    title = "指定上级"
    form_class = SuperiorForm
    success_message = "已更换。原来指定的人不再能看到内容。"

    def get_form_kwargs(self) -> dict[str, Any]:
        users = people_around(self.object.cadre_id, on=self.viewer.on).exclude(pk=self.viewer.user_id)
        return {**super().get_form_kwargs(), "users": users}

    def get_initial(self) -> dict[str, Any]:
        return {"superior": self.object.superior_id}

    def act(self, form: SuperiorForm) -> None:
        assign_superior(talk=self.object, superior=form.cleaned_data["superior"], by=self.viewer)


class HandOverTalk(TalkerMixin, FormPage):
    title = "移交谈话"
    form_class = HandOverForm
    submit_label = "移交"
    success_message = "已移交，对方会收到提醒；您不再能打开这次谈话。"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(state__in=WRITABLE_STATES)

    def get_form_kwargs(self) -> dict[str, Any]:
        users = people_around(self.object.cadre_id, on=self.viewer.on).exclude(pk=self.viewer.user_id)
        return {**super().get_form_kwargs(), "users": users}

    def act(self, form: HandOverForm) -> None:
        hand_over_talk(
            talk=self.object, talker=form.cleaned_data["talker"], by=self.viewer, on=self.viewer.on
        )

    def get_success_url(self) -> str:
        return reverse("wellbeing:talks")

    def get_cancel_url(self) -> str:
        return talk_url(self.object)
