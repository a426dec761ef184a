"""个人信息: who read my record, what I agreed to, my own copy; holds and retention for the office."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core import exports
from core.access import Permission
from core.web.views import ConfirmPage, FormPage, FramePage, ObjectMixin, Permissions, ViewerMixin
from people.models import Cadre
from wellbeing.choices.privacy import ConsentPurpose, KeptKind
from wellbeing.forms.others import HoldForm, RetentionForm
from wellbeing.models import Consent, LegalHold, RetentionRule
from wellbeing.purposes import consent_text, consent_version
from wellbeing.queries.privacy import TOLD_AFTER, readings_of
from wellbeing.services.consents import give_consent, withdraw_consent
from wellbeing.services.privacy import hold_cadre, lift_hold, own_data
from wellbeing.services.rules import open_retention_rule
from wellbeing.views.talks import Crumbs


def privacy_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("个人信息", reverse("wellbeing:privacy")), *more]


class OwnMixin(ViewerMixin):
    """Pages about the own record: only for who has one."""

    permission: ClassVar[Permissions] = Permission.OWN_TALK

    def may(self, permission: Permissions) -> bool:
        return self.viewer.on_own_record(Permission.OWN_TALK)


@dataclass(frozen=True, slots=True)
class AskedConsent:
    """One purpose: the present text, and what the cadre has agreed to, perhaps in an earlier one."""

    purpose: ConsentPurpose
    given: Consent | None

    @property
    def text(self) -> str:
        return consent_text(self.purpose)

    @property
    def outdated(self) -> bool:
        return self.given is not None and self.given.text_version < consent_version(self.purpose)


class PrivacyPage(OwnMixin, FramePage):
    title = "个人信息"
    template_name = "wellbeing/privacy.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.viewer.cadre_id is not None
        return super().get_context_data(
            readings=readings_of(self.viewer.cadre_id, viewer=self.viewer, at=timezone.now()),
            consents=self._consents(),
            told_after=TOLD_AFTER.days,
            kept=_in_force(self.viewer.on, RetentionRule.objects.visible_to(self.viewer)),
            **kwargs,
        )

    def _consents(self) -> list[AskedConsent]:
        given = {row.purpose: row for row in Consent.objects.visible_to(self.viewer).in_force()}
        return [AskedConsent(purpose, given.get(purpose)) for purpose in ConsentPurpose]


def _in_force(on: Any, rules: QuerySet[Any]) -> list[RetentionRule]:
    return [rule for rule in rules.order_by("kind", "-starts_on") if rule.holds(on)]


class ConsentAct(OwnMixin, ConfirmPage):
    dangerous = False

    @cached_property
    def purpose(self) -> ConsentPurpose:
        if self.kwargs["purpose"] not in ConsentPurpose.values:
            raise Http404
        return ConsentPurpose(self.kwargs["purpose"])

    def get_crumbs(self) -> Crumbs:
        return privacy_crumbs((self.get_title(), ""))

    def get_consequence(self) -> str:
        return consent_text(self.purpose)

    def get_success_url(self) -> str:
        return reverse("wellbeing:privacy")


class GiveConsent(ConsentAct):
    title = "单独同意"
    submit_label = "同意"
    success_message = "已记录您的同意，可随时撤回。"

    def get_question(self) -> str:
        return f"同意{self.purpose.label}？"

    def act(self, form: Any) -> None:
        give_consent(purpose=self.purpose, by=self.viewer, at=timezone.now())


class WithdrawConsent(ConsentAct):
    title = "撤回同意"
    submit_label = "撤回同意"
    dangerous = True
    success_message = "已撤回。"

    def get_question(self) -> str:
        return f"撤回：{self.purpose.label}？"

    def act(self, form: Any) -> None:
        withdraw_consent(purpose=self.purpose, by=self.viewer, at=timezone.now())


class OwnData(OwnMixin):
    """A copy of what this part of the system holds about the reader, as one file."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        data = {"生成时间": timezone.localtime(now).isoformat(), **own_data(viewer=self.viewer, at=now)}
        text = json.dumps(data, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
        return exports.download(text.encode("utf-8"), "我的数据.json")


class KeepingPage(FramePage):
    """保存期限 and 暂缓清除."""

    title = "保存期限"
    permission: ClassVar[Permissions] = (Permission.EDIT_RULES, Permission.EDIT_DISCIPLINE)
    template_name = "wellbeing/keeping.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = RetentionRule.objects.visible_to(self.viewer)
        held = LegalHold.objects.visible_to(self.viewer).select_related("cadre", "ordered_by")
        return super().get_context_data(
            rules=[(kind, [rule for rule in rules if rule.kind == kind]) for kind in KeptKind],
            holds=list(held.defer("reason")),
            may_hold=self.viewer.can(Permission.EDIT_DISCIPLINE),
            may_change=self.viewer.sees_all(Permission.EDIT_RULES),
            on=self.viewer.on,
            **kwargs,
        )


def keeping_crumbs(here: str) -> Crumbs:
    return [("首页", reverse("home")), ("保存期限", reverse("wellbeing:keeping")), (here, "")]


class NewRetention(FormPage):
    permission: ClassVar[Permissions] = Permission.EDIT_RULES
    form_class = RetentionForm
    submit_label = "启用新期限"
    success_message = "已登记新期限，原期限到前一天为止。"

    def may(self, permission: Permissions) -> bool:
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_RULES)

    @cached_property
    def kind(self) -> KeptKind:
        if self.kwargs["kind"] not in KeptKind.values:
            raise Http404
        return KeptKind(self.kwargs["kind"])

    def get_title(self) -> str:
        return f"{self.kind.label}：新期限"

    def get_crumbs(self) -> Crumbs:
        return keeping_crumbs(self.get_title())

    def get_form_kwargs(self) -> dict[str, Any]:
        latest = RetentionRule.objects.visible_to(self.viewer).filter(kind=self.kind).order_by("-starts_on")
        return {**super().get_form_kwargs(), "current": latest.first()}

    def act(self, form: RetentionForm) -> RetentionRule:
        return open_retention_rule(kind=self.kind, values=form.cleaned_data, by=self.viewer)

    def get_success_url(self) -> str:
        return reverse("wellbeing:keeping")


