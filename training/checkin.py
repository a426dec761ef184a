"""Codes that change every few seconds, and what an attempt to check in comes to. Pure: no clock, no database.

The screen in the room shows a code; it proves that whoever has it was there in the seconds it was shown.
It is a keyed hash of the slot and the running number of the quarter minute, so nothing is stored and every
server process shows the same.
"""

import base64
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from core.crypto.mac import hmac_sm3
from training.choices import CHECKED_IN, AttendanceState, CheckInResult

WINDOW = timedelta(seconds=15)
KEPT = 2  # windows in which a code is taken: the one it was shown in, and the next
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs, none that looks like another
CODE_LENGTH = 6
SKEW = timedelta(minutes=5)  # how far the clock of a telephone may be wrong
TICKET_LIFE = timedelta(minutes=10)  # from scanning to pressing the button, login in between
TOKEN = struct.Struct(">II8s")
Secret = bytes


# Codes


def window_at(moment: datetime) -> int:
    return int(moment.timestamp() // WINDOW.total_seconds())


def window_start(window: int) -> datetime:
    return datetime.fromtimestamp(window * WINDOW.total_seconds(), UTC)


def seconds_left(moment: datetime) -> int:
    """Until the screen must show the next code; at least one."""
    return max(1, round((window_start(window_at(moment) + 1) - moment).total_seconds()))


def code_of(secret: Secret, window: int) -> str:
    """The six signs that are typed by hand."""
    number = int.from_bytes(_mac(secret, b"code", window)[:4], "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[place])
    return "".join(letters)


def tidy_code(typed: str) -> str:
    """What was typed, as codes are written: capitals, without the gap in the middle."""
    return "".join(typed.split()).replace("-", "").upper()


def windows_to_try(moment: datetime) -> range:
    """Windows whose codes are still taken at the moment, the oldest first."""
    now = window_at(moment)
    return range(now - KEPT + 1, now + 1)


def windows_about(moment: datetime) -> range:
    """Windows a telephone may mean when its own clock says `moment`."""
    return range(window_at(moment - SKEW) - KEPT + 1, window_at(moment + SKEW) + 1)


def match_code(secret: Secret, code: str, windows: range) -> int | None:
    """The latest of the windows in which the code was shown."""
    return next((window for window in reversed(windows) if code_of(secret, window) == code), None)


def token_of(secret: Secret, slot_id: int, window: int) -> str:
    """The last part of the address in the QR code: 22 signs."""
    packed = TOKEN.pack(slot_id, window, _mac(secret, b"token", window)[:8])
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Token:
    slot_id: int
    window: int
    seal: bytes

    def genuine(self, secret: Secret) -> bool:
        return compare_digest(self.seal, _mac(secret, b"token", self.window)[:8])


def read_token(text: str) -> Token | None:
    """What a token says; whether it is genuine needs the slot's secret."""
    try:
        packed = base64.urlsafe_b64decode(text.encode("ascii") + b"==")
        return Token(*TOKEN.unpack(packed))
    except (ValueError, struct.error):
        return None


def _mac(secret: Secret, purpose: bytes, window: int) -> bytes:
    return hmac_sm3(secret, purpose + b"\x00" + window.to_bytes(8, "big"))


# Windows of time


@dataclass(frozen=True, slots=True)
class Windows:
    """When a slot takes check-ins; `late_after` is the last moment in time, `closes_at` the last at all."""

    opens_at: datetime
    late_after: datetime
    closes_at: datetime
    out_from: datetime
    out_until: datetime

    def phase(self, moment: datetime) -> str:
        """early, open, late, closed: for the words on the screen."""
        if moment < self.opens_at:
            return "early"
        if moment <= self.late_after:
            return "open"
        return "late" if moment <= self.closes_at else "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands at a slot before the attempt."""

    state: str
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None


def decide(
    standing: Standing | None,
    windows: Windows,
    moment: datetime,
    *,
    cancelled: bool = False,
    signs_out: bool = False,
) -> CheckInResult:
    """What an attempt at the moment comes to. Who has been marked present by hand has checked in."""
    if cancelled:
        return CheckInResult.CANCELLED
    if standing is None:
        return CheckInResult.NOT_EXPECTED
    if standing.checked_in_at or standing.state in (AttendanceState.PRESENT, AttendanceState.LATE):
        return _decide_leaving(standing, windows, moment) if signs_out else CheckInResult.ALREADY
    phase = windows.phase(moment)
    return {
        "early": CheckInResult.NOT_OPEN,
        "open": CheckInResult.PRESENT,
        "late": CheckInResult.LATE,
        "closed": CheckInResult.CLOSED,
    }[phase]


def _decide_leaving(standing: Standing, windows: Windows, moment: datetime) -> CheckInResult:
    if standing.checked_out_at or moment < windows.out_from:
        return CheckInResult.ALREADY
    return CheckInResult.SIGNED_OUT if moment <= windows.out_until else CheckInResult.CLOSED


def state_after(result: CheckInResult) -> AttendanceState:
    if result not in CHECKED_IN:
        raise ValueError(f"{result} leaves the state as it is")
    return AttendanceState.LATE if result == CheckInResult.LATE else AttendanceState.PRESENT
