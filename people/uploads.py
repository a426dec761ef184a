"""Workbooks between the check and the import: encrypted, tied to the person, gone after a day.

An upload holds what the file holds, so it is kept like it (security.md 1.1).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from core.access import Viewer
from core.crypto import DecryptionError, decrypt_bytes, encrypt_bytes

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Upload:
    token: UUID
    kind: str
    file_name: str
    data: bytes


def keep(*, kind: str, file_name: str, data: bytes, by: Viewer, at: datetime) -> UUID:
    """Stores the file for `by` alone and clears away what nobody came back for."""
    token = uuid4()
    head = json.dumps({"kind": kind, "file_name": file_name[-255:]}, ensure_ascii=False).encode()
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear(folder, at)
    path = _path(token)
    path.write_bytes(encrypt_bytes(head + b"\n" + data, context=_context(token, by)))
    path.chmod(0o600)
    return token


def fetch(token: UUID, *, by: Viewer, at: datetime) -> Upload | None:
    """The upload, or None when it is gone or belongs to somebody else."""
    path = _path(token)
    if not path.is_file() or _old(path, at):
        return None
    try:
        content = decrypt_bytes(path.read_bytes(), context=_context(token, by))
    except DecryptionError:
        return None
    head, _, data = content.partition(b"\n")
    about = json.loads(head)
    return Upload(token, about["kind"], about["file_name"], data)


def drop(token: UUID) -> None:
    _path(token).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads"


def _path(token: UUID) -> Path:
    return _folder() / f"{token.hex}.bin"


def _context(token: UUID, by: Viewer) -> str:
    return f"upload:{token.hex}:{by.user_id}"


def _old(path: Path, at: datetime) -> bool:
    return at.timestamp() - path.stat().st_mtime > KEPT_SECONDS


def _clear(folder: Path, at: datetime) -> None:
    for path in folder.glob("*.bin"):
        if _old(path, at):
            path.unlink(missing_ok=True)
