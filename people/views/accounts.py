"""用户与授权: the system administrator keeps accounts, the security administrator gives roles."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from core.access import OWN_RECORD_ROLE, Permission, Role
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn, Sort
from core.web.views import ConfirmPage, DetailPage, FormPage, ListPage
from people import forms
from people.filters import AccountFilter
from people.models import RoleGrant, User
from people.services import accounts

SEES_ACCOUNTS = (Permission.MANAGE_ACCOUNTS, Permission.MANAGE_GRANTS, Permission.VIEW_GRANTS)
Crumbs = Sequence[tuple[str, str]]


def account_url(user: User) -> str:
    return reverse("people:account", args=[user.pk])


def last_login(user: User) -> str:
    return cn_time(user.last_login) or "从未登录"


class AccountList(ListPage):
    title = "用户与授权"
    permission = SEES_ACCOUNTS
    model = User
    filterset_class = AccountFilter
    main_filters = ("role", "active")
    noun = "账号"
    counter = "个"
    acts_template = "people/account_acts.html"
    default_sort = "username"
    sorts = (Sort("username", "登录名", ("username",)), Sort("login", "上次登录时间", ("-last_login",)))
    columns = (
        ListColumn("name", "姓名", str, link=account_url, css="nowrap"),
        ListColumn("username", "登录名", lambda user: user.username, sort="username"),
        ListColumn("roles", "现有角色", lambda user: user.role_words, template="people/roles_cell.html"),
        ListColumn("active", "状态", lambda user: user.is_active, template="people/active_cell.html"),
        ListColumn(
            "login", "上次登录", lambda user: cn_time(user.last_login) or "从未登录", sort="login", css="num"
        ),
    )

    def decorate(self, rows: list[Any]) -> list[Any]:
        held: dict[int, list[str]] = {}
        grants = RoleGrant.objects.visible_to(self.viewer).covering(self.viewer.on).filter(user__in=rows)
        for grant in grants.select_related("unit"):
            held.setdefault(grant.user_id, []).append(grant_words(grant))
        for row in rows:
            row.role_words = held.get(row.pk, [])
        return rows


def grant_words(grant: RoleGrant) -> str:
    if grant.role == OWN_RECORD_ROLE:
        return str(grant.get_role_display())
    return f"{grant.get_role_display()}（{grant.unit.name if grant.unit else '全区'}）"


class AccountPage(DetailPage):
    template_name = "people/account.html"
    permission = SEES_ACCOUNTS
    model = User

    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), ("用户与授权", reverse("people:accounts")), (str(self.object), "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grants = RoleGrant.objects.visible_to(self.viewer).filter(user=self.object)
        rows = grants.select_related("unit", "granted_by").order_by("-starts_on", "role")
        return super().get_context_data(
            account=self.object,
            grants=[(grant, _state(grant, self.viewer.on)) for grant in rows],
            is_self=self.object.pk == self.viewer.user_id,
            **kwargs,
        )


def _state(grant: RoleGrant, on: Any) -> str:
    if grant.holds(on):
        return "now"
    return "later" if grant.starts_on > on else "past"


class AccountFormPage(FormPage):
    def get_crumbs(self) -> Crumbs:
        return [("首页", reverse("home")), ("用户与授权", reverse("people:accounts")), (self.get_title(), "")]

    def get_success_url(self) -> str:
        return reverse("people:accounts")


class OneTimePassword(AccountFormPage):
    """Ends in a page that shows a fresh one-time password once; it is stored only as a hash."""

    permission: ClassVar = Permission.MANAGE_ACCOUNTS

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        if answer.status_code != 302:
            return answer
        user, password = self.result
        context = {
            "account": user,
            "password": password,
            "title": self.get_title(),
            "crumbs": self.get_crumbs(),
        }
        return render(self.request, "people/one_time_password.html", context)


class NewAccount(OneTimePassword):
    title = "新建账号"
    submit_label = "新建账号"
    form_class = forms.AccountForm

    def act(self, form: forms.AccountForm) -> tuple[User, str]:
        data = form.cleaned_data
        return accounts.create_account(
            username=data["username"],
            name=data["name"],
            cadre=form.cadre,
            by=self.viewer,
            issued_at=timezone.now(),
        )


class OfAccount(AccountFormPage):
    @cached_property
    def account(self) -> User:
        visible: QuerySet[User] = User.objects.visible_to(self.viewer)
        return get_object_or_404(visible, pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        self.account  # noqa: B018 - answers 404 before the form is made
        return super().get_form_kwargs()

    def get_success_url(self) -> str:
        return account_url(self.account)


class ResetPassword(ConfirmPage, OfAccount, OneTimePassword):
    title = "重置密码"
    submit_label = "重置密码"

    def get_question(self) -> str:
        return f"重置{self.account.name}（{self.account.username}）的密码？"

    def get_consequence(self) -> str:
        return "会生成新的一次性密码，只显示一次；本人原来的密码和已登录的页面立即失效。"

    def act(self, form: Any) -> tuple[User, str]:
        password = accounts.reset_password(user=self.account, by=self.viewer, issued_at=timezone.now())
        return self.account, password


class SwitchAccount(ConfirmPage, OfAccount):
    """Disables an active account, or enables a disabled one."""

    permission: ClassVar = Permission.MANAGE_ACCOUNTS

    @property
    def word(self) -> str:
        return "停用" if self.account.is_active else "启用"

    def get_title(self) -> str:
        return f"{self.word}账号"

    def get_question(self) -> str:
        return f"{self.word}{self.account.name}（{self.account.username}）的账号？"

    def get_consequence(self) -> str:
        if self.account.is_active:
            return "停用后不能登录，授权不再生效；以后可以重新启用。"
        return "启用后可以登录，尚在有效期内的授权恢复生效。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"submit_label": self.get_title()}

    def act(self, form: Any) -> None:
        accounts.set_active(user=self.account, active=not self.account.is_active, by=self.viewer)


class GrantRole(OfAccount):
    permission: ClassVar = Permission.MANAGE_GRANTS
    submit_label = "授予角色"
    form_class = forms.GrantForm
    success_message = "已授予角色。"

    def get_title(self) -> str:
        return f"给{self.account.name}授予角色"

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": self.viewer.on}

    def act(self, form: forms.GrantForm) -> RoleGrant:
        data = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
        return accounts.grant_role(user=self.account, by=self.viewer, **data)


class RevokeGrant(ConfirmPage, OfAccount):
    permission: ClassVar = Permission.MANAGE_GRANTS
    title = "收回角色"
    submit_label = "收回角色"
    success_message = "已收回角色。"

    @cached_property
    def grant(self) -> RoleGrant:
        mine = RoleGrant.objects.visible_to(self.viewer).filter(user=self.account)
        grant: RoleGrant = get_object_or_404(mine.select_related("unit"), pk=self.kwargs["grant"])
        return grant

    def get_question(self) -> str:
        return f"收回{self.account.name}的“{grant_words(self.grant)}”？"

    def get_consequence(self) -> str:
        return "今天起不再生效；授权记录保留，可以重新授予。"

    def act(self, form: Any) -> None:
        accounts.revoke_grant(grant=self.grant, on=self.viewer.on, by=self.viewer)
