"""签到与排课规则: every version, and the form that opens a new one."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse

from core.access import Permission
from core.web.views import FormPage, FramePage, Permissions
from training.forms.slot_rules import SlotRuleForm
from training.models import SlotRule
from training.services.slot_rules import open_slot_rule


class SlotRulesPage(FramePage):
    title = "签到与排课规则"
    permission: ClassVar = (Permission.VIEW_TRAINING, Permission.EDIT_RULES)
    template_name = "training/slots/rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.viewer.on
        rows = [
            (rule, "now" if rule.holds(on) else "later" if rule.starts_on > on else "past")
            for rule in SlotRule.objects.visible_to(self.viewer).order_by("-starts_on")
        ]
        may_change = self.viewer.sees_all(Permission.EDIT_RULES)
        return super().get_context_data(rows=rows, may_change=may_change, **kwargs)


class NewSlotRule(FormPage):
    title = "签到与排课：新规则"
    permission: ClassVar = Permission.EDIT_RULES
    form_class = SlotRuleForm
    submit_label = "启用新规则"
    success_message = "已登记新规则，原规则到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        rules = ("签到与排课规则", reverse("training:slot_rules"))
        return [("首页", reverse("home")), rules, (self.title, "")]

    def get_form_kwargs(self) -> dict[str, Any]:
        current = SlotRule.objects.visible_to(self.viewer).covering(self.viewer.on).first()
        return {**super().get_form_kwargs(), "current": current}

    def act(self, form: SlotRuleForm) -> SlotRule:
        return open_slot_rule(values=form.values(), by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:slot_rules")
