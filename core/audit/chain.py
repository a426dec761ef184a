"""The chain of keyed hashes over the audit log, and its verification.

Each event carries HMAC-SM3 over its own content and the hash of its predecessor, under a key that is in the
key file and not in the database: whoever can write to the table can still not forge an event. Cutting off the
tail leaves a valid shorter chain; anchors outside the database show that.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.db import connections, router

from core.audit import anchors
from core.audit_guard import missing
from core.crypto.cipher import ensure_keyfile
from core.crypto.mac import hmac_sm3
from core.models.audit import AuditEvent

GENESIS = "0" * 64
CHUNK = 2000
MOST_PROBLEMS = 200  # a rewritten table would otherwise fill the screen
SEALED = [f.attname for f in AuditEvent._meta.concrete_fields if f.attname != "mac"]
COLUMNS = [*SEALED, "mac"]


def seal(event: AuditEvent, *, seq: int, prev: str) -> str:
    """Give the event its place in the chain; returns its hash."""
    event.seq, event.prev = seq, prev
    event.mac = _mac(ensure_keyfile().audit_key, vars(event))
    return event.mac


def _mac(key: bytes, row: Mapping[str, Any]) -> str:
    content = {name: row[name] for name in SEALED} | {
        "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac_sm3(key, text.encode("utf-8")).hex()


@dataclass(slots=True)
class Verification:
    """What a walk along the chain found; `seq` and `mac` are its last event."""

    count: int = 0
    seq: int = 0
    mac: str = GENESIS
    problems: list[str] = field(default_factory=list)

    def report(self, problem: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        elif len(self.problems) == MOST_PROBLEMS:
            self.problems.append("问题过多，其余不再列出。")


def verify() -> list[str]:
    """Every problem as a Chinese sentence; empty when the log is whole."""
    try:
        return walk(anchors.known()).problems
    except anchors.AnchorError as error:
        return [str(error), *walk({}).problems]


def walk(anchored: Mapping[int, str]) -> Verification:
    """`anchored`: sequence number → hash, as they were at earlier times."""
    found = Verification()
    key = ensure_keyfile().audit_key
    for row in _rows():
        _check_place(found, row)
        if _mac(key, row) != row["mac"]:
            found.report(f"第 {row['seq']} 条的内容被改动过。")
        if anchored.get(row["seq"], row["mac"]) != row["mac"]:
            found.report(f"第 {row['seq']} 条与锚点文件不符，日志可能被整体重写。")
        found.count, found.seq, found.mac = found.count + 1, row["seq"], row["mac"]
    _check_end(found, anchored)
    return found


def _rows() -> Iterator[dict[str, Any]]:
    rows = AuditEvent.objects.order_by("seq").values_list(*SEALED, "mac")
    for row in rows.iterator(chunk_size=CHUNK):
        yield dict(zip(COLUMNS, row, strict=True))


def _check_place(found: Verification, row: Mapping[str, Any]) -> None:
    missing_rows = row["seq"] - found.seq - 1
    if missing_rows > 0:
        which = f"第 {found.seq + 1} 条" if missing_rows == 1 else f"第 {found.seq + 1}–{row['seq'] - 1} 条"
        found.report(f"缺少{which}。")
    elif row["prev"] != found.mac:
        found.report(f"第 {row['seq']} 条与上一条不相接。")


def _check_end(found: Verification, anchored: Mapping[int, str]) -> None:
    last = max(anchored, default=0)
    if last > found.seq:
        found.report(f"日志末尾缺少第 {found.seq + 1}–{last} 条：锚点文件记录过第 {last} 条。")
    for name in missing(connections[router.db_for_read(AuditEvent)]):
        found.report(f"数据库中缺少保护审计日志的触发器 {name}，请执行迁移或从备份恢复。")
