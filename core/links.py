"""Keys that many tables have and that lead one way only."""

from typing import Any

from django.conf import settings
from django.db import models


def user_key(label: str, **options: Any) -> "models.ForeignKey[Any, Any]":
    """An account: reached from the row, never the other way round."""
    options.setdefault("null", False)
    options.setdefault("blank", options["null"])
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options
    )
