"""Files of the data folder: encrypted, bound to what they belong to, written all or nothing.

Paths are relative to MEDIA_ROOT, which no URL serves.
"""

import os
from pathlib import Path

from django.conf import settings

from core.crypto import decrypt_bytes, encrypt_bytes


def path_of(relative: str) -> Path:
    return Path(settings.MEDIA_ROOT) / relative


def write(relative: str, data: bytes, *, context: str) -> None:
    """A killed process leaves the old file or the new one, never half of one."""
    target = path_of(relative)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(encrypt_bytes(data, context=context))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def read(relative: str, *, context: str) -> bytes:
    """The clear bytes; FileNotFoundError when the file is gone."""
    return decrypt_bytes(path_of(relative).read_bytes(), context=context)


def exists(relative: str) -> bool:
    return path_of(relative).is_file()


def remove(relative: str) -> None:
    path_of(relative).unlink(missing_ok=True)
