"""核对规则: every version, and the form that opens a new one."""

from typing import Any, ClassVar

from django.urls import reverse

from core.access import Permission
from core.web.views import FormPage, FramePage, Permissions
from rotation.forms.rules import MoveRuleForm
from rotation.models import MoveRule
from rotation.queries.rules import NAMES
from rotation.services.rules import open_move_rule
from rotation.views.tenure.rules import state_of
from rotation.views.tenure.shared import PAGES, Crumbs, crumbs


class MoveRulesPage(FramePage):
    title = "核对规则"
    permission: ClassVar = (Permission.VIEW_ROTATION, Permission.EDIT_RULES)
    template_name = "rotation/tenure/move_rules.html"

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = MoveRule.objects.visible_to(self.viewer)
        return super().get_context_data(
            beside=PAGES,
            page_name="rotation:move_rules",
            rules=[(row, state_of(row, self.viewer.on)) for row in rows],
            may_change=self.viewer.sees_all(Permission.EDIT_RULES),
            **kwargs,
        )


class NewMoveRule(FormPage):
    """A new version, starting from the one in force."""

    permission: ClassVar = Permission.EDIT_RULES
    title = "新的核对规则"
    form_class = MoveRuleForm
    submit_label = "启用新规则"
    success_message = "已登记新规则，原规则到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    def get_crumbs(self) -> Crumbs:
        return crumbs(("核对规则", reverse("rotation:move_rules")), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        current = MoveRule.objects.visible_to(self.viewer).covering(self.viewer.on).first()
        kept = {name: getattr(current, name) for name in NAMES} if current else {}
        return {**super().get_form_kwargs(), "initial": {"starts_on": self.viewer.on, **kept}}

    def act(self, form: MoveRuleForm) -> MoveRule:
        return open_move_rule(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("rotation:move_rules")
