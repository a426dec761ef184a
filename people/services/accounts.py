"""Accounts and what they may do. An account starts with no right at all; only grants give any."""

from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from knox.models import AuthToken

from core.access import EXCLUSIVE_ROLES, OWN_RECORD_ROLE, Role, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.passwords import matches_any, one_time_password
from core.periods import overlaps
from core.saving import save_validated
from people.models import Cadre, PasswordHistory, RoleGrant, Unit, User

REMEMBERED_PASSWORDS = 5
ONE_TIME_HOURS = 72


@transaction.atomic
def create_account(
    *,
    username: str,
    name: str,
    by: Viewer | None,
    cadre: Cadre | None = None,
    issued_at: datetime | None = None,
) -> tuple[User, str]:
    """A new account and its one-time password, which is shown once and stored only as a hash.

    Being linked to a cadre opens nothing: whoever makes the account knows its password, so even the own
    record needs a grant by somebody else. A password without `issued_at` does not grow old.
    """
    password = one_time_password()
    user = User(username=username.strip(), name=name.strip(), cadre=cadre, password_issued_at=issued_at)
    user.set_password(password)
    save_validated(user)
    record(action=AuditAction.ACCOUNT_CREATED, by=by, subject=user, label=f"{user.name}（{user.username}）")
    return user, password


@transaction.atomic
def reset_password(*, user: User, by: Viewer | None, issued_at: datetime | None = None) -> str:
    """A fresh one-time password; the account must change it at the next login.

    `by=None` is the command on the server, the only way back for an administrator: the one who resets a
    password knows it, and would hold the other administrator's rights as well.
    """
    if by is not None:
        _refuse_reset(user, by)
    password = one_time_password()
    _store_password(user, password, must_change=True, at=None)
    user.password_issued_at = issued_at
    user.save(update_fields=["password_issued_at"])
    record(action=AuditAction.PASSWORD_RESET, by=by, subject=user, label=user.username)
    return password


def _refuse_reset(user: User, by: Viewer) -> None:
    if user.pk == by.user_id:
        raise DomainError("请在“修改密码”中更改自己的密码。", code="self_action")
    if user.grants.filter(_exclusive()).exclude(ends_on__lt=by.on).exists():
        message = (
            "系统、安全、审计管理员的密码不能由另一名管理员在网页上重置；"
            f"请在服务器上执行 ./dev manage reset_password {user.username}。"
        )
        raise DomainError(message, code="administrator")


def is_expired(user: User, at: datetime) -> bool:
    """Whether the account still has a one-time password, and for too long: it may lie about on paper."""
    issued = user.password_issued_at
    return user.must_change_password and issued is not None and at - issued > timedelta(hours=ONE_TIME_HOURS)


@transaction.atomic
def change_password(*, user: User, password: str, at: datetime, by: Viewer | None) -> None:
    """The person's own new password. The last five are refused."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError(error.messages[0], field="new_password", code="weak_password") from error
    history = user.old_passwords.order_by("-created_at", "-pk")[: REMEMBERED_PASSWORDS - 1]
    if matches_any(password, [user.password, *(old.encoded for old in history)]):
        message = f"新密码不能与最近 {REMEMBERED_PASSWORDS} 次用过的密码相同，请换一个。"
        raise DomainError(message, field="new_password", code="reused_password")
    _store_password(user, password, must_change=False, at=at)
    record(action=AuditAction.PASSWORD_CHANGED, by=by or user, subject=user, label=user.username)


def _store_password(user: User, password: str, *, must_change: bool, at: datetime | None) -> None:
    PasswordHistory.objects.create(user=user, encoded=user.password)
    user.set_password(password)
    user.must_change_password, user.password_changed_at = must_change, at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])


@transaction.atomic
def set_active(*, user: User, active: bool, by: Viewer) -> None:
    if user.pk == by.user_id:
        raise DomainError("不能停用自己的账号，请由另一名管理员操作。", code="self_action")
    if user.is_active == active:
        return
    user.is_active = active
    user.session_generation += 1  # sessions and tokens from before must not come to life again
    user.save(update_fields=["is_active", "session_generation"])
    AuthToken.objects.filter(user=user).delete()
    action = AuditAction.ACCOUNT_ENABLED if active else AuditAction.ACCOUNT_DISABLED
    record(action=action, by=by, subject=user, label=f"{user.name}（{user.username}）")


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    starts_on: date,
    by: Viewer | None,
    unit: Unit | None = None,
    ends_on: date | None = None,
    reason: str = "",
) -> RoleGrant:
    """Gives a role on a subtree for a time. Nobody grants to himself; administrators hold one role only."""
    if by is not None and user.pk == by.user_id:
        raise DomainError("不能给自己授权，请由另一名安全管理员操作。", code="self_action")
    if role == OWN_RECORD_ROLE and (user.cadre_id is None or unit is not None):
        message = "“干部本人”只授予关联了干部档案的账号，且不选管辖范围。"
        raise DomainError(message, field="role", code="no_own_record")
    _refuse_mixed_duties(user, role, starts_on, ends_on)
    grant = RoleGrant(
        user=user,
        role=role,
        unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by_id=by.user_id if by else None,
        reason=reason,
    )
    save_validated(grant)
    record(action=AuditAction.GRANT_ADDED, by=by, subject=grant, label=str(grant), reason=reason)
    return grant


@transaction.atomic
def revoke_grant(*, grant: RoleGrant, on: date, by: Viewer) -> None:
    """The grant binds no more from `on`; the row stays as history."""
    if grant.user_id == by.user_id:
        raise DomainError("不能收回自己的授权，请由另一名安全管理员操作。", code="self_action")
    last_day = on - timedelta(days=1)
    label = str(grant)
    if last_day < grant.starts_on:
        record(action=AuditAction.GRANT_REVOKED, by=by, subject=grant, label=f"{label}（未生效即收回）")
        grant.delete()
        return
    changes = {"ends_on": (grant.ends_on, last_day)}
    grant.ends_on = last_day
    save_validated(grant)
    record(action=AuditAction.GRANT_REVOKED, by=by, subject=grant, label=label, changes=changes)


def _refuse_mixed_duties(user: User, role: Role, starts_on: date, ends_on: date | None) -> None:
    """三员分立: an administrator role excludes every other role and belongs to no cadre."""
    others = RoleGrant.objects.filter(overlaps(starts_on, ends_on), user=user)
    clashing = others.exclude(role=role) if role in EXCLUSIVE_ROLES else others.filter(_exclusive())
    if clashing.exists():
        message = "系统、安全、审计管理员须由专人担任，不能与其他角色兼任；请另建账号。"
        raise DomainError(message, field="role", code="mixed_duties")
    if role in EXCLUSIVE_ROLES and user.cadre_id:
        message = "管理员账号不能关联干部档案；请另建一个不关联干部的账号。"
        raise DomainError(message, field="role", code="mixed_duties")


def _exclusive() -> Q:
    return Q(role__in=EXCLUSIVE_ROLES)
