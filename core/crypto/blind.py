"""Equality search on encrypted values: a keyed hash that tells nothing without its key."""

from core.crypto.cipher import ensure_keyfile
from core.crypto.mac import hmac_sm3


def blind_index(value: str) -> str:
    """64 hex characters; "" for "". The caller normalises (an ID number ends in a capital X)."""
    if not value:
        return ""
    return hmac_sm3(ensure_keyfile().index_key, b"blind\x00" + value.encode("utf-8")).hex()
