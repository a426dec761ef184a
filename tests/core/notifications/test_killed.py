"""kill -9 at any point: the bell has each notification once, and none leaves the system twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from core.access import Role
from core.choices import DeliveryState
from core.models import Channel, Delivery, Notification, NotificationSetting
from core.notifications import sending
from core.notifications.sending import send_waiting
from tests.core.jobs.test_killed import database_url
from tests.core.notifications.conftest import Group
from tests.factories.people import make_account

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, KILLS = 40, 3
TELL_AND_SEND = """
import sys
import django
django.setup()
from datetime import date
from django.utils import timezone
from core.notifications import notify
from core.notifications.channels import robots
from core.notifications.sending import send_waiting
robots.MOST_BYTES = 200  # two or three people in a message: many moments to be killed at
for key in range(6):
    notify(recipients=map(int, sys.argv[1:]), kind="sample", title="到期", key=f"task:{key}",
           on=date(2026, 3, 5), url_name="home")
    send_waiting(at=timezone.now())
"""


def run(people: list[int]) -> subprocess.Popen[bytes]:
    env = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "cadre_dev.settings"}
    command = [sys.executable, "-c", TELL_AND_SEND, *map(str, people)]
    return subprocess.Popen(command, env=env, cwd=settings.BASE_DIR)


def wait_for(group: Group, messages: int) -> None:
    end = time.monotonic() + 60
    while len(group.said) < messages:
        assert time.monotonic() < end
        time.sleep(0.002)


def test_each_reminder_once_however_often_the_process_is_killed(wecom: Channel, group: Group) -> None:
    people = [make_account(Role.HR, name=f"示例同志{number:03}").pk for number in range(PEOPLE)]
    for pk in people:
        NotificationSetting.objects.create(user_id=pk, quiet_from=None, quiet_until=None)
    group.takes = 0.01
    pick = random.Random(20260305)
    for _ in range(KILLS):
        process = run(people)
        wait_for(group, len(group.said) + pick.randint(1, 12))
        time.sleep(pick.uniform(0.0, 0.02))
        process.send_signal(signal.SIGKILL)
        process.wait()
    group.takes = 0.0
    last = run(people)
    assert last.wait(timeout=120) == 0

    assert Notification.objects.count() == PEOPLE * 6
    assert Notification.objects.values("recipient", "key").distinct().count() == PEOPLE * 6
    while send_waiting(at=timezone.now()).waiting:
        pass
    heard = Counter(line for said in group.said for line in said.splitlines() if line.startswith("示例同志"))
    sent = Delivery.objects.filter(state=DeliveryState.SENT).count()
    lost = Delivery.objects.filter(state=DeliveryState.CLAIMED).count()
    assert max(heard.values()) <= 6
    assert sent + lost == PEOPLE * 6
    assert sent <= sum(heard.values()) <= sent + lost

    send_waiting(at=timezone.now() + sending.LOST + timedelta(minutes=1))
    assert sum(heard.values()) == sum(
        line.startswith("示例同志") for said in group.said for line in said.splitlines()
    )
    assert Delivery.objects.filter(state=DeliveryState.CLAIMED).count() == 0
