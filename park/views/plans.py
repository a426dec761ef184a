"""行动方案: the list, one plan with its clauses and blanks, filling them, publishing."""

from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import Permission
from core.web.forms import Form
from core.web.listing import ListColumn, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin
from park.choices import PlanState, TaskState
from park.filters.plans import PlanFilter
from park.forms.plans import PlanForm
from park.forms.tasks import FillForm
from park.models import ActionPlan, PlanItem, PlanProposal, Task
from park.queries.people import heads_of
from park.queries.tasks import blank_counts
from park.services import plans as services
from park.services.filling import fill_blanks, suggested_due
from park.services.tasks import publish_plan
from park.views.links import Crumbs, plan_crumbs, plan_url
from people.models import Unit


class PlanListPage(ListPage):
    title = "行动方案"
    permission = Permission.VIEW_PARK
    template_name = "park/plans/list.html"
    model = ActionPlan
    filterset_class = PlanFilter
    main_filters = ("state",)
    noun = "方案"
    counter = "个方案"
    acts_template = "park/plans/acts.html"
    empty_icon = "scroll-text"
    empty_hint = "把行动方案的文件导入，或把全文粘贴进来，系统会拆成任务、指标和项目。"
    export_permission = Permission.VIEW_PARK
    default_sort = "-year"
    sorts = (Sort("year", "年度", ("year",)), Sort("title", "名称", ("title",)))
    columns = (
        ListColumn("title", "方案", str, sort="title", link=plan_url, width=40),
        ListColumn("year", "年度", lambda p: p.year, sort="year", css="num", width=8),
        ListColumn("no", "文号", lambda p: p.document_no, css="nowrap", width=18),
        ListColumn("unit", "制定单位", lambda p: p.unit or "全区", width=18),
        ListColumn("state", "状态", lambda p: p.get_state_display(), css="nowrap", width=10),
        ListColumn("tasks", "任务", lambda p: p.task_count, css="num right", width=8),
        ListColumn("closed", "已销号", lambda p: p.closed_count, css="num right", width=8),
    )

    def get_queryset(self) -> QuerySet[Any]:
        closed = Count("tasks", filter=Q(tasks__state=TaskState.CLOSED))
        rows = ActionPlan.objects.visible_to(self.viewer).defer("text").select_related("unit")
        return rows.annotate(task_count=Count("tasks"), closed_count=closed)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_ones = PlanProposal.objects.visible_to(self.viewer).filter(plan__isnull=True)
        return super().get_context_data(proposals=open_ones.defer("text", "content"), **kwargs)


class PlanMixin(ObjectMixin):
    model = ActionPlan

    def editable(self) -> bool:
        rows: Any = ActionPlan.objects.visible_to(self.viewer)
        return self.viewer.can(Permission.EDIT_PARK) and bool(
            rows.editable_by(self.viewer).filter(pk=self.object.pk).exists()
        )


