"""任职年限规则, and the extensions asked for and decided."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from core.access import Permission
from core.keys import key_of
from core.web.views import ConfirmPage, FormPage, FramePage, ObjectMixin, Permissions
from people.models import Cadre
from rotation.choices.tenure import ExtensionState, TenureBasis
from rotation.forms.tenure import TenureDecisionForm, TenureExtensionForm, TenureRuleForm
from rotation.models import TenureExtension, TenureRule
from rotation.services import tenure as services
from rotation.views.tenure.shared import PAGES, Crumbs, crumbs
from rotation.wording import standing_of

STATES = ("now", "later", "past")


def state_of(row: Any, on: Any) -> str:
    return "now" if row.holds(on) else "later" if row.starts_on > on else "past"


class TenureRulesPage(FramePage):
    title = "年限规则"
    permission: ClassVar = (Permission.VIEW_ROTATION, Permission.EDIT_RULES)
    template_name = "rotation/tenure/rules.html"

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.title, ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on = self.viewer.on
        rules = list(TenureRule.objects.visible_to(self.viewer))
        ordered = sorted(rules, key=lambda rule: STATES.index(state_of(rule, on)))
        grouped = [
            (basis, [(rule, state_of(rule, on)) for rule in ordered if rule.basis == basis])
            for basis in TenureBasis
        ]
        return super().get_context_data(
            beside=PAGES,
            page_name="rotation:tenure_rules",
            groups=grouped,
            may_change=self.viewer.sees_all(Permission.EDIT_RULES),
            **kwargs,
        )


class NewTenureRule(FormPage):
    """A new version, starting from the rule that `from` names."""

    permission: ClassVar = Permission.EDIT_RULES
    title = "新的年限规则"
    form_class = TenureRuleForm
    submit_label = "启用新规则"
    success_message = "已登记新规则，原规则到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        """A rule counts in the whole zone: whoever looks after a part of it does not change it."""
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    def get_crumbs(self) -> Crumbs:
        return crumbs(("年限规则", reverse("rotation:tenure_rules")), (self.title, ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "initial": self._from()}

    def _from(self) -> dict[str, Any]:
        asked = self.request.GET.get("from", "")
        rule = TenureRule.objects.visible_to(self.viewer).filter(pk=key_of(asked)).first()
        if rule is None:
            return {"starts_on": self.viewer.on}
        kept = {name: getattr(rule, name) for name in services.RULE_FIELDS}
        return {**kept, "starts_on": self.viewer.on}

    def act(self, form: TenureRuleForm) -> TenureRule:
        return services.open_tenure_rule(values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("rotation:tenure_rules")


class NewExtension(ObjectMixin, FormPage):
    """Asked for on the page of a cadre."""

    permission: ClassVar = Permission.EDIT_ROTATION
    model = Cadre
    form_class = TenureExtensionForm
    template_name = "rotation/tenure/extend.html"
    submit_label = "提交审批"
    success_message = "已提交，由另一位领导审批。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = Cadre.objects.visible_to(self.viewer, Permission.EDIT_ROTATION)
        return rows.exclude(pk=self.viewer.cadre_id or 0)

    def get_title(self) -> str:
        return f"申请延长任职：{self.object.name}"

    def get_crumbs(self) -> Crumbs:
        return crumbs((self.get_title(), ""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**standing_of(self.object, self.viewer.on), **kwargs)

    def act(self, form: TenureExtensionForm) -> TenureExtension:
        return services.request_extension(
            cadre=self.object, by=self.viewer, at=timezone.now(), **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return reverse("rotation:tenure_extensions")


class ExtensionPage(ObjectMixin, FormPage):
    """One request: decided by a leader, or only read."""

    permission: ClassVar = Permission.VIEW_ROTATION
    model = TenureExtension
    form_class = TenureDecisionForm
    template_name = "rotation/tenure/extension.html"
    submit_label = "提交审批意见"
    success_message = "已办理，并通知申请人。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = TenureExtension.objects.visible_to(self.viewer).select_related("cadre", "post__unit")
        return rows.exclude(cadre_id=self.viewer.cadre_id or 0)

    def get_title(self) -> str:
        return f"延长任职：{self.object.cadre.name}"

    def get_crumbs(self) -> Crumbs:
        return crumbs(("延长任职", reverse("rotation:tenure_extensions")), (self.object.cadre.name, ""))

    @property
    def may_decide(self) -> bool:
        asked_by_self = self.object.requested_by_id == self.viewer.user_id
        waiting = self.object.state == ExtensionState.REQUESTED
        return waiting and not asked_by_self and self.viewer.can(Permission.DECIDE_ROTATION)

    @property
    def may_withdraw(self) -> bool:
        waiting = self.object.state == ExtensionState.REQUESTED
        return bool(waiting and self.object.requested_by_id == self.viewer.user_id)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            object=self.object,
            may_decide=self.may_decide,
            may_withdraw=self.may_withdraw,
            **standing_of(self.object.cadre, self.viewer.on),
            **kwargs,
        )

    def act(self, form: TenureDecisionForm) -> None:
        if not self.may_decide:
            raise Http404
        services.decide_extension(
            extension=self.object, by=self.viewer, at=timezone.now(), **form.cleaned_data
        )

    def get_success_url(self) -> str:
        return reverse("rotation:tenure_extensions")


class WithdrawExtension(ObjectMixin, ConfirmPage):
    permission: ClassVar = Permission.EDIT_ROTATION
    model = TenureExtension
    title = "撤回申请"
    submit_label = "撤回申请"
    keep_label = "保留申请"
    success_message = "已撤回。"

    def get_queryset(self) -> QuerySet[Any]:
        rows = TenureExtension.objects.visible_to(self.viewer).select_related("cadre")
        return rows.filter(state=ExtensionState.REQUESTED, requested_by_id=self.viewer.user_id)

    def get_question(self) -> str:
        return f"撤回{self.object.cadre.name}延长任职的申请？"

    def act(self, form: Any) -> None:
        services.withdraw_extension(extension=self.object, by=self.viewer, at=timezone.now())

    def get_success_url(self) -> str:
        return reverse("rotation:tenure_extensions")
