"""学习组: party branches, their committees and groups, the centre group, and who belonged to them when."""

from datetime import date
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property

from core.access import Permission
from core.periods import covers
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage, ObjectMixin
from people.choices import CadreStatus
from people.models import Cadre
from training.filters.study import GroupFilter
from training.forms.study import DayForm
from training.forms.study_setup import GroupForm, MembershipForm
from training.models import GroupMembership, StudyGroup
from training.services.study import add_members, create_group, end_membership, update_group
from training.views.study.common import Crumbs, PlacesMixin, study_crumbs


def group_url(group: StudyGroup) -> str:
    return reverse("training:group", args=[group.pk])


class GroupListPage(PlacesMixin, ListPage):
    title = "学习组"
    place = "study_groups"
    template_name = "training/study/list.html"
    permission = Permission.VIEW_TRAINING
    model = StudyGroup
    filterset_class = GroupFilter
    noun = "学习组"
    counter = "个"
    main_filters = ("kind", "open")
    acts_template = "training/study/group_acts.html"
    empty_icon = "users-round"
    empty_hint = "先建党支部、支部委员会、党小组和理论学习中心组，再登记成员。"
    export_permission = Permission.VIEW_TRAINING
    default_sort = "kind"
    sorts = (
        Sort("kind", "类别", ("kind", "name")),
        Sort("name", "名称", ("name",)),
        Sort("members", "现有人数", ("members",)),
    )
    columns = (
        ListColumn("name", "名称", str, sort="name", link=group_url, width=24),
        ListColumn("kind", "类别", lambda g: g.get_kind_display(), sort="kind", css="nowrap"),
        ListColumn("parent", "所属支部", lambda g: str(g.parent or ""), width=20),
        ListColumn("unit", "所在机构", lambda g: str(g.unit or ""), width=20),
        ListColumn("members", "现有人数", lambda g: g.members, sort="members", css="num right"),
        ListColumn(
            "closed",
            "撤销日期",
            lambda g: g.closed_on,
            css="num nowrap",
            template="training/study/cells/date.html",
        ),
    )
    views = (SavedView("全部", ""), SavedView("现有", "open=1"))

    def get_queryset(self) -> QuerySet[Any]:
        rows = StudyGroup.objects.visible_to(self.viewer).select_related("parent", "unit")
        now = covers(self.viewer.on, "memberships__") & Q(memberships__cadre__status=CadreStatus.ACTIVE)
        return rows.annotate(members=Count("memberships", filter=now))


class GroupPage(DetailPage):
    """The roster as of a day; the day is chosen in the address."""

    permission = Permission.VIEW_TRAINING
    model = StudyGroup
    template_name = "training/study/group.html"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("parent", "unit")

    def get_crumbs(self) -> Crumbs:
        return study_crumbs(("学习组", reverse("training:study_groups")), (self.object.name, ""))

    @cached_property
    def on(self) -> date:
        try:
            return parse_date(self.request.GET.get("on", "")) or self.viewer.on
        except ValueError:  # a day that no month has
            return self.viewer.on

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        memberships = GroupMembership.objects.visible_to(self.viewer).filter(group=self.object)
        rows = memberships.select_related("cadre").order_by("cadre__display_order", "cadre__name_pinyin")
        reach = StudyGroup.objects.visible_to(self.viewer).in_reach(self.viewer, Permission.EDIT_STUDY)
        return super().get_context_data(
            on=self.on,
            members=list(rows.covering(self.on)),
            past=list(rows.filter(ends_on__lt=self.on)),
            editable=reach.filter(pk=self.object.pk).exists(),
            **kwargs,
        )


class GroupAct(ObjectMixin):
    permission: ClassVar = Permission.EDIT_STUDY
    model = StudyGroup

    def get_queryset(self) -> QuerySet[Any]:
        rows = StudyGroup.objects.visible_to(self.viewer).in_reach(self.viewer, Permission.EDIT_STUDY)
        return rows.select_related("unit", "parent")

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        listed = ("学习组", reverse("training:study_groups"))
        return study_crumbs(listed, (self.object.name, group_url(self.object)), (here, ""))

    def get_success_url(self) -> str:
        return group_url(self.object)


class NewGroup(FormPage):
    permission: ClassVar = Permission.EDIT_STUDY
    title = "新建学习组"
    submit_label = "保存学习组"
    form_class = GroupForm
    success_message = "已新建，接着登记成员。"

    def get_crumbs(self) -> Crumbs:
        return study_crumbs(("学习组", reverse("training:study_groups")), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: GroupForm) -> StudyGroup:
        return create_group(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return group_url(self.result)

    def get_cancel_url(self) -> str:
        return reverse("training:study_groups")


class EditGroup(GroupAct, FormPage):
    title = "修改学习组"
    form_class = GroupForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.object}

    def act(self, form: GroupForm) -> None:
        update_group(group=self.object, values=form.cleaned_data, by=self.viewer)


class AddMembers(GroupAct, FormPage):
    title = "登记成员"
    submit_label = "登记成员"
    form_class = MembershipForm

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.viewer.on}

    def get_form_kwargs(self) -> dict[str, Any]:
        reach = Cadre.objects.visible_to(self.viewer, Permission.EDIT_STUDY)
        return {**super().get_form_kwargs(), "reach": reach.filter(status=CadreStatus.ACTIVE)}

    def act(self, form: MembershipForm) -> list[GroupMembership]:
        data = form.cleaned_data
        return add_members(
            group=self.object,
            cadres=data["names"],
            starts_on=data["starts_on"],
            role=data["role"],
            by=self.viewer,
        )

    def get_success_message(self) -> str:
        return f"已登记 {len(self.result)} 名成员；已排定的活动会在当晚或点“按名册更新”时跟上。"


class EndMembership(GroupAct, ConfirmPage):
    submit_label = "登记退出"
    form_class = DayForm
    success_message = "已登记退出，以前的活动不受影响。"

    @cached_property
    def membership(self) -> GroupMembership:
        rows = GroupMembership.objects.visible_to(self.viewer).filter(group=self.object, ends_on=None)
        found: GroupMembership = get_object_or_404(
            rows.select_related("cadre", "group__unit"), pk=self.kwargs["row"]
        )
        return found

    def get_title(self) -> str:
        return f"退出学习组：{self.membership.cadre.name}"

    def get_consequence(self) -> str:
        return f"从次日起，{self.membership.cadre.name}不再列入“{self.object}”的应到名单。"

    def get_initial(self) -> dict[str, Any]:
        return {"on": self.viewer.on}

    def act(self, form: DayForm) -> None:
        end_membership(membership=self.membership, on=form.cleaned_data["on"], by=self.viewer)
