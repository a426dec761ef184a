"""What the pages of needs share: the way there, and units in words."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from people.models import Unit
from training.models import TrainingNeed
from training.queries.needs import Reason

Crumbs = Sequence[tuple[str, str]]


def need_crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("培训需求", reverse("training:needs")), *more]


def need_url(need: TrainingNeed) -> str:
    return reverse("training:need", args=[need.pk])


def need_state(need: Any) -> tuple[str, str]:
    """Light and word; the row carries the number of programmes as `founded`."""
    if need.closed_on:
        return "grey", "已办结"
    return ("green", "已立项") if need.founded else ("blue", "未办结")


def unit_words(unit: Unit | None) -> str:
    return unit.short_name or unit.name if unit else "全区"


def place_of(reason: Reason) -> str:
    return reverse(reason.link.url_name, args=reason.link.args) if reason.link else ""
