"""Field encryption, blind index and the installation's keys.

The names load on first use: settings.py imports `core.crypto.keyfile` before Django is set up.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.crypto.blind import blind_index
    from core.crypto.cipher import DecryptionError, decrypt_bytes, encrypt_bytes, ensure_keyfile
    from core.crypto.fields import EncryptedTextField

__all__ = [
    "DecryptionError",
    "EncryptedTextField",
    "blind_index",
    "decrypt_bytes",
    "encrypt_bytes",
    "ensure_keyfile",
]

_HOMES = {
    "DecryptionError": "cipher",
    "EncryptedTextField": "fields",
    "blind_index": "blind",
    "decrypt_bytes": "cipher",
    "encrypt_bytes": "cipher",
    "ensure_keyfile": "cipher",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
