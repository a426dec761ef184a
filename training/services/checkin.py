"""Checking in and out by the cadre. Twice is once; every attempt is noted, refused ones with their reason.

A refusal is an outcome, not an error: raising would roll back the note of the attempt.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from training import checkin
from training.checkin import Standing, decide, state_after
from training.choices import CHECKED_IN, AttendanceSource, CheckInResult
from training.models import Attendance, CheckInAttempt, Slot, SlotRule
from training.queries.checkin import (
    THERE,
    WITH_OWNER,
    device_at,
    is_cancelled,
    others_on_device,
    rule_for,
    secret_of,
    slots_about,
    windows_of,
)
from training.queries.clashes import slot_rule
from training.sentences import refusal_words, success_words
from training.services.attendance import follow_in_ledger

SALT = "training.checkin"
MOST_MISSES = 10  # wrong codes within MISSES_IN before the account has to wait
MISSES_IN = timedelta(minutes=5)
LOOK_BACK = 40  # windows in which a code counts as expired rather than wrong


@dataclass(frozen=True, slots=True)
class Proof:
    """What a telephone sends: the ticket of a scanned code, or a code typed by hand.

    `kept_at` is the telephone's own clock at the press of the button, when the network was away then.
    """

    ticket: str = ""
    code: str = ""
    kept_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt; `at` is the moment that counts."""

    result: CheckInResult
    message: str
    at: datetime
    slot: Slot | None = None
    attendance: Attendance | None = None

    @property
    def accepted(self) -> bool:
        return self.result in (*CHECKED_IN, CheckInResult.SIGNED_OUT)

    @property
    def settled(self) -> bool:
        """Whether there is nothing more to do: the telephone may forget the attempt."""
        return self.accepted or self.result == CheckInResult.ALREADY


@dataclass(frozen=True, slots=True)
class _Read:
    """A proof as read: which slot it is for and which moment it proves, or why it proves nothing."""

    at: datetime
    source: AttendanceSource
    slot: Slot | None = None
    refusal: CheckInResult | None = None


# Scanning


def scan(*, token: str, device: str, at: datetime) -> str:
    """A ticket for whoever has scanned a code that is still shown; "" when it is not, or never was.

    The ticket proves the moment and the telephone, so that there is time to log in and press the button.
    """
    read = checkin.read_token(token)
    slot = Slot.objects.filter(pk=read.slot_id).first() if read else None
    if read is None or slot is None or not read.genuine(secret_of(slot)):
        return ""
    if read.window not in checkin.windows_to_try(at):
        return ""
    content = {"s": slot.pk, "t": int(at.timestamp()), "d": device_at(slot, device)}
    return signing.dumps(content, salt=SALT)


def slot_of_ticket(ticket: str) -> Slot | None:
    """The slot a ticket is for, to show its name before the button is pressed."""
    content = _open_ticket(ticket)
    return Slot.objects.filter(pk=content["s"]).select_related(*WITH_OWNER).first() if content else None


def _open_ticket(ticket: str) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = signing.loads(ticket, salt=SALT)
    except signing.BadSignature:
        return None
    return content


# Checking in


@transaction.atomic
def check_in(*, proof: Proof, by: Viewer, at: datetime, device: str = "") -> Outcome:
    """Checks the viewer's own cadre in, or out where the slot asks for it and it is time.

    `device` is the browser's own random mark.
    """
    cadre_id = _own(by)
    if _misses(cadre_id, at) >= MOST_MISSES:
        return Outcome(CheckInResult.TOO_MANY, refusal_words(CheckInResult.TOO_MANY), at)
    read = _read_ticket(proof, device, at) if proof.ticket else _read_code(proof, cadre_id, at)
    if read.slot is None or read.refusal:
        outcome = _refused(read.refusal or CheckInResult.UNKNOWN, read.at, read.slot)
    else:
        outcome = _enter(read.slot, cadre_id, read, by, device)
    _note(outcome, read.source, cadre_id, device, at)
    return outcome


def _own(by: Viewer) -> int:
    if by.cadre_id is None or not by.on_own_record(Permission.SIGN_UP):
        raise DomainError("这个账号没有关联干部，不能签到。", code="no_cadre")
    return by.cadre_id


def _misses(cadre_id: int, at: datetime) -> int:
    rows = CheckInAttempt.objects.filter(cadre_id=cadre_id, result=CheckInResult.UNKNOWN)
    return rows.filter(received_at__gt=at - MISSES_IN).count()


def _read_ticket(proof: Proof, device: str, at: datetime) -> _Read:
    content = _open_ticket(proof.ticket)
    slot = slot_of_ticket(proof.ticket)
    if content is None or slot is None or content["d"] != device_at(slot, device):
        return _Read(at, AttendanceSource.QR, refusal=CheckInResult.UNKNOWN)
    moment = datetime.fromtimestamp(content["t"], UTC)
    late = at - moment
    if late > timedelta(hours=rule_for(slot).offline_hours) and late > checkin.TICKET_LIFE:
        return _Read(moment, AttendanceSource.OFFLINE, slot, CheckInResult.EXPIRED)
    source = AttendanceSource.OFFLINE if late > checkin.TICKET_LIFE else AttendanceSource.QR
    return _Read(moment, source, slot)


