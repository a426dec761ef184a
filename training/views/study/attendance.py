"""考勤: the sheet on which staff mark who came, the list with its export, and the paper to sign on."""

from itertools import groupby, zip_longest
from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.errors import DomainError
from core.web.listing import ListColumn, Sort
from core.web.views import ConfirmPage, FormPage, FramePage, ListPage
from people.choices import CadreStatus
from people.models import Cadre, Unit
from training.choices import AttendanceState, LeaveReason, MakeUpState
from training.filters.study import AttendeeFilter
from training.forms.study_setup import MembersForm
from training.models import Attendance, StudyActivity
from training.queries.study import attendance_rows, tally_of
from training.services.study import Mark, add_expected, mark_attendance, remove_expected
from training.views.study.common import ActivityAct, Crumbs, activity_url, now, study_crumbs

# What one tap marks, in the order of the keys 1 to 5 on the sheet.
STATES = (
    (AttendanceState.PRESENT, "到"),
    (AttendanceState.LATE, "迟到"),
    (AttendanceState.LEAVE, "请假"),
    (AttendanceState.ABSENT, "缺席"),
    (AttendanceState.EXCUSED, "免训"),
)


class SheetPage(ActivityAct, FramePage):
    """One row per person, one tap per row. Only rows that were changed on this page are written, so that
    check-ins which came in meanwhile stay."""

    title = "登记考勤"
    template_name = "training/study/sheet.html"

    @cached_property
    def rows(self) -> list[Attendance]:
        editable = Attendance.objects.visible_to(self.viewer, Permission.EDIT_STUDY)
        return list(attendance_rows(self.object, self.viewer).filter(pk__in=editable.values("pk")))

    @cached_property
    def was(self) -> dict[int, str]:
        """What each row is, so that the page can tell later what was changed on it."""
        return {row.pk: "|".join((row.state, row.leave_reason, row.note)) for row in self.rows}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = self.object.slot.attendances.count() - len(self.rows)
        return super().get_context_data(
            object=self.object,
            units=self._units(),
            states=STATES,
            reasons=[(one.value, one.label) for one in LeaveReason],
            tally=tally_of(self.object),
            others=others,
            **kwargs,
        )

    def _units(self) -> list[tuple[Unit | None, list[tuple[Attendance, str]]]]:
        grouped = groupby(self.rows, key=lambda row: row.unit)
        return [(unit, [(row, self.was[row.pk]) for row in rows]) for unit, rows in grouped]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        marks = [mark for row in self.rows if (mark := self._mark(row)) is not None]
        rest = AttendanceState.PRESENT if "rest" in request.POST else None
        try:
            changed = mark_attendance(activity=self.object, marks=marks, by=self.viewer, at=now(), rest=rest)
        except DomainError as refusal:
            self._keep_typed()
            return self.render_to_response(self.get_context_data(refusal=refusal.message), status=422)
        messages.success(request, f"已登记 {changed} 人。" if changed else "没有需要登记的变化。")
        return HttpResponseRedirect(request.path if "rest" in request.POST else activity_url(self.object))

    def _mark(self, row: Attendance) -> Mark | None:
        """What the page says of the row, if it is not what the page was given."""
        typed = {
            name: self.request.POST.get(f"{name}-{row.pk}", "") for name in ("state", "leave", "note", "was")
        }
        said = "|".join(
            (typed["state"], typed["leave"] if typed["state"] == "leave" else "", typed["note"].strip())
        )
        if typed["state"] not in AttendanceState.values or said == typed["was"]:
            return None
        return Mark(row.pk, AttendanceState(typed["state"]), typed["leave"], typed["note"])

    def _keep_typed(self) -> None:
        """What was typed is shown again as typed, and counts as changed when it is sent again."""
        was = self.was
        for row in self.rows:
            if mark := self._mark(row):
                was[row.pk] = self.request.POST.get(f"was-{row.pk}", was[row.pk])
                row.state, row.leave_reason, row.note = mark.state, mark.leave_reason, mark.note


