"""How old a password may become (security.md A09): 等保 asks for regular change, ASVS for none."""

from datetime import datetime, timedelta

from django.conf import settings

from people.models import User

WARNED = timedelta(days=14)


def due_at(user: User) -> datetime | None:
    """When the own password has to be changed; None where passwords do not grow old."""
    if not settings.PASSWORD_DAYS:
        return None
    since = user.password_changed_at or user.created_at
    return since + timedelta(days=settings.PASSWORD_DAYS)


def password_is_due(user: User, at: datetime) -> bool:
    """A one-time password always, the own one when it is too old."""
    due = due_at(user)
    return user.must_change_password or (due is not None and at >= due)


def days_left(user: User, at: datetime) -> int | None:
    """Days in which to change it at leisure; None while that is far away."""
    due = due_at(user)
    if due is None or due - at > WARNED:
        return None
    return max((due - at).days, 0)