def _read_code(proof: Proof, cadre_id: int, at: datetime) -> _Read:
    """A typed code names no slot: those about the time are tried, the cadre's own first."""
    code, moment = checkin.tidy_code(proof.code), proof.kept_at or at
    source = AttendanceSource.OFFLINE if proof.kept_at else AttendanceSource.CODE
    hours = slot_rule(timezone.localdate(at)).offline_hours
    if not at - timedelta(hours=hours) - checkin.SKEW <= moment <= at + checkin.SKEW:
        return _Read(moment, source, refusal=CheckInResult.EXPIRED)
    slots = _own_first(slots_about(moment), cadre_id)
    for windows in _windows(proof, at):
        for slot in slots:
            window = checkin.match_code(secret_of(slot), code, windows)
            if window is not None:
                return _matched(slot, window, source, at)
    return _Read(at, source, *_expired(slots, code, at))


def _windows(proof: Proof, at: datetime) -> list[range]:
    """The codes of the moment; for a code that was kept, also those about the time it was typed."""
    now = checkin.windows_to_try(at)
    if proof.kept_at is None:
        return [now]
    about = checkin.windows_about(proof.kept_at)
    return [now, range(about.start, min(about.stop, now.stop))]


def _matched(slot: Slot, window: int, source: AttendanceSource, at: datetime) -> _Read:
    """A code that is still shown counts from now, whatever way it came; an older one from its own time."""
    if window in checkin.windows_to_try(at):
        return _Read(at, AttendanceSource.CODE, slot)
    return _Read(checkin.window_start(window), source, slot)


def _own_first(slots: list[Slot], cadre_id: int) -> list[Slot]:
    expected = Attendance.objects.filter(cadre_id=cadre_id, slot__in=slots).values_list("slot_id", flat=True)
    own = set(expected)
    return sorted(slots, key=lambda slot: slot.pk not in own)


def _expired(slots: list[Slot], code: str, at: datetime) -> tuple[Slot | None, CheckInResult]:
    now = checkin.window_at(at)
    for slot in slots:
        if checkin.match_code(secret_of(slot), code, range(now - LOOK_BACK, now + 1)) is not None:
            return slot, CheckInResult.EXPIRED
    return None, CheckInResult.UNKNOWN


# Writing


def _enter(slot: Slot, cadre_id: int, read: _Read, by: Viewer, device: str) -> Outcome:
    row = Attendance.objects.filter(slot=slot, cadre_id=cadre_id).first()
    rule = rule_for(slot)
    windows = windows_of(slot, rule)
    standing = Standing(row.state, row.checked_in_at, row.checked_out_at) if row else None
    result = decide(standing, windows, read.at, cancelled=is_cancelled(slot), signs_out=slot.needs_sign_out)
    if row and result in CHECKED_IN and not _arrive(row, result, read):
        result = CheckInResult.ALREADY
    if row and result == CheckInResult.SIGNED_OUT and not _leave(row, read.at):
        result = CheckInResult.ALREADY
    if row is None or result not in (*CHECKED_IN, CheckInResult.SIGNED_OUT):
        return Outcome(result, refusal_words(result, windows, row), read.at, slot, row)
    row.refresh_from_db()
    if result in CHECKED_IN:
        _suspect(row, rule, device)
        follow_in_ledger(slot=slot, by=None, at=read.at)  # the rule earns, nobody credits the own record
    _audit(row, result, by)
    return Outcome(result, success_words(result, slot), read.at, slot, row)


def _arrive(row: Attendance, result: CheckInResult, read: _Read) -> bool:
    """The one UPDATE that checks someone in; False when another request was first."""
    waiting = Attendance.objects.filter(pk=row.pk, checked_in_at__isnull=True).exclude(state__in=THERE)
    note = f"原登记请假（{row.get_leave_reason_display()}），本人到场签到" if row.leave_reason else row.note
    moved = waiting.update(
        state=state_after(result),
        source=read.source,
        checked_in_at=read.at,
        leave_reason="",
        note=note[:200],
        updated_at=timezone.now(),
    )
    return bool(moved)


def _leave(row: Attendance, at: datetime) -> bool:
    inside = Attendance.objects.filter(pk=row.pk, checked_out_at__isnull=True)
    return bool(inside.update(checked_out_at=at, updated_at=timezone.now()))


def _suspect(row: Attendance, rule: SlotRule, device: str) -> None:
    """One telephone, two people: both rows say so, and someone has a look."""
    mark = device_at(row.slot, device)
    others = others_on_device(row.slot, mark, row.cadre_id) if mark and rule.one_device else []
    if not others:
        return
    names = "、".join(other.name for other in others)
    Attendance.objects.filter(pk=row.pk).update(suspicion=f"与{names}用同一部手机签到"[:100])
    same = Attendance.objects.filter(slot_id=row.slot_id, cadre__in=others)
    same.update(suspicion=f"与{row.cadre.name}用同一部手机签到"[:100])


def _audit(row: Attendance, result: CheckInResult, by: Viewer) -> None:
    record(action=AuditAction.CHECKED_IN, by=by, subject=row, label=f"{result.label}：{row.slot}")


def _refused(result: CheckInResult, at: datetime, slot: Slot | None) -> Outcome:
    return Outcome(result, refusal_words(result), at, slot)


def _note(outcome: Outcome, source: AttendanceSource, cadre_id: int, device: str, at: datetime) -> None:
    CheckInAttempt.objects.create(
        slot=outcome.slot,
        cadre_id=cadre_id,
        at=outcome.at,
        received_at=at,
        result=outcome.result,
        source=source,
        device=device_at(outcome.slot, device) if outcome.slot else "",
    )
