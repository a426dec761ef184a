"""Result files: encrypted on disk, one per job, outside every served folder."""

import os
from pathlib import Path
from uuid import UUID

from django.conf import settings

from core.crypto import decrypt_bytes, encrypt_bytes


def folder() -> Path:
    path = Path(settings.MEDIA_ROOT) / "jobs"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(uid: UUID) -> Path:
    return folder() / f"{uid}.bin"


def write(uid: UUID, data: bytes) -> None:
    """All or nothing: a killed process leaves the old file or the new one, never half of one."""
    target = path_of(uid)
    draft = target.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(encrypt_bytes(data, context=_context(uid)))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def read(uid: UUID) -> bytes:
    """The clear bytes; FileNotFoundError when the result is gone."""
    return decrypt_bytes(path_of(uid).read_bytes(), context=_context(uid))


def remove(uid: UUID) -> None:
    path_of(uid).unlink(missing_ok=True)


def _context(uid: UUID) -> str:
    return f"core.job:{uid}"
