"""Everything one file shows, as plain data: what is rendered, compared and hashed."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from growth.contracts import Edition, Section
from growth.evidence import Evidence
from growth.proof import code_of, sm3

# Raised when the look of the file changes: files of the same data but another look have another digest.
LAYOUT = 5
OUTSIDE = ("cadre_id", "verify_at")


@dataclass(frozen=True, slots=True)
class Identity:
    """The person on the cover and at the head of the summary."""

    name: str
    staff_no: str
    unit: str
    post: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    zone: str
    number: str
    edition: Edition
    as_of: date
    identity: Identity
    sections: tuple[Section, ...]
    evidence: tuple[Evidence, ...] = ()
    photo: bytes | None = None
    # No part of the data: whose it is (numbers of two people can be alike), and where the check is.
    cadre_id: int = 0
    verify_at: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: equal data, equal digest."""
        return sha256(self.canonical_json().encode()).hexdigest()

    @property
    def digest_sm3(self) -> str:
        return sm3(self.canonical_json().encode())

    @property
    def code(self) -> str:
        return code_of(self.digest)

    @property
    def verify_url(self) -> str:
        """Where the QR code leads; "" while nobody has said at which address the site is."""
        return f"{self.verify_at}?code={self.code}" if self.verify_at else ""

    def canonical_json(self) -> str:
        """Sorted keys, no spaces: what is embedded in the PDF and digested. Drawings follow from the data."""
        data = asdict(self, dict_factory=_without_drawings) | {"layout": LAYOUT}
        for name in OUTSIDE:
            del data[name]
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _without_drawings(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if name != "svg"}


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    return value.isoformat() if isinstance(value, date) else str(value)
