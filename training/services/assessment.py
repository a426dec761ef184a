"""评定: who completes a class and who does not, and what is credited when the class goes to the archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.access import Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import Changes, apply_changes, changes_to
from training.choices import ClassState, ParticipationState, ResultGrade
from training.enrolment import ACTIVE, ASSESSED
from training.models import Participation, TrainingClass
from training.presence import Presence
from training.queries.presence import presences_of
from training.services.credits import settle_class
from training.services.enrolment.steps import Hop, lock_class, move, refuse_own

P = ParticipationState
BATCH = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one person; `reason` is needed to pass somebody who missed too much.

    `certificate_no` is that of another organiser (上级调训); our own certificates are numbered here.
    """

    participation_id: int
    grade: ResultGrade
    reason: str = ""
    certificate_no: str = ""

    @property
    def state(self) -> ParticipationState:
        return P.NOT_COMPLETED if self.grade == ResultGrade.FAILED else P.COMPLETED


@transaction.atomic
def assess(
    *, training_class: TrainingClass, verdicts: Sequence[Verdict], by: Viewer, at: datetime
) -> list[Participation]:
    """Sets the results of a class that is over; again it corrects them, until the class is archived."""
    held = lock_class(training_class.pk)
    if held.state != ClassState.ASSESSING:
        message = f"班次{held.get_state_display()}，只有待评定的班次可以评定。"
        raise DomainError(message, code="not_assessing")
    rows = {
        row.pk: row for row in held.participations.filter(state__in=ACTIVE | ASSESSED).select_related("cadre")
    }
    presences = presences_of(held)
    entries = []
    for verdict in verdicts:
        row = rows.get(verdict.participation_id)
        if row is None:
            raise DomainError("名单中有人已经退出，请刷新页面后重新评定。", code="conflict")
        refuse_own(row.cadre_id, by)
        row.training_class = held
        presence = presences.get(row.cadre_id, Presence())
        if changes := _assess(row, verdict, presence, Hop(by, at, verdict.reason)):
            entries.append(_entry(row, changes, by, verdict.reason))
    record_many(entries)
    return [rows[verdict.participation_id] for verdict in verdicts]


def _assess(row: Participation, verdict: Verdict, presence: Presence, hop: Hop) -> Changes:
    held = row.training_class
    if verdict.state == P.COMPLETED and not presence.is_enough(held.leave_limit) and not hop.reason.strip():
        message = (
            f"{row.cadre.name} 到课 {presence.attended_percent}%，缺课超过规定，不能直接结业；"
            "确需结业的请写明理由，否则评为“不合格”。"
        )
        raise DomainError(message, field=f"reason_{row.pk}", code="missed_too_much")
    before = row.get_state_display()
    changes = changes_to(
        row, {"result": verdict.grade.value, "certificate_no": verdict.certificate_no.strip()}
    )
    apply_changes(row, changes)
    if changes:
        row.save(update_fields=[*changes, "updated_at"])
    if row.state != verdict.state:
        move(row, verdict.state, hop)
        changes["state"] = (before, row.get_state_display())
    return changes


def _entry(row: Participation, changes: Changes, by: Viewer, reason: str) -> Entry:
    return Entry(
        action=AuditAction.ENROLMENT_CHANGED,
        by=by,
        subject=row,
        label=f"评定：{row}"[:200],
        changes=changes,
        reason=reason,
    )


def settle_archived(held: TrainingClass, *, by: Viewer | None, at: datetime) -> None:
    """Credits the attended part to those who completed, and posts it; the others earn nothing."""
    rows = list(held.participations.filter(state__in=ASSESSED))
    presences = presences_of(held)
    for row in rows:
        presence = presences.get(row.cadre_id, Presence())
        passed = row.state == P.COMPLETED
        row.hours = presence.part_of(held.hours) if passed else row.hours * 0
        row.days = presence.part_of(held.days) if passed else row.days * 0
    Participation.objects.bulk_update(rows, ["hours", "days"], batch_size=BATCH)
    settle_class(training_class=held, by=by, at=at, reason="班次归档")
