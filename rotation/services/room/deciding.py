"""研究决定: the meeting's votes and minutes, bound to what was laid before it and kept as it was."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import Accept, keep_file
from core.saving import save_validated
from growth.proof import sm3
from rotation.choices.decisions import Outcome
from rotation.models import Case, CaseFile, DecidedMove, Decision, Move, RotationPlan, Speaker
from rotation.plan_states import PlanAction
from rotation.queries.room.record import moves_laid_before, record_of
from rotation.queries.rules import thresholds_on
from rotation.services.room.cases import check_handled_by
from rotation.services.room.stepping import check_can, step
from rotation.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Attendance:
    """One of those who were to come; `reason` is why they did not."""

    name: str
    user_id: int | None = None
    present: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    number: str
    held_on: date
    chair: str
    attendance: tuple[Attendance, ...]
    place: str = ""
    minutes: str = ""
    minutes_file: Any = None  # an upload


@dataclass(frozen=True, slots=True)
class Ruling:
    outcome: Outcome
    agree: int = 0
    against: int = 0
    defer: int = 0

    @property
    def votes(self) -> int:
        return self.agree + self.against + self.defer


@transaction.atomic
def decide(
    *,
    plan: RotationPlan,
    meeting: Meeting,
    rulings: Mapping[int, Ruling],
    by: Viewer,
    at: datetime,
    document_no: str = "",
    on_paper: str = "",
) -> Decision:
    """Writes down the decision on every move laid before the meeting (`rulings` by move id), for good.

    What the meeting saw is kept with it: the variants, the checks, the opinions, and the digests of the
    growth files that were shown. Whatever happens to these later, the decision still says what it said.
    `on_paper` says why no growth file was shown here for somebody, such as that paper files were read.
    """
    check_handled_by(plan, by)
    check_can(plan, PlanAction.DECIDE)
    moves = moves_laid_before(plan)
    rules = thresholds_on(meeting.held_on)
    _check_meeting(plan, meeting, rules, at)
    _check_rulings(moves, rulings, meeting, rules)
    files = files_shown(plan)
    _check_files(moves, files, on_paper)
    decision = _write(plan, meeting, rulings, on_paper, by, at)
    for move in moves:
        _write_move(decision, move, rulings[move.pk], files.get(move.cadre_id))
    Case.objects.filter(plan=plan, closed_at__isnull=True).update(closed_at=at)
    _choose(plan, moves, rulings, document_no)
    step(plan=plan, action=PlanAction.DECIDE, by=by, at=at, note=f"{meeting.number}")
    record(
        action=AuditAction.DECISION_MADE, by=by, subject=decision, label=f"登记决定：{meeting.number}", at=at
    )
    return decision


def _check_meeting(plan: RotationPlan, meeting: Meeting, rules: Thresholds, at: datetime) -> None:
    """By the rules in force on the day of the meeting."""
    if meeting.held_on > timezone.localdate(at):
        raise DomainError("会议日期不能晚于今天。", field="held_on", code="future")
    if not Case.objects.filter(plan=plan).exists():
        raise DomainError("这份方案还没有提出议题，请先在决策室提出议题。", code="no_case")
    present = sum(one.present for one in meeting.attendance)
    due = len(meeting.attendance)
    if not rules.is_quorum(present, due):
        message = (
            f"应到 {due} 人、实到 {present} 人，不足{rules.quorum}，不能作出任免决定。"
            f"依据：{rules.meeting_source}。"
        )
        raise DomainError(message, field="attendance", code="no_quorum")


def _check_rulings(
    moves: Sequence[Move], rulings: Mapping[int, Ruling], meeting: Meeting, rules: Thresholds
) -> None:
    due, present = len(meeting.attendance), sum(one.present for one in meeting.attendance)
    for move in moves:
        ruling = rulings.get(move.pk)
        if ruling is None:
            raise DomainError(f"请登记对{move.cadre}的研究结果。", field=f"outcome_{move.pk}", code="missing")
        if ruling.votes > present:
            message = f"{move.cadre}的票数合计 {ruling.votes}，多于实到 {present} 人。"
            raise DomainError(message, field=f"agree_{move.pk}", code="too_many_votes")
        if ruling.outcome == Outcome.PASSED and not rules.is_majority(ruling.agree, due):
            message = (
                f"{move.cadre}得同意票 {ruling.agree} 票，未超过应到 {due} 人的{rules.majority}，不能通过。"
            )
            raise DomainError(message, field=f"outcome_{move.pk}", code="no_majority")
    _check_passed([move for move in moves if rulings[move.pk].outcome == Outcome.PASSED])


def _check_passed(passed: Sequence[Move]) -> None:
    people = Counter(move.cadre for move in passed)
    for cadre, times in people.items():
        if times > 1:
            raise DomainError(f"{cadre}在多个方案中都通过了，一人只能通过一项。", code="twice")
    posts = Counter(move.to_post for move in passed if move.to_post)
    for post, times in posts.items():
        if post.headcount is not None and times > post.headcount:
            raise DomainError(f"{post}职数 {post.headcount}，通过了 {times} 人。", code="overfilled")


def files_shown(plan: RotationPlan) -> dict[int, CaseFile]:
    """Cadre id → the growth file that was shown, the latest where several cases showed one."""
    rows = CaseFile.objects.filter(case__plan=plan).select_related("file").order_by("kept_at")
    return {row.cadre_id: row for row in rows}


def _check_files(moves: Sequence[Move], files: Mapping[int, CaseFile], on_paper: str) -> None:
    missing = list(dict.fromkeys(str(move.cadre) for move in moves if move.cadre_id not in files))
    if missing and not on_paper.strip():
        message = (
            f"{'、'.join(missing)}的上会档案还没有准备，请先在决策室点“准备上会档案”；"
            "会上看的是纸质档案的，请写明。"
        )
        raise DomainError(message, field="on_paper", code="no_files")


def _write(
    plan: RotationPlan,
    meeting: Meeting,
    rulings: Mapping[int, Ruling],
    on_paper: str,
    by: Viewer,
    at: datetime,
) -> Decision:
    given = {pk: _ruling(ruling) for pk, ruling in rulings.items()}
    canonical = record_of(plan, _as_data(meeting) | {"on_paper": on_paper.strip()}, given, by.on)
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    kept = keep_file(
        upload=meeting.minutes_file, by=by, accept=Accept.DOCUMENTS, at=at, field="minutes_file"
    ) if meeting.minutes_file else None  # fmt: skip
    decision = Decision(
        plan=plan,
        number=meeting.number.strip(),
        held_on=meeting.held_on,
        place=meeting.place.strip(),
        chair=meeting.chair.strip(),
        attendance=[_attendance(one) for one in meeting.attendance],
        minutes=meeting.minutes.strip(),
        minutes_file=kept,
        record=text,
        digest=sha256(text.encode()).hexdigest(),
        digest_sm3=sm3(text.encode()),
        decided_by_id=by.user_id,
        decided_at=at,
    )
    save_validated(decision)
    return decision


def _as_data(meeting: Meeting) -> dict[str, Any]:
    return {
        "number": meeting.number.strip(),
        "held_on": meeting.held_on.isoformat(),
        "place": meeting.place.strip(),
        "chair": meeting.chair.strip(),
        "attendance": [_attendance(one) for one in meeting.attendance],
        "minutes_sha256": sha256(meeting.minutes.strip().encode()).hexdigest(),
    }


def _attendance(one: Attendance) -> dict[str, Any]:
    return {"name": one.name, "user": one.user_id, "present": one.present, "reason": one.reason}


def _ruling(ruling: Ruling) -> dict[str, Any]:
    votes = {"agree": ruling.agree, "against": ruling.against, "defer": ruling.defer}
    return {"outcome": str(ruling.outcome), **votes}


def _write_move(decision: Decision, move: Move, ruling: Ruling, shown: CaseFile | None) -> None:
    save_validated(
        DecidedMove(
            decision=decision,
            move=move,
            cadre=move.cadre,
            kind=move.kind,
            from_text=move.from_text,
            to_post=move.to_post,
            to_text=str(move.to_post or ""),
            outcome=ruling.outcome,
            agree=ruling.agree,
            against=ruling.against,
            defer=ruling.defer,
            file=shown.file if shown else None,
            file_sha256=shown.sha256 if shown else "",
            data_digest=shown.data_digest if shown else "",
        )
    )


def _choose(
    plan: RotationPlan, moves: Sequence[Move], rulings: Mapping[int, Ruling], document_no: str
) -> None:
    variants = {m.variant_id for m in moves if rulings[m.pk].outcome == Outcome.PASSED}
    if len(variants) == 1:
        plan.chosen_id = variants.pop()
    plan.document_no = document_no.strip() or plan.document_no
    save_validated(plan, update_fields=["chosen", "document_no"])


def due_members(plan: RotationPlan) -> list[Speaker]:
    """Those who were to come: the speakers of the plan's cases but whoever must stay out, each once."""
    rows = Speaker.objects.filter(case__plan=plan, excluded=False).select_related("user")
    return list({row.user_id: row for row in rows.order_by("case", "position")}.values())


def is_genuine(decision: Decision) -> bool:
    """Whether the record is still the one that was written: its digest stands in a guarded column."""
    text = str(decision.record).encode()
    return sha256(text).hexdigest() == decision.digest and sm3(text) == decision.digest_sm3
