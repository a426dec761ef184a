"""班次管理: the catalogue of classes, one class with its people, and the forms that change them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse

from core.access import Permission
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin
from training.filters import ClassPageFilter
from training.forms import ClassForm
from training.models import Participation, TrainingClass
from training.queries import class_list
from training.services import create_class, delete_class, update_class

PEOPLE_A_PAGE = 100
Crumbs = Sequence[tuple[str, str]]


def class_url(found: TrainingClass) -> str:
    return reverse("training:class", args=[found.pk])


def class_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("班次管理", reverse("training:classes")), *more]


def theme_words(found: TrainingClass) -> str:
    return found.theme_text or found.get_theme_display()


class ClassListPage(ListPage):
    title = "班次管理"
    permission = Permission.VIEW_TRAINING
    model = TrainingClass
    filterset_class = ClassPageFilter
    noun = "班次"
    counter = "个班次"
    main_filters = ("year", "kind", "theme")
    acts_template = "training/class_acts.html"
    empty_icon = "graduation-cap"
    empty_hint = "可以导入现有的培训台账，也可以新建班次。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-date"
    sorts = (
        Sort("date", "开始日期", ("starts_on",)),
        Sort("name", "名称", ("name",)),
        Sort("kind", "培训类别", ("kind", "starts_on")),
        Sort("organiser", "主办单位", ("organiser", "starts_on")),
        Sort("hours", "学时", ("hours",)),
        Sort("people", "参训人数", ("people",)),
    )
    columns = (
        ListColumn("name", "班次名称", str, sort="name", link=class_url, width=36),
        ListColumn("kind", "类别", lambda c: c.get_kind_display(), sort="kind", css="nowrap"),
        ListColumn("theme", "专题", theme_words, css="nowrap", width=18),
        ListColumn("organiser", "主办单位", lambda c: c.organiser, sort="organiser", width=20),
        ListColumn(
            "date",
            "时间",
            lambda c: c.starts_on,
            sort="date",
            template="training/cells/dates.html",
            css="num nowrap",
        ),
        ListColumn("ends", "结束日期", lambda c: c.ends_on, on_page=False),
        ListColumn("days", "天数", lambda c: c.days, css="num right", template="training/cells/number.html"),
        ListColumn(
            "hours",
            "学时",
            lambda c: c.hours,
            sort="hours",
            css="num right",
            template="training/cells/number.html",
        ),
        ListColumn("people", "参训", lambda c: c.people, sort="people", css="num right", width=8),
        ListColumn("place", "地点", lambda c: c.place, on_page=False, width=20),
        ListColumn("off_job", "脱产", lambda c: c.off_job, on_page=False, width=8),
        ListColumn("note", "备注", lambda c: c.note, on_page=False, width=24),
    )

    @property
    def views(self) -> Sequence[SavedView]:  # type: ignore[override]
        """Tabs follow the viewer's day: this year changes on its own."""
        return (
            SavedView("全部", ""),
            SavedView("今年", f"year={self.viewer.on.year}"),
            SavedView("进行中", "state=running"),
            SavedView("未开班", "state=upcoming&sort=date"),
        )

    def get_queryset(self) -> QuerySet[Any]:
        return class_list(self.viewer)


class ClassPage(DetailPage):
    permission = Permission.VIEW_TRAINING
    model = TrainingClass
    template_name = "training/class.html"

    def get_crumbs(self) -> Crumbs:
        return class_crumbs((self.object.name, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = self._people()
        page = Paginator(people, PEOPLE_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            people=people,
            page=page,
            others=self._others(len(people)),
            editable=self._editable(),
            may_edit=self.viewer.can(Permission.EDIT_TRAINING),
            theme=theme_words(self.object),
            state=self._state(),
            credited=sum(row.hours for row in people),
            **kwargs,
        )

    def _people(self) -> list[Participation]:
        seen = Participation.objects.visible_to(self.viewer).filter(training_class=self.object)
        return list(seen.select_related("cadre").order_by("cadre__display_order", "cadre__name_pinyin", "pk"))

    def _editable(self) -> set[int]:
        """Rows the viewer may change: those of the own units, never the own row."""
        rows = Participation.objects.visible_to(self.viewer, Permission.EDIT_TRAINING)
        return set(rows.filter(training_class=self.object).values_list("pk", flat=True))

    def _others(self, seen: int) -> int:
        """People of the class outside the viewer's scope: their number is known, not their names."""
        return int(class_list(self.viewer).get(pk=self.object.pk).people) - seen

    def _state(self) -> tuple[str, str]:
        on = self.viewer.on
        if self.object.starts_on > on:
            return "grey", f"未开班，{cn_date(self.object.starts_on)}开始"
        return ("blue", "进行中") if self.object.ends_on >= on else ("green", "已结班")


class ClassAct(ObjectMixin):
    """Common to the forms about one class."""

    permission: ClassVar = Permission.EDIT_TRAINING
    model = TrainingClass

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return class_crumbs((self.object.name, class_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return class_url(self.object)


class NewClass(FormPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    title = "新建班次"
    submit_label = "保存班次"
    form_class = ClassForm
    success_message = "已新建班次，可以接着添加参训学员。"

    def get_crumbs(self) -> Crumbs:
        return class_crumbs((self.title, ""))

    def act(self, form: ClassForm) -> TrainingClass:
        return create_class(values=form.values(), by=self.viewer)

    def get_success_url(self) -> str:
        return class_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:classes")


class EditClass(ClassAct, FormPage):
    title = "修改班次"
    form_class = ClassForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: ClassForm) -> int:
        return update_class(
            training_class=self.object,
            values=form.values(),
            by=self.viewer,
            recredit=bool(form.cleaned_data.get("recredit")),
        )

    def get_success_message(self) -> str:
        return f"已保存，并按新学时认定 {self.result} 人。" if self.result else "已保存。"


class DeleteClass(ClassAct, ConfirmPage):
    title = "删除班次"
    submit_label = "删除班次"
    keep_label = "保留班次"
    success_message = "已删除班次。"

    def get_question(self) -> str:
        return f"删除“{self.object}”？"

    def get_consequence(self) -> str:
        people = self.object.participations.count()
        if people:
            return f"名单中还有 {people} 人，请先移出全部学员；有学员的班次不能删除。"
        return "班次没有学员，删除后不影响任何人的学时。删除会记入审计日志。"

    def get_cancel_url(self) -> str:
        return class_url(self.object)

    def act(self, form: Any) -> None:
        delete_class(training_class=self.object, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:classes")
