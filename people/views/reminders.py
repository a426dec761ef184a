"""提醒规则: every version, and the form that opens a new one."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse

from core.access import Permission
from core.web.views import FormPage, FramePage, Permissions
from people.forms import ReminderRuleForm
from people.models import ReminderRule
from people.services.reminders import open_reminder_rule


class ReminderRules(FramePage):
    title = "提醒规则"
    permission: ClassVar = Permission.EDIT_RULES
    template_name = "people/reminders.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = ReminderRule.objects.visible_to(self.viewer)
        return super().get_context_data(
            may_change=self.viewer.sees_all(Permission.EDIT_RULES),
            rules=[(rule, self._state(rule)) for rule in versions],
            **kwargs,
        )

    def _state(self, rule: ReminderRule) -> tuple[str, str]:
        if rule.holds(self.viewer.on):
            return ("green", "现行")
        return ("blue", "待施行") if rule.starts_on > self.viewer.on else ("grey", "已停止")


class NewReminderRule(FormPage):
    title = "新的提醒规则"
    permission: ClassVar = Permission.EDIT_RULES
    form_class = ReminderRuleForm
    submit_label = "启用新规则"
    success_message = "已登记新规则，原规则到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("提醒规则", reverse("people:reminders")), (self.title, "")]

    def get_form_kwargs(self) -> dict[str, Any]:
        latest = ReminderRule.objects.visible_to(self.viewer).first()
        return {**super().get_form_kwargs(), "current": latest}

    def get_success_url(self) -> str:
        return reverse("people:reminders")

    def act(self, form: ReminderRuleForm) -> ReminderRule:
        return open_reminder_rule(values=form.cleaned_data, by=self.viewer)
