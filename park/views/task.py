"""One task: how far it is, who works on it, what was done, and what may be done now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.generic import View

from core.access import Permission, Viewer
from core.files import file_response
from core.web.views import DetailPage, FormPage, ObjectMixin, ViewerMixin
from park import access
from park.charts import Bar, timeline
from park.choices import AssignmentRole, Signal, TaskState, UnitRole
from park.forms.tasks import ReasonForm
from park.models import Assignment, Extension, ReportPhoto, Task, TaskUnit
from park.queries import tasks as queries
from park.queries.history import tasks_as_of
from park.queries.signals import with_signal
from park.services import tasks as services
from park.services.tasks.avoiding import way_out
from park.signals import scheduled_percent, signal_words
from park.views.links import Crumbs, task_crumbs, task_url

_S = TaskState
SHOWN_REPORTS = 30
TABS = (("", "进展"), ("history", "办理记录"), ("indicators", "指标与子任务"))


@dataclass(frozen=True, slots=True)
class Act:
    """A step that needs no more than a sentence. `who` may take it: holder, editor or approver."""

    title: str
    button: str
    who: str
    states: tuple[TaskState, ...]
    run: Callable[..., object]
    hint: str = ""
    asks: bool = True
    dangerous: bool = False
    main: bool = False

    def open_to(self, rights: "Rights", task: Task) -> bool:
        return task.state in self.states and getattr(rights, self.who)


@dataclass(frozen=True, slots=True)
class Rights:
    """What the viewer may do with a task. `worker` holds it or may write for whoever does; who `avoids`
    decides nothing about it."""

    holder: bool
    editor: bool
    approver: bool
    avoids: bool = False

    @property
    def worker(self) -> bool:
        return self.holder or self.editor

    @property
    def checker(self) -> bool:
        return (self.editor or self.approver) and not self.avoids


def rights_to(task: Task, viewer: Viewer) -> Rights:
    editor, approves = access.may_edit(task, viewer), access.might_approve(task, viewer)
    avoids = (editor or approves) and access.avoids(task, viewer)
    return Rights(access.holds(task, viewer), editor, approves and not avoids, avoids)


_OPEN = (_S.ISSUED, _S.ACCEPTED, _S.RUNNING, _S.CLOSING, _S.REVIEWING, _S.RETURNED)
ACTS: dict[str, Act] = {
    "accept": Act("签收任务", "签收", "worker", (_S.ISSUED,), services.accept_task, asks=False, main=True),
    "refuse": Act(
        "退回任务",
        "退回交办人",
        "worker",
        (_S.ISSUED,),
        services.refuse_task,
        "任务会回到“待交办”，交办人会收到你写的原因。",
    ),
    "apply": Act(
        "申请销号",
        "申请销号",
        "worker",
        (_S.ACCEPTED, _S.RUNNING, _S.RETURNED),
        services.apply_for_closing,
        "写明完成情况和依据；完成率到 100% 才能申请。",
    ),
    "review": Act(
        "审核销号申请",
        "审核通过",
        "checker",
        (_S.CLOSING,),
        services.start_review,
        "核对完成情况属实后，转责任领导销号。",
        main=True,
    ),
    "close": Act(
        "销号",
        "同意销号",
        "approver",
        (_S.REVIEWING,),
        services.close_task,
        "销号后任务办结，不再变动。",
        main=True,
    ),
    "return": Act(
        "退回销号申请",
        "退回补充",
        "checker",
        (_S.CLOSING, _S.REVIEWING),
        services.return_task,
        "写明还要补充什么，责任人会收到。",
    ),
    "remind": Act(
        "催办", "催办责任人", "checker", _OPEN, services.remind, "责任人会收到提醒；逾期的同时抄送责任领导。"
    ),
    "stop": Act(
        "终止任务",
        "终止任务",
        "approver",
        _OPEN,
        services.stop_task,
        "任务不再办理，但任务和全部记录保留。",
        dangerous=True,
    ),
}


class TaskPage(DetailPage):
    permission = Permission.VIEW_PARK
    model = Task
    template_name = "park/tasks/task.html"

    def get_queryset(self) -> QuerySet[Any]:
        terms = queries.signal_book(self.viewer).terms(self.viewer.on)
        rows = with_signal(Task.objects.visible_to(self.viewer), self.viewer.on, terms)
        asked = Extension.objects.visible_to(self.viewer).filter(task=OuterRef("pk"), state="asked")
        rows = rows.annotate(asked_id=Subquery(asked.values("pk")[:1]))
        found: QuerySet[Any] = rows.select_related("plan", "lead_official", "lead_department", "owner")
        return found.defer("plan__text")

    def get_crumbs(self) -> Crumbs:
        return task_crumbs((self.object.name, ""))

    @property
    def tab(self) -> str:
        wanted = self.request.GET.get("tab", "")
        return wanted if wanted in [key for key, _ in TABS] else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        task, on = self.object, self.viewer.on
        task.light = signal_words(Signal(task.signal), task.state, task.due_on, on)
        rights = rights_to(task, self.viewer)
        due_on = task.due_on
        return super().get_context_data(
            tabs=[(key, label, key == self.tab) for key, label in TABS],
            tab=self.tab,
            rights=rights,
            acts=[(key, act) for key, act in ACTS.items() if act.open_to(rights, task)],
            may_report=rights.worker and task.state in services.progress.MAY_REPORT,
            may_extend=rights.worker and task.state in services.extensions.MAY_ASK,
            is_draft=task.state == TaskState.DRAFT,
            way_out=self._way_out(task, rights),
            scheduled=scheduled_percent(task.starts_on, due_on, on) if due_on else None,
            **self._of_tab(task),
            **kwargs,
        )

    def _way_out(self, task: Any, rights: Rights) -> str:
        """Who decides instead, where something waits for a decision that the viewer must stay out of."""
        waits = task.state in (TaskState.CLOSING, TaskState.REVIEWING) or task.asked_id
        relative = rights.avoids and task.owner_id != self.viewer.cadre_id
        return way_out(task, self.viewer.on) if waits and relative else ""

    def _of_tab(self, task: Any) -> dict[str, Any]:
        if self.tab == "history":
            return {
                "events": task.events.select_related("by").order_by("-pk"),
                "supervisions": task.supervisions.select_related("escalated_to"),
                "extensions": task.extensions.all(),
                **self._then(task),
            }
        if self.tab == "indicators":
            return {
                "indicators": task.indicators.all(),
                "children": with_signal(
                    Task.objects.visible_to(self.viewer).filter(parent=task),
                    self.viewer.on,
                    queries.signal_book(self.viewer).terms(self.viewer.on),
                ).select_related("owner"),
            }
        return self._progress(task)

    def _then(self, task: Any) -> dict[str, Any]:
        """The task as it stood on the day asked for: who answered for it then, how far it was."""
        day = _day(self.request.GET.get("on", ""))
        if day is None or not task.starts_on <= day <= self.viewer.on:
            return {"asked_on": day}
        return {"asked_on": day, "then": tasks_as_of([task], day)[0]}

    def _progress(self, task: Any) -> dict[str, Any]:
        steps = list(task.milestones.all())
        reports = task.reports.select_related("reporter", "reported_by", "corrected_by")
        return {
            "reports": reports.prefetch_related("photos")[:SHOWN_REPORTS],
            "steps": steps,
            "chart": _chart(task, steps, self.viewer) if task.due_on else "",
        } | self._partners(task)

    def _partners(self, task: Any) -> dict[str, Any]:
        held = Assignment.objects.visible_to(self.viewer).filter(task=task, role=AssignmentRole.CO_WORKER)
        units = TaskUnit.objects.visible_to(self.viewer).filter(task=task, role=UnitRole.SUPPORT)
        return {
            "co_workers": [row.cadre for row in held.covering(self.viewer.on).select_related("cadre")],
            "supporting": [row.unit for row in units.covering(self.viewer.on).select_related("unit")],
        }


def _day(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:  # well written, but no such day
        return None


def _chart(task: Any, steps: list[Any], viewer: Viewer) -> str:
    marks = tuple((step.due_on, step.name, step.done_on is not None) for step in steps)
    bar = Bar(task.name, task.starts_on, task.due_on, task.percent, task.signal, task.light, marks)
    return timeline([bar], viewer.on)


class TaskForm(ObjectMixin, FormPage):
    """Common to the forms about one task; `who` may open it."""

    permission: ClassVar = Permission.VIEW_PARK
    model = Task
    who: ClassVar[str] = "editor"
    states: ClassVar[tuple[TaskState, ...]] = tuple(TaskState)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.may(self.permission):
            raise Http404
        self.check(rights_to(self.object, self.viewer))
        return super().dispatch(request, *args, **kwargs)

    def check(self, rights: Rights) -> None:
        if not getattr(rights, self.who) or self.object.state not in self.states:
            raise Http404

    def get_queryset(self) -> QuerySet[Any]:
        rows = Task.objects.visible_to(self.viewer)
        return rows.select_related("plan", "lead_official", "lead_department", "owner")

    def get_crumbs(self) -> Crumbs:
        return task_crumbs((self.object.name, task_url(self.object)), (self.get_title(), ""))

    def get_success_url(self) -> str:
        return task_url(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)


class TakeAct(TaskForm):
    """A step of ACTS: the page says what follows, asks for a sentence where one is needed."""

    template_name = "park/tasks/act.html"
    form_class = ReasonForm

    @property
    def act_taken(self) -> Act:
        found = ACTS.get(self.kwargs["act"])
        if found is None:
            raise Http404
        return found

    def check(self, rights: Rights) -> None:
        if not self.act_taken.open_to(rights, self.object):
            raise Http404

    def get_title(self) -> str:
        return self.act_taken.title

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if not self.act_taken.asks:
            del form.fields["reason"]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(hint=self.act_taken.hint, **kwargs)
        return {**context, "submit_label": self.act_taken.button, "dangerous": self.act_taken.dangerous}

    def act(self, form: ReasonForm) -> None:
        values: dict[str, Any] = {}
        if self.act_taken.asks:
            name = "text" if self.kwargs["act"] == "remind" else "reason"
            values[name] = form.cleaned_data["reason"]
        self.act_taken.run(task=self.object, by=self.viewer, on=self.viewer.on, **values)

    def get_success_message(self) -> str:
        return f"已办理：{self.act_taken.title}。"

    def get_success_url(self) -> str:
        """A task sent back may leave the viewer's sight; whoever signed on the home page stays there."""
        if self.request.POST.get("back") == "home":
            return reverse("home")
        seen = Task.objects.visible_to(self.viewer).filter(pk=self.object.pk).exists()
        return task_url(self.object) if seen else reverse("park:tasks")


class ReportPhotoFile(ViewerMixin, View):
    """A photo of a report, for whoever sees the task."""

    permission: ClassVar = Permission.VIEW_PARK

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        photo = ReportPhoto.objects.visible_to(self.viewer).select_related("file").filter(pk=pk).first()
        if photo is None:
            raise Http404
        return file_response(photo.file)
