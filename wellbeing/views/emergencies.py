"""紧急调阅: asked for, decided by a second person, read for thirty minutes, reviewed."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin, Permissions
from people.models import Cadre
from wellbeing.choices.talks import GlassState, Right
from wellbeing.filters.talks import EmergencyFilter
from wellbeing.forms.others import EmergencyForm, FindCadreForm, VerdictForm
from wellbeing.models import EmergencyAccess, Talk
from wellbeing.queries.emergencies import talks_to_ask_for
from wellbeing.queries.labels import content_label, mood_label
from wellbeing.services.door import open_talk
from wellbeing.services.emergencies import (
    ask_emergency_access,
    decide_emergency_access,
    review_emergency_access,
    stop_emergency_access,
)
from wellbeing.views.talks import Crumbs

CONCERNED = (
    Permission.BREAK_GLASS,
    Permission.APPROVE_BREAK_GLASS,
    Permission.REVIEW_BREAK_GLASS,
    Permission.MANAGE_GRANTS,
)
ANYONE = (*CONCERNED, Permission.HOLD_TALK)
GLASS_COLOURS = {
    GlassState.ASKED: "yellow",
    GlassState.OPEN: "red",
    GlassState.REFUSED: "grey",
    GlassState.STOPPED: "grey",
    GlassState.EXPIRED: "yellow",
    GlassState.REVIEWED: "green",
}


def emergency_url(asked: EmergencyAccess) -> str:
    return reverse("wellbeing:emergency", args=[asked.pk])


def crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("紧急调阅", reverse("wellbeing:emergencies")), *more]


class EmergencyList(ListPage):
    title = "紧急调阅"
    permission = CONCERNED
    model = EmergencyAccess
    filterset_class = EmergencyFilter
    noun = "紧急调阅"
    counter = "次"
    main_filters = ("state",)
    acts_template = "wellbeing/emergency_acts.html"
    empty_icon = "shield-alert"
    empty_hint = "主要领导确有紧急需要时申请，须另一位班子成员或纪检专员批准，30 分钟内只读。"
    default_sort = "-asked"
    sorts = (Sort("asked", "申请时间", ("asked_at",)),)
    views = (
        SavedView("全部", ""),
        SavedView("待审批", "state=asked"),
        SavedView("有效期内", "state=open"),
        SavedView("待复核", "state=expired"),
    )
    columns = (
        ListColumn(
            "asked", "申请时间", lambda e: cn_time(e.asked_at), sort="asked", link=emergency_url, css="num"
        ),
        ListColumn("by", "申请人", lambda e: str(e.asked_by), css="nowrap"),
        ListColumn("category", "缘由", lambda e: e.get_category_display(), css="nowrap"),
        ListColumn("decider", "审批人", lambda e: str(e.decided_by or ""), css="nowrap"),
        ListColumn("openings", "打开次数", lambda e: e.openings, css="num right"),
        ListColumn(
            "state", "状态", lambda e: e.get_state_display(), template="wellbeing/cells/talk_state.html"
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("asked_by", "decided_by").defer("reason")

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.colour = GLASS_COLOURS[GlassState(row.state)]
        return rows


class EmergencyMixin(ObjectMixin):
    permission: ClassVar[Permissions] = ANYONE
    model = EmergencyAccess

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        return rows.select_related("talk__cadre", "talk__talker", "asked_by", "decided_by", "reviewed_by")

    @property
    def sees_whose(self) -> bool:
        """Administrators learn that a talk was read, not whose it is."""
        return not (self.may(Permission.REVIEW_BREAK_GLASS) or self.may(Permission.MANAGE_GRANTS))

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return crumbs(("申请", emergency_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return emergency_url(self.object)


class EmergencyPage(EmergencyMixin, DetailPage):
    title = "紧急调阅申请"
    template_name = "wellbeing/emergency.html"

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, viewer = self.object, self.viewer
        mine = asked.asked_by_id == viewer.user_id
        running = asked.state == GlassState.OPEN and asked.expires_at > timezone.now()
        over = asked.state not in (GlassState.ASKED, GlassState.REVIEWED) and not running
        return super().get_context_data(
            colour=GLASS_COLOURS[GlassState(asked.state)],
            sees_whose=self.sees_whose,
            sees_reason=mine or any(self.may(p) for p in CONCERNED),
            may_read=mine and running,
            may_decide=asked.state == GlassState.ASKED
            and not mine
            and viewer.can(Permission.APPROVE_BREAK_GLASS),
            may_stop=(running or asked.state == GlassState.ASKED) and viewer.can(Permission.MANAGE_GRANTS),
            may_review=over and viewer.can(Permission.REVIEW_BREAK_GLASS),
            **kwargs,
        )


class AskEmergency(FormPage):
    """Two steps on one address: whose talk, then which one and why."""

    permission: ClassVar[Permissions] = Permission.BREAK_GLASS
    title = "申请紧急调阅"
    template_name = "wellbeing/emergency_ask.html"

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        return "提交申请" if self.talk else "查找谈话"

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))

    @property
    def cadres(self) -> QuerySet[Cadre]:
        seen = Cadre.objects.visible_to(self.viewer, Permission.BREAK_GLASS)
        return seen.exclude(pk=self.viewer.cadre_id or 0)

    @cached_property
    def talk(self) -> Talk | None:
        wanted = self.request.GET.get("talk", "")
        if not wanted.isdecimal() or len(wanted) > 18:
            return None
        found = talks_to_ask_for(self.cadres).filter(pk=int(wanted)).first()
        if found is None:
            raise Http404
        return found

    def get_form_class(self) -> Any:
        return EmergencyForm if self.talk else FindCadreForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return kwargs if self.talk else {**kwargs, "cadres": self.cadres}

    def form_valid(self, form: Any) -> Any:
        if self.talk is None:
            found = list(talks_to_ask_for(self.cadres).filter(cadre=form.cleaned_data["cadre"]))
            context = self.get_context_data(form=form, found=found, looked=True)
            return self.render_to_response(context)
        return super().form_valid(form)

    def act(self, form: Any) -> EmergencyAccess:
        assert self.talk is not None
        return ask_emergency_access(
            talk=self.talk, **form.cleaned_data, by=self.viewer, at=timezone.now(), on=self.viewer.on
        )

    def get_success_url(self) -> str:
        return emergency_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("wellbeing:emergencies")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("found", [])
        return super().get_context_data(talk=self.talk, **kwargs)


class DecideEmergency(EmergencyMixin, ConfirmPage):
    permission: ClassVar[Permissions] = Permission.APPROVE_BREAK_GLASS
    approve: bool = True
    template_name = "wellbeing/emergency_decide.html"

    def get_queryset(self) -> QuerySet[Any]:
        waiting = super().get_queryset().filter(state=GlassState.ASKED)
        return waiting.exclude(asked_by_id=self.viewer.user_id)

    def get_title(self) -> str:
        return "批准紧急调阅" if self.approve else "不批准紧急调阅"

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        return "批准，30 分钟有效" if self.approve else "不批准"

    def get_question(self) -> str:
        words = "批准" if self.approve else "不批准"
        return f"{words}{self.object.asked_by}调阅与{self.object.talk.cadre.name}的谈话内容？"

    def get_consequence(self) -> str:
        if not self.approve:
            return "申请人会收到通知。"
        return "批准后 30 分钟内只读；谈话人、指定上级、安全管理员和安全审计员立即收到通知，事后复核。"

    def act(self, form: Any) -> None:
        decide_emergency_access(
            asked=self.object, approve=self.approve, by=self.viewer, at=timezone.now(), on=self.viewer.on
        )


class StopEmergency(EmergencyMixin, ConfirmPage):
    permission: ClassVar[Permissions] = Permission.MANAGE_GRANTS
    title = "中止紧急调阅"
    submit_label = "立即中止"
    success_message = "已中止。"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(state__in=[GlassState.ASKED, GlassState.OPEN])

    def get_question(self) -> str:
        return "立即中止这次紧急调阅？"

    def act(self, form: Any) -> None:
        stop_emergency_access(asked=self.object, by=self.viewer, at=timezone.now(), on=self.viewer.on)


class ReviewEmergency(EmergencyMixin, FormPage):
    permission: ClassVar[Permissions] = Permission.REVIEW_BREAK_GLASS
    title = "复核紧急调阅"
    form_class = VerdictForm
    submit_label = "登记复核结论"
    success_message = "已复核。"

    def act(self, form: VerdictForm) -> None:
        review_emergency_access(
            asked=self.object, verdict=form.cleaned_data["verdict"], by=self.viewer, at=timezone.now()
        )


class ReadEmergency(EmergencyMixin, DetailPage):
    """The content under a watermark of reader and time; each opening is counted and in the audit log."""

    permission: ClassVar[Permissions] = Permission.BREAK_GLASS
    template_name = "wellbeing/emergency_read.html"
    title = "紧急调阅（只读）"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(asked_by_id=self.viewer.user_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        try:
            opened = open_talk(viewer=self.viewer, talk=self.object.talk, at=now)
        except Talk.DoesNotExist:
            raise Http404 from None
        if opened.right != Right.EMERGENCY:
            raise Http404
        texts = {**opened.texts, "mood": mood_label(opened.texts["mood"])}
        return super().get_context_data(
            opened=opened,
            texts=[(content_label(name), text) for name, text in texts.items() if text],
            mark=f"{self.viewer.name} {timezone.localtime(now):%Y-%m-%d %H:%M}",
            marks=range(60),
            **kwargs,
        )
