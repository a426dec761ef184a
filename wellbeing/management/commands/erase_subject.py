from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from people.models import Cadre
from wellbeing.services.privacy import erase_cadre


class Command(BaseCommand):
    help = "销毁一名干部的个人密钥：为其密封的谈话、跟进事项等内容永久清除（备份中的也读不出）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("staff_no", help="工号")
        parser.add_argument("--reason", required=True, help="清除依据（写入审计日志）")
        parser.add_argument("--yes", action="store_true", help="确认：清除后不能恢复")

    def handle(self, *args: Any, staff_no: str, reason: str, yes: bool, **options: Any) -> None:
        cadre = Cadre.objects.filter(staff_no=staff_no).first()
        if cadre is None:
            raise CommandError(f"没有工号为 {staff_no} 的干部。")
        if not yes:
            raise CommandError(f"将永久清除{cadre.name}的密封内容，不能恢复。确认请加 --yes。")
        now = timezone.now()
        try:
            erase_cadre(cadre=cadre, reason=reason, by=None, on=timezone.localdate(), at=now)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"已清除{cadre.name}的密封内容。")
