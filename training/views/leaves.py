"""请假: asked for by the person, entered by staff, decided, taken back."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FormPage, ListPage, ObjectMixin
from training.choices import LeaveReason
from training.filters.classes import LeaveFilter
from training.forms.classes import LeaveDecisionForm, LeaveForm
from training.models import LeaveRequest, Participation, Slot
from training.models.leave import OPEN_LEAVE
from training.queries.presence import presence_in
from training.services.leave import Wish, decide_leave, enter_leave, request_leave, withdraw_leave
from training.views.classes import class_crumbs, class_url

REACH: tuple[Permission, ...] = (Permission.EDIT_TRAINING, Permission.SIGN_UP)


def leave_url(leave: LeaveRequest) -> str:
    return reverse("training:leave", args=[leave.pk])


class LeaveListPage(ListPage):
    title = "培训请假"
    permission = Permission.EDIT_TRAINING
    model = LeaveRequest
    filterset_class = LeaveFilter
    noun = "请假"
    counter = "条请假"
    main_filters = ("state",)
    empty_icon = "calendar-x"
    empty_hint = "学员在“报名参训”里申请请假，经办也可以在班次名单中登记。"
    export_permission = Permission.EDIT_TRAINING
    default_sort = "slot"
    sorts = (
        Sort("slot", "请假时段", ("slot__starts_at",)),
        Sort("asked", "申请时间", ("requested_at",)),
    )
    views = (SavedView("全部", ""), SavedView("待批", "state=requested"))
    columns = (
        ListColumn("name", "姓名", lambda x: x.participation.cadre.name, link=leave_url),
        ListColumn("class", "班次", lambda x: x.participation.training_class.name, width=30),
        ListColumn("slot", "时段", lambda x: cn_time(x.slot.starts_at), sort="slot", css="num nowrap"),
        ListColumn("reason", "事由", lambda x: x.get_reason_display(), css="nowrap"),
        ListColumn("note", "说明", lambda x: x.note, width=24),
        ListColumn("state", "状态", lambda x: x.get_state_display(), css="nowrap"),
        ListColumn("asked", "申请时间", lambda x: cn_time(x.requested_at), sort="asked", css="num nowrap"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = LeaveRequest.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        return rows.select_related("participation__cadre", "participation__training_class", "slot")


class NewLeave(ObjectMixin, FormPage):
    """The person asks; staff enter what somebody has been given."""

    permission: ClassVar = REACH
    model = Participation
    form_class = LeaveForm

    def get_queryset(self) -> QuerySet[Any]:
        """The own row, and those of the people whose training the viewer runs."""
        own = Participation.objects.visible_to(self.viewer).filter(cadre_id=self.viewer.cadre_id or 0)
        rows = own | Participation.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        return rows.select_related("cadre", "training_class")

    @cached_property
    def is_own(self) -> bool:
        return bool(self.object.cadre_id == self.viewer.cadre_id)

    @property
    def submit_label(self) -> str:  # type: ignore[override]
        return "提交申请" if self.is_own else "登记请假"

    def get_title(self) -> str:
        return "申请请假" if self.is_own else f"登记请假：{self.object.cadre.name}"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        held = self.object.training_class
        return class_crumbs((held.name, class_url(held)), (self.get_title(), ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "slots": self._slots()}

    def _slots(self) -> QuerySet[Slot]:
        rows = Slot.objects.visible_to(self.viewer).filter(
            training_class=self.object.training_class, cancelled_at__isnull=True
        )
        rows = rows.exclude(leaves__in=self.object.leaves.filter(state__in=OPEN_LEAVE))
        return rows.filter(starts_at__gt=timezone.now()) if self.is_own else rows

    def act(self, form: LeaveForm) -> Any:
        data = form.cleaned_data
        wish = Wish(list(data["slots"]), LeaveReason(data["reason"]), data["note"])
        service = request_leave if self.is_own else enter_leave
        return service(participation=self.object, wish=wish, by=self.viewer, at=timezone.now())

    def get_success_message(self) -> str:
        return "已提交请假申请，审批后通知您。" if self.is_own else "已登记请假。"

    def get_success_url(self) -> str:
        return reverse("training:participation", args=[self.object.pk])


class LeavePage(ObjectMixin, FormPage):
    """One request, decided by staff."""

    permission: ClassVar = Permission.EDIT_TRAINING
    model = LeaveRequest
    form_class = LeaveDecisionForm
    title = "审批请假"
    submit_label = "提交审批"
    template_name = "training/classes/leave.html"
    success_message = "已办理，并通知本人。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = LeaveRequest.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        others = rows.exclude(participation__cadre_id=self.viewer.cadre_id or 0)
        return others.select_related("participation__cadre", "participation__training_class", "slot")

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("培训请假", reverse("training:leaves")), (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        leave, part = self.object, self.object.participation
        presence, held = presence_in(part.training_class, part.cadre_id), part.training_class
        minutes = int((leave.slot.ends_at - leave.slot.starts_at).total_seconds() // 60)
        after = presence.plus_leave(minutes if leave.state == "requested" else 0)
        return super().get_context_data(
            leave=leave,
            before=presence,
            after=after,
            after_light=after.leave_light(held.leave_limit),
            **kwargs,
        )

    def act(self, form: LeaveDecisionForm) -> None:
        data = form.cleaned_data
        decide_leave(leave=self.object, by=self.viewer, at=timezone.now(), **data)

    def get_success_url(self) -> str:
        return reverse("training:leaves")


class WithdrawLeave(ObjectMixin, ConfirmPage):
    permission: ClassVar = Permission.SIGN_UP
    model = LeaveRequest
    title = "撤回请假"
    submit_label = "撤回请假"
    keep_label = "保留请假"
    success_message = "已撤回请假，请按时到课。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = LeaveRequest.objects.visible_to(self.viewer).filter(state__in=OPEN_LEAVE)
        own = rows.filter(participation__cadre_id=self.viewer.cadre_id or 0)
        return own.select_related("participation__training_class", "slot")

    def get_question(self) -> str:
        return f"撤回 {cn_time(self.object.slot.starts_at)} 的请假？"

    def act(self, form: Any) -> None:
        withdraw_leave(leave=self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("training:participation", args=[self.object.participation_id])
