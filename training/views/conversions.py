"""学时折算规则: what a day, an hour, a lesson counts, version by version."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from core.access import Permission
from core.web.views import FormPage, FramePage, Permissions
from training.choices import ConversionBasis, HourSource
from training.conversion import UNITS
from training.forms.hours import ConversionForm, NewConversionForm
from training.models import ConversionRule
from training.queries import kind_label
from training.services.conversions import open_conversion

Crumbs = Sequence[tuple[str, str]]


def rule_words(rule: ConversionRule) -> str:
    """The rule in one sentence: 每天 8 学时、1 天，单项上限 48 学时."""
    words = f"每{UNITS[ConversionBasis(rule.basis)].lstrip('个次') or '次'} {rule.hours.normalize():f} 学时"
    if rule.days:
        words += f"、{rule.days.normalize():f} 天"
    if rule.cap_per_item is not None:
        words += f"，单项上限 {rule.cap_per_item.normalize():f}"
    if rule.cap_per_year is not None:
        words += f"，年度上限 {rule.cap_per_year.normalize():f}"
    return words


def name_of(rule: ConversionRule) -> str:
    return kind_label(rule.source, rule.kind) if rule.kind else f"{rule.get_source_display()}（一般）"


class ConversionsPage(FramePage):
    title = "学时折算规则"
    permission: ClassVar = (Permission.VIEW_TRAINING, Permission.EDIT_RULES)
    template_name = "training/hours/conversions.html"

    def get_crumbs(self) -> Crumbs:
        rules = ("学时规则", reverse("training:rules"))
        return [("首页", reverse("home")), rules, (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = ConversionRule.objects.visible_to(self.viewer).order_by(
            "source", "kind", "basis", "-starts_on"
        )
        by_source = [
            (HourSource(source), [self._row(rule) for rule in rules])
            for source, rules in groupby(rows, key=lambda rule: rule.source)
        ]
        return super().get_context_data(
            may_change=self.viewer.sees_all(Permission.EDIT_RULES),
            sources=by_source,
            **kwargs,
        )

    def _row(self, rule: ConversionRule) -> dict[str, Any]:
        on = self.viewer.on
        state = "now" if rule.holds(on) else "later" if rule.starts_on > on else "past"
        return {"rule": rule, "name": name_of(rule), "words": rule_words(rule), "state": state}


class NewConversion(FormPage):
    """For a source and kind that has no conversion yet."""

    title = "新增折算规则"
    permission: ClassVar = Permission.EDIT_RULES
    form_class: Any = NewConversionForm
    submit_label = "启用"
    success_message = "已登记折算规则；此前已入账的学时不变。"

    def may(self, permission: Permissions) -> bool:
        """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    def get_crumbs(self) -> Crumbs:
        rules = ("学时折算规则", reverse("training:conversions"))
        return [("首页", reverse("home")), rules, (self.get_title(), "")]

    def act(self, form: Any) -> ConversionRule:
        source, kind = form.source_and_kind
        basis = ConversionBasis(form.cleaned_data["basis"])
        return open_conversion(source=source, kind=kind, basis=basis, values=form.values(), by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("training:conversions")


class NewConversionVersion(NewConversion):
    form_class = ConversionForm
    submit_label = "启用新版本"

    @cached_property
    def rule(self) -> ConversionRule:
        found: ConversionRule = get_object_or_404(
            ConversionRule.objects.visible_to(self.viewer), pk=self.kwargs["pk"]
        )
        return found

    def get_title(self) -> str:
        return f"{name_of(self.rule)}·{self.rule.get_basis_display()}：新版本"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "current": self.rule}

    def act(self, form: Any) -> ConversionRule:
        rule = self.rule
        return open_conversion(
            source=HourSource(rule.source),
            kind=rule.kind,
            basis=ConversionBasis(rule.basis),
            values=form.values(),
            by=self.viewer,
        )
