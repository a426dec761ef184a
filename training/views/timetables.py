"""排课建议: what was asked for, the proposal beside what stands now, and taking it over."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.access import Permission
from core.keys import key_of
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin
from training.choices import ClassState, TimetableState
from training.forms.timetables import TimetableForm
from training.models import Timetable, TrainingClass
from training.queries.timetables import Proposal, proposals
from training.services.timetables import adopt_timetable, ask_for_timetable
from training.timetable import Answer, Demand

PLANNABLE = (
    ClassState.DRAFT,
    ClassState.PUBLISHED,
    ClassState.ENROLLING,
    ClassState.CLOSED,
    ClassState.RUNNING,
)


def timetable_url(found: Timetable) -> str:
    return reverse("training:timetable", args=[found.pk])


class TimetableList(ListPage):
    title = "排课建议"
    permission: ClassVar = Permission.EDIT_TRAINING
    model = Timetable
    noun = "排课方案"
    counter = "个方案"
    acts_template = "training/timetables/acts.html"
    empty_icon = "calendar-clock"
    empty_hint = "填好班次、场次、日期和教室，系统按学员的其他安排排出冲突最少的课表。"
    default_sort = "-created"
    sorts = (Sort("created", "提出时间", ("created_at",)),)
    columns = (
        ListColumn("title", "方案", str, link=timetable_url, width=36),
        ListColumn(
            "state",
            "状态",
            lambda row: row.get_state_display(),
            template="training/timetables/state_cell.html",
            css="nowrap",
        ),
        ListColumn("sessions", "场次", lambda row: len(row.demand["sessions"]), css="num right"),
        ListColumn(
            "clashes",
            "冲突人次",
            lambda row: row.answer.get("clashes", "") if row.answer.get("placed") else "",
            css="num right",
        ),
        ListColumn("by", "提出人", lambda row: row.created_by_name, css="nowrap"),
        ListColumn(
            "created", "提出时间", lambda row: cn_time(row.created_at), sort="created", css="num nowrap"
        ),
    )

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("培训日历", reverse("training:calendar")), (self.title, "")]


class NewTimetable(FormPage):
    title = "提出排课"
    permission: ClassVar = Permission.EDIT_TRAINING
    form_class = TimetableForm
    submit_label = "开始排课"
    success_message = "已开始排课，通常几秒钟就有结果；可以离开本页。"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        plans = ("排课建议", reverse("training:timetables"))
        return [("首页", reverse("home")), plans, (self.title, "")]

    @property
    def classes(self) -> QuerySet[TrainingClass]:
        rows = TrainingClass.objects.visible_to(self.viewer).filter(state__in=PLANNABLE)
        return rows.filter(ends_on__gte=self.viewer.on).order_by("starts_on", "pk")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "classes": self.classes}

    def get_initial(self) -> dict[str, Any]:
        """From a class: its dates, its place and the sessions it has already."""
        asked = self.request.GET.get("class", "")
        found = self.classes.filter(pk=key_of(asked)).first()
        if found is None:
            return {}
        slots = found.slots.filter(cancelled_at__isnull=True)
        lines = ("，".join(filter(None, (slot.topic, slot.lecturer))) for slot in slots if slot.topic)
        return {
            "title": f"{found.name}排课",
            "classes": [found.pk],
            "first": max(found.starts_on, self.viewer.on),
            "last": found.ends_on,
            "rooms": found.place,
            "sessions": "\n".join(lines),
        }

    def act(self, form: TimetableForm) -> Any:
        title = form.cleaned_data["title"]
        return ask_for_timetable(title=title, wish=form.wish(), by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return timetable_url(self.result[0])

    def get_cancel_url(self) -> str:
        return reverse("training:timetables")


class TimetableMixin(ObjectMixin):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = Timetable

    @property
    def demand(self) -> Demand:
        return Demand.from_json(self.object.demand)

    @property
    def answer(self) -> Answer:
        return Answer.from_json(self.object.answer)

    @property
    def lines(self) -> list[Proposal]:
        return proposals(self.demand, self.answer)


class TimetablePage(TimetableMixin, DetailPage):
    template_name = "training/timetables/page.html"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        plans = ("排课建议", reverse("training:timetables"))
        return [("首页", reverse("home")), plans, (self.object.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = self.object.state
        return super().get_context_data(
            answer=self.answer,
            lines=self.lines if self.object.answer else [],
            demand=self.demand,
            waiting=state == TimetableState.WAITING,
            may_adopt=state == TimetableState.SOLVED,
            **kwargs,
        )

    def get_template_names(self) -> list[str]:
        htmx = self.request.htmx  # type: ignore[attr-defined]
        return ["training/timetables/answer.html" if htmx else self.template_name]


class AdoptTimetable(TimetableMixin, ConfirmPage):
    title = "采用排课方案"
    submit_label = "采用方案"
    keep_label = "返回方案"
    dangerous = False

    def get_question(self) -> str:
        return f"采用“{self.object.title}”？"

    def get_consequence(self) -> str:
        lines = self.lines
        moved = sum(line.is_moved for line in lines)
        new = sum(line.now is None for line in lines)
        counts = f"新增 {new} 个时段，调整 {moved} 个时段"
        return f"{counts}；时间或地点有变化的，已确认的学员会收到通知。之后仍可逐个调整。"

    def act(self, form: Any) -> int:
        return adopt_timetable(timetable=self.object, by=self.viewer, at=timezone.now(), on=self.viewer.on)

    def get_success_url(self) -> str:
        return timetable_url(self.object)

    def get_success_message(self) -> str:
        return f"已采用，共 {self.result} 个时段。"
