"""Files of the data folder: encrypted, bound to what they belong to, written all or nothing.

Paths are relative to MEDIA_ROOT, which no URL serves. What is too big for the memory is written and read in
pieces (`writing`, `pieces`): each piece is sealed with its number, and the last one says that it is the last,
so that none can be left out, moved or cut off.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from core.crypto import DecryptionError, decrypt_bytes, encrypt_bytes

IN_PIECES = b"ENCP1"
PIECE = 1024 * 1024
LENGTH = 4  # bytes that say how long a sealed piece is


def path_of(relative: str) -> Path:
    return Path(settings.MEDIA_ROOT) / relative


def write(relative: str, data: bytes, *, context: str) -> None:
    """A killed process leaves the old file or the new one, never half of one."""
    with _draft_of(relative) as file:
        file.write(encrypt_bytes(data, context=context))


@contextmanager
def writing(relative: str, *, context: str) -> Iterator["PieceWriter"]:
    """A file to write to as data comes; it takes the old one's place when the block has ended well."""
    with _draft_of(relative) as file:
        writer = PieceWriter(file, context)
        yield writer
        writer.finish()


def read(relative: str, *, context: str) -> bytes:
    """The clear bytes; FileNotFoundError when the file is gone."""
    data = path_of(relative).read_bytes()
    if data.startswith(IN_PIECES):
        return b"".join(pieces(relative, context=context))
    return decrypt_bytes(data, context=context)


def pieces(relative: str, *, context: str) -> Iterator[bytes]:
    """The clear bytes a piece at a time; FileNotFoundError when the file is gone."""
    file = path_of(relative).open("rb")
    with file:
        if file.read(len(IN_PIECES)) != IN_PIECES:
            file.seek(0)
            yield decrypt_bytes(file.read(), context=context)
            return
        number, last = 0, False
        while not last:
            sealed = _next_piece(file)
            last = not _more(file)
            yield decrypt_bytes(sealed, context=_piece_context(context, number, last=last))
            number += 1


def exists(relative: str) -> bool:
    return path_of(relative).is_file()


def remove(relative: str) -> None:
    path_of(relative).unlink(missing_ok=True)


class PieceWriter:
    """What `zipfile` needs of a file it writes front to back; `size` counts the clear bytes."""

    def __init__(self, file: BinaryIO, context: str) -> None:
        self.size = 0
        self._file, self._context = file, context
        self._waiting, self._number = bytearray(), 0
        file.write(IN_PIECES)

    def write(self, data: bytes) -> int:
        self._waiting += data
        self.size += len(data)
        while len(self._waiting) > PIECE:  # the last piece is written by `finish`
            self._seal(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing to do: pieces are sealed when they are full."""

    def close(self) -> None:
        """Left to the block of `writing`, which knows whether all went well."""

    def finish(self) -> None:
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, data: bytes, *, last: bool = False) -> None:
        sealed = encrypt_bytes(data, context=_piece_context(self._context, self._number, last=last))
        self._file.write(len(sealed).to_bytes(LENGTH, "big") + sealed)
        self._number += 1


@contextmanager
def _draft_of(relative: str) -> Iterator[BinaryIO]:
    target = path_of(relative)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    draft.replace(target)


def _next_piece(file: BinaryIO) -> bytes:
    length = int.from_bytes(file.read(LENGTH), "big")
    sealed = file.read(length)
    if not length or len(sealed) < length:
        raise DecryptionError("这个文件不完整，无法读出。请重新生成，或从备份恢复。")
    return sealed


def _more(file: BinaryIO) -> bool:
    """Whether another piece follows; the place in the file stays."""
    here = file.tell()
    found = bool(file.read(1))
    file.seek(here)
    return found


def _piece_context(context: str, number: int, *, last: bool) -> str:
    return f"{context}#{number}{'.' if last else ''}"
