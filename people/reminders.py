"""Reminders of what is due: the person first, then step by step those above (ReminderRule).

Each stage of a duty has its own day, and `notify` takes one notification per matter, person and day: so the
run may be repeated, killed and made up for later, and each stage is told once. Undated duties stay on the
home page; nobody is reminded of them.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core.access import Role
from core.notifications import notify
from core.templatetags.ui import cn_date
from people.access import viewer_for
from people.contracts import Duty, duties_of
from people.models import Cadre, ReminderRule, RoleGrant, User

OWN_KIND, OVERDUE_KIND = "people.duty", "people.overdue"
ONE_DAY = timedelta(days=1)
logger = logging.getLogger("people.reminders")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a duty stands: the day that names the stage, and the words for it."""

    on: date
    words: str


def stage_of(due_on: date, *, days_before: int, on: date) -> Stage | None:
    """None while it is too early to remind."""
    left = (due_on - on).days
    if left > days_before:
        return None
    if left > 0:
        return Stage(due_on - timedelta(days=days_before), f"还有 {left} 天到期")
    if left == 0:
        return Stage(due_on, "今天到期")
    return Stage(due_on + ONE_DAY, f"已逾期 {-left} 天")


class Chain:
    """Who stands above a cadre on a day: the nearest grant over the unit of the main post; three queries."""

    def __init__(self, on: date) -> None:
        placed: Any = Cadre.objects.as_of(on)
        self._paths = dict(placed.values_list("pk", "unit_path"))
        roles = (Role.DEPARTMENT_HEAD, Role.VICE_LEADER)
        grants = RoleGrant.objects.covering(on).filter(role__in=roles, user__is_active=True)
        rows = grants.values_list("role", "user_id", "unit_id", "unit__path")
        # A unit without a path reaches nothing, no unit at all reaches the whole zone.
        self._grants = [(role, user, path or "") for role, user, unit, path in rows if unit is None or path]

    def above(self, cadre_id: int | None, role: Role, *, but: int) -> set[int]:
        """Users with the role nearest above the cadre, the owner of the duty left out."""
        path = self._paths.get(cadre_id) if cadre_id else None
        if not path:
            return set()
        over = [(len(at), user) for held, user, at in self._grants if held == role and path.startswith(at)]
        others = [(depth, user) for depth, user in over if user != but]
        nearest = max((depth for depth, _ in others), default=0)
        return {user for depth, user in others if depth == nearest}


def remind_all(
    *, on: date, progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, int]:
    """Tell every active user what is due; returns how many notifications are new, and who failed.

    One person's failing duty source must not keep the reminders from everyone else.
    """
    rule = ReminderRule.objects.covering(on).order_by("-starts_on").first()
    if rule is None:
        return {"told": 0, "failed": 0}
    chain = Chain(on)
    users = list(User.objects.filter(is_active=True).order_by("pk"))
    told = failed = 0
    for number, user in enumerate(users, start=1):
        try:
            told += remind(user, rule=rule, chain=chain, on=on)
        except Exception:
            failed += 1
            logger.exception("no reminders for user %s", user.pk)
        progress(number, len(users))
    return {"told": told, "failed": failed}


@transaction.atomic
def remind(user: User, *, rule: ReminderRule, chain: Chain, on: date) -> int:
    """One person's duties, to the person and where they are overdue to those above."""
    dated = [duty for duty in duties_of(viewer_for(user, on=on)) if duty.due_on]
    return sum(_tell(duty, user, rule, chain, on) for duty in dated)


def _tell(duty: Duty, user: User, rule: ReminderRule, chain: Chain, on: date) -> int:
    due_on = duty.due_on or on
    told = 0
    if stage := stage_of(due_on, days_before=rule.days_before, on=on):
        told += notify(
            recipients=[user.pk],
            kind=OWN_KIND,
            title=duty.title,
            detail=f"{cn_date(due_on)}到期，{stage.words}",
            key=f"duty:{duty.key}",
            on=stage.on,
            url_name=duty.link.url_name,
            args=duty.link.args,
        )
    seen_at = duty.above or duty.link
    for day, people in _steps(duty, due_on, user, rule, chain, on):
        told += notify(
            recipients=people,
            kind=OVERDUE_KIND,
            title=f"{user.name}：{duty.title}",
            detail=f"{cn_date(due_on)}到期，已逾期 {(on - due_on).days} 天，按提醒规则报您知晓",
            key=f"overdue:{user.pk}:{duty.key}",
            on=day,
            url_name=seen_at.url_name,
            args=seen_at.args,
        )
    return told


def _steps(
    duty: Duty, due_on: date, user: User, rule: ReminderRule, chain: Chain, on: date
) -> Iterator[tuple[date, set[int]]]:
    """(day of the step, whom to tell) for the steps reached."""
    if not duty.escalates:
        return
    for days, role in ((rule.head_after, Role.DEPARTMENT_HEAD), (rule.leader_after, Role.VICE_LEADER)):
        if days and on >= due_on + timedelta(days=days):
            yield (
                due_on + timedelta(days=days),
                chain.above(duty.cadre_id or user.cadre_id, role, but=user.pk),
            )
