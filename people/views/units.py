"""机构与岗位: the tree of units with the people and posts of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.periods import covers
from core.web.views import ConfirmPage, DetailPage, FormPage, FramePage
from people import forms
from people.choices import AppointmentKind
from people.models import Post, Unit
from people.services.units import close_unit, create_post, create_unit, update_post, update_unit


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in tree order: how deep it stands, and people held with and without the units below."""

    unit: Unit
    depth: int
    people: int
    people_below: int
    posts: int

    @property
    def indent(self) -> str:
        return "　" * self.depth


def units_with_counts(rows: QuerySet[Unit], on: Any) -> QuerySet[Unit]:
    """Each unit with `people` (main posts held on the day) and `post_count` (posts not abolished)."""
    held = covers(on, "appointments__") & Q(
        appointments__kind=AppointmentKind.POST, appointments__is_main=True
    )
    return rows.annotate(
        people=Count("appointments__cadre", filter=held, distinct=True),
        post_count=Count("posts", filter=Q(posts__abolished_on__isnull=True), distinct=True),
    )


def in_tree_order(units: Sequence[Any]) -> list[Branch]:
    """Parents before children, siblings by their display order."""
    children: dict[int | None, list[Any]] = {}
    known = {unit.pk for unit in units}
    for unit in units:
        parent = unit.parent_id if unit.parent_id in known else None
        children.setdefault(parent, []).append(unit)
    return list(_walk(children, None, 0))


def _walk(children: dict[int | None, list[Any]], parent: int | None, depth: int) -> Iterator[Branch]:
    for unit in sorted(children.get(parent, []), key=lambda u: (u.display_order, u.pk)):
        below = list(_walk(children, unit.pk, depth + 1))
        total = unit.people + sum(branch.people for branch in below)
        yield Branch(unit, depth, unit.people, total, unit.post_count)
        yield from below


class UnitList(FramePage):
    template_name = "people/units.html"
    permission: ClassVar = Permission.VIEW_UNIT
    title = "机构与岗位"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Unit.objects.visible_to(self.viewer)
        closed = visible.filter(closed_on__isnull=False)
        units = units_with_counts(visible.open(), self.viewer.on)
        return super().get_context_data(branches=in_tree_order(list(units)), closed=closed, **kwargs)


class UnitPage(DetailPage):
    template_name = "people/unit.html"
    permission: ClassVar = Permission.VIEW_UNIT
    model = Unit

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("机构与岗位", reverse("people:units")), (self.object.name, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = covers(self.viewer.on, "appointments__") & Q(appointments__kind=AppointmentKind.POST)
        posts = self.object.posts.annotate(held=Count("appointments", filter=held))
        children = units_with_counts(self.object.children.open(), self.viewer.on)
        reach = Unit.objects.visible_to(self.viewer).in_reach(self.viewer, Permission.EDIT_UNIT)
        return super().get_context_data(
            unit=self.object,
            posts=posts,
            children=children,
            may_edit=reach.filter(pk=self.object.pk).exists(),
            **kwargs,
        )


class UnitFormPage(FormPage):
    permission: ClassVar = Permission.EDIT_UNIT
    form_class: Any = forms.UnitForm
    success_message = "机构已保存。"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("机构与岗位", reverse("people:units")), (self.get_title(), "")]

    def get_success_url(self) -> str:
        return reverse("people:units")


class NewUnit(UnitFormPage):
    title = "新增机构"

    def get_initial(self) -> dict[str, Any]:
        parent = self.request.GET.get("parent", "")
        return {"kind": "department", "display_order": 0, "parent": parent if parent.isdecimal() else None}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: Any) -> Unit:
        return create_unit(values=form.cleaned_data, by=self.viewer)


class OfUnit(UnitFormPage):
    """A form about one unit."""

    @cached_property
    def unit(self) -> Unit:
        reach = Unit.objects.visible_to(self.viewer).in_reach(self.viewer, Permission.EDIT_UNIT)
        return get_object_or_404(reach, pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("people:unit", args=[self.unit.pk])

    def get_form_kwargs(self) -> dict[str, Any]:
        self.unit  # noqa: B018 - answers 404 before the form is made
        return super().get_form_kwargs()


class EditUnit(OfUnit):
    title = "修改机构"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        return {**kwargs, "row": self.unit, "viewer": self.viewer}

    def act(self, form: Any) -> None:
        update_unit(unit=self.unit, values=form.cleaned_data, by=self.viewer)


class CloseUnit(ConfirmPage, OfUnit):
    title = "撤销机构"
    submit_label = "撤销机构"
    form_class = ConfirmPage.form_class
    success_message = "机构已撤销，历史任职保留。"

    def get_question(self) -> str:
        return f"撤销“{self.unit.name}”？"

    def get_consequence(self) -> str:
        return "撤销后不能再登记新的任职；原有的任职记录和成长档案不受影响。"

    def act(self, form: Any) -> None:
        close_unit(unit=self.unit, on=self.viewer.on, by=self.viewer)


class NewPost(OfUnit):
    title = "新增岗位"
    form_class = forms.PostForm
    success_message = "岗位已保存。"

    def get_initial(self) -> dict[str, Any]:
        return {"post_class": "general", "display_order": 0}

    def act(self, form: Any) -> Post:
        return create_post(values={**form.cleaned_data, "unit": self.unit}, by=self.viewer)


class EditPost(OfUnit):
    title = "修改岗位"
    form_class = forms.PostForm
    success_message = "岗位已保存。"

    @cached_property
    def post_row(self) -> Post:
        return get_object_or_404(Post.objects.visible_to(self.viewer), unit=self.unit, pk=self.kwargs["post"])

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        kwargs.pop("initial")
        return {**kwargs, "row": self.post_row}

    def act(self, form: Any) -> None:
        update_post(post=self.post_row, values=form.cleaned_data, by=self.viewer)
