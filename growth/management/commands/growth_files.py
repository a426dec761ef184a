"""Growth files as PDFs into a folder: `growth_files --out DIR --all`."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.audit import Entry, record_many
from core.choices import AuditAction
from core.pdf import PdfResult, load_engine
from core.pdf.pool import work_on_many
from growth.contracts import Edition
from growth.queries import cadres_of, snapshots_of
from growth.render import render_file
from growth.services import store_file
from growth.signing import sign
from growth.snapshot import Snapshot
from people.choices import CadreStatus
from people.models import Cadre, Unit

PARALLEL_FROM = 6  # fewer files than this are made faster without starting processes


class Command(BaseCommand):
    help = "生成干部成长档案：每人一份 PDF，文件名为 姓名_工号.pdf"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", required=True, type=Path, help="存放 PDF 的文件夹，没有会自动建立")
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--cadre", nargs="+", metavar="工号", help="一个或多个工号")
        whom.add_argument("--unit", metavar="机构代码", help="该机构及下属机构的全部在职干部")
        whom.add_argument("--all", action="store_true", help="全部在职干部")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="数据截至，默认今天"
        )
        parser.add_argument("--edition", choices=Edition.values, default=Edition.ARCHIVE.value, help="版本")
        parser.add_argument("--json", action="store_true", help="标准输出只给出 JSON")
        parser.add_argument(
            "--issue", action="store_true", help="签发：登记到成长档案列表并签名，可以核验；不加只生成样稿"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or timezone.localdate()
        edition, ids = Edition(options["edition"]), self._chosen(options, as_of)
        load_engine()  # without the system libraries every file would fail the same way: say it once
        options["out"].mkdir(parents=True, exist_ok=True)
        made, failed = [], []
        snapshots = snapshots_of(ids, edition=edition, as_of=as_of)
        for count, (snapshot, result) in enumerate(_rendered(snapshots, len(ids)), start=1):
            if isinstance(result, Exception):
                failed.append(_failure(snapshot, result))
            else:
                made.append(_write(options["out"], snapshot, _issued(snapshot, result, options["issue"])))
            self._progress(count, len(ids), snapshot)
        if not options["issue"]:  # what is issued is recorded as it is kept
            self._record(made)
        self._report(made, failed, options | {"as_of": as_of})

    def _chosen(self, options: dict[str, Any], as_of: date) -> list[int]:
        """Ids of the cadres asked for; a number or code that does not exist stops the command."""
        if numbers := options["cadre"]:
            return [_by_number(number) for number in dict.fromkeys(numbers)]
        cadres = Cadre.objects.filter(status=CadreStatus.ACTIVE)
        if code := options["unit"]:
            unit = Unit.objects.filter(code=code).first()
            if unit is None or not unit.path:
                raise CommandError(f"没有代码为 {code} 的机构，请用 机构与岗位 页面上的机构代码。")
            cadres = cadres.in_unit(unit.path, as_of)
        if ids := cadres_of(cadres):
            return ids
        raise CommandError("没有符合条件的在职干部，请先导入干部花名册，或换一个机构、日期。")

    def _progress(self, count: int, total: int, snapshot: Snapshot) -> None:
        self.stderr.write(f"[{count}/{total}] {snapshot.identity.name}")

    def _record(self, made: list[dict[str, Any]]) -> None:
        """The command acts for the system; the log says whose files went out."""
        record_many(
            Entry(
                action=AuditAction.GROWTH_MADE,
                by=None,
                object_type="growth.growthfile",
                object_id=one["number"],
                label=f"{one['name']}成长档案·{one['number']}",
            )
            for one in sorted(made, key=lambda one: one["number"])
        )

    def _report(self, made: list[dict[str, Any]], failed: list[dict[str, str]], options: Any) -> None:
        made.sort(key=lambda one: one["number"])
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "out": str(options["out"]),
                        "edition": options["edition"],
                        "as_of": options["as_of"].isoformat(),
                        "made": made,
                        "failed": failed,
                    },
                    ensure_ascii=False,
                )
            )
        else:
            self.stdout.write(f"已生成 {len(made)} 份，失败 {len(failed)} 份，存放在 {options['out']}")
        for one in failed:
            self.stderr.write(f"{one['name']}（{one['staff_no']}）：{one['reason']}")
        if failed:
            raise SystemExit(1)


def _by_number(number: str) -> int:
    pk = Cadre.objects.filter(staff_no=number).values_list("pk", flat=True).first()
    if pk is None:
        raise CommandError(f"没有工号为 {number} 的干部，请核对后重试。")
    return pk


def _rendered(snapshots: Iterator[Snapshot], total: int) -> Iterator[tuple[Snapshot, PdfResult | Exception]]:
    workers = min(2, os.cpu_count() or 1) if total >= PARALLEL_FROM else 1
    return work_on_many(render_file, snapshots, workers=workers)


def _issued(snapshot: Snapshot, result: PdfResult, issue: bool) -> PdfResult:
    """The file as it goes out: kept and signed where it is issued, the same bytes every time where not."""
    if not issue:
        return result
    cadre = Cadre.objects.get(pk=snapshot.cadre_id)
    store_file(cadre=cadre, snapshot=snapshot, result=result, by=None)
    return PdfResult(sign(result.data, reason=f"{snapshot.number} 由命令行签发"), result.pages)


def _write(folder: Path, snapshot: Snapshot, result: PdfResult) -> dict[str, Any]:
    person = snapshot.identity
    path = folder / f"{_safe(person.name)}_{_safe(person.staff_no or snapshot.number)}.pdf"
    path.write_bytes(result.data)
    return {
        "staff_no": person.staff_no,
        "name": person.name,
        "number": snapshot.number,
        "file": path.name,
        "pages": result.pages,
        "size": len(result.data),
        "sha256": sha256(result.data).hexdigest(),
        "data_digest": snapshot.digest,
    }


def _failure(snapshot: Snapshot, error: Exception) -> dict[str, str]:
    person = snapshot.identity
    return {"staff_no": person.staff_no, "name": person.name, "reason": str(error)}


def _safe(text: str) -> str:
    """A name as part of a file name: nothing that a file system reads as structure."""
    return "".join("_" if char in '/\\:*?"<>|' or ord(char) < 32 else char for char in text)
