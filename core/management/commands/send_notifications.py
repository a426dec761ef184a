"""`manage.py send_notifications`: empty the outbox once, where no worker runs or from cron."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.notifications.sending import send_waiting


class Command(BaseCommand):
    help = "把等待发送的通知发到已启用的外部渠道（平时由后台任务每 15 分钟做一次）"

    def handle(self, *args: Any, **options: Any) -> None:
        tally = send_waiting(at=timezone.now())
        self.stdout.write(f"已发送 {tally.sent} 条，未送达 {tally.failed} 条，仍在等待 {tally.waiting} 条。")
