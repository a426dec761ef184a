"""Bytes that no row knows: an upload whose transaction was rolled back leaves its file behind."""

from datetime import datetime, timedelta
from uuid import UUID

from core import vault
from core.files.keeping import FOLDER
from core.models import StoredFile

SPARED = timedelta(days=1)  # a transaction may still be on its way to make the row


def sweep(*, at: datetime) -> int:
    """Remove ownerless files a day old; returns how many."""
    removed = 0
    for path in vault.path_of(FOLDER).glob("*/*"):
        old = path.stat().st_mtime < (at - SPARED).timestamp()
        if old and not _owned(path.name.partition(".")[0], path.suffix):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _owned(stem: str, suffix: str) -> bool:
    """A draft of a killed process (.tmp) is nobody's."""
    try:
        uid = UUID(hex=stem)
    except ValueError:
        return False
    return suffix == ".bin" and StoredFile.objects.filter(uid=uid).exists()
