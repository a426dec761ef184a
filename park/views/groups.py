"""领导小组: every group with its members and who is to be looked at again after a move."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from core.access import Permission
from core.web.forms import Form
from core.web.views import ConfirmPage, FormPage, FramePage, ObjectMixin, Permissions, ViewerMixin
from park.forms.deeds import GroupForm, SeatForm
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
    title = "领导小组"
    permission: ClassVar = Permission.VIEW_PARK
    template_name = "park/deeds/groups.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.viewer.on
        groups = list(LeadingGroup.objects.visible_to(self.viewer).filter(ended_on__isnull=True))
        rows = list(GroupMember.objects.visible_to(self.viewer).covering(on).select_related("cadre"))
        moved = to_recheck(rows, on)
        seats: dict[int, list[tuple[GroupMember, str | None]]] = {group.pk: [] for group in groups}
        for row in rows:
            if row.group_id in seats:
                seats[row.group_id].append((row, moved.get(row.pk)))
        return super().get_context_data(
            groups=[(group, seats[group.pk]) for group in groups],
            may_change=self.viewer.sees_all(Permission.EDIT_PARK),
            **kwargs,
        )


class FoundGroup(ZoneForm, FormPage):
    title = "成立领导小组"
    submit_label = "保存小组"
    form_class = GroupForm
    success_message = "已登记领导小组。"

    def get_crumbs(self) -> Crumbs:
        return group_crumbs((self.title, ""))

    def act(self, form: GroupForm) -> LeadingGroup:
        return services.found_group(values=form.cleaned_data, by=self.viewer)


class SeatMember(ZoneForm, ObjectMixin, FormPage):
    model = LeadingGroup
    title = "增加成员"
    submit_label = "加入小组"
    form_class = SeatForm
    success_message = "已加入小组。"

    def get_crumbs(self) -> Crumbs:
        return group_crumbs((str(self.object), ""))

    def act(self, form: SeatForm) -> GroupMember:
        return services.seat_member(group=self.object, by=self.viewer, on=self.viewer.on, **form.cleaned_data)


class ChangeMember(ZoneForm, ObjectMixin, ConfirmPage):
    """After a move: stays by the new post, or leaves the group."""

    model = GroupMember
    dangerous = False

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = GroupMember.objects.visible_to(self.viewer).covering(self.viewer.on)
        return rows.select_related("cadre", "group")

    @property
    def stays(self) -> bool:
        if self.kwargs["act"] not in ("confirm", "leave"):
            raise Http404
        return bool(self.kwargs["act"] == "confirm")

    def get_title(self) -> str:
        return "继续担任" if self.stays else "退出小组"

    def get_crumbs(self) -> Crumbs:
        return group_crumbs((self.get_title(), ""))

    def get_question(self) -> str:
        row = self.object
        words = f"继续任{row.get_role_display()}" if self.stays else "退出小组"
        return f"{row.cadre}在“{row.group}”{words}？"

    def get_consequence(self) -> str:
        return "按现在的职务继续担任。" if self.stays else "从今天起不再是成员，此前的记录保留。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "submit_label": self.get_title()}

    def act(self, form: Form) -> None:
        run = services.confirm_member if self.stays else services.unseat_member
        run(member=self.object, by=self.viewer, on=self.viewer.on)
