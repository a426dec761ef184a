"""补学: set by staff for those who missed an activity, written by the person, accepted by staff."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.files import file_response
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FormPage, ListPage, ObjectMixin, ViewerMixin
from training.choices import LeaveReason, MakeUpState
from training.filters.study import MakeUpFilter
from training.forms.study import MaterialForm, ReasonForm, RemarkForm
from training.models import Attendance, MakeUp
from training.queries.study import attendance_rows, figures_on
from training.services.study import (
    Material,
    accept_make_up,
    assign_make_up,
    return_make_up,
    withdraw_make_up,
)
from training.services.study.makeup import MISSED
from training.views.study.common import ActivityAct, Crumbs, PlacesMixin, activity_url, now, study_crumbs

COLOURS = {
    MakeUpState.ASSIGNED: "yellow",
    MakeUpState.SUBMITTED: "blue",
    MakeUpState.RETURNED: "yellow",
    MakeUpState.ACCEPTED: "green",
}
ROW = "attendance__slot__activity"


def make_up_url(row: MakeUp) -> str:
    return reverse("training:make_up", args=[row.pk])


class AssignMakeUp(ActivityAct, FormPage):
    title = "布置补学"
    submit_label = "布置补学并通知"
    form_class = MaterialForm
    template_name = "training/study/assign.html"

    @cached_property
    def absentees(self) -> list[Attendance]:
        """Those who missed it, may be asked by the viewer and have nothing to make up yet."""
        editable = Attendance.objects.visible_to(self.viewer, Permission.EDIT_STUDY)
        rows = attendance_rows(self.object, self.viewer).filter(state__in=MISSED, make_up=None)
        return list(rows.filter(pk__in=editable.values("pk")).exclude(leave_reason=LeaveReason.SECONDED))

    def get_initial(self) -> dict[str, Any]:
        days = figures_on(self.viewer.on).make_up_days
        return {"due_on": self.viewer.on + timedelta(days=days), "text": self.object.agenda_note}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        posted = self.request.method == "POST"
        ticked = set(self.request.POST.getlist("rows"))
        chosen = [(row, str(row.pk) in ticked or not posted) for row in self.absentees]
        return super().get_context_data(object=self.object, chosen=chosen, **kwargs)

    def act(self, form: MaterialForm) -> list[MakeUp]:
        data, ticked = form.cleaned_data, set(self.request.POST.getlist("rows"))
        return assign_make_up(
            activity=self.object,
            attendances=[row for row in self.absentees if str(row.pk) in ticked],
            material=Material(data["text"], data["link"], data["upload"]),
            due_on=data["due_on"],
            by=self.viewer,
            at=now(),
            on=self.viewer.on,
        )

    def get_success_message(self) -> str:
        return f"已给 {len(self.result)} 人布置补学，本人会收到通知。"


class MakeUpListPage(PlacesMixin, ListPage):
    title = "补学"
    place = "make_ups"
    template_name = "training/study/list.html"
    permission = Permission.EDIT_STUDY
    model = MakeUp
    filterset_class = MakeUpFilter
    noun = "补学"
    counter = "人次"
    main_filters = ("state", "overdue")
    empty_icon = "book-open-check"
    empty_hint = "在已开展的活动里点“布置补学”，缺席和请假的人会列在这里。"
    export_permission = Permission.EDIT_STUDY
    default_sort = "-due"
    sorts = (
        Sort("due", "期限", ("due_on",)),
        Sort("name", "姓名", ("attendance__cadre__name_pinyin",)),
        Sort("state", "状态", ("state", "due_on")),
    )
    columns = (
        ListColumn(
            "name", "姓名", lambda m: m.attendance.cadre.name, sort="name", link=make_up_url, css="nowrap"
        ),
        ListColumn("unit", "时任部门", lambda m: str(m.attendance.unit or ""), width=20),
        ListColumn("activity", "活动", lambda m: m.title, width=36),
        ListColumn("held_on", "活动日期", lambda m: m.held_on, css="num nowrap", template=""),
        ListColumn(
            "due",
            "期限",
            lambda m: m.due_on,
            sort="due",
            css="num nowrap",
            template="training/study/cells/day.html",
        ),
        ListColumn(
            "state",
            "状态",
            lambda m: m.get_state_display(),
            sort="state",
            css="nowrap",
            template="training/study/cells/make_up.html",
        ),
    )
    views = (
        SavedView("全部", ""),
        SavedView("待审核", "state=submitted"),
        SavedView("待补学", "state=assigned"),
        SavedView("已逾期", "overdue=1"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = MakeUp.objects.visible_to(self.viewer, Permission.EDIT_STUDY)
        joined = rows.select_related("attendance__cadre", "attendance__unit")
        return joined.annotate(title=F(f"{ROW}__title"), held_on=F(f"{ROW}__held_on"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(today=self.viewer.on, **kwargs)


class MakeUpMixin(ObjectMixin):
    """The make-up of somebody else, in the viewer's reach."""

    permission: ClassVar = Permission.EDIT_STUDY
    model = MakeUp

    def get_queryset(self) -> QuerySet[Any]:
        rows = MakeUp.objects.visible_to(self.viewer, Permission.EDIT_STUDY)
        return rows.select_related("attendance__cadre", "attendance__slot__activity", "material_file")

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return study_crumbs(("补学", reverse("training:make_ups")), (here, ""))

    def get_success_url(self) -> str:
        return reverse("training:make_ups")


class DecideMakeUp(MakeUpMixin, FormPage):
    """What was written, and the two answers: accepted, or back with a remark."""

    form_class = RemarkForm
    template_name = "training/study/make_up.html"
    submit_label = "补学通过"

    def get_title(self) -> str:
        return f"补学：{self.object.attendance.cadre.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        activity = self.object.attendance.slot.activity
        return super().get_context_data(
            object=self.object,
            colour=COLOURS[MakeUpState(self.object.state)],
            activity=activity,
            activity_url=activity_url(activity),
            material_url=reverse("training:make_up_material", args=[self.object.pk]),
            decidable=self.object.state == MakeUpState.SUBMITTED,
            **kwargs,
        )

    def act(self, form: RemarkForm) -> str:
        if "return" in self.request.POST:
            remark = form.cleaned_data["remark"]
            return_make_up(make_up=self.object, remark=remark, by=self.viewer, at=now())
            return "已退回，本人可以修改后再提交。"
        accept_make_up(make_up=self.object, by=self.viewer, at=now())
        return "补学通过，学时已入账。"

    def get_success_message(self) -> str:
        return str(self.result)


class WithdrawMakeUp(MakeUpMixin, ConfirmPage):
    title = "撤销补学"
    submit_label = "撤销补学"
    form_class = ReasonForm
    success_message = "已撤销这项补学。"

    def get_question(self) -> str:
        return f"撤销{self.object.attendance.cadre.name}的补学？"

    def get_consequence(self) -> str:
        return "已写的学习体会一并删除；已入账的补学学时会冲销。"

    def act(self, form: ReasonForm) -> None:
        reason = form.cleaned_data["reason"]
        withdraw_make_up(make_up=self.object, by=self.viewer, reason=reason, at=now())


class ServeMaterial(ViewerMixin):
    """The material of a make-up: for the person and for whoever looks after the person."""

    permission = Permission.VIEW_TRAINING
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = MakeUp.objects.visible_to(self.viewer).filter(material_file__isnull=False)
        found = get_object_or_404(rows.select_related("material_file"), pk=kwargs["pk"])
        return file_response(found.material_file)  # type: ignore[arg-type]
