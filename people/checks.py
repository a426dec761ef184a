"""What the administrators look at from time to time: accounts and grants that may no longer be right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from people.choices import CadreStatus
from people.models import RoleGrant, User

SOON = timedelta(days=30)  # grants that end within it are renewed or let go in time
REVIEW = timedelta(days=365)  # a grant is looked at again at least once a year
IDLE = timedelta(days=14)  # within it somebody opens a new account for the first time

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """`rows` keeps of the accounts those that have to be looked at."""

    label: str
    rows: Callable[[Rows, date], Rows]


def _held(on: date, **conditions: Any) -> Exists:
    return Exists(RoleGrant.objects.covering(on).filter(user=OuterRef("pk"), **conditions))


def _departed(rows: Rows, on: date) -> Rows:
    """Deactivated when the person goes; whoever still has an account has been forgotten."""
    return rows.filter(is_active=True, cadre__isnull=False).exclude(cadre__status=CadreStatus.ACTIVE)


def _unused(rows: Rows, on: date) -> Rows:
    return rows.filter(is_active=True, last_login__isnull=True, created_at__date__lt=on - IDLE)


def _without(rows: Rows, on: date) -> Rows:
    return rows.filter(is_active=True).exclude(_held(on))


def _ending(rows: Rows, on: date) -> Rows:
    return rows.filter(_held(on, ends_on__lte=on + SOON), is_active=True)


def _year_old(rows: Rows, on: date) -> Rows:
    staff = Q(role="ME")
    old = RoleGrant.objects.covering(on).filter(user=OuterRef("pk"), starts_on__lte=on - REVIEW)
    return rows.filter(Exists(old.exclude(staff)), is_active=True)


def _locked(rows: Rows, on: date) -> Rows:
    """As axes reckons: too many wrong passwords from one address, the last of them not long ago."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    wrong = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    return rows.filter(username__in=wrong.values("username"))


ACCOUNT_CHECKS = {
    "locked": AccountCheck("登录正被锁定", _locked),
    "departed": AccountCheck("本人已不在职，账号还在用", _departed),
    "unused": AccountCheck("开通两周还没有登录过", _unused),
    "without": AccountCheck("还没有授权", _without),
    "ending": AccountCheck("授权 30 天内到期", _ending),
    "year_old": AccountCheck("授权满一年，应复核", _year_old),
}


def accounts_to_check(code: str, on: date, rows: Rows | None = None) -> Rows:
    return ACCOUNT_CHECKS[code].rows(User.objects.all() if rows is None else rows, on)
