"""培训项目: what a year's training is meant for, and the classes in which it is held."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.urls import reverse

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin
from training.class_states import LIGHTS
from training.filters.classes import ProgrammeFilter
from training.forms.classes import ProgrammeForm
from training.models import Programme, TrainingNeed
from training.queries import class_list
from training.services.programmes import create_programme, delete_programme, update_programme
from training.views.needs.shared import need_state

Crumbs = Sequence[tuple[str, str]]


def programme_url(found: Programme) -> str:
    return reverse("training:programme", args=[found.pk])


def programme_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("培训项目", reverse("training:programmes")), *more]


class ProgrammeListPage(ListPage):
    title = "培训项目"
    permission = Permission.VIEW_TRAINING
    model = Programme
    filterset_class = ProgrammeFilter
    noun = "培训项目"
    counter = "个项目"
    main_filters = ("year", "kind", "theme")
    acts_template = "training/classes/programme_acts.html"
    empty_icon = "folder-kanban"
    empty_hint = "按年度培训计划新建项目，再在项目下安排班次。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-year"
    sorts = (
        Sort("year", "年度", ("year", "name")),
        Sort("name", "名称", ("name",)),
        Sort("classes", "班次数", ("held",)),
    )
    columns = (
        ListColumn("name", "项目名称", str, sort="name", link=programme_url, width=36),
        ListColumn("year", "年度", lambda p: p.year, sort="year", css="num nowrap"),
        ListColumn("kind", "类别", lambda p: p.get_kind_display(), css="nowrap"),
        ListColumn("theme", "专题", lambda p: p.get_theme_display(), css="nowrap", width=18),
        ListColumn("organiser", "主办单位", lambda p: p.organiser, width=20),
        ListColumn("classes", "班次", lambda p: p.held, sort="classes", css="num right"),
        ListColumn(
            "budget", "预算（元）", lambda p: p.budget, css="num right", template="training/cells/number.html"
        ),
        ListColumn("closed", "结项日期", lambda p: p.closed_on, on_page=False),
    )

    @property
    def views(self) -> Sequence[SavedView]:  # type: ignore[override]
        return (SavedView("全部", ""), SavedView("今年", f"year={self.viewer.on.year}"))

    def get_queryset(self) -> QuerySet[Any]:
        return Programme.objects.visible_to(self.viewer).annotate(held=Count("classes"))


class ProgrammePage(DetailPage):
    permission = Permission.VIEW_TRAINING
    model = Programme
    template_name = "training/classes/programme.html"

    def get_crumbs(self) -> Crumbs:
        return programme_crumbs((self.object.name, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        classes = list(class_list(self.viewer).filter(programme=self.object).order_by("starts_on", "pk"))
        return super().get_context_data(
            classes=[(held, LIGHTS[held.state]) for held in classes],
            people=sum(held.people for held in classes),
            needs=[(need, need_state(need)) for need in self._needs()],
            may_edit=self.viewer.can(Permission.EDIT_TRAINING),
            **kwargs,
        )

    def _needs(self) -> QuerySet[Any]:
        """What it was founded on, as far as the viewer may see it."""
        rows = TrainingNeed.objects.visible_to(self.viewer).filter(programmes=self.object)
        return rows.select_related("unit", "cadre").annotate(founded=Count("programmes"))


class ProgrammeAct(ObjectMixin):
    permission: ClassVar = Permission.EDIT_TRAINING
    model = Programme

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return programme_crumbs((self.object.name, programme_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return programme_url(self.object)


class NewProgramme(FormPage):
    permission = Permission.EDIT_TRAINING
    title = "新建培训项目"
    submit_label = "保存项目"
    form_class = ProgrammeForm
    success_message = "已新建培训项目，可以接着安排班次。"

    def get_initial(self) -> dict[str, Any]:
        return {"year": self.viewer.on.year}

    def get_crumbs(self) -> Crumbs:
        return programme_crumbs((self.title, ""))

    def act(self, form: ProgrammeForm) -> Programme:
        return create_programme(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return programme_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:programmes")


class EditProgramme(ProgrammeAct, FormPage):
    title = "修改培训项目"
    form_class = ProgrammeForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: ProgrammeForm) -> None:
        update_programme(programme=self.object, values=form.cleaned_data, by=self.viewer)


class DeleteProgramme(ProgrammeAct, ConfirmPage):
    title = "删除培训项目"
    submit_label = "删除项目"
    keep_label = "保留项目"
    success_message = "已删除培训项目。"

    def get_question(self) -> str:
        return f"删除“{self.object}”？"

    def get_consequence(self) -> str:
        return "项目下还有班次时不能删除。删除会记入审计日志。"

    def get_cancel_url(self) -> str:
        return programme_url(self.object)

    def act(self, form: Any) -> None:
        delete_programme(programme=self.object, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:programmes")
