"""Appointment forms as .lrmx files into a folder: `export_lrmx --out DIR --cadre NO …`."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.audit import record
from core.choices import AuditAction
from core.crypto import blind_index
from people.choices import CadreStatus
from people.imports.lrmx_export import form_of
from people.lrmx import write_lrmx
from people.models import Cadre, Unit


class Command(BaseCommand):
    help = "导出干部任免审批表：每人一份 .lrmx，文件名为姓名，同名的加工号"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", required=True, type=Path, help="存放文件的文件夹，没有会自动建立")
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument(
            "--cadre", nargs="+", metavar="工号", help="一个或多个工号，没有工号的用身份证号或姓名"
        )
        whom.add_argument("--unit", metavar="机构代码", help="该机构及下属机构的全部在职干部")
        whom.add_argument("--all", action="store_true", help="全部在职干部")

    def handle(self, *_: Any, **options: Any) -> None:
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        on = timezone.localdate()
        taken: set[str] = set()
        for cadre in self._chosen(options):
            target = out / _file_name(cadre, taken)
            target.write_bytes(write_lrmx(form_of(cadre, on=on)))
            record(action=AuditAction.EXPORTED, by=None, subject=cadre, label=f"{cadre.name}·任免审批表")
            self.stdout.write(str(target))

    def _chosen(self, options: dict[str, Any]) -> list[Cadre]:
        if options["cadre"]:
            return [self._one(key) for key in options["cadre"]]
        cadres: QuerySet[Cadre] = Cadre.objects.filter(status=CadreStatus.ACTIVE)
        if code := options["unit"]:
            unit = Unit.objects.filter(code=code).first()
            if unit is None:
                raise CommandError(f"没有机构代码“{code}”；请核对代码。")
            cadres = Cadre.objects.filter(status=CadreStatus.ACTIVE).in_unit(
                unit.path or "", timezone.localdate()
            )
        return list(cadres)

    def _one(self, key: str) -> Cadre:
        found = Cadre.objects.filter(
            Q(staff_no=key) | Q(name=key) | Q(id_number_index=blind_index(key.strip().upper()))
        )[:2]
        if not found:
            raise CommandError(f"没有工号、身份证号或姓名为“{key}”的干部；请核对。")
        if len(found) > 1:
            raise CommandError(f"叫“{key}”的不止一人；请改用工号。")
        return found[0]


def _file_name(cadre: Cadre, taken: set[str]) -> str:
    """The editors know a file by the person's name; the staff number tells two of one name apart."""
    stem = re.sub(r'[\\/:*?"<>|\s]', "", cadre.name) or "未命名"
    if stem in taken:
        stem = f"{stem}_{cadre.staff_no or cadre.pk}"
    taken.add(stem)
    return f"{stem}.lrmx"
