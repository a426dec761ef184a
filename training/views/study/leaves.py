"""请假 from study activities: asked for by the person on the phone, decided by whoever runs the activity."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FormPage, ListPage, ObjectMixin
from training.choices import ActivityState, AttendanceState, LeaveReason, LeaveState
from training.filters.study import StudyLeaveFilter
from training.forms.classes import LeaveDecisionForm
from training.forms.study import AskLeaveForm
from training.models import Attendance, StudyLeave
from training.models.study.leave import OPEN
from training.queries.study.leave import ACTIVITY, leaves_to_decide, leaves_to_decide_about
from training.services.study import ask_leave, decide_study_leave, withdraw_study_leave
from training.views.study.common import Crumbs, PlacesMixin, activity_url, now, study_crumbs

SLOT = "attendance__slot"
COLOURS = {
    LeaveState.REQUESTED: "yellow",
    LeaveState.GRANTED: "green",
    LeaveState.REFUSED: "red",
    LeaveState.WITHDRAWN: "grey",
}


def leave_url(leave: StudyLeave) -> str:
    return reverse("training:study_leave", args=[leave.pk])


class StudyLeaveList(PlacesMixin, ListPage):
    title = "学习请假"
    place = "study_leaves"
    template_name = "training/study/list.html"
    permission = Permission.EDIT_STUDY
    model = StudyLeave
    filterset_class = StudyLeaveFilter
    noun = "请假"
    counter = "条请假"
    main_filters = ("state",)
    empty_icon = "calendar-x"
    empty_hint = "干部在“我的学习活动”或首页“下一场”里请假，会列在这里等您审批；代人请假请在考勤表中登记。"
    export_permission = Permission.EDIT_STUDY
    default_sort = "-when"
    sorts = (
        Sort("when", "活动时间", (f"{SLOT}__starts_at",)),
        Sort("asked", "申请时间", ("requested_at",)),
        Sort("name", "姓名", ("attendance__cadre__name_pinyin",)),
    )
    views = (SavedView("全部", ""), SavedView("待批", "waiting=1"), SavedView("已准假", "state=granted"))
    columns = (
        ListColumn(
            "name", "姓名", lambda x: x.attendance.cadre.name, sort="name", link=leave_url, css="nowrap"
        ),
        ListColumn("unit", "时任部门", lambda x: str(x.attendance.unit or ""), width=20),
        ListColumn("activity", "活动", lambda x: x.attendance.slot.activity.title, width=32),
        ListColumn(
            "when", "时间", lambda x: cn_time(x.attendance.slot.starts_at), sort="when", css="num nowrap"
        ),
        ListColumn("reason", "事由", lambda x: x.get_reason_display(), css="nowrap"),
        ListColumn("note", "说明", lambda x: x.note, width=24),
        ListColumn(
            "state",
            "状态",
            lambda x: x.get_state_display(),
            css="nowrap",
            template="training/study/cells/leave.html",
        ),
        ListColumn("asked", "申请时间", lambda x: cn_time(x.requested_at), sort="asked", css="num nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = leaves_to_decide_about(self.viewer)
        return rows.select_related("attendance__cadre", "attendance__unit", ACTIVITY)


class AskLeave(ObjectMixin, FormPage):
    """From the own row of an activity ahead: a reason, one press."""

    permission: ClassVar = Permission.SIGN_UP
    model = Attendance
    form_class = AskLeaveForm
    title = "学习活动请假"
    template_name = "training/study/ask_leave.html"
    submit_label = "提交请假"
    success_message = "已提交请假，审批后通知您。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Attendance.objects.visible_to(self.viewer, Permission.SIGN_UP)
        ahead = rows.filter(
            cadre=self.viewer.cadre_id or 0,
            state=AttendanceState.EXPECTED,
            slot__activity__state=ActivityState.PLANNED,
            slot__starts_at__gt=now(),
        )
        asked = StudyLeave.objects.visible_to(self.viewer, Permission.SIGN_UP).filter(state__in=OPEN)
        return ahead.exclude(leaves__in=asked).select_related("cadre", "slot__activity__group__unit")

    def get_crumbs(self) -> Crumbs:
        return [
            ("首页", reverse("home")),
            ("我的学习活动", reverse("training:my_study")),
            (self.title, ""),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(slot=self.object.slot, **kwargs)

    def act(self, form: AskLeaveForm) -> StudyLeave:
        data = form.cleaned_data
        reason = LeaveReason(data["reason"])
        return ask_leave(attendance=self.object, reason=reason, note=data["note"], by=self.viewer, at=now())

    def get_success_url(self) -> str:
        return reverse("training:my_study")


class DecideStudyLeave(ObjectMixin, FormPage):
    """One request: what it is about, and the two answers."""

    permission: ClassVar = Permission.EDIT_STUDY
    model = StudyLeave
    form_class = LeaveDecisionForm
    template_name = "training/study/leave.html"
    submit_label = "提交审批"
    success_message = "已办理，并通知本人。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = leaves_to_decide_about(self.viewer)
        return rows.select_related(
            "attendance__cadre", "attendance__unit", f"{ACTIVITY}__group__unit", f"{ACTIVITY}__unit"
        )

    def get_title(self) -> str:
        return f"审批请假：{self.object.attendance.cadre.name}"

    def get_crumbs(self) -> Crumbs:
        return study_crumbs(("学习请假", reverse("training:study_leaves")), (self.get_title(), ""))

    @cached_property
    def is_waiting(self) -> bool:
        return leaves_to_decide(self.viewer).filter(pk=self.object.pk).exists()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        activity = self.object.attendance.slot.activity
        return super().get_context_data(
            leave=self.object,
            colour=COLOURS[LeaveState(self.object.state)],
            activity=activity,
            activity_url=activity_url(activity),
            waiting=self.is_waiting,
            **kwargs,
        )

    def act(self, form: LeaveDecisionForm) -> None:
        data = form.cleaned_data
        decide_study_leave(
            leave=self.object, granted=data["granted"], by=self.viewer, at=now(), answer=data["answer"]
        )

    def get_success_url(self) -> str:
        return reverse("training:study_leaves") + "?waiting=1"


class WithdrawStudyLeave(ObjectMixin, ConfirmPage):
    permission: ClassVar = Permission.SIGN_UP
    model = StudyLeave
    title = "撤回请假"
    submit_label = "撤回请假"
    keep_label = "保留请假"
    success_message = "已撤回请假，请按时参加。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = StudyLeave.objects.visible_to(self.viewer, Permission.SIGN_UP).filter(state__in=OPEN)
        own = rows.filter(attendance__cadre=self.viewer.cadre_id or 0)
        return own.select_related("attendance__cadre", ACTIVITY)

    def get_question(self) -> str:
        return f"撤回“{self.object.attendance.slot.activity}”的请假？"

    def get_consequence(self) -> str:
        return "撤回后您仍在应到名单中，请按时到场签到。"

    def act(self, form: Any) -> None:
        withdraw_study_leave(leave=self.object, by=self.viewer, at=now())

    def get_success_url(self) -> str:
        return reverse("training:my_study")
