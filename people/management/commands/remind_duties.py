"""`manage.py remind_duties`: what the clock does at half past seven, where no worker runs or from cron."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from people.reminders import remind_all


class Command(BaseCommand):
    help = "按提醒规则生成今天的到期提醒；重复执行不会重复提醒"

    def handle(self, *args: Any, **options: Any) -> None:
        counted = remind_all(on=timezone.localdate())
        self.stdout.write(f"新增 {counted['told']} 条提醒，{counted['failed']} 人未能生成。")
