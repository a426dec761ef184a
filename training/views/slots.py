"""One slot for its staff: who is expected and who came, and the forms that change both."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.keys import keys_of
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FormPage, ListPage, ObjectMixin
from training.choices import AttendanceState
from training.filters.slots import RosterFilter
from training.forms.slots import SlotForm
from training.models import Attendance, Slot, TrainingClass
from training.queries.checkin import permission_for, roster, rule_for, slots_run_by, windows_of
from training.services.slots import add_slot, cancel_slot, change_slot
from training.views.classes import class_crumbs, class_url

KEEPS: tuple[Permission, ...] = (Permission.EDIT_TRAINING, Permission.EDIT_STUDY)
Crumbs = Sequence[tuple[str, str]]


def slot_url(slot: Slot) -> str:
    return reverse("training:slot", args=[slot.pk])


def owner_link(slot: Slot) -> tuple[str, str]:
    """The class or the activity, with its address."""
    if slot.training_class:
        return slot.training_class.name, class_url(slot.training_class)
    return str(slot.activity), reverse("training:activity", args=[slot.activity_id])


def slot_words(slot: Slot) -> str:
    """3月5日 09:00–11:00: how a slot is called among others of its class."""
    start, end = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
    tail = f"{end:%H:%M}" if start.date() == end.date() else f"{end.month}月{end.day}日 {end:%H:%M}"
    return f"{start.month}月{start.day}日 {start:%H:%M}–{tail}"


class OfSlot(ObjectMixin):
    """About one slot whose attendance the viewer keeps; to others it does not exist."""

    permission: ClassVar = KEEPS
    model = Slot

    def get_queryset(self) -> QuerySet[Slot]:
        return slots_run_by(self.viewer)

    @property
    def slot(self) -> Slot:
        found: Slot = self.object
        return found

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return [
            ("首页", reverse("home")),
            ("培训日历", reverse("training:calendar")),
            owner_link(self.slot),
            (slot_words(self.slot), slot_url(self.slot)),
            (here, ""),
        ]

    def get_success_url(self) -> str:
        return slot_url(self.slot)


class SlotPage(OfSlot, ListPage):
    """Who is expected, who came and how, with the acts for the chosen."""

    template_name = "training/slots/slot.html"
    model = Slot
    filterset_class = RosterFilter
    noun = "应到人员"
    counter = "人"
    main_filters = ("state", "source")
    bulk_template = "training/slots/bulk.html"
    empty_icon = "users"
    empty_hint = "学员确认参训后自动列入；临时到场的人可以用“导入名单”补入。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "state"
    sorts = (
        Sort("state", "到课情况", ("state", "cadre__name_stroke_key")),
        Sort("name", "姓氏笔画", ("cadre__name_stroke_key",)),
        Sort("unit", "部门", ("unit__display_order", "unit__path", "cadre__name_stroke_key")),
        Sort("arrived", "签到时间", ("checked_in_at",)),
    )
    columns = (
        ListColumn("name", "姓名", lambda row: row.cadre.name, sort="name", css="nowrap b"),
        ListColumn("staff_no", "工号", lambda row: row.cadre.staff_no or "", css="num"),
        ListColumn("unit", "时任部门", lambda row: row.unit.name if row.unit else "", sort="unit", width=20),
        ListColumn(
            "state",
            "到课情况",
            lambda row: row.get_state_display(),
            sort="state",
            template="training/slots/state_cell.html",
            css="nowrap",
        ),
        ListColumn(
            "arrived",
            "签到时间",
            lambda row: cn_time(row.checked_in_at),
            sort="arrived",
            css="num nowrap",
            width=20,
        ),
        ListColumn("left", "签退时间", lambda row: cn_time(row.checked_out_at), css="num nowrap", width=20),
        ListColumn(
            "source", "方式", lambda row: row.get_source_display() if row.source else "", css="nowrap"
        ),
        ListColumn(
            "note",
            "说明",
            lambda row: "；".join(filter(None, (row.suspicion, row.note))),
            template="training/slots/note_cell.html",
            width=36,
        ),
    )

    views = (
        SavedView("全部", ""),
        SavedView("未到", "state=expected"),
        SavedView("请假", "state=leave"),
        SavedView("有疑点", "suspicion=yes"),
    )

    def get_title(self) -> str:
        return owner_link(self.slot)[0]

    def get_crumbs(self) -> Crumbs:
        return [*super().get_crumbs()[:3], (slot_words(self.slot), "")]

    def get_queryset(self) -> QuerySet[Any]:
        return roster(self.slot, self.viewer)

    @cached_property
    def object(self) -> Any:
        return get_object_or_404(slots_run_by(self.viewer), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        _ = self.slot  # somebody else's slot answers 404 to an export as well
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(roster(self.slot, self.viewer))
        counts = {state: sum(row.state == state for row in rows) for state in AttendanceState}
        return super().get_context_data(
            slot=self.slot,
            when=slot_words(self.slot),
            windows=windows_of(self.slot, rule_for(self.slot)),
            expected=len(rows) - counts[AttendanceState.EXCUSED],
            came=counts[AttendanceState.PRESENT] + counts[AttendanceState.LATE],
            counts=counts,
            others=self.slot.attendances.count() - len(rows),
            suspicions=sum(bool(row.suspicion) for row in rows),
            of_class=self.slot.training_class_id is not None,
            **kwargs,
        )


class NewSlot(FormPage, ObjectMixin):
    """A further slot of a class."""

    permission: ClassVar = Permission.EDIT_TRAINING
    model = TrainingClass
    title = "新增时段"
    form_class = SlotForm
    submit_label = "保存时段"
    success_message = "已新增时段，名单中已确认的人列为应到。"

    def get_crumbs(self) -> Crumbs:
        return class_crumbs((self.object.name, class_url(self.object)), (self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        return {
            "day": self.object.starts_on,
            "place": self.object.place,
            "needs_sign_out": self.object.needs_sign_out,
        }

    def act(self, form: SlotForm) -> Slot:
        return add_slot(training_class=self.object, values=form.values(), by=self.viewer)

    def get_success_url(self) -> str:
        return class_url(self.object)


class EditSlot(OfSlot, FormPage):
    title = "调整时段"
    form_class = SlotForm
    submit_label = "保存时段"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "slot": self.slot}

    def act(self, form: SlotForm) -> bool:
        return change_slot(slot=self.slot, values=form.values(), by=self.viewer, on=self.viewer.on)

    def get_success_message(self) -> str:
        return "已保存；时间或地点有变化的，已通知应到人员。" if self.result else "没有改动。"

    @property
    def from_check(self) -> str:
        """The check of clashes, for whoever comes from there."""
        wanted = self.request.GET.get("next") == "check" and self.slot.training_class_id
        return reverse("training:class_check", args=[self.slot.training_class_id]) if wanted else ""

    def get_success_url(self) -> str:
        return self.from_check or super().get_success_url()

    def get_cancel_url(self) -> str:
        return self.from_check or slot_url(self.slot)


class CancelSlot(OfSlot, ConfirmPage):
    title = "取消时段"
    submit_label = "取消时段"
    keep_label = "保留时段"
    success_message = "已取消时段，并通知应到人员。"

    def get_form_class(self) -> Any:
        from training.forms.attendance import ReasonForm

        return ReasonForm

    def get_question(self) -> str:
        return f"取消“{owner_link(self.slot)[0]}”{slot_words(self.slot)}的时段？"

    def get_consequence(self) -> str:
        people = self.slot.attendances.count()
        return f"应到的 {people} 人会收到通知，订阅日历里显示为已取消。取消后不能恢复，可以另行新增时段。"

    def act(self, form: Any) -> None:
        cancel_slot(slot=self.slot, reason=form.cleaned_data["reason"], by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return owner_link(self.slot)[1]


def chosen_rows(view: OfSlot, wanted: Sequence[str]) -> list[Attendance]:
    """Rows of the slot that the viewer may register: within reach, and never the own."""
    ids = keys_of(wanted)
    reach = Attendance.objects.visible_to(view.viewer, permission_for(view.slot))
    rows = reach.filter(slot=view.slot, pk__in=ids).exclude(cadre_id=view.viewer.cadre_id or 0)
    return list(rows.select_related("cadre", "slot").order_by("cadre__name_stroke_key", "pk"))


def redirect_to(name: str, slot: Slot, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse(f"training:{name}", args=[slot.pk]) + query)
