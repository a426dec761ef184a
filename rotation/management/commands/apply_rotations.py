"""apply_rotations [--on DATE] [--json]: what the daily job does, by hand; twice changes nothing more.

Exit code 0 when everything due is in effect, 1 when a decision could not take effect.
"""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rotation.services.room.effects import Round, apply_due


class Command(BaseCommand):
    help = "让到了任职日期的轮岗决定生效；重复执行不会重复生效。有不能生效的，逐项说明原因，退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="按这一天执行（默认今天），如 2026-11-02")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *_: Any, **options: Any) -> None:
        now = timezone.now()
        done = apply_due(on=self._day(options["on"]) or timezone.localdate(now), at=now)
        self.stdout.write(_as_json(done) if options["json"] else _as_text(done))
        if done.refused:
            raise CommandError(f"有 {len(done.refused)} 份决定没有生效，请按上面的原因办理。")

    @staticmethod
    def _day(text: str | None) -> date | None:
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise CommandError("日期请写成 2026-11-02 这样。") from error


def _as_json(done: Round) -> str:
    applied = [{"plan": plan.pk, "effective_on": plan.effective_on.isoformat()} for plan in done.applied]
    refused = [{"plan": plan.pk, "reason": reason} for plan, reason in done.refused]
    return json.dumps({"applied": applied, "refused": refused}, ensure_ascii=False)


def _as_text(done: Round) -> str:
    lines = [f"已生效：方案 {plan.pk}，任职日期 {plan.effective_on:%Y-%m-%d}" for plan in done.applied]
    lines += [f"未生效：方案 {plan.pk}，{reason}" for plan, reason in done.refused]
    return "\n".join(lines) or "没有到任职日期的决定。"
