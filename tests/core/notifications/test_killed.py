"""kill -9 at any point: the bell has each notification once, and none leaves the system twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from core.access import Role
from core.choices import ChannelKind, DeliveryState
from core.models import Channel, Delivery, Notification, NotificationSetting
from core.notifications import sending
from core.notifications.sending import send_waiting
from tests.core.jobs.test_killed import database_url
from tests.core.notifications.conftest import Group, PostOffice, mail_channel
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


def wait_for(heard: Sequence[object], messages: int) -> None:
    end = time.monotonic() + 60
    while len(heard) < messages:
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.mark.parametrize("kind", [ChannelKind.WECOM, ChannelKind.DINGTALK])
def test_each_reminder_once_however_often_the_process_is_killed(kind: str, group: Group) -> None:
    Channel.objects.create(kind=kind, enabled=True, webhook=group.url, secret="SEC1")
    people = [make_account(Role.HR, name=f"示例同志{number:03}").pk for number in range(PEOPLE)]
    for pk in people:
        NotificationSetting.objects.create(user_id=pk, quiet_from=None, quiet_until=None)
    group.takes = 0.01
    pick = random.Random(20260305)
    for _ in range(KILLS):
        process = run(people)
        wait_for(group.said, len(group.said) + pick.randint(1, 12))
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


def test_each_letter_once_however_often_the_process_is_killed(post_office: PostOffice) -> None:
    mail_channel(post_office)
    people = [make_account(Role.HR, name=f"示例同志{number:03}").pk for number in range(12)]
    for pk in people:
        NotificationSetting.objects.create(
            user_id=pk, by_email=True, email=f"s{pk}@example.gov.cn", quiet_from=None, quiet_until=None
        )
    post_office.takes = 0.01
    pick = random.Random(20260306)
    for _ in range(KILLS):
        process = run(people)
        wait_for(post_office.letters, len(post_office.letters) + pick.randint(1, 8))
        time.sleep(pick.uniform(0.0, 0.02))
        process.send_signal(signal.SIGKILL)
        process.wait()
    post_office.takes = 0.0
    assert run(people).wait(timeout=120) == 0

    assert Notification.objects.values("recipient", "key").distinct().count() == 12 * 6
    assert Notification.objects.count() == 12 * 6
    while send_waiting(at=timezone.now()).waiting:
        pass
    lines = sum(text.count("· 到期") for text in post_office.texts)
    sent = Delivery.objects.filter(state=DeliveryState.SENT).count()
    lost = Delivery.objects.filter(state=DeliveryState.CLAIMED).count()
    assert sent + lost == 12 * 6
    assert sent <= lines <= sent + lost
