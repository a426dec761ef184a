"""import_plan FILE [--apply] [--json]: what a plan's text says, and the plan made of it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from park import proposals
from park.plan_files import MAX_BYTES, read_plan_file
from park.plan_text import Item, PlanReading, read_plan
from park.services.plans import write_plan


class Command(BaseCommand):
    help = "拆分行动方案（.txt、.docx）；默认只列出条目，加 --apply 生成方案、任务和指标。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="方案文件")
        parser.add_argument("--apply", action="store_true", help="写入数据库（默认只列出，不写入）")
        parser.add_argument("--json", action="store_true", help="结果以 JSON 输出")

    def handle(self, *_: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            text = _text_of(path)
            reading = read_plan(text, year=timezone.localdate().year)
            if options["apply"]:
                self._apply(reading, text, path.name)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(reading.as_dict(str(path)), ensure_ascii=False, indent=2))
        else:
            self._print(reading)

    def _apply(self, reading: PlanReading, text: str, name: str) -> None:
        if not reading.items:
            raise DomainError("没有从文字里认出任何条目。", code="nothing_found")
        plan = write_plan(
            title=reading.title[:200],
            year=reading.year,
            text=text,
            file_name=name,
            entries=proposals.entries_of(reading, text),
            by=None,
            on=timezone.localdate(),
            at=timezone.now(),
        )
        self.stderr.write(f"已生成方案 {plan.pk}“{plan}”，任务 {plan.tasks.count()} 项，待填写责任后交办。")

    def _print(self, reading: PlanReading) -> None:
        self.stdout.write(f"{reading.title}（{reading.year}年）")
        for item in reading.items:
            self._print_item(item)

    def _print_item(self, item: Item) -> None:
        indent = "  " * item.level
        self.stdout.write(f"{indent}{item.no}{item.title or item.text[:40]}")
        for quantity in item.quantities:
            baseline = f"（原 {quantity.baseline}）" if quantity.baseline is not None else ""
            due = quantity.rhythm or (quantity.deadline.words if quantity.deadline else "")
            self.stdout.write(
                f"{indent}  · {quantity.name} {quantity.value}{quantity.unit}{baseline} {due}".rstrip()
            )
        for label, names in (("项目", item.projects), ("企业", item.enterprises)):
            if names:
                self.stdout.write(f"{indent}  · {label}：{'、'.join(names)}")


def _text_of(path: Path) -> str:
    if not path.is_file():
        raise CommandError(f"找不到文件“{path}”；请核对路径。")
    if path.stat().st_size > MAX_BYTES:
        raise CommandError("文件超过 5 MB；请删去图片后再导入。")
    return read_plan_file(path.read_bytes(), path.name)
