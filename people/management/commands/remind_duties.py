"""`manage.py remind_duties`: what the clock does at half past seven, where no worker runs or from cron."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.reminders import remind_all


class Command(BaseCommand):
    help = (
        "按提醒规则生成今天的到期提醒（含挂职月报、延期和返岗安排）；重复执行不会重复提醒。"
        "有人的提醒没有生成时退出码为 1。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        counted = remind_all(on=timezone.localdate())
        words = f"新增 {counted['told']} 条提醒，{counted['failed']} 人未能生成。"
        self.stdout.write(json.dumps(counted) if options["json"] else words)
        if counted["failed"]:
            raise CommandError(f"{counted['failed']} 人的提醒没有生成，原因见系统日志。")
