"""HMAC with SM3, the hash the national rules ask for."""

import hmac

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    try:
        mac = HMAC(key, hashes.SM3())
    except UnsupportedAlgorithm:  # a build of OpenSSL without SM3 behind `cryptography`: ask Python's own
        return hmac.digest(key, data, "sm3")
    mac.update(data)
    return mac.finalize()
