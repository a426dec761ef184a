"""Encrypt and decrypt text and bytes under the installation's keys.

Text becomes the token `enc1$<key id>$base64(nonce|ciphertext|tag)`; bytes the same parts in binary.
The associated data holds the key id and the caller's context, so that a value carried to another row,
another field or another key is refused instead of being read.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from django.conf import settings

from core.crypto.keyfile import DataKey, Keyring, load_keyring, stamp_of
from core.crypto.suites import NONCE_BYTES, SUITES, TAG_BYTES
from core.errors import DomainError

TEXT_PREFIX = "enc1$"
BYTES_MAGIC = b"ENC1"


class DecryptionError(DomainError):
    """The stored value is not what this installation wrote here: changed, moved, or under a missing key.

    `noted`: whoever met it has already written it into the audit log, beside what it belongs to.
    """

    noted = False

    def __init__(self, message: str) -> None:
        super().__init__(message, code="decryption")


def ensure_keyfile() -> Keyring:
    """The key ring as it is on disk now; a long-running process sees a rotation made by another one."""
    return _Current.fresh()


class _Current:
    """The ring in use. Settings load one at the start; the file is looked at again when it changes."""

    source: Keyring | None = None
    ring: Keyring

    @classmethod
    def cached(cls) -> Keyring:
        configured = settings.FIELD_KEYRING
        if cls.source is not configured:
            cls.source = cls.ring = configured
        return cls.ring

    @classmethod
    def fresh(cls) -> Keyring:
        ring = cls.cached()
        try:
            changed = stamp_of(ring.path) != ring.stamp
        except OSError:  # the file is out of reach just now: what is in memory still serves
            return ring
        if changed:
            cls.ring = load_keyring(ring.path)
        return cls.ring

    @classmethod
    def key(cls, kid: str) -> DataKey:
        key = cls.cached().data_keys.get(kid) or cls.fresh().data_keys.get(kid)
        if key is None:
            raise DecryptionError(
                f"加密内容所用的密钥（编号 {kid}）不在密钥文件中，无法读出。请系统管理员恢复原来的密钥文件。"
            )
        return key


def active_key() -> DataKey:
    """The key that encrypts new values under the cipher of the settings."""
    return _Current.fresh().active_key(settings.FIELD_CIPHER)


def key_id_of(token: str) -> str:
    """Id of the key a text token was made with."""
    return _split(token)[0]


def encrypt_text(text: str, *, context: str) -> str:
    key = active_key()
    sealed = _seal(key, text.encode("utf-8"), context)
    return f"{TEXT_PREFIX}{key.id}${base64.b64encode(sealed).decode('ascii')}"


def decrypt_text(token: str, *, context: str) -> str:
    kid, sealed = _split(token)
    return _open(kid, sealed, context).decode("utf-8")


def encrypt_bytes(data: bytes, *, context: str) -> bytes:
    """`context` says what the data is and whose, for example `people.photo:<uid>`."""
    key = active_key()
    kid = key.id.encode("ascii")
    return BYTES_MAGIC + bytes([len(kid)]) + kid + _seal(key, data, context)


def decrypt_bytes(data: bytes, *, context: str) -> bytes:
    start = len(BYTES_MAGIC) + 1
    if data[: start - 1] != BYTES_MAGIC or len(data) < start:
        raise DecryptionError("这个文件不是本系统加密的文件，或文件头已损坏，无法读出。请从备份恢复。")
    end = start + data[start - 1]
    return _open(data[start:end].decode("ascii", "replace"), data[end:], context)


def _split(token: str) -> tuple[str, bytes]:
    try:
        prefix, kid, body = token.split("$")
        sealed = base64.b64decode(body, validate=True)
        # Base64 ignores some bits of the last character: only the one spelling we write is accepted.
        if f"{prefix}$" != TEXT_PREFIX or base64.b64encode(sealed).decode("ascii") != body:
            raise ValueError
    except (ValueError, binascii.Error):
        raise DecryptionError("数据校验失败：加密内容的格式不对，可能被改动过。请从备份恢复。") from None
    return kid, sealed


def _seal(key: DataKey, plain: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + SUITES[key.suite].seal(key.secret, nonce, plain, _aad(key.id, context))


def _open(kid: str, sealed: bytes, context: str) -> bytes:
    key = _Current.key(kid)
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        if len(body) < TAG_BYTES:
            raise InvalidTag
        return SUITES[key.suite].open(key.secret, nonce, body, _aad(kid, context))
    except InvalidTag:
        raise DecryptionError(
            "数据校验失败：这段内容被改动过，或被挪到了别的记录。请联系系统管理员从备份恢复。"
        ) from None


def _aad(kid: str, context: str) -> bytes:
    return b"\x00".join((TEXT_PREFIX.encode("ascii"), kid.encode("ascii"), context.encode("utf-8")))
