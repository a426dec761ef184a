"""A class to be held: drawn up, changed, copied, moved from state to state, cancelled; its quotas."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.keys import key_of
from core.web.views import ConfirmPage, FormPage, Permissions
from training.choices import ParticipationState
from training.class_states import ClassMove
from training.forms.classes import CopyForm, NeededReasonForm, PlanForm
from training.forms.rows import QuotaRow, SlotRow
from training.models import ClassQuota, Programme, Slot, TrainingClass
from training.queries.clashes import clashes_of_class
from training.services.classes import cancel_class, change_plan, copy_class, move_class, plan_class
from training.services.enrolment import set_quotas
from training.views.classes import ClassAct, class_crumbs, class_url
from training.views.rows import RowsPage

P = ParticipationState
CONSEQUENCES = {
    ClassMove.PUBLISH: "发布后全区干部可以看到；到报名开始时间自动开放报名，也可以手动开始。",
    ClassMove.UNPUBLISH: "撤回后回到草稿，其他人不再看到。",
    ClassMove.OPEN: "干部即可在“报名参训”中报名。",
    ClassMove.CLOSE: "截止后不再接受本人报名，仍可由经办添加学员和审批；需要时可以重新开始报名。",
    ClassMove.START: "开班后学员不能自行退出，请假按学时计入请假上限；上级调训的学员一并标为已派出。",
    ClassMove.END: "结课后进入评定，没有安排上的报名和候补一并结束并通知本人。",
    ClassMove.ARCHIVE: "按到课情况把学时记入学时台账，之后可以颁发结业证书。归档后不能退回。",
}


class PlanPage(RowsPage):
    """The class and its slots in one form."""

    form_class = PlanForm
    row_class = SlotRow
    rows_title = "时段"
    rows_hint = "一行一个时段；填写了时段的，日期、天数和学时可以不填。地点、主讲与班次相同的不用填。"
    permission: ClassVar[Permissions] = Permission.EDIT_TRAINING

    def slot_values(self) -> list[Any]:
        return [row.values() for row in self.rows.filled]


class PlanClass(PlanPage):
    title = "新建班次"
    submit_label = "保存草稿"
    success_message = "已保存为草稿，核对后发布。"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return class_crumbs((self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        """Begun from a programme, its class is of the same kind."""
        wanted = self.request.GET.get("programme", "")
        rows = Programme.objects.visible_to(self.viewer).filter(closed_on__isnull=True)
        found = rows.filter(pk=key_of(wanted)).first()
        if found is None:
            return {}
        same = {name: getattr(found, name) for name in ("name", "kind", "theme", "organiser")}
        return {"programme": found.pk, **same}

    def act(self, form: PlanForm) -> TrainingClass:
        values, slots = form.values(), self.slot_values()
        return plan_class(values=values, slots=slots, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return class_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:classes")


class ChangePlan(ClassAct, PlanPage):
    title = "修改班次"
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def row_initial(self) -> list[dict[str, Any]]:
        rows = Slot.objects.visible_to(self.viewer).filter(training_class=self.object)
        return [SlotRow.initial_of(slot) for slot in rows.filter(cancelled_at__isnull=True)]

    def act(self, form: PlanForm) -> None:
        values, slots = form.values(), self.slot_values()
        change_plan(training_class=self.object, values=values, slots=slots, by=self.viewer, at=timezone.now())


class CopyClass(ClassAct, FormPage):
    title = "复制为新班次"
    submit_label = "复制为草稿"
    form_class = CopyForm
    success_message = "已复制为草稿，请核对时段和报名时间。"

    def get_initial(self) -> dict[str, Any]:
        return {"name": f"{self.object.name}（复制）"[:120]}

    def get_cancel_url(self) -> str:
        return class_url(self.object)

    def act(self, form: CopyForm) -> TrainingClass:
        data = form.cleaned_data
        return copy_class(training_class=self.object, by=self.viewer, at=timezone.now(), **data)

    def get_success_url(self) -> str:
        return class_url(self.result)


class MoveClass(ClassAct, ConfirmPage):
    """One arrow of the state machine; cancelling has its own page, because it needs a reason."""

    template_name = "training/classes/move.html"
    dangerous = False
    keep_label = "返回班次"

    @cached_property
    def move(self) -> ClassMove:
        wanted = self.kwargs["move"]
        if wanted not in CONSEQUENCES:
            raise Http404
        return ClassMove(wanted)

    def get_title(self) -> str:
        return self.move.label

    def get_question(self) -> str:
        return f"{self.move.label}：“{self.object}”？"

    def get_consequence(self) -> str:
        return CONSEQUENCES[self.move]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        checked = self.move in (ClassMove.PUBLISH, ClassMove.START)
        report = clashes_of_class(self.object, on=self.viewer.on) if checked else None
        found = super().get_context_data(object=self.object, report=report, **kwargs)
        return {**found, "submit_label": self.move.label}

    def get_success_message(self) -> str:
        return f"已办理：{self.move.label}，班次现为“{self.result.get_state_display()}”。"

    def get_success_url(self) -> str:
        """The certificates come next after the archive."""
        return class_url(self.object) + ("?tab=assessment" if self.move == ClassMove.ARCHIVE else "")

    def act(self, form: Any) -> TrainingClass:
        return move_class(training_class=self.object, to=self.move, by=self.viewer, at=timezone.now())


class CancelClass(ClassAct, ConfirmPage):
    title = "取消班次"
    submit_label = "取消班次并通知"
    keep_label = "保留班次"
    form_class = NeededReasonForm
    success_message = "班次已取消，名单中的人都已通知。"

    def get_question(self) -> str:
        return f"取消“{self.object}”？"

    def get_consequence(self) -> str:
        rows = self.object.participations
        seated = rows.filter(state__in=(P.CONFIRMED, P.DISPATCHED)).count()
        waiting = rows.filter(state__in=(P.WAITING, P.APPLIED, P.NOMINATED)).count()
        return f"{seated} 名学员和 {waiting} 名待审批、候补的人会收到取消通知，时段同时释放。取消后不能恢复。"

    def act(self, form: NeededReasonForm) -> None:
        reason = form.cleaned_data["reason"]
        cancel_class(training_class=self.object, by=self.viewer, at=timezone.now(), reason=reason)


class QuotasPage(ClassAct, RowsPage):
    title = "分配名额"
    submit_label = "保存名额"
    success_message = "已保存各单位的推荐名额。"
    row_class = QuotaRow
    rows_title = "各单位推荐名额"
    rows_hint = "含下级机构。留空的行不保存；一个名额也没有分配时，各单位推荐不受限制。"

    def get_form_class(self) -> Any:
        return ConfirmPage.form_class

    def row_initial(self) -> list[dict[str, Any]]:
        rows = ClassQuota.objects.visible_to(self.viewer).filter(training_class=self.object)
        return [{"unit": row.unit_id, "seats": row.seats} for row in rows.order_by("unit__path")]

    def act(self, form: Any) -> None:
        seats: dict[Any, int] = {}
        for row in self.rows.filled:
            unit = row.cleaned_data["unit"]
            seats[unit] = seats.get(unit, 0) + row.cleaned_data["seats"]
        set_quotas(training_class=self.object, seats=seats, by=self.viewer)
