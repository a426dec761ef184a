import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.audit import anchors
from core.audit.chain import Verification, walk


class Command(BaseCommand):
    help = "校验审计日志：改动、删除、调换、伪造以及末尾被截断；有问题时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")
        parser.add_argument("--anchor", type=Path, metavar="FILE", help="对照另存的锚点文件")

    def handle(self, *args: Any, **options: Any) -> None:
        found = walk(self._anchors(options["anchor"]))
        if not found.problems:
            anchors.write(anchors.default_path(), found.seq, found.mac)
        self._print(found, as_json=options["json"])
        if found.problems:
            raise SystemExit(1)

    def _anchors(self, chosen: Path | None) -> dict[int, str]:
        try:
            return anchors.read(chosen) if chosen else anchors.known()
        except anchors.AnchorError as error:
            raise CommandError(str(error)) from error

    def _print(self, found: Verification, *, as_json: bool) -> None:
        if as_json:
            head = {"seq": found.seq, "mac": found.mac}
            result = {
                "ok": not found.problems,
                "count": found.count,
                "head": head,
                "problems": found.problems,
            }
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        for problem in found.problems:
            self.stdout.write(problem)
        verdict = f"发现 {len(found.problems)} 个问题" if found.problems else "完整无误"
        self.stdout.write(f"审计日志共 {found.count} 条，{verdict}；末条校验值 {found.mac[:16]}。")
