"""Everything one file shows, as plain data: what is rendered, compared and hashed."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from growth.contracts import Edition, Section

# Raised when the look of the file changes: files of the same data but another look have another digest.
LAYOUT = 1


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
    photo: bytes | None = None
    cadre_id: int = 0  # whose it is; no part of the data: numbers of two people can be alike

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: equal data, equal digest."""
        return sha256(self.canonical_json().encode()).hexdigest()

    def canonical_json(self) -> str:
        data = asdict(self) | {"layout": LAYOUT}
        del data["cadre_id"]
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    return value.isoformat() if isinstance(value, date) else str(value)