class HoldCadre(FormPage):
    permission: ClassVar[Permissions] = Permission.EDIT_DISCIPLINE
    title = "登记暂缓清除"
    form_class = HoldForm
    submit_label = "登记"
    success_message = "已登记。解除之前，该干部的内容不会被清除。"

    def get_crumbs(self) -> Crumbs:
        return keeping_crumbs(self.title)

    def get_form_kwargs(self) -> dict[str, Any]:
        seen = Cadre.objects.visible_to(self.viewer, Permission.EDIT_DISCIPLINE)
        return {**super().get_form_kwargs(), "cadres": seen.exclude(pk=self.viewer.cadre_id or 0)}

    def act(self, form: HoldForm) -> LegalHold:
        return hold_cadre(**form.cleaned_data, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return reverse("wellbeing:keeping")


class LiftHold(ObjectMixin, ConfirmPage):
    permission: ClassVar[Permissions] = Permission.EDIT_DISCIPLINE
    model = LegalHold
    title = "解除暂缓清除"
    submit_label = "解除"
    success_message = "已解除，从明天起恢复按期限清除。"

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = LegalHold.objects.visible_to(self.viewer)
        return rows.filter(ends_on__isnull=True).exclude(cadre_id=self.viewer.cadre_id or 0)

    def get_crumbs(self) -> Crumbs:
        return keeping_crumbs(self.title)

    def get_question(self) -> str:
        return f"解除对{self.object.cadre.name}的暂缓清除？"

    def act(self, form: Any) -> None:
        lift_hold(hold=self.object, by=self.viewer, on=self.viewer.on)

    def get_success_url(self) -> str:
        return reverse("wellbeing:keeping")
