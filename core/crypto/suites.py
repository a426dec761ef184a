"""The two authenticated ciphers an installation may choose between.

A certified cryptographic module would come in here: one more entry of SUITES, nothing else changes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
TAG_BYTES = 16

Transform = Callable[[bytes, bytes, bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Suite:
    """`seal(key, nonce, plain, aad)` gives ciphertext|tag, `open` reverses it or raises InvalidTag."""

    name: str
    key_bytes: int
    seal: Transform
    open: Transform


def _seal_aes(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, plain, aad)


def _open_aes(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, sealed, aad)


def _seal_sm4(key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _open_sm4(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    if len(tag) < TAG_BYTES:
        raise InvalidTag
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(aad)
    return decryptor.update(body) + decryptor.finalize()


SUITES = {
    "aes256gcm": Suite("aes256gcm", 32, _seal_aes, _open_aes),
    "sm4gcm": Suite("sm4gcm", 16, _seal_sm4, _open_sm4),
}
