"""园区项目: the list, one project with its stages and people, the forms."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from core.access import Permission
from core.templatetags.ui import cn_date, number
from core.web.listing import ListColumn, Sort
from core.web.views import DetailPage, FormPage, ListPage
from park.access import may_edit_row
from park.choices import STAGES_OF, ProjectState
from park.filters.field import ProjectFilter
from park.forms.field import ProjectForm, StageForm
from park.forms.tasks import ReasonForm
from park.models import Project
from park.queries.enterprises import holders_of, names_of
from park.services import projects as services
from park.views.field import RowForm, crumbs_of, project_url
from park.views.links import Crumbs


class ProjectListPage(ListPage):
    title = "园区项目"
    permission = Permission.VIEW_PARK
    model = Project
    filterset_class = ProjectFilter
    noun = "项目"
    counter = "个项目"
    main_filters = ("kind", "stage", "state")
    acts_template = "park/projects/acts.html"
    empty_icon = "building"
    empty_hint = "登记基础设施、招商引资和园区载体项目，再把每个项目包干到人。"
    export_permission = Permission.VIEW_PARK
    default_sort = "name"
    sorts = (
        Sort("name", "名称", ("name",)),
        Sort("stage", "进入阶段日期", ("stage_on",)),
        Sort("due", "计划完成", ("due_on",)),
        Sort("investment", "总投资", ("investment",)),
    )
    columns = (
        ListColumn("name", "项目", str, sort="name", link=project_url, width=30),
        ListColumn("kind", "类别", lambda p: p.get_kind_display(), css="nowrap"),
        ListColumn("stage", "阶段", lambda p: p.get_stage_display(), css="nowrap"),
        ListColumn("stage_on", "进入日期", lambda p: cn_date(p.stage_on), sort="stage", css="num nowrap"),
        ListColumn(
            "investment", "总投资（万元）", lambda p: number(p.investment), sort="investment", css="num right"
        ),
        ListColumn("department", "责任部门", lambda p: p.lead_department or "", css="nowrap"),
        ListColumn("official", "包保领导", lambda p: p.lead_official or "", css="nowrap"),
        ListColumn("holders", "包干干部", lambda p: p.holder_names, template="park/cells/holders.html"),
        ListColumn("due", "计划完成", lambda p: cn_date(p.due_on), sort="due", css="num nowrap"),
        ListColumn("state", "状态", lambda p: p.get_state_display(), css="nowrap"),
        ListColumn("code", "编号", lambda p: p.code or "", on_page=False),
        ListColumn("investor", "投资方", lambda p: p.investor, on_page=False, width=24),
        ListColumn("content", "建设内容", lambda p: p.content, on_page=False, width=40),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return Project.objects.visible_to(self.viewer).select_related("lead_department", "lead_official")

    def decorate(self, rows: list[Any]) -> list[Any]:
        holders = holders_of("project", [row.pk for row in rows], self.viewer.on)
        for row in rows:
            row.holder_names = names_of(holders.get(row.pk, ()))
            row.needs_holder = row.state in (ProjectState.RUNNING, ProjectState.PAUSED)
        return rows


@dataclass(frozen=True, slots=True)
class StateAct:
    """A change of the project's state as a page."""

    title: str
    state: ProjectState
    states: tuple[ProjectState, ...]
    hint: str


_P = ProjectState
STATE_ACTS: dict[str, StateAct] = {
    "pause": StateAct("暂缓项目", _P.PAUSED, (_P.RUNNING,), "项目暂时不推进，承担的干部不变。"),
    "resume": StateAct("恢复推进", _P.RUNNING, (_P.PAUSED,), "项目恢复为推进中。"),
    "done": StateAct("项目完成", _P.DONE, (_P.RUNNING, _P.PAUSED), "完成后，承担的干部自动办结。"),
    "drop": StateAct("终止项目", _P.DROPPED, (_P.RUNNING, _P.PAUSED), "项目不再推进，记录保留。"),
}


class ProjectPage(DetailPage):
    permission = Permission.VIEW_PARK
    model = Project
    template_name = "park/projects/project.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Project.objects.visible_to(self.viewer)
        return rows.select_related("lead_department", "lead_official", "task", "plan").defer("plan__text")

    def get_crumbs(self) -> Crumbs:
        return crumbs_of(Project, (str(self.object), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project = self.object
        steps = {step.stage: step for step in project.steps.all()}
        stages = STAGES_OF[project.kind]
        held = holders_of("project", [project.pk], self.viewer.on).get(project.pk, [])
        past = project.assignments.filter(ends_on__lt=self.viewer.on).select_related("cadre", "lead_official")
        return super().get_context_data(
            stages=[(stage, steps.get(stage), stage == project.stage) for stage in stages],
            held=held,
            past=past,
            editable=may_edit_row(project, self.viewer),
            ended=project.state in services.ENDED,
            acts=[(key, act) for key, act in STATE_ACTS.items() if project.state in act.states],
            **kwargs,
        )


class NewProject(FormPage):
    permission: ClassVar = Permission.EDIT_PARK
    title = "登记项目"
    submit_label = "保存项目"
    form_class = ProjectForm
    success_message = "已登记项目。接着可以指派承担的干部。"

    def get_crumbs(self) -> Crumbs:
        return crumbs_of(Project, (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: ProjectForm) -> Project:
        return services.create_project(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return project_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("park:projects")


class EditProject(RowForm):
    model = Project
    title = "修改项目"
    form_class = ProjectForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.object}

    def act(self, form: ProjectForm) -> None:
        services.update_project(project=self.object, values=form.cleaned_data, by=self.viewer)


class SetStage(RowForm):
    model = Project
    title = "登记阶段"
    submit_label = "登记阶段"
    form_class = StageForm
    success_message = "已登记阶段。"

    def get_initial(self) -> dict[str, Any]:
        """With the dates of the stage asked for, or the one after the present."""
        stages = STAGES_OF[self.object.kind]
        wanted = self.request.GET.get("stage", "")
        if wanted not in stages:
            place = stages.index(self.object.stage) if self.object.stage in stages else 0
            wanted = stages[min(place + 1, len(stages) - 1)]
        step = self.object.steps.filter(stage=wanted).first()
        kept = {name: getattr(step, name) for name in ("planned_on", "reached_on", "note")} if step else {}
        return {"stage": wanted, **kept}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "project": self.object}

    def act(self, form: StageForm) -> None:
        services.set_stage(project=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)


class ChangeProjectState(RowForm):
    model = Project
    template_name = "park/act.html"
    form_class = ReasonForm
    success_message = "已办理。"

    @property
    def state_act(self) -> StateAct:
        found = STATE_ACTS.get(self.kwargs["act"])
        if found is None:
            raise Http404
        return found

    def allowed(self) -> bool:
        return self.object.state in self.state_act.states and super().allowed()

    def get_title(self) -> str:
        return self.state_act.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(object=self.object, hint=self.state_act.hint, **kwargs)
        return {**context, "submit_label": self.state_act.title, "dangerous": self.kwargs["act"] == "drop"}

    def act(self, form: ReasonForm) -> None:
        services.set_project_state(
            project=self.object,
            state=self.state_act.state,
            by=self.viewer,
            on=self.viewer.on,
            reason=form.cleaned_data["reason"],
        )
