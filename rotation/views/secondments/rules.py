"""挂职规则: every version, and the form that opens a new one."""

from datetime import date
from typing import Any, ClassVar

from django.urls import reverse

from core.access import Permission
from core.web.views import FormPage, FramePage, Permissions
from rotation.forms.secondments import SecondmentRuleForm
from rotation.models import SecondmentRule
from rotation.services import secondments as services
from rotation.services.secondments.planning import RULE_FIELDS
from rotation.views.secondments.shared import SEES, Crumbs, crumbs


class SecondmentRulesPage(FramePage):
    title = "挂职规则"
    permission: ClassVar = (SEES, Permission.EDIT_RULES)
    template_name = "rotation/secondments/rules.html"

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.viewer.on
        rows = SecondmentRule.objects.visible_to(self.viewer)
        states = [
            (row, "now" if row.holds(on) else "later" if row.starts_on > on else "past") for row in rows
        ]
        may_change = self.viewer.sees_all(Permission.EDIT_RULES)
        return super().get_context_data(rules=states, may_change=may_change, **kwargs)


def _state(rule: SecondmentRule, on: date) -> str:
    return "now" if rule.holds(on) else "later" if rule.starts_on > on else "past"


class NewSecondmentRule(FormPage):
    permission: ClassVar = Permission.EDIT_RULES
    title = "新的挂职规则"
    form_class = SecondmentRuleForm
    submit_label = "启用新规则"
    success_message = "已登记新规则，原规则到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    def get_crumbs(self) -> Crumbs:
        return crumbs(("挂职规则", reverse("rotation:secondment_rules")), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        current = SecondmentRule.objects.visible_to(self.viewer).covering(self.viewer.on).first()
        kept = {name: getattr(current, name) for name in RULE_FIELDS} if current else {}
        return {**super().get_form_kwargs(), "initial": {"starts_on": self.viewer.on, **kept}}

    def act(self, form: SecondmentRuleForm) -> SecondmentRule:
        return services.open_secondment_rule(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("rotation:secondment_rules")
