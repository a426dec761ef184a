"""Where the bytes of growth files lie: encrypted under MEDIA_ROOT, bound to their row."""

from uuid import UUID

from core import vault
from core.errors import DomainError
from core.vault import exists, remove

__all__ = ["exists", "read", "remove", "write"]


def write(uid: UUID, data: bytes) -> str:
    """Store and return the path relative to MEDIA_ROOT."""
    relative = f"growth/{uid.hex[:2]}/{uid.hex}.bin"
    vault.write(relative, data, context=_context(uid))
    return relative


def read(uid: UUID, relative: str) -> bytes:
    try:
        return vault.read(relative, context=_context(uid))
    except FileNotFoundError as gone:
        message = "这份成长档案的文件已不在数据目录中，请重新生成，或从备份恢复 media/growth。"
        raise DomainError(message, code="file_gone") from gone


def _context(uid: UUID) -> str:
    return f"growth:{uid}"