class PlanPage(PlanMixin, DetailPage):
    """The clauses beside the tasks that came of them; what is still blank stands on top."""

    permission = Permission.VIEW_PARK
    template_name = "park/plans/plan.html"

    def get_crumbs(self) -> Crumbs:
        return plan_crumbs((self.object.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tasks = list(
            Task.objects.visible_to(self.viewer)
            .filter(plan=self.object)
            .select_related("lead_official", "lead_department", "owner")
        )
        editable = self.editable()
        return super().get_context_data(
            lines=self._lines(tasks),
            loose=[task for task in tasks if task.item_id is None],
            drafts=sum(task.state == TaskState.DRAFT for task in tasks),
            blanks={label: n for label, n in blank_counts(self.object).items() if n} if editable else {},
            editable=editable,
            is_draft=self.object.state == PlanState.DRAFT,
            **kwargs,
        )

    def _lines(self, tasks: list[Task]) -> list[tuple[PlanItem, list[Task]]]:
        of_item: dict[int | None, list[Task]] = {}
        for task in tasks:
            of_item.setdefault(task.item_id, []).append(task)
        items = PlanItem.objects.visible_to(self.viewer).filter(plan=self.object)
        return [(item, of_item.get(item.pk, [])) for item in items]


class PlanAct(PlanMixin):
    """Common to the forms about one plan: only for who may edit it."""

    permission: ClassVar = Permission.EDIT_PARK

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = ActionPlan.objects.visible_to(self.viewer)
        found: QuerySet[Any] = rows.editable_by(self.viewer)
        return found

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return plan_crumbs((self.object.title, plan_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return plan_url(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        self.object  # noqa: B018 - answers 404 before the form is made
        return super().get_form_kwargs()  # type: ignore[misc, no-any-return]


def editable_units(page: Any) -> QuerySet[Unit]:
    return (
        Unit.objects.visible_to(page.viewer)
        .in_reach(page.viewer, Permission.EDIT_PARK)
        .open()
        .order_by("path")
    )


class NewPlan(FormPage):
    """A list of tasks without a document."""

    permission: ClassVar = Permission.EDIT_PARK
    title = "新建方案"
    submit_label = "保存方案"
    form_class = PlanForm
    success_message = "已新建方案，可以接着分解任务。"

    def get_crumbs(self) -> Crumbs:
        return plan_crumbs((self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        return {"year": self.viewer.on.year}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class).offer_units(editable_units(self))
        form.fields["unit"].required = not self.viewer.sees_all(Permission.EDIT_PARK)
        return form

    def act(self, form: PlanForm) -> ActionPlan:
        return services.create_plan(
            values=form.cleaned_data, by=self.viewer, on=self.viewer.on, at=timezone.now()
        )

    def get_success_url(self) -> str:
        return plan_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("park:plans")


class EditPlan(PlanAct, FormPage):
    title = "修改方案"
    form_class = PlanForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def get_form(self, form_class: Any = None) -> Any:
        return super().get_form(form_class).offer_units(editable_units(self))

    def act(self, form: PlanForm) -> None:
        services.update_plan(plan=self.object, values=form.cleaned_data, by=self.viewer)


class FillBlanks(PlanAct, FormPage):
    """The drafts with a blank, and one form that fills those that are ticked."""

    title = "填写责任"
    template_name = "park/plans/fill.html"
    submit_label = "填入所选任务"
    form_class = FillForm

    @cached_property
    def drafts(self) -> list[Task]:
        rows = Task.objects.visible_to(self.viewer, Permission.EDIT_PARK)
        found = rows.filter(plan=self.object, state=TaskState.DRAFT)
        return list(found.select_related("lead_official", "lead_department", "owner"))

    @property
    def ticked(self) -> set[str]:
        return set(self.request.POST.getlist("tasks"))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        heads = heads_of({t.lead_department_id for t in self.drafts if t.lead_department_id}, self.viewer.on)
        rows = [
            (task, heads.get(task.lead_department_id or 0), suggested_due(task, self.object), str(task.pk))
            for task in self.drafts
        ]
        chosen = self.ticked if self.request.method == "POST" else {key for _, _, _, key in rows}
        return super().get_context_data(
            object=self.object,
            rows=[(task, head, due, key in chosen) for task, head, due, key in rows],
            blanks=sum(bool(task.blanks) for task in self.drafts),
            **kwargs,
        )

    def act(self, form: FillForm) -> int:
        data = form.cleaned_data
        return fill_blanks(
            plan=self.object,
            tasks=[task for task in self.drafts if str(task.pk) in self.ticked],
            values=form.values(),
            use_head=data["use_head"],
            use_text=data["use_text"],
            overwrite=data["overwrite"],
            by=self.viewer,
            on=self.viewer.on,
        )

    def get_success_message(self) -> str:
        return f"已填写 {self.result} 项任务。"

    def get_success_url(self) -> str:
        return reverse("park:plan_fill", args=[self.object.pk])

    def get_cancel_url(self) -> str:
        return plan_url(self.object)


class PublishPlan(PlanAct, ConfirmPage):
    title = "发布方案"
    submit_label = "发布并交办"
    keep_label = "返回"
    dangerous = False

    @cached_property
    def waiting(self) -> int:
        rows = Task.objects.visible_to(self.viewer, Permission.EDIT_PARK)
        return rows.filter(plan=self.object, state=TaskState.DRAFT).count()

    @cached_property
    def blanks(self) -> dict[str, int]:
        return {label: n for label, n in blank_counts(self.object).items() if n}

    def get_question(self) -> str:
        return f"“{self.object}”还不能发布" if self.blanks else f"发布“{self.object}”？"

    def get_way_out(self) -> tuple[str, str] | None:
        return ("填写责任", reverse("park:plan_fill", args=[self.object.pk])) if self.blanks else None

    def get_consequence(self) -> str:
        if self.blanks:
            words = "、".join(f"{label} {n} 项" for label, n in self.blanks.items())
            return f"还有空着的：{words}。填齐后才能发布。"
        return f"将交办 {self.waiting} 项任务，责任人都会收到通知。"

    def act(self, form: Form) -> int:
        return publish_plan(plan=self.object, by=self.viewer, on=self.viewer.on, at=timezone.now())

    def get_success_message(self) -> str:
        return f"方案已发布，交办 {self.result} 项任务。"

    def get_cancel_url(self) -> str:
        return plan_url(self.object)


class ArchivePlan(PlanAct, ConfirmPage):
    title = "归档方案"
    submit_label = "归档"
    success_message = "已归档。"

    def get_question(self) -> str:
        return f"归档“{self.object}”？"

    def get_consequence(self) -> str:
        return "归档后方案和任务仍可查阅，不再出现在常用列表里。"

    def act(self, form: Form) -> None:
        services.archive_plan(plan=self.object, by=self.viewer)