class PeoplePage(ListPage):
    """应到名单 of one activity, with its export."""

    title = "到课名单"
    permission = Permission.VIEW_TRAINING
    model = Attendance
    filterset_class = AttendeeFilter
    noun = "应到人员"
    counter = "人"
    main_filters = ("state", "unit")
    acts_template = "training/study/people_acts.html"
    empty_icon = "users"
    empty_hint = "学习组还没有成员，或这一天没有在职人员；也可以直接加人。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "unit"
    sorts = (
        Sort("unit", "部门", ("unit__path", "cadre__display_order", "cadre__name_pinyin")),
        Sort("name", "姓名", ("cadre__name_pinyin",)),
        Sort("state", "到课情况", ("state", "unit__path")),
        Sort("checked", "签到时间", ("checked_in_at",)),
    )
    columns = (
        ListColumn("name", "姓名", lambda r: r.cadre.name, sort="name", css="nowrap b"),
        ListColumn("staff_no", "工号", lambda r: r.cadre.staff_no, css="num"),
        ListColumn("unit", "时任部门", lambda r: str(r.unit or ""), sort="unit", width=20),
        ListColumn(
            "state",
            "到课情况",
            lambda r: r.get_state_display(),
            sort="state",
            css="nowrap",
            template="training/study/cells/attendance.html",
        ),
        ListColumn("reason", "请假事由", lambda r: r.get_leave_reason_display(), css="nowrap"),
        ListColumn("note", "说明", lambda r: r.note, width=24),
        ListColumn(
            "checked",
            "签到时间",
            lambda r: r.checked_in_at,
            sort="checked",
            css="num nowrap",
            template="training/study/cells/moment.html",
        ),
        ListColumn("source", "登记方式", lambda r: r.get_source_display() if r.source else "", css="nowrap"),
        ListColumn("make_up", "补学", lambda r: make_up_words(r), css="nowrap"),
    )

    @cached_property
    def activity(self) -> StudyActivity:
        rows = StudyActivity.objects.visible_to(self.viewer).select_related("slot")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> str:
        return f"到课名单：{self.activity.title}"

    def get_crumbs(self) -> Crumbs:
        return study_crumbs((self.activity.title, activity_url(self.activity)), ("到课名单", ""))

    def get_queryset(self) -> QuerySet[Any]:
        rows = attendance_rows(self.activity, self.viewer).select_related("slot__activity")
        return rows.annotate(unit_name=F("unit__name"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reach = StudyActivity.objects.visible_to(self.viewer).in_reach(self.viewer, Permission.EDIT_STUDY)
        return super().get_context_data(
            activity=self.activity, editable=reach.filter(pk=self.activity.pk).exists(), **kwargs
        )


def make_up_words(row: Attendance) -> str:
    made = getattr(row, "make_up", None)
    return MakeUpState(made.state).label if made else ""


class AddExpected(ActivityAct, FormPage):
    title = "加入应到名单"
    submit_label = "加入名单"
    form_class = MembersForm

    def get_form_kwargs(self) -> dict[str, Any]:
        reach = Cadre.objects.visible_to(self.viewer, Permission.EDIT_STUDY)
        return {**super().get_form_kwargs(), "reach": reach.filter(status=CadreStatus.ACTIVE)}

    def act(self, form: MembersForm) -> int:
        return add_expected(activity=self.object, cadres=form.cleaned_data["names"], by=self.viewer)

    def get_success_message(self) -> str:
        return f"已加入 {self.result} 人。" if self.result else "所填的人都已在名单中。"

    def get_success_url(self) -> str:
        return reverse("training:activity_people", args=[self.object.pk])


class RemoveExpected(ActivityAct, ConfirmPage):
    submit_label = "移出名单"
    success_message = "已移出应到名单。"

    @cached_property
    def row(self) -> Attendance:
        rows = Attendance.objects.visible_to(self.viewer, Permission.EDIT_STUDY)
        found = rows.filter(slot__activity=self.object).select_related("cadre", "slot__activity")
        return get_object_or_404(found, pk=self.kwargs["row"])

    def get_title(self) -> str:
        return f"移出应到名单：{self.row.cadre.name}"

    def get_consequence(self) -> str:
        return "移出后不计入应到人数。名册里的人在下次更新名单时会再次列入。"

    def act(self, form: Any) -> None:
        remove_expected(attendance=self.row, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:activity_people", args=[self.object.pk])


class SignInSheet(ActivityAct, FramePage):
    """签到表: one page to print, in departments, with room to sign."""

    title = "签到表"
    template_name = "training/study/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [row for row in attendance_rows(self.object, self.viewer) if row.state != EXCUSED]
        half = (len(rows) + 1) // 2
        numbered = list(enumerate(rows, start=1))
        pairs = list(zip_longest(numbered[:half], numbered[half:]))
        return super().get_context_data(object=self.object, pairs=pairs, people=len(rows), **kwargs)


EXCUSED = AttendanceState.EXCUSED
