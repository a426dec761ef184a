"""The shape that all import commands share: FILE… [--apply] [--json] [--create-units] [--answer DIR].

Exit status: 0 nothing was refused, 1 something was, 2 a file itself was refused.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from people.imports import limits, service
from people.imports.answer import answer_name, answer_workbook
from people.imports.faults import Fault, FileRefused
from people.imports.report import Outcome, Report, refused_report

_SHOWN = 200


class ImportCommand(BaseCommand):
    kind = ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="要导入的文件，可以有几个")
        parser.add_argument("--apply", action="store_true", help="写入数据库（默认只核对，不写入）")
        parser.add_argument("--json", action="store_true", help="结果以 JSON 输出")
        parser.add_argument("--create-units", action="store_true", help="文件中不存在的机构一并新增")
        parser.add_argument("--answer", metavar="DIR", help="把标注好的工作簿写到这个目录")

    def handle(self, *_: Any, **options: Any) -> None:
        reports = [self._run(Path(name), options) for name in options["files"]]
        if options["json"]:
            self._print_json(reports)
        else:
            for report in reports:
                self._print(report)
        if status := max(report.exit_status for report in reports):
            raise SystemExit(status)

    def _run(self, path: Path, options: dict[str, Any]) -> Report:
        try:
            data = _read(path)
        except FileRefused as refusal:
            return refused_report(self.kind, str(path), refusal)
        act = service.apply if options["apply"] else service.dry_run
        report = act(
            self.kind,
            data,
            path.name,
            by=None,
            on=timezone.localdate(),
            create_units=options["create_units"],
        )
        report.file = str(path)
        if options["answer"]:
            _write_answer(report, Path(options["answer"]))
        return report

    def _print_json(self, reports: list[Report]) -> None:
        found = [report.as_dict() for report in reports]
        self.stdout.write(json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False, indent=2))

    def _print(self, report: Report) -> None:
        self.stdout.write(f"{report.file}：{_summary(report)}")
        if report.new_units:
            verb = "已新增机构" if report.applied else "将新增机构"
            self.stdout.write(f"  {verb}：{'、'.join(report.new_units)}")
        self._print_rows(report)
        self._print_faults("退回", report.faults)
        self._print_faults("提示", report.warnings)
        if answer := report.summary.get("answer"):
            self.stdout.write(f"  标注好的工作簿：{answer}")

    def _print_rows(self, report: Report) -> None:
        for outcome in (Outcome.NEW, Outcome.UNCHANGED, Outcome.REFUSED):
            if rows := report.rows_with(outcome):
                labels = "、".join(f"{row.label or '（无名）'}" for row in rows[:_SHOWN])
                more = f"等 {len(rows)} 项" if len(rows) > _SHOWN else ""
                self.stdout.write(f"  {outcome.label}：{labels}{more}")
        for row in report.rows_with(Outcome.CHANGED)[:_SHOWN]:
            changes = "；".join(f"{c.label} {c.old or '空'} → {c.new}" for c in row.changes)
            self.stdout.write(f"  修改 第 {row.row} 行 {row.key} {row.label}：{changes}")

    def _print_faults(self, title: str, faults: list[Fault]) -> None:
        if faults:
            self.stdout.write(f"  {title} {len(faults)} 处：")
        for fault in faults[:_SHOWN]:
            place = f"{fault.sheet}!{fault.cell}" if fault.cell else fault.sheet
            self.stdout.write(
                f"    {place} {fault.column}：{fault.message}" if place else f"    {fault.message}"
            )
        if len(faults) > _SHOWN:
            self.stdout.write(f"    ……还有 {len(faults) - _SHOWN} 处，见 --answer 写出的工作簿或 --json。")


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise FileRefused(f"找不到文件“{path}”；请核对路径。", code="no_file")
    if path.stat().st_size > limits.MAX_FILE_BYTES:
        message = "文件超过 10 MB 的上限；请删去图片等无关内容，或分成几个文件导入。"
        raise FileRefused(message, code="too_big")
    return path.read_bytes()


def _write_answer(report: Report, folder: Path) -> None:
    content = answer_workbook(report)
    if content is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / answer_name(Path(report.file).name)
    target.write_bytes(content)
    report.summary["answer"] = str(target)


def _summary(report: Report) -> str:
    if report.file_refused:
        return "文件未被接受"
    counts = "，".join(f"{outcome.label} {report.counts[outcome.value]}" for outcome in Outcome)
    details = "".join(
        f"；{_SUMMARY[key]} {value}" for key, value in report.summary.items() if key in _SUMMARY
    )
    if report.applied:
        state = f"已写入，批次 {report.batch}" if report.batch else "没有需要写入的内容"
    else:
        state = "有退回，未写入" if report.refused else "仅核对，未写入；加 --apply 写入"
    return f"{counts}{details}（{state}）"


_SUMMARY = {
    "resume": "简历",
    "interludes": "其间",
    "family": "家庭成员",
    "participants": "参训人次",
    "classes": "班次",
}
