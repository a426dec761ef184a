"""apply_rotations [--on DATE]: what the daily job does, by hand. Running it twice changes nothing more."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rotation.services.room.effects import apply_due


class Command(BaseCommand):
    help = "让到了任职日期的轮岗决定生效；重复执行不会重复生效。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="按这一天执行（默认今天），如 2026-11-02")

    def handle(self, *_: Any, **options: Any) -> None:
        now = timezone.now()
        done = apply_due(on=self._day(options["on"]) or timezone.localdate(now), at=now)
        for plan in done.applied:
            self.stdout.write(f"已生效：方案 {plan.pk}，任职日期 {plan.effective_on:%Y-%m-%d}")
        for plan, reason in done.refused:
            self.stdout.write(self.style.WARNING(f"未生效：方案 {plan.pk}，{reason}"))
        if not (done.applied or done.refused):
            self.stdout.write("没有到任职日期的决定。")

    @staticmethod
    def _day(text: str | None) -> date | None:
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise CommandError("日期请写成 2026-11-02 这样。") from error
