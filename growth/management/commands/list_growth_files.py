"""列出已签发的成长档案: what has been issued, for whom, as of when, and its code."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core.templatetags.ui import cn_date
from growth.contracts import Edition
from growth.models import GrowthFile


class Command(BaseCommand):
    help = "列出已签发的成长档案：编号、姓名、版本、数据截至、生成时间、核验码"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cadre", nargs="+", metavar="工号", help="只列这些干部的")
        parser.add_argument("--edition", choices=Edition.values, help="只列这一版本的")
        parser.add_argument("--json", action="store_true", dest="as_json", help="按 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        files = GrowthFile.objects.select_related("cadre").order_by("-made_at", "-pk")
        if numbers := options["cadre"]:
            files = files.filter(cadre__staff_no__in=numbers)
        if edition := options["edition"]:
            files = files.filter(edition=edition)
        rows = [_as_data(file) for file in files]
        if options["as_json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
            return
        for file in files:
            self.stdout.write(_in_words(file))
        self.stdout.write(f"共 {len(rows)} 份")


def _as_data(file: GrowthFile) -> dict[str, Any]:
    return {
        "number": file.number,
        "staff_no": file.cadre.staff_no,
        "name": file.cadre.name,
        "edition": file.edition,
        "as_of": file.as_of,
        "made_at": file.made_at,
        "pages": file.pages,
        "size": file.size,
        "code": file.code,
        "data_digest": file.data_digest,
    }


def _in_words(file: GrowthFile) -> str:
    made = f"{timezone.localtime(file.made_at):%Y-%m-%d %H:%M}"
    until = f"数据截至{cn_date(file.as_of)}"
    return (
        f"{file.number}  {file.cadre.name}  {file.get_edition_display()}  {until}  {made} 生成  {file.code}"
    )
