"""领导小组: every group with its members and who is to be looked at again after a move."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse

from core.access import Permission
from core.templatetags.ui import cn_date
from core.web.forms import Form
from core.web.listing import ListColumn, SavedView, Sort
from core.web.views import (
    ConfirmPage,
    FormPage,
    FramePage,
    ListPage,
    ObjectMixin,
    Permissions,
    ViewerMixin,
)
from park.choices import GroupRole
from park.filters.deeds import MemberFilter
from park.forms.deeds import CloseGroupForm, GroupForm, LeaveForm, SeatForm
from park.models import GroupMember, LeadingGroup
from park.queries.groups import to_recheck
from park.services import groups as services
from park.views.links import Crumbs


def group_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("领导小组", reverse("park:groups")), *more]


class ZoneForm(ViewerMixin):
    """A leading group is the whole zone's: whoever looks after a part of it does not change it."""

    permission: ClassVar[Permissions] = Permission.EDIT_PARK

    def may(self, permission: Permissions) -> bool:
        return bool(self.viewer.sees_all(Permission.EDIT_PARK))

    def get_success_url(self) -> str:
        return reverse("park:groups")


class GroupsPage(FramePage):
    """Every group with who sits in it; those that are closed below."""

    title = "领导小组"
    permission: ClassVar = Permission.VIEW_PARK
    template_name = "park/deeds/groups.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.viewer.on
        groups = list(LeadingGroup.objects.visible_to(self.viewer))
        known = GroupMember.objects.visible_to(self.viewer)
        now = to_recheck(known, on)
        seats: dict[int, list[tuple[GroupMember, str | None]]] = {group.pk: [] for group in groups}
        for row in known.covering(on).select_related("cadre"):
            seats[row.group_id].append((row, now.get(row.pk)))
        return super().get_context_data(
            groups=[(group, seats[group.pk]) for group in groups if group.ended_on is None],
            closed=[group for group in groups if group.ended_on is not None],
            moved=len(now),
            may_change=self.viewer.sees_all(Permission.EDIT_PARK),
            **kwargs,
        )


class MemberListPage(ListPage):
    """Everybody who sits or sat in a group, by which post, from when to when."""

    title = "小组成员名册"
    permission = Permission.VIEW_PARK
    model = GroupMember
    filterset_class = MemberFilter
    noun = "成员"
    counter = "条"
    main_filters = ("group", "role")
    views = (SavedView("全部", ""), SavedView("在任", "sitting=1"), SavedView("已退出", "sitting=0"))
    empty_icon = "users-round"
    empty_hint = "在领导小组里加入成员后，这里按时间列出历任成员。"
    export_permission = Permission.VIEW_PARK
    default_sort = "group"
    sorts = (
        Sort("group", "小组", ("group__founded_on", "group", "role", "starts_on")),
        Sort("name", "姓名", ("cadre__name_pinyin",)),
        Sort("since", "任职日期", ("starts_on",)),
    )
    columns = (
        ListColumn("group", "领导小组", lambda m: m.group, sort="group", width=30),
        ListColumn("role", "组内职务", lambda m: m.get_role_display(), css="nowrap"),
        ListColumn("name", "姓名", lambda m: m.cadre, sort="name", css="nowrap"),
        ListColumn("post", "凭何职务", lambda m: m.post_name, width=26),
        ListColumn("since", "任职日期", lambda m: cn_date(m.starts_on), sort="since", css="num nowrap"),
        ListColumn("until", "退出日期", lambda m: cn_date(m.ends_on), css="num nowrap"),
    )

    def get_crumbs(self) -> Crumbs:
        return group_crumbs((self.title, ""))

    def get_queryset(self) -> QuerySet[Any]:
        return GroupMember.objects.visible_to(self.viewer).select_related("group", "cadre")


class FoundGroup(ZoneForm, FormPage):
    title = "成立领导小组"
    submit_label = "保存小组"
    form_class = GroupForm
    success_message = "已登记领导小组。"

    def get_crumbs(self) -> Crumbs:
        return group_crumbs((self.title, ""))

    def act(self, form: GroupForm) -> LeadingGroup:
        return services.found_group(values=form.cleaned_data, by=self.viewer)


class GroupForms(ZoneForm, ObjectMixin):
    """Forms about one group that is not closed."""

    model = LeadingGroup

    def get_queryset(self) -> QuerySet[Any]:
        return LeadingGroup.objects.visible_to(self.viewer).filter(ended_on__isnull=True)

    def get_crumbs(self) -> Crumbs:
        return group_crumbs((str(self.object), ""))


class EditGroup(GroupForms, FormPage):
    title = "修改领导小组"
    form_class = GroupForm
    success_message = "已保存。"

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in services.GROUP_FIELDS}

    def act(self, form: GroupForm) -> None:
        services.change_group(group=self.object, values=form.cleaned_data, by=self.viewer)


class CloseGroup(GroupForms, FormPage):
    title = "撤销领导小组"
    submit_label = "撤销小组"
    dangerous = True
    form_class = CloseGroupForm
    success_message = "已撤销，全部成员同日退出。"

    def get_initial(self) -> dict[str, Any]:
        return {"ended_on": self.viewer.on}

    def act(self, form: CloseGroupForm) -> None:
        services.close_group(group=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)


class SeatMember(GroupForms, FormPage):
    title = "增加成员"
    submit_label = "加入小组"
    form_class = SeatForm
    success_message = "已加入小组。"

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.viewer.on, "role": GroupRole.MEMBER}

    def act(self, form: SeatForm) -> GroupMember:
        data = form.cleaned_data
        return services.seat_member(
            group=self.object, cadre=data["cadre"], role=data["role"], by=self.viewer, on=data["starts_on"]
        )


class MemberForms(ZoneForm, ObjectMixin):
    model = GroupMember

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = GroupMember.objects.visible_to(self.viewer).covering(self.viewer.on)
        return rows.select_related("cadre", "group")

    def get_crumbs(self) -> Crumbs:
        return group_crumbs((self.title, ""))  # type: ignore[attr-defined]


class ConfirmMember(MemberForms, ConfirmPage):
    """After a move: stays in the group by the new post."""

    title = "继续担任"
    submit_label = "继续担任"
    dangerous = False
    success_message = "已按现在的职务登记。"

    def get_question(self) -> str:
        row = self.object
        return f"{row.cadre}在“{row.group}”继续任{row.get_role_display()}？"

    def get_consequence(self) -> str:
        return "按现在的职务继续担任。"

    def act(self, form: Form) -> None:
        services.confirm_member(member=self.object, by=self.viewer, on=self.viewer.on)


class DismissMember(MemberForms, FormPage):
    title = "退出小组"
    submit_label = "退出小组"
    form_class = LeaveForm
    success_message = "已退出，此前的记录保留。"

    def get_title(self) -> str:
        return f"{self.object.cadre}退出{self.object.group}"

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": self.viewer.on}

    def act(self, form: LeaveForm) -> None:
        services.unseat_member(member=self.object, by=self.viewer, on=form.cleaned_data["ends_on"])
