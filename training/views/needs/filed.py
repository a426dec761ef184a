"""Needs that departments and cadres have filed."""

from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import DetailPage, FormPage, ListPage, ObjectMixin
from training.choices import NeedOrigin
from training.filters.needs import NeedFilter
from training.forms.needs import CloseNeedForm, NeedForm
from training.models import TrainingNeed
from training.services import needs as services
from training.views.needs.shared import Crumbs, need_crumbs, need_state, need_url


class NeedListPage(ListPage):
    title = "需求清单"
    permission = Permission.VIEW_TRAINING
    model = TrainingNeed
    filterset_class = NeedFilter
    noun = "需求"
    counter = "项需求"
    main_filters = ("theme", "unit", "state")
    acts_template = "training/needs/list_acts.html"
    empty_icon = "lightbulb"
    empty_hint = "部门可以填报需要的培训，干部也可以提出本人想学的内容。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "-filed"
    sorts = (
        Sort("filed", "填报日期", ("filed_on",)),
        Sort("theme", "专题", ("theme", "filed_on")),
        Sort("people", "人数", ("people",)),
        Sort("wanted", "希望时间", ("wanted_by",)),
    )
    columns = (
        ListColumn("topic", "具体内容", lambda n: n.topic, link=need_url, width=36),
        ListColumn("theme", "专题", lambda n: n.get_theme_display(), sort="theme", css="nowrap"),
        ListColumn("unit", "部门", lambda n: str(n.unit), width=24),
        ListColumn("origin", "来源", lambda n: n.get_origin_display(), css="nowrap"),
        ListColumn("who", "提出人", lambda n: n.cadre.name if n.cadre else n.filed_by_name, css="nowrap"),
        ListColumn("people", "人数", lambda n: n.people, sort="people", css="num right", width=8),
        ListColumn(
            "filed",
            "填报",
            lambda n: n.filed_on,
            sort="filed",
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn(
            "wanted",
            "希望时间",
            lambda n: n.wanted_by,
            sort="wanted",
            css="num nowrap",
            template="training/articles/cells/date.html",
        ),
        ListColumn(
            "state",
            "状态",
            lambda n: need_state(n)[1],
            css="nowrap",
            template="training/contests/cells/state.html",
        ),
    )
    views = (
        SavedView("全部", ""),
        SavedView("未办结", "state=open"),
        SavedView("已立项", "state=founded"),
    )

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    def get_queryset(self) -> QuerySet[Any]:
        rows = TrainingNeed.objects.visible_to(self.viewer).select_related("unit", "cadre")
        return rows.annotate(founded=Count("programmes"))

    def decorate(self, rows: list[Any]) -> list[Any]:
        for row in rows:
            row.light = need_state(row)
        return rows


class NeedPage(DetailPage):
    permission: ClassVar = Permission.VIEW_TRAINING
    model = TrainingNeed
    template_name = "training/needs/need.html"

    def get_queryset(self) -> QuerySet[Any]:
        rows = TrainingNeed.objects.visible_to(self.viewer).select_related("unit", "cadre")
        return rows.annotate(founded=Count("programmes"))

    def get_title(self) -> str:
        return str(self.object.topic)

    def get_crumbs(self) -> Crumbs:
        return need_crumbs(("需求清单", reverse("training:need_list")), (self.object.topic, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            light=need_state(self.object),
            programmes=list(self.object.programmes.all()),
            may_change=self.object.closed_on is None and may_change(self),
            may_found=self.viewer.can(Permission.EDIT_TRAINING) and self.object.closed_on is None,
            **kwargs,
        )


def may_change(view: ObjectMixin) -> bool:
    need, viewer = view.object, view.viewer
    if need.cadre_id and need.cadre_id == viewer.cadre_id:
        return True
    return any((need.unit.path or "").startswith(path) for path in viewer.paths(Permission.NOMINATE))


class NewNeed(FormPage):
    permission: ClassVar = Permission.NOMINATE
    title = "填报部门需求"
    submit_label = "填报"
    form_class = NeedForm
    success_message = "已填报，会计入需求排序。"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: NeedForm) -> TrainingNeed:
        values = dict(form.cleaned_data)
        return services.file_need(unit=values.pop("unit"), values=values, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return need_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:needs")


class NewWish(FormPage):
    permission: ClassVar = Permission.SIGN_UP
    title = "提出培训需求"
    submit_label = "提出"
    form_class = NeedForm
    success_message = "已提出，本部门和组织人事部门会看到。"

    def get_crumbs(self) -> Crumbs:
        return need_crumbs((self.title, ""))

    def act(self, form: NeedForm) -> TrainingNeed:
        return services.wish_need(values=form.cleaned_data, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return need_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:need_list")


class NeedAct(ObjectMixin):
    permission: ClassVar = (Permission.NOMINATE, Permission.SIGN_UP)
    model = TrainingNeed

    def get_queryset(self) -> QuerySet[Any]:
        return TrainingNeed.objects.visible_to(self.viewer).select_related("unit", "cadre")

    @cached_property
    def object(self) -> Any:
        found = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self.__dict__["object"] = found
        if not may_change(self):
            raise Http404
        return found

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return need_crumbs((self.object.topic, need_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return need_url(self.object)


class EditNeed(NeedAct, FormPage):
    title = "修改需求"
    form_class = NeedForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        by_unit = self.object.origin == NeedOrigin.UNIT
        extra = {"viewer": self.viewer} if by_unit else {}
        return {**super().get_form_kwargs(), "row": self.object, **extra}

    def act(self, form: NeedForm) -> None:
        services.change_need(need=self.object, values=form.cleaned_data, by=self.viewer)


class CloseNeed(NeedAct, FormPage):
    title = "办结需求"
    submit_label = "办结"
    form_class = CloseNeedForm
    success_message = "已办结，不再计入排序。"

    def act(self, form: CloseNeedForm) -> None:
        reason = form.cleaned_data["reason"]
        services.close_need(need=self.object, reason=reason, by=self.viewer, on=self.viewer.on)
