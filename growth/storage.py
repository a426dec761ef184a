"""Where the bytes of growth files lie: encrypted under MEDIA_ROOT, bound to their row."""

from pathlib import Path
from uuid import UUID

from django.conf import settings

from core.crypto import decrypt_bytes, encrypt_bytes
from core.errors import DomainError


def write(uid: UUID, data: bytes) -> str:
    """Store and return the path relative to MEDIA_ROOT."""
    relative = f"growth/{uid.hex[:2]}/{uid.hex}.bin"
    path = _path(relative)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(encrypt_bytes(data, context=_context(uid)))
    path.chmod(0o600)
    return relative


def read(uid: UUID, relative: str) -> bytes:
    try:
        return decrypt_bytes(_path(relative).read_bytes(), context=_context(uid))
    except FileNotFoundError as gone:
        message = "这份成长档案的文件已不在数据目录中，请重新生成，或从备份恢复 media/growth。"
        raise DomainError(message, code="file_gone") from gone


def exists(relative: str) -> bool:
    return _path(relative).is_file()


def remove(relative: str) -> None:
    _path(relative).unlink(missing_ok=True)


def _path(relative: str) -> Path:
    return Path(settings.MEDIA_ROOT) / relative


def _context(uid: UUID) -> str:
    return f"growth:{uid}"
