"""The forms about one task: what it is, who answers for it, progress, more time, 督办."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme

from core.access import Permission
from core.keys import key_of
from core.templatetags.ui import cn_date
from core.web.forms import Form
from core.web.views import ConfirmPage, FormPage
from park.choices import OPEN_STATES, AssignmentRole, TaskState, UnitRole
from park.forms import tasks as forms
from park.models import (
    ActionPlan,
    Assignment,
    Extension,
    Milestone,
    ProgressReport,
    Supervision,
    Task,
    TaskUnit,
)
from park.queries.tasks import default_plan
from park.services import tasks as services
from park.views.links import Crumbs, task_crumbs, task_url
from park.views.task import Rights, TaskForm

ISSUED = OPEN_STATES


PROPOSED = ("name", "measures", "source")


class NewTask(FormPage):
    permission: ClassVar = Permission.EDIT_PARK
    title = "分解新任务"
    submit_label = "保存任务"
    form_class = forms.TaskForm
    success_message = "已保存为待交办。责任领导、责任部门、责任人和完成时限填齐后即可交办。"

    def get_crumbs(self) -> Crumbs:
        return task_crumbs((self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "plan": self._plan()}

    def get_form(self, form_class: Any = None) -> Any:
        """What another page proposes stands there to begin with: `?name=…&measures=…&source=…`."""
        form = super().get_form(form_class)
        given = self.request.GET
        form.initial.update({name: given[name][:500] for name in PROPOSED if given.get(name)})
        return form

    def _plan(self) -> ActionPlan | None:
        wanted = self.request.GET.get("plan", "")
        editable = ActionPlan.objects.visible_to(self.viewer)
        chosen = editable.filter(pk=key_of(wanted)).first()
        return chosen or default_plan(self.viewer)

    def act(self, form: forms.TaskForm) -> Task:
        plan = form.cleaned_data["plan"]
        return services.create_task(plan=plan, values=form.values(), by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        """Back to the page that proposed the task, which is told its number; else the task itself."""
        back = self._back()
        return f"{back}?task={self.result.pk}" if back else task_url(self.result)

    def get_cancel_url(self) -> str:
        return self._back() or reverse("park:tasks")

    def _back(self) -> str:
        back = self.request.GET.get("back", "")
        local = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
        return back if local and "?" not in back else ""


class EditTask(TaskForm):
    title = "修改任务"
    form_class = forms.TaskForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.object}

    def act(self, form: forms.TaskForm) -> None:
        services.update_task(task=self.object, values=form.values(), by=self.viewer, on=self.viewer.on)


class DeleteTask(TaskForm, ConfirmPage):
    title = "删除任务"
    submit_label = "删除任务"
    keep_label = "保留任务"
    form_class = Form
    states = (TaskState.DRAFT,)
    success_message = "已删除任务。"
    template_name = "web/confirm.html"

    def get_question(self) -> str:
        return f"删除“{self.object}”？"

    def get_consequence(self) -> str:
        return "任务还没有交办，删除后不影响任何人。删除会记入审计日志。"

    def get_cancel_url(self) -> str:
        return task_url(self.object)

    def act(self, form: Any) -> None:
        services.drop_task(task=self.object, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("park:tasks")


class IssueTask(TaskForm, ConfirmPage):
    title = "交办任务"
    submit_label = "交办并通知责任人"
    keep_label = "先不交办"
    form_class = Form
    states = (TaskState.DRAFT,)
    success_message = "已交办，责任人会收到通知。"
    template_name = "web/confirm.html"
    dangerous = False

    def get_question(self) -> str:
        return f"交办“{self.object}”？"

    def get_consequence(self) -> str:
        if self.object.blanks:
            return f"还缺{'、'.join(self.object.blanks)}，填齐后才能交办。"
        return f"交办给{self.object.owner}，责任领导{self.object.lead_official}。交办后时限只能通过延期调整。"

    def get_cancel_url(self) -> str:
        return task_url(self.object)

    def act(self, form: Any) -> None:
        services.issue_tasks(tasks=[self.object], by=self.viewer, on=self.viewer.on, at=timezone.now())


class EditDuties(TaskForm):
    title = "调整责任"
    submit_label = "从今天起调整"
    form_class = forms.DutiesForm
    states = ISSUED
    success_message = "已调整。以前的进展仍记在当时的责任人名下。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.object}

    def act(self, form: forms.DutiesForm) -> None:
        services.reassign_task(task=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)


class EditPartners(TaskForm):
    title = "配合单位和协办人"
    form_class = forms.PartnersForm
    states = ISSUED
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        on = self.viewer.on
        units = TaskUnit.objects.visible_to(self.viewer).filter(task=self.object, role=UnitRole.SUPPORT)
        held = Assignment.objects.visible_to(self.viewer).filter(task=self.object)
        co_workers = held.filter(role=AssignmentRole.CO_WORKER).covering(on).select_related("cadre")
        return {
            **super().get_form_kwargs(),
            "viewer": self.viewer,
            "supporting": [row.unit for row in units.covering(on).select_related("unit")],
            "co_workers": [row.cadre for row in co_workers],
        }

    def act(self, form: forms.PartnersForm) -> None:
        data = form.cleaned_data
        services.set_units(
            task=self.object,
            supporting=data["supporting"],
            co_workers=data["co_workers"],
            by=self.viewer,
            on=self.viewer.on,
        )


class EditMilestones(TaskForm):
    title = "设置节点"
    form_class = forms.MilestonesForm
    success_message = "已保存节点。"

    def get_initial(self) -> dict[str, Any]:
        ahead = self.object.milestones.filter(done_on__isnull=True)
        return {"steps": "\n".join(f"{step.name} {step.due_on:%Y-%m-%d}" for step in ahead)}

    def act(self, form: forms.MilestonesForm) -> None:
        services.set_milestones(task=self.object, steps=form.cleaned_data["steps"], by=self.viewer)


class MarkMilestone(TaskForm, ConfirmPage):
    who = "worker"
    title = "节点完成"
    submit_label = "登记为今天完成"
    form_class = Form
    template_name = "web/confirm.html"
    dangerous = False
    success_message = "已登记节点完成。"

    @cached_property
    def step(self) -> Milestone:
        steps = Milestone.objects.visible_to(self.viewer).filter(task=self.object, done_on__isnull=True)
        return get_object_or_404(steps, pk=self.kwargs["row"])

    def check(self, rights: Rights) -> None:
        super().check(rights)
        self.step  # noqa: B018 - answers 404 before the form is made

    def get_question(self) -> str:
        return f"节点“{self.step}”已完成？"

    def get_consequence(self) -> str:
        return f"计划日期是 {self.step.due_on:%Y-%m-%d}，登记为 {self.viewer.on:%Y-%m-%d} 完成。"

    def act(self, form: Any) -> None:
        on = self.viewer.on
        services.mark_milestone(milestone=self.step, done_on=on, by=self.viewer, today=on)


class ReportProgress(TaskForm):
    who = "worker"
    title = "反馈进展"
    submit_label = "提交反馈"
    form_class = forms.ReportForm
    states = services.progress.MAY_REPORT
    success_message = "已提交反馈。"

    def get_initial(self) -> dict[str, Any]:
        return {"percent": self.object.percent, "on": self.viewer.on}

    def act(self, form: forms.ReportForm) -> None:
        services.report_progress(
            task=self.object, by=self.viewer, at=timezone.localtime(), **form.cleaned_data
        )


class CorrectReport(TaskForm):
    """Append-only: what was wrong stays, struck out, under the report that puts it right."""

    who = "worker"
    title = "更正进展反馈"
    submit_label = "提交更正"
    form_class = forms.CorrectionForm
    states = services.progress.MAY_REPORT
    success_message = "已更正。原来的填报划线保留。"

    @cached_property
    def report(self) -> ProgressReport:
        rows = ProgressReport.objects.visible_to(self.viewer).filter(task=self.object)
        return get_object_or_404(rows.filter(corrected_by__isnull=True), pk=self.kwargs["row"])

    def check(self, rights: Rights) -> None:
        super().check(rights)
        self.report  # noqa: B018 - answers 404 before the form is made

    def get_title(self) -> str:
        return f"更正 {cn_date(self.report.on)} 的进展反馈"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.report, name) for name in ("percent", "text", "problems", "next_steps")}

    def act(self, form: forms.CorrectionForm) -> None:
        services.correct_report(
            report=self.report, by=self.viewer, at=timezone.localtime(), **form.cleaned_data
        )


class Supervise(TaskForm):
    who = "checker"
    title = "督办"
    submit_label = "发出督办"
    form_class = forms.SuperviseForm
    states = ISSUED
    success_message = "已发出督办，责任人和责任领导会收到。"

    def act(self, form: forms.SuperviseForm) -> Supervision:
        return services.supervise(task=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)


class AnswerSupervision(TaskForm):
    who = "worker"
    title = "回复督办"
    submit_label = "提交回复"
    form_class = forms.AnswerForm
    success_message = "已回复。"

    @cached_property
    def supervision(self) -> Supervision:
        rows = Supervision.objects.visible_to(self.viewer).filter(task=self.object, answered_on__isnull=True)
        return get_object_or_404(rows, pk=self.kwargs["row"])

    def check(self, rights: Rights) -> None:
        super().check(rights)
        self.supervision  # noqa: B018 - answers 404 before the form is made

    def act(self, form: forms.AnswerForm) -> None:
        services.answer_supervision(
            supervision=self.supervision,
            answer=form.cleaned_data["answer"],
            by=self.viewer,
            on=self.viewer.on,
        )


class AskExtension(TaskForm):
    who = "worker"
    title = "申请延期"
    submit_label = "提交申请"
    form_class = forms.ExtensionForm
    states = services.extensions.MAY_ASK
    success_message = "已提交延期申请，等待责任领导审批。"

    def act(self, form: forms.ExtensionForm) -> Extension:
        return services.ask_extension(
            task=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data
        )


class DecideExtension(TaskForm):
    who = "approver"
    title = "审批延期"
    submit_label = "提交审批"
    form_class = forms.DecisionForm
    template_name = "park/tasks/act.html"

    @cached_property
    def extension(self) -> Extension:
        rows = Extension.objects.visible_to(self.viewer).filter(task=self.object, state="asked")
        return get_object_or_404(rows.select_related("task"), pk=self.kwargs["row"])

    def check(self, rights: Rights) -> None:
        super().check(rights)
        self.extension  # noqa: B018 - answers 404 before the form is made

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.extension
        hint = f"从 {asked.old_due_on:%Y-%m-%d} 延至 {asked.new_due_on:%Y-%m-%d}。原因：{asked.reason}"
        return super().get_context_data(hint=hint, **kwargs)

    def act(self, form: forms.DecisionForm) -> None:
        services.decide_extension(
            extension=self.extension,
            granted=bool(form.cleaned_data["granted"]),
            decision=form.cleaned_data["decision"],
            by=self.viewer,
            on=self.viewer.on,
        )

    def get_success_message(self) -> str:
        return "已批准延期。" if self.extension.task.extended_times else "已审批。"
