"""Heads of the chain kept outside the database: a cut-off tail of the log shows against them.

One JSON object per line. The file stands in the data folder; an office that wants more copies it to a place
that the database administrator cannot write to, and verifies with `--anchor`.
"""

import json
import os
import time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

NAME = "audit-anchors.jsonl"
INTERVAL = 3600.0  # seconds


class AnchorError(Exception):
    """The anchor file cannot be read; the message is Chinese."""


def default_path() -> Path:
    return Path(settings.DATA_DIR) / NAME


def write_if_due(seq: int, mac: str) -> None:
    """Called after each commit: at most one line an hour."""
    path = default_path()
    try:
        due = time.time() - path.stat().st_mtime >= INTERVAL
    except FileNotFoundError:
        due = True
    if due:
        write(path, seq, mac)


def write(path: Path, seq: int, mac: str) -> None:
    line = json.dumps({"seq": seq, "mac": mac, "at": timezone.now().isoformat(timespec="seconds")})
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def known() -> dict[int, str]:
    """The anchors of the data folder; none before the first event."""
    return read(default_path()) if default_path().exists() else {}


def read(path: Path) -> dict[int, str]:
    """Sequence number → hash of every anchor."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        entries = [json.loads(line) for line in lines if line.strip()]
        return {int(entry["seq"]): str(entry["mac"]) for entry in entries}
    except FileNotFoundError:
        raise AnchorError(f"锚点文件 {path} 不存在，请检查路径。") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AnchorError(f"锚点文件 {path} 无法读取或内容已损坏（{type(error).__name__}）。") from error
