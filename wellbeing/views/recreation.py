"""文体活动: the list, one activity with its list of people, signing up, and how often each took part."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.errors import DomainError
from core.keys import keys_of
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin, Permissions, PressMixin
from people.choices import CadreStatus
from people.contracts import engagements_of
from people.models import Cadre
from wellbeing.choices.recreation import ACTIVITY_COLOURS, COMING, SIGN_UP_COLOURS, ActivityState, SignUpState
from wellbeing.filters.care import ActivityFilter
from wellbeing.filters.talks import OfCadreFilter
from wellbeing.forms.care import ActivityForm
from wellbeing.models import Activity, ActivitySignUp
from wellbeing.queries.recreation import times_taken_part
from wellbeing.services.recreation import (
    arrange_activity,
    cancel_activity,
    change_activity,
    finish_activity,
    leave_activity,
    note_attendance,
    publish_activity,
    sign_up,
)
from wellbeing.views.care.common import Crumbs

ARRANGE, OWN = Permission.EDIT_CARE, Permission.OWN_WELLBEING
SEES = (ARRANGE, OWN)
HERE = "文体活动"  # the kind of engagement that this very sign-up is


def activity_url(row: Activity) -> str:
    return reverse("wellbeing:activity", args=[row.pk])


def activity_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("文体活动", reverse("wellbeing:activities")), *more]


class ActivityList(ListPage):
    title = "文体活动"
    permission = SEES
    model = Activity
    filterset_class = ActivityFilter
    noun = "活动"
    counter = "项"
    main_filters = ("kind", "state")
    acts_template = "wellbeing/activities/acts.html"
    empty_icon = "party-popper"
    empty_hint = "工会发布活动后在这里报名，名额满了可以候补。"
    export_permission = ARRANGE
    default_sort = "-starts"
    sorts = (Sort("starts", "开始时间", ("starts_at",)), Sort("title", "活动名称", ("title",)))
    views = (SavedView("全部", ""), SavedView("报名中", "state=open"), SavedView("已结束", "state=done"))
    columns = (
        ListColumn("title", "活动", lambda a: a.title, sort="title", link=activity_url, width=30),
        ListColumn("kind", "类别", lambda a: a.get_kind_display(), css="nowrap"),
        ListColumn(
            "starts", "开始时间", lambda a: cn_time(a.starts_at), sort="starts", css="num nowrap", width=20
        ),
        ListColumn("place", "地点", lambda a: a.place, width=20),
        ListColumn("seats", "报名", lambda a: _seats(a), css="num nowrap"),
        ListColumn("mine", "本人", lambda a: a.mine, css="nowrap", in_export=False),
        ListColumn(
            "state", "状态", lambda a: a.get_state_display(), template="wellbeing/cells/talk_state.html"
        ),
    )

    def may(self, permission: Permissions) -> bool:
        return bool(self.viewer.paths(ARRANGE)) or self.viewer.on_own_record(OWN)

    def decorate(self, rows: list[Any]) -> list[Any]:
        own = ActivitySignUp.objects.visible_to(self.viewer).filter(cadre_id=self.viewer.cadre_id or 0)
        mine = {row.activity_id: row for row in own.filter(activity__in=rows)}
        for row in rows:
            row.colour = ACTIVITY_COLOURS[ActivityState(row.state)]
            found = mine.get(row.pk)
            row.mine = found.get_state_display() if found and found.state != SignUpState.LEFT else ""
        return rows


def _seats(row: Activity) -> str:
    return f"{row.seats_taken} / {row.capacity}" if row.capacity is not None else f"{row.seats_taken} 人"


class ActivityMixin(ObjectMixin):
    permission: ClassVar[Permissions] = SEES
    model = Activity

    def may(self, permission: Permissions) -> bool:
        if permission == ARRANGE:
            return bool(self.viewer.paths(ARRANGE))
        return bool(self.viewer.paths(ARRANGE)) or self.viewer.on_own_record(OWN)

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return activity_crumbs((self.object.title, activity_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return activity_url(self.object)


class ActivityPage(ActivityMixin, DetailPage):
    template_name = "wellbeing/activities/activity.html"

    def get_crumbs(self) -> Crumbs:
        return activity_crumbs((self.object.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, viewer, now = self.object, self.viewer, timezone.now()
        rows = ActivitySignUp.objects.visible_to(viewer).filter(activity=row)
        shown: list[Any] = list(rows.exclude(state=SignUpState.LEFT).select_related("cadre"))
        for one in shown:
            one.colour = SIGN_UP_COLOURS[SignUpState(one.state)]
        mine = next((one for one in shown if one.cadre_id == viewer.cadre_id), None)
        window = row.state == ActivityState.OPEN and row.opens_at <= now < row.closes_at
        arranges = bool(viewer.paths(ARRANGE))
        return super().get_context_data(
            colour=ACTIVITY_COLOURS[ActivityState(row.state)],
            people=[one for one in shown if arranges and one.cadre_id != viewer.cadre_id] if arranges else [],
            mine=mine,
            may_sign_up=window and mine is None and viewer.on_own_record(OWN),
            may_leave=mine is not None and row.state in COMING and now < row.starts_at,
            arranges=arranges,
            may_publish=arranges and row.state == ActivityState.DRAFT,
            may_change=arranges and row.state in (ActivityState.DRAFT, *COMING),
            may_attend=arranges and row.state in (*COMING, ActivityState.DONE) and now >= row.starts_at,
            may_finish=arranges and row.state in COMING and now >= row.starts_at,
            **kwargs,
        )


class NewActivity(FormPage):
    title = "新建文体活动"
    permission: ClassVar[Permissions] = ARRANGE
    form_class = ActivityForm
    success_message = "已保存为草稿。核对后点“发布报名”。"

    def get_crumbs(self) -> Crumbs:
        return activity_crumbs((self.title, ""))

    def act(self, form: ActivityForm) -> Activity:
        return arrange_activity(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        made = getattr(self, "result", None)
        return activity_url(made) if made else reverse("wellbeing:activities")


class Arranged(ActivityMixin):
    """An act of those who arrange: for others it does not exist."""

    permission: ClassVar[Permissions] = ARRANGE
    states: ClassVar[tuple[ActivityState, ...]] = COMING

    @cached_property
    def object(self) -> Any:
        row = super().object
        if row.state not in self.states:
            raise Http404
        return row


class ChangeActivity(Arranged, FormPage):
    title = "修改活动"
    form_class = ActivityForm
    states = (ActivityState.DRAFT, *COMING)
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: ActivityForm) -> None:
        change_activity(activity=self.object, values=form.cleaned_data, by=self.viewer, at=timezone.now())


class PublishActivity(Arranged, ConfirmPage):
    title = "发布报名"
    submit_label = "发布报名"
    dangerous = False
    states = (ActivityState.DRAFT,)
    success_message = "已发布，全体干部会收到通知。"

    def get_question(self) -> str:
        return f"发布“{self.object.title}”并开始报名？"

    def get_consequence(self) -> str:
        return "全体在职干部会收到一条通知。"

    def act(self, form: Any) -> None:
        publish_activity(activity=self.object, by=self.viewer, at=timezone.now())


class CancelActivity(Arranged, ConfirmPage):
    title = "取消活动"
    submit_label = "取消活动"
    keep_label = "保留活动"
    states = (ActivityState.DRAFT, *COMING)
    success_message = "已取消，报名的人会收到通知。"

    def get_question(self) -> str:
        return f"取消“{self.object.title}”？"

    def get_consequence(self) -> str:
        return f"已报名的 {self.object.seats_taken} 人和候补的人都会收到通知，取消后不能恢复。"

    def act(self, form: Any) -> None:
        cancel_activity(activity=self.object, by=self.viewer, at=timezone.now())


class FinishActivity(Arranged, ConfirmPage):
    title = "结束活动"
    submit_label = "结束活动"
    dangerous = False
    success_message = "已结束。"

    def get_question(self) -> str:
        return f"结束“{self.object.title}”？"

    def get_consequence(self) -> str:
        return "结束后仍可补登到场情况。"

    def act(self, form: Any) -> None:
        finish_activity(activity=self.object, by=self.viewer, at=timezone.now())


class NoteAttendance(Arranged):
    """The ticked ones came."""

    http_method_names = ("post",)
    states = (*COMING, ActivityState.DONE)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        present = set(keys_of(request.POST.getlist("present")[:5000]))
        try:
            came = note_attendance(activity=self.object, present=present, by=self.viewer, at=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"已登记到场 {came} 人。")
        return HttpResponseRedirect(activity_url(self.object))


class OwnSeat(PressMixin, ActivityMixin):
    """One press of the cadre's own."""

    permission: ClassVar[Permissions] = OWN

    def may(self, permission: Permissions) -> bool:
        return self.viewer.on_own_record(OWN)

    def get_success_url(self) -> str:
        return activity_url(self.object)


