"""Demo data for an empty database. What people.demo needs is imported only when there is work to do:
every start of the product passes here with --if-empty."""

import json
import unicodedata
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.models import Cadre, Unit, User

if TYPE_CHECKING:
    from people.demo.context import DemoContext

TITLES = ("登录名", "一次性密码", "角色", "姓名")


class Command(BaseCommand):
    help = "在空数据库中生成演示数据（全部为虚构），并显示各角色演示账号的一次性密码"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cadres", type=int, default=86, help="干部人数（默认 86）")
        parser.add_argument("--seed", type=int, default=1, help="随机种子：同一种子得到同样的数据")
        parser.add_argument("--on", type=date.fromisoformat, help="以哪一天为今天（YYYY-MM-DD）")
        parser.add_argument("--if-empty", action="store_true", help="数据库不空时什么也不做")
        parser.add_argument("--no-files", action="store_true", help="不生成示例成长档案（快几秒）")
        parser.add_argument("--json", dest="as_json", action="store_true", help="以 JSON 输出账号和条数")

    def handle(self, *args: Any, cadres: int, if_empty: bool, as_json: bool, **options: Any) -> None:
        if not is_empty():
            if if_empty:
                return
            raise CommandError("数据库里已有机构、干部或账号；演示数据只写入空数据库，请换一个数据目录。")
        from people.demo import seeding, trail  # noqa: F401 - the trail registers itself

        if cadres < seeding.SMALLEST:
            raise CommandError(f"--cadres 至少为 {seeding.SMALLEST}。")
        context = seeding.seed(
            size=cadres,
            seed=options["seed"],
            on=options["on"] or timezone.localdate(),
            say=self._say,
            with_files=not options["no_files"],
        )
        self.stdout.write(json_of(context) if as_json else table_of(context))

    def _say(self, message: str) -> None:
        self.stderr.write(message, ending="\n")


def is_empty() -> bool:
    """Whether nobody has worked with this database yet."""
    return not any(model._default_manager.exists() for model in (Cadre, Unit, User))


def json_of(context: "DemoContext") -> str:
    accounts = [asdict(account) for account in context.accounts]
    return json.dumps({"accounts": accounts, "counts": context.counts}, ensure_ascii=False)


def table_of(context: "DemoContext") -> str:
    rows = [TITLES, *((a.username, a.password, a.role, a.name) for a in context.accounts)]
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    lines = [_line(row, widths) for row in rows]
    people = context.counts.get("cadre", 0)
    return "\n".join([f"演示数据已生成：{people} 名干部。演示账号（首次登录须修改密码）：", *lines])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = (text + " " * (width - display_width(text)) for text, width in zip(row, widths, strict=True))
    return "  ".join(padded).rstrip()


def display_width(text: str) -> int:
    """Columns in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
