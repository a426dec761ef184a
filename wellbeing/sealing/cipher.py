"""Seal and open under a given data key.

A token is `seal1$base64(nonce|ciphertext|tag)`. The associated data holds the id of the key and the caller's
context. The text is padded to a bucket first, so neither its length nor its absence shows.
"""

import base64
import binascii
import os
import struct
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag

from core.crypto import DecryptionError
from core.crypto.suites import NONCE_BYTES, SUITES, TAG_BYTES

PREFIX: Final = "seal1$"
SMALLEST_BUCKET: Final = 512  # bytes; larger ones double
DAMAGED = "数据校验失败：这段内容被改动过，或被挪到了别的记录，无法显示。请联系系统管理员从备份恢复。"
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A cadre's data key as long as it is needed; never printed."""

    uid: UUID
    suite: str
    secret: bytes = field(repr=False)


def seal_text(key: SealingKey, text: str, *, context: str) -> str:
    sealed = seal_bytes(key, text.encode("utf-8"), context=context)
    return PREFIX + base64.b64encode(sealed).decode("ascii")


def open_text(key: SealingKey, token: str, *, context: str) -> str:
    try:
        sealed = base64.b64decode(token.removeprefix(PREFIX), validate=True)
        # Base64 ignores some bits of the last character: only the one spelling we write is accepted.
        if PREFIX + base64.b64encode(sealed).decode("ascii") != token:
            raise ValueError
    except (ValueError, binascii.Error):
        raise DecryptionError(DAMAGED) from None
    return open_bytes(key, sealed, context=context).decode("utf-8")


def seal_bytes(key: SealingKey, plain: bytes, *, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + SUITES[key.suite].seal(key.secret, nonce, padded(plain), _aad(key, context))


def open_bytes(key: SealingKey, sealed: bytes, *, context: str) -> bytes:
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        if len(body) < TAG_BYTES:
            raise InvalidTag
        return _unpadded(SUITES[key.suite].open(key.secret, nonce, body, _aad(key, context)))
    except InvalidTag:
        raise DecryptionError(DAMAGED) from None


def padded(plain: bytes) -> bytes:
    """Length, text and zeros up to the next bucket: 512, 1024, 2048 … bytes."""
    size = SMALLEST_BUCKET
    while size < len(plain) + _LENGTH.size:
        size *= 2
    return (_LENGTH.pack(len(plain)) + plain).ljust(size, b"\x00")


def _unpadded(block: bytes) -> bytes:
    (length,) = _LENGTH.unpack_from(block)
    return block[_LENGTH.size : _LENGTH.size + length]


def _aad(key: SealingKey, context: str) -> bytes:
    return b"\x00".join((PREFIX.encode("ascii"), key.uid.bytes, context.encode("utf-8")))
