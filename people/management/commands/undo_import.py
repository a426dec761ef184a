from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from people.imports import service
from people.models import ImportBatch


class Command(BaseCommand):
    help = "整批撤销一次导入；其间已被他人改动的批次不能整批撤销。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("batch", type=int, help="批次编号，见导入时的输出")

    def handle(self, *_: Any, **options: Any) -> None:
        batch = ImportBatch.objects.filter(pk=options["batch"]).first()
        if batch is None:
            raise CommandError(f"没有编号为 {options['batch']} 的导入批次；请核对编号。")
        try:
            service.undo(batch, by=None)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"已撤销：{batch}")
