"""包干到人: the gaps of the day, the load of cadres and leaders, what one cadre holds, and giving work."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from core.access import Permission
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, Sort
from core.web.views import DetailPage, FormPage, ListPage, ObjectMixin
from park.choices import AssignmentRole
from park.filters.field import GapFilter
from park.forms.assignments import AssignForm, AssignToForm, GuideForm, within_reach
from park.forms.tasks import ReasonForm
from park.models import Assignment, Enterprise, Project
from park.queries import assignments as queries
from park.services import assignments as services
from park.views.field import RowForm, subject_url
from park.views.links import Crumbs
from people.models import Cadre

PAGES = (
    ("缺口", "park:gaps"),
    ("干部负荷", "park:load"),
    ("领导带教", "park:leaders"),
    ("移交", "park:handovers"),
)


def items_url(cadre: Cadre) -> str:
    return reverse("park:cadre_items", args=[cadre.pk])


def people_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("包干到人", reverse("park:gaps")), *more]


class PeoplePage(ListPage):
    """A list of cadres under the tabs of 包干到人."""

    permission = Permission.VIEW_PARK
    template_name = "park/assignments/list.html"
    model: ClassVar[Any] = Cadre
    noun = "干部"
    counter = "名干部"
    main_filters: ClassVar[Sequence[str]] = ("department",)
    export_permission = Permission.VIEW_PARK

    def people(self) -> Any:
        return Cadre.objects.visible_to(self.viewer, Permission.VIEW_PARK).with_position(self.viewer.on)

    def get_crumbs(self) -> Crumbs:
        return people_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = self.request.resolver_match.view_name if self.request.resolver_match else ""
        tabs = [(label, reverse(name), name == here) for label, name in PAGES]
        return super().get_context_data(pages_of_people=tabs, **kwargs)


class GapsPage(PeoplePage):
    """每一名干部都有项目跟、有领导带: whoever has none, without a guide, or with more than one."""

    title = "包干缺口"
    filterset_class = GapFilter
    main_filters = ("gap", "department")
    empty_icon = "circle-check"
    empty_hint = "每名在职干部都有项目或企业，也都只有一名带教领导。"
    noun = "缺口"
    default_sort = "unit"
    sorts = (
        Sort("unit", "部门", ("unit_order", "unit_path", "display_order", "name_pinyin")),
        Sort("name", "姓名", ("name_pinyin",)),
        Sort("load", "承担数", ("load_n",)),
    )
    columns = (
        ListColumn("name", "干部", str, sort="name", link=items_url, css="nowrap"),
        ListColumn("unit", "部门", lambda c: c.unit_name or "", sort="unit", width=18),
        ListColumn("post", "职务", lambda c: c.post_title or "", width=18),
        ListColumn("gap", "缺什么", lambda c: gap_words(c), template="park/cells/gap.html", width=20),
        ListColumn("projects", "项目", lambda c: c.projects_n, css="num right", width=8),
        ListColumn("enterprises", "企业", lambda c: c.enterprises_n, css="num right", width=8),
        ListColumn("tasks", "任务", lambda c: c.tasks_n, sort="load", css="num right", width=8),
        ListColumn("act", "指派", lambda c: "", template="park/cells/assign.html", in_export=False),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return queries.gaps(self.people(), self.viewer.on)

    def decorate(self, rows: list[Any]) -> list[Any]:
        reach = Cadre.objects.visible_to(self.viewer, Permission.EDIT_PARK)
        mine = set(reach.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        for row in rows:
            row.may_assign = row.pk in mine
        return rows


def gap_words(cadre: Any) -> str:
    words = queries.GAPS[cadre.gap]
    return f"{words}（{cadre.officials_n} 名）" if cadre.gap == queries.DIVIDED else words


class CadreItemsPage(DetailPage):
    """What one cadre holds today and held before."""

    permission = Permission.VIEW_PARK
    model = Cadre
    template_name = "park/assignments/cadre.html"

    def get_queryset(self) -> QuerySet[Any]:
        return Cadre.objects.visible_to(self.viewer, Permission.VIEW_PARK).with_position(self.viewer.on)

    def get_title(self) -> str:
        return f"{self.object}承担的工作"

    def get_crumbs(self) -> Crumbs:
        return people_crumbs((str(self.object), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.viewer.on
        rows = list(self.object.assignments.all().to_people())
        gap = queries.gaps(Cadre.objects.visible_to(self.viewer, Permission.VIEW_PARK), on)
        found = gap.filter(pk=self.object.pk).first()
        reach = Cadre.objects.visible_to(self.viewer, Permission.EDIT_PARK).filter(pk=self.object.pk)
        offered = {row.assignment_id: row for row in queries.open_handovers(self.viewer)}
        return super().get_context_data(
            now=[(row, subject_url(row.subject), offered.get(row.pk)) for row in rows if row.holds(on)],
            past=[(row, subject_url(row.subject)) for row in rows if not row.holds(on)],
            gap=gap_words(found) if found else "",
            editable=reach.exists(),
            **kwargs,
        )


# -- giving work --


class AssignTo(ObjectMixin, FormPage):
    """指派 in place, from the list of gaps."""

    permission: ClassVar = Permission.EDIT_PARK
    model = Cadre
    form_class = AssignToForm
    submit_label = "指派"

    def get_queryset(self) -> QuerySet[Any]:
        return Cadre.objects.visible_to(self.viewer, Permission.EDIT_PARK)

    def get_title(self) -> str:
        return f"给{self.object}指派项目或企业"

    def get_crumbs(self) -> Crumbs:
        return people_crumbs((str(self.object), items_url(self.object)), ("指派", ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: AssignToForm) -> Assignment:
        return services.assign(
            cadre=self.object,
            subject=form.subject,
            lead_official=form.cleaned_data["lead_official"],
            note=form.cleaned_data["note"],
            by=self.viewer,
            on=self.viewer.on,
        )

    def get_success_message(self) -> str:
        return f"已指派{self.object}承担“{self.result.subject}”。"

    def get_success_url(self) -> str:
        return items_url(self.object)


class AssignSubject(RowForm):
    """指派 from the page of a project or an enterprise."""

    form_class = AssignForm
    title = "指派干部"
    submit_label = "指派"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def get_initial(self) -> dict[str, Any]:
        return {"lead_official": self.object.lead_official_id, "role": AssignmentRole.STEWARD}

    def act(self, form: AssignForm) -> Assignment:
        data = form.cleaned_data
        return services.assign(
            cadre=within_reach(data["cadre"], self.viewer),
            subject=self.object,
            role=data["role"],
            lead_official=data["lead_official"],
            note=data["note"],
            by=self.viewer,
            on=self.viewer.on,
        )

    def get_success_message(self) -> str:
        return f"已指派{self.result.cadre}。"


class AssignProject(AssignSubject):
    model = Project


class AssignEnterprise(AssignSubject):
    model = Enterprise


class AssignmentForm(ObjectMixin, FormPage):
    """A form about one open row, for those who look after the cadre."""

    permission: ClassVar = Permission.EDIT_PARK
    model = Assignment
    template_name = "park/act.html"
    hint: ClassVar[str] = ""
    of_tasks: ClassVar[bool] = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.may(self.permission) or self.object.ends_on is not None:
            raise Http404
        if self.object.task_id is not None and not self.of_tasks:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Assignment.objects.visible_to(self.viewer, Permission.EDIT_PARK).to_people()
        return rows

    def get_crumbs(self) -> Crumbs:
        cadre = self.object.cadre
        return people_crumbs((str(cadre), items_url(cadre)), (self.get_title(), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        words = f"{row.cadre}从 {cn_date(row.starts_on)} 起承担。{self.hint}"
        return super().get_context_data(object=row.subject, hint=words, **kwargs)

    def get_success_url(self) -> str:
        return items_url(self.object.cadre)


class ReleaseAssignment(AssignmentForm):
    title = "解除包干"
    submit_label = "解除"
    form_class = ReasonForm
    dangerous = True
    hint = "解除后不再由本人承担；有人接手的请用“移交”。"
    success_message = "已解除。"

    def act(self, form: ReasonForm) -> None:
        services.release(
            assignment=self.object, by=self.viewer, on=self.viewer.on, reason=form.cleaned_data["reason"]
        )


class ChangeGuide(AssignmentForm):
    title = "更换带教领导"
    submit_label = "更换带教领导"
    form_class = GuideForm
    of_tasks = False
    hint = "从今天起由新的领导带教，此前的记录不变。"
    success_message = "已更换带教领导。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def get_initial(self) -> dict[str, Any]:
        return {"lead_official": self.object.lead_official_id}

    def act(self, form: GuideForm) -> None:
        services.change_guide(
            assignment=self.object,
            lead_official=form.cleaned_data["lead_official"],
            by=self.viewer,
            on=self.viewer.on,
        )
