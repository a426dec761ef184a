"""`manage.py statistics`: the tables of the page for other tools, one table after the other or as JSON."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.access import Role, ScopedGrant, Viewer
from people.models import Unit
from people.statistics.choosing import as_data, every_table
from people.statistics.counting import units_to_count


class Command(BaseCommand):
    help = "统计报表：队伍结构、学时、学习活动、任务、挂职、谈心谈话（制表符分隔，或 --json）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="截至日期（YYYY-MM-DD，默认今天）")
        parser.add_argument("--unit", help="机构代码（默认全区）")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        on = options["on"] or today
        if on > today:
            raise CommandError("统计日期不能晚于今天。")
        # Whoever may run commands on the server sees the whole zone, as the personnel office does.
        viewer = Viewer(0, "命令行", today, grants=(ScopedGrant(Role.HR, ""),))
        tables = [as_data(table) for table in every_table(viewer, on, _unit(viewer, options["unit"]))]
        if options["json"]:
            self.stdout.write(json.dumps(tables, ensure_ascii=False))
            return
        for table in tables:
            self.stdout.write("\t".join([table["title"], *table["columns"]]))
            for row in table["rows"]:
                numbers = ["" if number is None else str(number) for number in row["numbers"]]
                self.stdout.write("\t".join([row["label"], *([row["remark"]] if row["remark"] else numbers)]))


def _unit(viewer: Viewer, code: str | None) -> Unit:
    units = units_to_count(viewer)
    found = units.filter(code=code).first() if code else units.first()
    if found is None:
        raise CommandError(f"没有代码为“{code}”的机构。" if code else "还没有登记机构。")
    return found
