"""One post: who holds it, who is prepared, what it asks for; and how many people a unit needs."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.views import ConfirmPage, DetailPage, FormPage, ObjectMixin
from people.models import Post, Unit
from people.spans import months_in_words
from rotation.choices.tenure import Criterion
from rotation.forms.tenure import RequirementForm, StaffingForm, SuccessorForm
from rotation.models import PostRequirement, PostSuccessor, UnitStaffing
from rotation.queries.posts import post_situations
from rotation.queries.tenure import tenures
from rotation.requirements import words_of
from rotation.services import posts as services
from rotation.views.tenure.lists import lights_of
from rotation.views.tenure.shared import Crumbs, crumbs, post_url
from rotation.wording import LIGHTS


class PostPage(DetailPage):
    permission = Permission.VIEW_ROTATION
    model = Post
    template_name = "rotation/tenure/post.html"

    def get_queryset(self) -> QuerySet[Any]:
        return Post.objects.visible_to(self.viewer).select_related("unit")

    def get_crumbs(self) -> Crumbs:
        return crumbs(("岗位和后备", reverse("rotation:posts")), (str(self.object), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        post, on = self.object, self.viewer.on
        found = post_situations(on, [post.pk])
        post.situation = found[0] if found else None
        conditions = PostRequirement.objects.visible_to(self.viewer).filter(post=post)
        return super().get_context_data(
            situation=post.situation,
            lights=lights_of(post) if post.situation else [],
            holders=self._holders(),
            requirements=[(row, words_of(Criterion(row.criterion), row.value)) for row in conditions],
            may_change=self.viewer.can(Permission.EDIT_ROTATION),
            **kwargs,
        )

    def _holders(self) -> list[Any]:
        """(holder, tenure, its length in words, colour of its light)."""
        if self.object.situation is None:
            return []
        held = self.object.situation.holders
        found = tenures([holder.cadre_id for holder in held], self.viewer.on)
        rows = []
        for holder in held:
            tenure = found.get(holder.cadre_id)
            words = months_in_words(tenure.months) if tenure else ""
            rows.append((holder, tenure, words, LIGHTS[tenure.status] if tenure else ""))
        return rows


class OfPost(ObjectMixin, FormPage):
    """A form about one post."""

    permission: ClassVar = Permission.EDIT_ROTATION
    model = Post

    def get_queryset(self) -> QuerySet[Any]:
        return Post.objects.visible_to(self.viewer).select_related("unit")

    def get_crumbs(self) -> Crumbs:
        return crumbs((str(self.object), post_url(self.object)), (self.get_title(), ""))

    def get_success_url(self) -> str:
        return post_url(self.object)


class NewSuccessor(OfPost):
    title = "确定后备人选"
    submit_label = "确定人选"
    form_class = SuccessorForm
    success_message = "已确定后备人选。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer}

    def act(self, form: SuccessorForm) -> PostSuccessor:
        values = dict(form.cleaned_data)
        cadre = values.pop("cadre")
        return services.name_successor(post=self.object, cadre=cadre, values=values, by=self.viewer)


class NewRequirement(OfPost):
    title = "增加岗位条件"
    submit_label = "增加条件"
    form_class = RequirementForm
    success_message = "已增加条件。"

    def act(self, form: RequirementForm) -> PostRequirement:
        return services.add_requirement(post=self.object, values=form.cleaned_data, by=self.viewer)


class OfRow(ObjectMixin, FormPage):
    """A form about a row that hangs on a post."""

    permission: ClassVar = Permission.EDIT_ROTATION

    def get_queryset(self) -> QuerySet[Any]:
        return self.model.objects.visible_to(self.viewer).select_related("post__unit")  # type: ignore[no-any-return]

    def get_crumbs(self) -> Crumbs:
        post = self.object.post
        return crumbs((str(post), post_url(post)), (self.get_title(), ""))

    def get_success_url(self) -> str:
        return post_url(self.object.post)


class EditSuccessor(OfRow):
    model = PostSuccessor
    title = "修改后备人选"
    form_class = SuccessorForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "viewer": self.viewer, "row": self.object}

    def act(self, form: SuccessorForm) -> None:
        services.change_successor(successor=self.object, values=form.cleaned_data, by=self.viewer)


class EndSuccessor(OfRow, ConfirmPage):
    model = PostSuccessor
    title = "不再作为后备人选"
    submit_label = "不再作为后备"
    keep_label = "保留"
    success_message = "已办理，原来的记录保留。"

    def get_question(self) -> str:
        return f"{self.object.cadre}不再作为{self.object.post}的后备人选？"

    def act(self, form: Any) -> None:
        services.end_successor(successor=self.object, on=self.viewer.on, by=self.viewer)


class EditRequirement(OfRow):
    model = PostRequirement
    title = "修改岗位条件"
    form_class = RequirementForm
    success_message = "已保存。"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "row": self.object}

    def act(self, form: RequirementForm) -> None:
        services.change_requirement(requirement=self.object, values=form.cleaned_data, by=self.viewer)


class RemoveRequirement(OfRow, ConfirmPage):
    model = PostRequirement
    title = "删除岗位条件"
    submit_label = "删除条件"
    keep_label = "保留条件"
    success_message = "已删除。"

    def get_question(self) -> str:
        return f"删除条件“{words_of(Criterion(self.object.criterion), self.object.value)}”？"

    def act(self, form: Any) -> None:
        services.remove_requirement(requirement=self.object, by=self.viewer)


class SetStaffing(ObjectMixin, FormPage):
    """The versions so far, and the form for a new one."""

    permission: ClassVar = Permission.EDIT_ROTATION
    model = Unit
    form_class = StaffingForm
    template_name = "rotation/tenure/staffing.html"
    submit_label = "启用新规定"
    success_message = "已登记，原来的规定到前一天为止。"

    def get_title(self) -> str:
        return f"最低在岗人数：{self.object.name}"

    def get_crumbs(self) -> Crumbs:
        return crumbs(("最低在岗", reverse("rotation:staffing")), (self.object.name, ""))

    @cached_property
    def versions(self) -> list[Any]:
        return list(UnitStaffing.objects.visible_to(self.viewer).filter(unit=self.object))

    def get_initial(self) -> dict[str, Any]:
        current = next((row for row in self.versions if row.holds(self.viewer.on)), None)
        kept = {"minimum": current.minimum, "source": current.source} if current else {}
        return {"starts_on": self.viewer.on, **kept}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "initial": self.get_initial()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(versions=self.versions, **kwargs)

    def act(self, form: StaffingForm) -> UnitStaffing:
        return services.set_staffing(unit=self.object, values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("rotation:staffing")
