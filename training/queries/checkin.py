"""What check-in reads: the secret and the windows of a slot, who is there, and a cadre's own slots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.access import Permission, Viewer
from core.crypto.cipher import ensure_keyfile
from core.crypto.mac import hmac_sm3
from people.models import Cadre
from training.checkin import Windows
from training.choices import AttendanceSource, AttendanceState, CheckInResult
from training.models import Attendance, CheckInAttempt, Slot, SlotRule
from training.queries.clashes import slot_rule
from training.queries.occupied import CANCELLED, midnight

WITH_OWNER = ("training_class", "activity")
THERE = (AttendanceState.PRESENT, AttendanceState.LATE)
AWAY = (AttendanceState.LEAVE, AttendanceState.EXCUSED)


def secret_of(slot: Slot) -> bytes:
    """The slot's own secret, drawn from the key file: the database alone tells no code."""
    return hmac_sm3(ensure_keyfile().index_key, b"checkin\x00" + slot.uid.bytes)


def device_at(slot: Slot, cookie: str) -> str:
    """A telephone's mark at one slot; at another slot the same telephone has another one."""
    return hmac_sm3(secret_of(slot), b"device\x00" + cookie.encode()).hex()[:16] if cookie else ""


def windows_of(slot: Slot, rule: SlotRule) -> Windows:
    """The slot's own moments, else those of the rule; check-in never goes on beyond the end."""
    minutes = {name: timedelta(minutes=getattr(rule, name)) for name in MINUTES}
    return Windows(
        opens_at=slot.checkin_opens_at or slot.starts_at - minutes["opens_before"],
        late_after=slot.late_after or slot.starts_at + minutes["late_after"],
        closes_at=slot.checkin_closes_at or min(slot.ends_at, slot.starts_at + minutes["closes_after"]),
        out_from=slot.ends_at - minutes["sign_out_before"],
        out_until=slot.ends_at + minutes["sign_out_after"],
    )


MINUTES = ("opens_before", "late_after", "closes_after", "sign_out_before", "sign_out_after")


def rule_for(slot: Slot) -> SlotRule:
    return slot_rule(timezone.localdate(slot.starts_at))


def is_cancelled(slot: Slot) -> bool:
    return bool(slot.cancelled_at) or Slot.objects.filter(CANCELLED, pk=slot.pk).exists()


def slots_about(moment: datetime) -> list[Slot]:
    """Slots whose code may be on a screen at the moment: any that day, cancelled ones too, to say so."""
    day = midnight(timezone.localdate(moment))
    near = Slot.objects.filter(starts_at__lt=day + timedelta(days=2), ends_at__gt=day - timedelta(days=1))
    return list(near.select_related(*WITH_OWNER))


def runs(viewer: Viewer, slot: Slot) -> bool:
    """Whether the viewer keeps the attendance of the slot."""
    return bool(viewer.paths(permission_for(slot)))


def permission_for(slot: Slot) -> Permission:
    return Permission.EDIT_TRAINING if slot.training_class_id else Permission.EDIT_STUDY


def slots_run_by(viewer: Viewer) -> QuerySet[Slot]:
    """Slots whose attendance the viewer keeps, with what they belong to."""
    allowed = Q(pk__in=())
    if viewer.paths(Permission.EDIT_TRAINING):
        allowed |= Q(training_class__isnull=False)
    if viewer.paths(Permission.EDIT_STUDY):
        allowed |= Q(activity__isnull=False)
    return Slot.objects.visible_to(viewer).filter(allowed).select_related(*WITH_OWNER)


@dataclass(frozen=True, slots=True)
class Board:
    """Who is there and who is missing, in the order of names; `others` are expected but out of reach."""

    present: Sequence[Attendance]
    missing: Sequence[Attendance]
    away: Sequence[Attendance]
    others: int = 0

    @property
    def expected(self) -> int:
        return len(self.present) + len(self.missing)


def roster(slot: Slot, viewer: Viewer) -> QuerySet[Attendance]:
    """Whom the viewer keeps at the slot; the own row too, to look at but not to change."""
    reach = Attendance.objects.visible_to(viewer, permission_for(slot)) | Attendance.objects.filter(
        cadre_id=viewer.cadre_id or 0
    )
    rows = reach.filter(slot=slot).select_related("cadre", "unit", "slot__training_class", "slot__activity")
    return rows.order_by("cadre__name_stroke_key", "pk")


def board(slot: Slot, viewer: Viewer) -> Board:
    """Two queries."""
    rows = list(roster(slot, viewer))
    present = sorted((row for row in rows if row.state in THERE), key=_when, reverse=True)
    return Board(
        present=present,
        missing=[row for row in rows if row.state in (AttendanceState.EXPECTED, AttendanceState.ABSENT)],
        away=[row for row in rows if row.state in AWAY],
        others=slot.attendances.count() - len(rows),
    )


def _when(row: Attendance) -> datetime:
    return row.checked_in_at or row.updated_at


def own_attendances(viewer: Viewer) -> QuerySet[Attendance]:
    """The rows of the viewer's own record."""
    own = viewer.cadre_id if viewer.on_own_record(Permission.SIGN_UP) else None
    rows = Attendance.objects.filter(cadre_id=own or 0, slot__cancelled_at__isnull=True)
    return rows.select_related("slot__training_class", "slot__activity")


@dataclass(frozen=True, slots=True)
class OwnSlot:
    """One of a cadre's own slots and the windows in which it takes check-ins."""

    attendance: Attendance
    windows: Windows

    @property
    def slot(self) -> Slot:
        return self.attendance.slot


def own_slots_on(viewer: Viewer, moment: datetime) -> list[OwnSlot]:
    """The own slots of the local day, in time order."""
    start = midnight(timezone.localdate(moment))
    rows = own_attendances(viewer).filter(
        slot__starts_at__lt=start + timedelta(days=1), slot__ends_at__gt=start
    )
    rule = slot_rule(timezone.localdate(moment))
    found = [OwnSlot(row, windows_of(row.slot, rule)) for row in rows.exclude(state__in=AWAY)]
    return sorted(found, key=lambda own: own.slot.starts_at)


def recent_check_ins(viewer: Viewer, moment: datetime, *, most: int = 8) -> list[Attendance]:
    rows = own_attendances(viewer).filter(slot__ends_at__lt=moment)
    return list(rows.order_by("-slot__starts_at")[:most])


def others_on_device(slot: Slot, device: str, cadre_id: int) -> list[Cadre]:
    """Who else checked in with the telephone at the slot."""
    accepted = (CheckInResult.PRESENT, CheckInResult.LATE)
    rows = CheckInAttempt.objects.filter(slot=slot, device=device, result__in=accepted)
    found = rows.exclude(cadre_id=cadre_id).select_related("cadre").order_by("pk")
    return list({row.cadre_id: row.cadre for row in found}.values())


def suspicious(rows: Iterable[Attendance]) -> list[Attendance]:
    return sorted((row for row in rows if row.suspicion), key=attrgetter("cadre.name_stroke_key"))


def counted_sources(rows: Iterable[Attendance]) -> dict[str, int]:
    """How many came in which way, for the line under the list."""
    found: dict[str, int] = {}
    for row in rows:
        if row.source != AttendanceSource.NONE:
            label = row.get_source_display()
            found[label] = found.get(label, 0) + 1
    return found
