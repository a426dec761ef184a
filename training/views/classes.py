"""培训班次: the catalogue of classes, one class with its people, and the forms that change them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, FormPage, ListPage, ObjectMixin, Permissions
from training.filters import ClassPageFilter
from training.forms import ClassForm
from training.models import TrainingClass
from training.queries import class_list
from training.services import create_class, delete_class, update_class

Crumbs = Sequence[tuple[str, str]]


def class_url(found: TrainingClass) -> str:
    return reverse("training:class", args=[found.pk])


def class_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("培训班次", reverse("training:classes")), *more]


def theme_words(found: TrainingClass) -> str:
    return found.theme_text or found.get_theme_display()


class ClassListPage(ListPage):
    title = "培训班次"
    permission = Permission.VIEW_TRAINING
    model = TrainingClass
    filterset_class = ClassPageFilter
    noun = "班次"
    counter = "个班次"
    main_filters = ("year", "kind", "theme")
    acts_template = "training/class_acts.html"
    empty_icon = "graduation-cap"
    empty_hint = "可以新建班次，也可以导入现有的培训台账。"
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
        ListColumn(
            "state",
            "状态",
            lambda c: c.get_state_display(),
            css="nowrap",
            template="training/classes/cells/state.html",
        ),
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
        ListColumn(
            "people",
            "参训",
            lambda c: c.people,
            sort="people",
            css="num right nowrap",
            template="training/classes/cells/seats.html",
            width=8,
        ),
        ListColumn("capacity", "名额", lambda c: c.capacity, on_page=False, width=8),
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
            SavedView("报名中", "stage=enrolling&sort=date"),
            SavedView("进行中", "state=running"),
            SavedView("待评定", "stage=assessing"),
            SavedView("未开班", "state=upcoming&sort=date"),
        )

    def get_queryset(self) -> QuerySet[Any]:
        return class_list(self.viewer)


class ClassAct(ObjectMixin):
    """Common to the forms about one class."""

    permission: ClassVar[Permissions] = Permission.EDIT_TRAINING
    model = TrainingClass

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return class_crumbs((self.object.name, class_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return class_url(self.object)


class NewClass(FormPage):
    permission: ClassVar = Permission.EDIT_TRAINING
    """A class that has been held already goes straight to the archive."""

    title = "登记已办班次"
    submit_label = "保存班次"
    form_class = ClassForm
    success_message = "已登记班次，可以接着添加参训学员。"

    def get_crumbs(self) -> Crumbs:
        return class_crumbs((self.title, ""))

    def act(self, form: ClassForm) -> TrainingClass:
        return create_class(values=form.values(), by=self.viewer)

    def get_success_url(self) -> str:
        return class_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:classes")


class EditClass(ClassAct, FormPage):
    """Of a class in the archive; one that is under way is changed as a plan."""

    title = "修改班次"
    form_class = ClassForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.may(self.permission) and not self.object.is_archived:
            return HttpResponseRedirect(reverse("training:class_plan_edit", args=[self.object.pk]))
        return super().dispatch(request, *args, **kwargs)

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