class SignUp(OwnSeat):
    def act(self) -> str:
        row = sign_up(activity=self.object, by=self.viewer, at=timezone.now())
        if row.state == SignUpState.WAITING:
            return "名额已满，您已列入候补，有人退出时自动递补并通知您。"
        return f"报名成功：{cn_time(self.object.starts_at)}，{self.object.place}。{self._clash()}"

    def _clash(self) -> str:
        """What else the cadre is expected at then; the cadre decides what gives way."""
        row, cadre_id = self.object, self.viewer.cadre_id or 0
        found = engagements_of([cadre_id], starts_at=row.starts_at, ends_at=row.ends_at)
        others = [f"{e.kind}“{e.title}”" for e in found if e.kind != HERE]
        return f"请注意，您这段时间还有{'、'.join(others)}。" if others else ""


class Leave(OwnSeat):
    def act(self) -> str:
        leave_activity(activity=self.object, by=self.viewer, at=timezone.now())
        return "已退出，名额让给了候补的人。"


class TimesFilter(OfCadreFilter):
    class Meta:
        model = Cadre
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(name__icontains=value.strip())


class TimesList(ListPage):
    """How often each cadre took part this year."""

    title = "活动参加次数"
    permission = ARRANGE
    model = Cadre
    filterset_class = TimesFilter
    noun = "干部"
    counter = "人"
    empty_icon = "users"
    empty_hint = "登记干部后按人统计。"
    export_permission = ARRANGE
    default_sort = "unit"
    sorts = (Sort("unit", "部门", ("unit_path", "name_pinyin")), Sort("name", "姓名拼音", ("name_pinyin",)))
    columns = (
        ListColumn("name", "姓名", lambda c: c.name, sort="name", css="nowrap"),
        ListColumn("unit", "部门", lambda c: c.unit_name or "", sort="unit", width=24),
        ListColumn("times", "今年参加", lambda c: c.times, css="num right"),
    )

    def may(self, permission: Permissions) -> bool:
        return bool(self.viewer.paths(ARRANGE))

    def get_crumbs(self) -> Crumbs:
        return activity_crumbs((self.title, ""))

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = Cadre.objects.visible_to(self.viewer, ARRANGE).filter(status=CadreStatus.ACTIVE)
        found: QuerySet[Any] = rows.with_position(self.viewer.on)
        return found

    def decorate(self, rows: list[Any]) -> list[Any]:
        on = self.viewer.on
        times = times_taken_part([row.pk for row in rows], year=on.year, on=on)
        for row in rows:
            row.times = times.get(row.pk, 0)
        return rows
