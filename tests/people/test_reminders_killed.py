"""kill -9 in the middle of the morning's reminders: each stage once at the bell, each message at most once
outside, and what quiet hours hold back leaves when they are over.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import IO

import pytest
from django.conf import settings
from django.utils import timezone

from core.access import Role
from core.choices import ChannelKind, DeliveryState
from core.models import Channel, Delivery, Notification, NotificationSetting
from core.notifications.sending import LOST, send_waiting
from people.models import ReminderRule, User
from tests.core.jobs.test_killed import database_url
from tests.core.notifications.conftest import Group, group
from tests.factories.people import make_account, make_cadre, make_unit

__all__ = ["group"]
pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, KILLS = 12, 4
DUTIES = ("soon", "today", "late")
NIGHT = timezone.make_aware(datetime(2026, 3, 10, 23, 0))  # half of the people are not to be disturbed
MORNING = NIGHT + timedelta(hours=9)
# Loads once; every line it is given makes a child that reminds and sends, and can be killed by its number.
MOTHER = """
import os, sys
import django
django.setup()
from datetime import date, datetime, timedelta
from django.utils import timezone
from core.notifications.channels import robots
from core.notifications.sending import send_waiting
from people.contracts import Duty, Link, duties
from people.reminders import remind_all
robots.MOST_BYTES = 200  # two or three people in a message: many moments to be killed at
on, night = date(2026, 3, 10), timezone.make_aware(datetime(2026, 3, 10, 23))
DUE = {"soon": on + timedelta(days=2), "today": on, "late": on - timedelta(days=9)}
duties._contributions.clear()
@duties.register("test.owed")
def owed(*, viewer):
    for name, due in DUE.items():
        if viewer.cadre_id:
            yield Duty(f"test:{viewer.user_id}:{name}", name, due, Link("home"), escalates=name == "late")
for line in sys.stdin:
    child = os.fork()
    if not child:
        failed = remind_all(on=on)["failed"]
        send_waiting(at=night)
        os._exit(bool(failed))
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Morning:
    """The process that is killed again and again."""

    def __init__(self) -> None:
        env = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "cadre_dev.settings"}
        self.mother = subprocess.Popen(
            [sys.executable, "-c", MOTHER],
            env=env,
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self) -> int:
        self._to().write("go\n")
        self._to().flush()
        return int(self._from().readline())

    def end(self) -> int:
        return int(self._from().readline())

    def _to(self) -> IO[str]:
        assert self.mother.stdin
        return self.mother.stdin

    def _from(self) -> IO[str]:
        assert self.mother.stdout
        return self.mother.stdout


@pytest.fixture
def morning() -> Iterator[Morning]:
    made = Morning()
    with made.mother:  # closes its pipes, which ends it
        yield made


def make_office() -> tuple[list[User], User, User]:
    """People with duties, every other one with quiet hours at night; their head and their leader."""
    zone = make_unit("示例开发区")
    unit = make_unit("招商局", parent=zone)
    head = make_account(Role.DEPARTMENT_HEAD, unit=unit, name="部门负责人甲")
    leader = make_account(Role.VICE_LEADER, unit=zone, name="分管领导乙")
    owners = [
        make_account(Role.CADRE, cadre=make_cadre(unit=unit), name=f"示例同志{number:03}")
        for number in range(PEOPLE)
    ]
    for user in (head, leader, *owners[::2]):
        NotificationSetting.objects.create(user=user, quiet_from=None, quiet_until=None)
    return owners, head, leader


def expected(owners: list[User], head: User, leader: User) -> set[tuple[int, str, date]]:
    """(who, matter, day of the stage), by hand from the rule: 3 days before, head after 3, leader after 7."""
    days = {"soon": date(2026, 3, 9), "today": date(2026, 3, 10), "late": date(2026, 3, 2)}
    own = {(user.pk, f"duty:test:{user.pk}:{name}", days[name]) for user in owners for name in DUTIES}
    above = {
        (told.pk, f"overdue:{user.pk}:test:{user.pk}:late", day)
        for user in owners
        for told, day in ((head, date(2026, 3, 4)), (leader, date(2026, 3, 8)))
    }
    return own | above


@pytest.mark.parametrize("seed", [20260310, 20260311])
def test_each_stage_once_however_often_the_run_is_killed(seed: int, morning: Morning, group: Group) -> None:
    ReminderRule.objects.all().delete()
    ReminderRule.objects.create(starts_on=date(2023, 1, 1), days_before=3, head_after=3, leader_after=7)
    Channel.objects.create(kind=ChannelKind.WECOM, enabled=True, webhook=group.url)
    owners, head, leader = make_office()
    wanted, pick = expected(owners, head, leader), random.Random(seed)
    group.takes = 0.01
    for at in sorted(pick.sample(range(1, len(wanted)), KILLS - 1)):
        _kill_when(morning, lambda at=at: Notification.objects.count() >= at, pick)
    _kill_when(morning, lambda: len(group.said) >= 2, pick)
    group.takes = 0.0
    morning.begin()
    assert morning.end() == 0

    rows = list(Notification.objects.values_list("recipient", "key", "on"))
    assert Counter(rows) == dict.fromkeys(wanted, 1)
    assert set(Delivery.objects.values_list("notification_id", flat=True)) == set(
        Notification.objects.values_list("pk", flat=True)
    )
    quiet = {user.pk for user in owners[1::2]}
    held = Delivery.objects.filter(state=DeliveryState.WAITING)
    assert set(held.values_list("notification__recipient", flat=True)) == quiet
    assert held.count() == len(quiet) * len(DUTIES)

    while send_waiting(at=MORNING).waiting:
        pass
    send_waiting(at=MORNING + LOST + timedelta(minutes=1))
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert set(states) <= {DeliveryState.SENT, DeliveryState.FAILED}
    assert sum(states.values()) == len(wanted)
    heard = Counter(name for message in group.said for name in _named(message, [*owners, head, leader]))
    assert all(heard[user.name] <= len(DUTIES) for user in owners)
    assert max(heard[head.name], heard[leader.name]) <= PEOPLE
    # Claimed once each: what was under way when it was killed is closed as unknown, never sent again.
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


def _named(message: str, people: list[User]) -> Iterator[str]:
    for line in message.splitlines():
        yield from (user.name for user in people if line.startswith(user.name))


def _kill_when(morning: Morning, reached: Callable[[], bool], pick: random.Random) -> None:
    """At once when the moment has come, or a few milliseconds later; a run that ends before is well, too."""
    child, end = morning.begin(), time.monotonic() + 60
    while not reached() and time.monotonic() < end and not _gone(child):
        time.sleep(0.002)
    time.sleep(pick.uniform(0.0, 0.02))
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    morning.end()


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
