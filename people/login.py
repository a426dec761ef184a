"""Coming in and going out: who tried, who got in, who is locked out, and changing the own password."""

import unicodedata
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from core.audit import record
from core.choices import AuditAction
from core.web.forms import Form
from core.web.views import FormPage, ViewerMixin
from people import idle
from people.models import User
from people.passwords import days_left, password_is_due
from people.services.accounts import ONE_TIME_HOURS, change_password, is_expired

LOCK_MINUTES = max(1, round(settings.AXES_COOLOFF_TIME * 60))


def normalised_username(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """One spelling for every way of writing a login name, so that `Li`, `li` and `ｌｉ` share one counter."""
    given = (credentials or {}).get("username") or (request.POST.get("username") if request else "") or ""
    return unicodedata.normalize("NFKC", given).strip().casefold()[:64]


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """The answer to a locked account at one address: 429 with the waiting time, right password or not."""
    record(
        action=AuditAction.LOGIN_LOCKED,
        by=None,
        label=normalised_username(request, credentials),
        result="refused",
    )
    page = render(request, "registration/locked.html", {"minutes": LOCK_MINUTES}, status=429)
    page["Retry-After"] = str(LOCK_MINUTES * 60)
    page["Cache-Control"] = "no-store"
    return page


class LoginForm(AuthenticationForm):
    """The same words for a wrong password, an unknown name and a disabled account."""

    error_messages = {
        "invalid_login": "账号或密码不正确。",
        "inactive": "账号或密码不正确。",
    }

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if is_expired(user, timezone.now()):
            message = f"一次性密码已超过 {ONE_TIME_HOURS} 小时，不能再用；请联系系统管理员重置密码。"
            raise forms.ValidationError(message, code="expired")

    def clean_username(self) -> str:
        return normalised_username(None, {"username": self.cleaned_data["username"]})


class LoginView(auth_views.LoginView):
    form_class = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        user = form.get_user()
        record(action=AuditAction.LOGIN, by=user, subject=user, label=str(user))
        idle.seen(self.request)
        self._tell_of_age(user)
        return answer

    def _tell_of_age(self, user: Any) -> None:
        left = days_left(user, timezone.now())
        if left is not None and not password_is_due(user, timezone.now()):
            words = (
                f"密码还有 {left} 天到期，请在右上角“修改密码”中更换。" if left else "密码今天到期，请更换。"
            )
            messages.warning(self.request, words)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if form.data.get("username") and form.data.get("password"):
            username = normalised_username(self.request)
            record(action=AuditAction.LOGIN_FAILED, by=None, label=username, result="refused")
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if self.request.method == "POST":
            context["remaining"] = self._remaining_tries()
            context["lock_minutes"] = LOCK_MINUTES
        return context

    def _remaining_tries(self) -> int:
        credentials = {"username": normalised_username(self.request)}
        used: int = AxesProxyHandler.get_failures(self.request, credentials)
        limit: int = settings.AXES_FAILURE_LIMIT
        return max(0, limit - used)


class StillHere(ViewerMixin, View):
    """Somebody is typing on a page that sends nothing by itself: the session is not left alone."""

    def post(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=204)


class LogoutView(auth_views.LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if isinstance(request.user, User):
            record(action=AuditAction.LOGOUT, by=request.user, subject=request.user, label=str(request.user))
        return super().post(request, *args, **kwargs)


def _password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=128, help_text=help_text, widget=widget)


class PasswordChangeForm(Form):
    old_password = _password_field("现在的密码", "current-password")
    new_password = _password_field(
        "新密码",
        "new-password",
        "至少 10 位，大写字母、小写字母、数字、符号中至少三类；不能与最近 5 次用过的密码相同",
    )
    new_password_again = _password_field("再输一遍新密码", "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old_password(self) -> str:
        given: str = self.cleaned_data["old_password"]
        if not self.user.check_password(given):
            raise forms.ValidationError("现在的密码不正确，请重新输入。")
        return given

    def clean_new_password_again(self) -> str:
        again: str = self.cleaned_data["new_password_again"]
        if again != self.cleaned_data.get("new_password"):
            raise forms.ValidationError("两次输入的新密码不一致，请重新输入。")
        return again


class PasswordChangeView(FormPage):
    """The own password; with a one-time password this is the only page that opens."""

    template_name = "registration/password_change.html"
    title = "修改密码"
    submit_label = "修改密码"
    success_message = "密码已修改。在其他电脑上的登录已失效。"
    form_class = PasswordChangeForm

    @property
    def user(self) -> User:
        user: Any = self.request.user
        return user  # type: ignore[no-any-return]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.user}

    def act(self, form: PasswordChangeForm) -> None:
        password = form.cleaned_data["new_password"]
        change_password(user=self.user, password=password, at=timezone.now(), by=self.viewer)
        update_session_auth_hash(self.request, self.user)

    def get_success_url(self) -> str:
        return reverse("home")

    def get_cancel_url(self) -> str:
        return "" if password_is_due(self.user, timezone.now()) else reverse("home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        aged = not self.user.must_change_password and password_is_due(self.user, timezone.now())
        return super().get_context_data(aged=aged, days=settings.PASSWORD_DAYS, **kwargs)
