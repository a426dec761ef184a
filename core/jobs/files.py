"""Result files: encrypted on disk, one per job, outside every served folder."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

from core import vault


def folder() -> Path:
    path = vault.path_of("jobs")
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(uid: UUID) -> Path:
    return folder() / f"{uid}.bin"


def write(uid: UUID, data: bytes) -> None:
    vault.write(_relative(uid), data, context=_context(uid))


def read(uid: UUID) -> bytes:
    """The clear bytes; FileNotFoundError when the result is gone."""
    return vault.read(_relative(uid), context=_context(uid))


def writing(uid: UUID) -> AbstractContextManager[vault.PieceWriter]:
    """The result written piece by piece: as large as it may be, little of it is in memory."""
    return vault.writing(_relative(uid), context=_context(uid))


def pieces(uid: UUID) -> Iterator[bytes]:
    """The clear bytes a piece at a time; FileNotFoundError when the result is gone."""
    return vault.pieces(_relative(uid), context=_context(uid))


def remove(uid: UUID) -> None:
    vault.remove(_relative(uid))


def _relative(uid: UUID) -> str:
    return f"jobs/{uid}.bin"


def _context(uid: UUID) -> str:
    return f"core.job:{uid}"
