"""亮灯规则: every version, and the form that opens a new one."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse

from core.access import Permission
from core.web.views import FormPage, FramePage, Permissions
from park.forms.tasks import SignalRuleForm
from park.models import SignalRule
from park.queries.signals import terms_of
from park.services.rules import open_signal_rule
from park.views.links import task_crumbs


class SignalRulesPage(FramePage):
    title = "亮灯规则"
    permission: ClassVar = (Permission.VIEW_PARK, Permission.EDIT_RULES)
    template_name = "park/rules.html"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return task_crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = SignalRule.objects.visible_to(self.viewer).order_by("-starts_on")
        return super().get_context_data(
            may_change=self.viewer.sees_all(Permission.EDIT_RULES),
            new_url=reverse("park:signal_rule_new"),
            rules=[self._row(rule) for rule in versions],
            **kwargs,
        )

    def _row(self, rule: SignalRule) -> tuple[SignalRule, str, str]:
        on = self.viewer.on
        state = "now" if rule.holds(on) else "later" if rule.starts_on > on else "past"
        return rule, terms_of(rule).text, state


class NewSignalRule(FormPage):
    permission: ClassVar = Permission.EDIT_RULES
    title = "新亮灯规则"
    form_class = SignalRuleForm
    submit_label = "启用新规则"
    success_message = "已登记新规则，原规则到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return task_crumbs(("亮灯规则", reverse("park:signal_rules")), (self.title, ""))

    def get_initial(self) -> dict[str, Any]:
        current = SignalRule.objects.visible_to(self.viewer).covering(self.viewer.on).first()
        kept = ("due_soon_days", "behind_margin", "silent_days")
        return {name: getattr(current, name) for name in kept} if current else {}

    def act(self, form: SignalRuleForm) -> SignalRule:
        return open_signal_rule(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("park:signal_rules")
