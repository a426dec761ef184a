"""What lets a reader check a printed file: digests, a short code, and the QR code that leads to the check."""

from base64 import b32encode
from dataclasses import dataclass
from hashlib import new as new_hash
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from core.charts import qr_svg

if TYPE_CHECKING:
    from growth.snapshot import Snapshot

CODE_LENGTH = 12  # 60 bits: nobody finds another file with the same code by trying


def code_of(digest: str) -> str:
    """The short code of a data digest, in groups of four, such as "K7QD-2M5A-XR3T"."""
    letters = b32encode(bytes.fromhex(digest))[:CODE_LENGTH].decode()
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def read_code(text: str) -> str:
    """A code as someone typed it, with its dashes put right; 0 and 1 are taken for O and I."""
    letters = "".join(text.upper().split()).replace("-", "").replace("0", "O").replace("1", "I")
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def sm3(data: bytes) -> str:
    """GB/T 32905 digest in hexadecimal."""
    return new_hash("sm3", data).hexdigest()


@dataclass(frozen=True, slots=True)
class VerificationMark:
    code: str
    svg: SafeString


def verification_mark(snapshot: "Snapshot") -> VerificationMark:
    """The QR code as inline SVG: the address of the check if the site's address is known, else the code."""
    return VerificationMark(snapshot.code, qr_svg(snapshot.verify_url or snapshot.code, title="核验二维码"))
