"""核验成长档案 PDF: the same check as the page, for whoever has the files but no browser."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from growth.verification import Status, Verification, verify_bytes


class Command(BaseCommand):
    help = "核验成长档案 PDF：签名是否有效、是不是最新版本、此后有何变化。不符时退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="+", help="PDF 文件，可以给多个")
        parser.add_argument("--json", action="store_true", dest="as_json", help="按 JSON 输出")

    def handle(self, *args: Any, file: list[Path], as_json: bool, **options: Any) -> None:
        found = [(path, verify_bytes(self._read(path), by=None)) for path in file]
        if as_json:
            rows = [_as_data(path, answer) for path, answer in found]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        else:
            for path, answer in found:
                self.stdout.write(_in_words(path, answer))
        if any(answer.status not in (Status.VALID, Status.SUPERSEDED) for _, answer in found):
            raise SystemExit(1)

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"读不到 {path}：{error.strerror}。") from error


def _as_data(path: Path, answer: Verification) -> dict[str, Any]:
    return {
        "file": str(path),
        "status": answer.status.value,
        "words": answer.status.label,
        "detail": answer.detail,
        "number": answer.file.number if answer.file else None,
        "as_of": answer.file.as_of if answer.file else None,
        "signer": answer.seal.signer if answer.seal else None,
        "signed_at": answer.seal.signed_at if answer.seal else None,
        "changes": [asdict(change) for change in answer.changes],
    }


def _in_words(path: Path, answer: Verification) -> str:
    lines = [f"{path}：{answer.status.label}"]
    if answer.detail:
        lines.append(f"  {answer.detail}")
    if answer.file:
        made = f"{timezone.localdate(answer.file.made_at):%Y-%m-%d}"
        lines.append(f"  {answer.file.number}，数据截至 {answer.file.as_of}，{made} 生成")
    if answer.seal:
        lines.append(f"  签名：{answer.seal.signer}，{answer.seal.signed_at}")
    lines += [f"  {c.place} {c.words}：{c.before or '—'} → {c.after or '—'}" for c in answer.changes]
    return "\n".join(lines)
