"""学时规则: every version of every rule, and the form that opens a new one."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.views import FormPage, FramePage, Permissions
from training.choices import HourRegime
from training.forms import RuleForm
from training.models import HourRule
from training.queries import terms_of
from training.services import open_rule_version


class RulesPage(FramePage):
    title = "学时规则"
    permission: ClassVar = (Permission.VIEW_TRAINING, Permission.EDIT_RULES)
    template_name = "training/rules.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = HourRule.objects.visible_to(self.viewer).order_by("-starts_on")
        by_regime = {regime: [rule for rule in versions if rule.regime == regime] for regime in HourRegime}
        return super().get_context_data(
            may_change=self.viewer.sees_all(Permission.EDIT_RULES),
            regimes=[(regime, [self._row(rule) for rule in rules]) for regime, rules in by_regime.items()],
            **kwargs,
        )

    def _row(self, rule: HourRule) -> tuple[HourRule, str, str]:
        """The rule, its sentence and whether it is past, in force or to come."""
        on = self.viewer.on
        state = "now" if rule.holds(on) else "later" if rule.starts_on > on else "past"
        return rule, terms_of(rule).text, state


class NewRuleVersion(FormPage):
    permission: ClassVar = Permission.EDIT_RULES
    form_class = RuleForm
    submit_label = "启用新规则"
    success_message = "已登记新规则，原规则到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    @cached_property
    def regime(self) -> HourRegime:
        if self.kwargs["regime"] not in HourRegime.values:
            raise Http404
        return HourRegime(self.kwargs["regime"])

    def get_title(self) -> str:
        return f"{self.regime.label}：新规则"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        rules = ("学时规则", reverse("training:rules"))
        return [("首页", reverse("home")), rules, (self.get_title(), "")]

    def get_form_kwargs(self) -> dict[str, Any]:
        latest = HourRule.objects.visible_to(self.viewer).filter(regime=self.regime).order_by("-starts_on")
        return {**super().get_form_kwargs(), "current": latest.first()}

    def act(self, form: RuleForm) -> HourRule:
        return open_rule_version(regime=self.regime, values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:rules")
