"""应谈尽谈: raising duties from what happened and from the calendar, and how a duty ends.

Running it twice, or on a day that was skipped, raises nothing twice: the event's key decides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db import transaction

from core.access import Permission, Role, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.periods import covers
from core.saving import save_validated
from people.access import viewer_for
from people.choices import CadreStatus
from people.models import Cadre, KinTie, User
from wellbeing.choices.talks import HELD_STATES
from wellbeing.choices.triggers import (
    REGULAR_CODES,
    UNMET_STATES,
    DutyState,
    TalkerRelation,
    TriggerCode,
    WaiveReason,
)
from wellbeing.models import Talk, TalkDuty, TalkRule
from wellbeing.queries.happenings import Happening, happenings
from wellbeing.queries.organisation import NOWHERE, Organisation, Place, Placements
from wellbeing.services.handing_over import release_talks_of_leavers
from wellbeing.services.revoking import event_of, known_states, reopen, revoke

WINDOW = timedelta(days=180)  # how far back an event may have been entered late
GRACE = timedelta(days=7)  # for what was already past its time when it became known
BATCH = 400
MONTHS = 12


@dataclass(slots=True)
class Raised:
    """What a run has done."""

    raised: int = 0
    revoked: int = 0
    lapsed: int = 0
    handed_on: int = 0
    unassigned: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.raised or self.revoked or self.lapsed or self.handed_on)


class _Rules:
    """All versions of all rules; the version of the event's own day decides."""

    def __init__(self) -> None:
        self._versions: dict[str, list[TalkRule]] = {}
        for rule in TalkRule.objects.order_by("-starts_on"):
            self._versions.setdefault(rule.code, []).append(rule)

    def on(self, code: str, day: date) -> TalkRule | None:
        found = next((rule for rule in self._versions.get(code, ()) if rule.holds(day)), None)
        return found if found and found.is_on else None

    @property
    def longest_lead(self) -> int:
        return max((rule.lead_days for rules in self._versions.values() for rule in rules), default=0)


class _Run:
    """One run as of a day: organisations by day and the rules are read once."""

    def __init__(self, on: date) -> None:
        self.day = on
        self.rules = _Rules()
        self.until = on + timedelta(days=self.rules.longest_lead)
        self._organisations: dict[date, Organisation] = {}

    def organisation(self, day: date) -> Organisation:
        if day not in self._organisations:
            self._organisations[day] = Organisation.on(day)
        return self._organisations[day]

    def talker(self, relation: str, cadre_id: int, place: Place, day: date) -> int | None:
        """As of the event's day; one who no longer holds the office gives way to today's."""
        who = TalkerRelation(relation)
        found = self.organisation(day).talker_for(who, cadre_id=cadre_id, unit_path=place.path)
        now = self.organisation(self.day)
        if found in now.users:
            return found
        return now.talker_for(who, cadre_id=cadre_id, unit_path=place.path)


def raise_talk_duties(*, on: date, cadre_ids: Sequence[int] | None = None, quietly: bool = False) -> Raised:
    """Everything that is due to be raised, lapsed or handed on as of the day; safe to repeat.

    `quietly` tells nobody: for days that are made up or made up for.
    """
    run, total = _Run(on), Raised()
    active = Cadre.objects.filter(status=CadreStatus.ACTIVE).order_by("pk")
    if cadre_ids is not None:
        active = active.filter(pk__in=cadre_ids)
    for batch in _batches(list(active.values_list("pk", flat=True))):
        raised, revoked = _raise_for(run, batch, quietly)
        total.raised += raised
        total.revoked += revoked
    total.lapsed = _lapse(on)
    total.handed_on = _hand_on(run, quietly)
    total.unassigned = TalkDuty.objects.unmet().filter(talker__isnull=True).count()
    return total


@transaction.atomic
def _raise_for(run: _Run, cadre_ids: Sequence[int], quietly: bool) -> tuple[int, int]:
    """How many duties were raised, and how many revoked with what had set them off."""
    places = Placements(cadre_ids)
    events = happenings(cadre_ids, since=run.day - WINDOW, until=run.until)
    wanted = [*_from_events(run, events, places), *_from_calendar(run, cadre_ids, places)]
    known = known_states(cadre_ids)
    fresh = {event_of(duty): duty for duty in wanted if event_of(duty) not in known}
    # Another process may raise the same at this moment: its rows stand, ours give way.
    TalkDuty.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    back = reopen(duty for duty in wanted if known.get(event_of(duty)) == DutyState.REVOKED)
    gone = revoke(cadre_ids, events, since=run.day - WINDOW, until=run.until)
    raised = [*fresh.values(), *back]
    _note_of_run(f"按规则提出应谈事项 {len(raised)} 件", raised)
    _note_of_run(f"事由撤销，应谈事项撤销 {len(gone)} 件", gone)
    if not quietly:
        _tell(raised, run.day)
        _tell_of_revoked(gone, run.day)
    return len(raised), len(gone)


def _note_of_run(label: str, duties: Sequence[TalkDuty]) -> None:
    if duties:
        record(action=AuditAction.TALK_PLANNED, by=None, object_type="wellbeing.talkduty", label=label)


def _from_events(run: _Run, events: Sequence[Happening], places: Placements) -> Iterator[TalkDuty]:
    for event in events:
        rule = run.rules.on(event.code, min(event.on, run.day))
        if rule and event.on - timedelta(days=rule.lead_days) <= run.day:
            yield _duty(run, rule, event, places.on(event.cadre_id, event.on))


def _duty(run: _Run, rule: TalkRule, event: Happening, place: Place) -> TalkDuty:
    due = event.on + timedelta(days=rule.due_days)
    seen_from = min(event.on, run.day)
    return TalkDuty(
        code=rule.code,
        cadre_id=event.cadre_id,
        occasion_key=event.key,
        occasion_on=event.on,
        unit_id=place.unit_id,
        relation=rule.relation,
        talker_id=run.talker(rule.relation, event.cadre_id, place, seen_from),
        raised_on=run.day,
        due_on=due if due >= run.day else run.day + GRACE,
    )


# The calendar


def period_of(on: date, per_year: int) -> tuple[int, date, date]:
    """Number, first and last day of the part of the year that holds the day; parts end with months."""
    part = next(k for k in range(per_year) if on.month - 1 < (k + 1) * MONTHS // per_year)
    first = date(on.year, part * MONTHS // per_year + 1, 1)
    after = (part + 1) * MONTHS // per_year
    last = date(on.year + after // MONTHS, after % MONTHS + 1, 1) - timedelta(days=1)
    return part + 1, first, last


def _from_calendar(run: _Run, cadre_ids: Sequence[int], places: Placements) -> Iterator[TalkDuty]:
    now = run.organisation(run.day)
    subjects: dict[TriggerCode, Any] = {
        TriggerCode.YEARLY: cadre_ids,
        TriggerCode.TOP_WITH_VICE: now.cadres_in(Role.VICE_LEADER),
        TriggerCode.TOP_WITH_HEADS: now.cadres_in(Role.DEPARTMENT_HEAD),
        TriggerCode.VICE_WITH_HEADS: now.cadres_in(Role.DEPARTMENT_HEAD),
    }
    for code in REGULAR_CODES:
        rule = run.rules.on(code, run.day)
        if rule and rule.per_year:
            chosen = [pk for pk in cadre_ids if pk in subjects[code]]
            yield from _regular(run, rule, chosen, places)


def _regular(run: _Run, rule: TalkRule, cadre_ids: Sequence[int], places: Placements) -> Iterator[TalkDuty]:
    number, first, last = period_of(run.day, rule.per_year)
    talked = _talked_with(cadre_ids, first, last)
    for cadre_id in cadre_ids:
        place = places.on(cadre_id, run.day)
        if place == NOWHERE:
            continue
        talker = run.talker(rule.relation, cadre_id, place, run.day)
        by_anyone = rule.code == TriggerCode.YEARLY
        if any(by_anyone or who == talker for who in talked.get(cadre_id, ())):
            continue
        yield TalkDuty(
            code=rule.code,
            cadre_id=cadre_id,
            occasion_key=f"{run.day.year}-{number}/{rule.per_year}",
            occasion_on=first,
            unit_id=place.unit_id,
            relation=rule.relation,
            talker_id=talker,
            raised_on=run.day,
            due_on=last,
        )


def _talked_with(cadre_ids: Sequence[int], first: date, last: date) -> dict[int, set[int]]:
    """Talkers of the talks held in the period, by cadre."""
    held = Talk.objects.filter(
        cadre_id__in=cadre_ids, state__in=HELD_STATES, held_on__gte=first, held_on__lte=last
    )
    found: dict[int, set[int]] = {}
    for cadre_id, talker_id in held.values_list("cadre_id", "talker_id"):
        found.setdefault(cadre_id, set()).add(talker_id)
    return found


# How duties end or change hands


@transaction.atomic
def _lapse(on: date) -> int:
    """A regular talk that was not held in its part of the year is counted as missed; the next part begins."""
    missed = TalkDuty.objects.unmet().filter(code__in=REGULAR_CODES, due_on__lt=on)
    return int(missed.update(state=DutyState.LAPSED))


@transaction.atomic
def _hand_on(run: _Run, quietly: bool) -> int:
    """Duties of talkers gone or moved away go to who holds the office now; of cadres who left, waived."""
    gone = TalkDuty.objects.unmet().exclude(cadre__status=CadreStatus.ACTIVE)
    gone.filter(talk__isnull=True).update(state=DutyState.WAIVED, waive_reason=WaiveReason.LEFT)
    now = run.organisation(run.day)
    release_talks_of_leavers(now.users)
    open_ones = list(TalkDuty.objects.filter(state=DutyState.OPEN))
    places = Placements([duty.cadre_id for duty in open_ones])
    moved = []
    for duty in open_ones:
        place = places.on(duty.cadre_id, run.day)
        if not _has_gone(run, duty, place):
            continue
        talker = run.talker(duty.relation, duty.cadre_id, place, run.day)
        if talker != duty.talker_id:
            TalkDuty.objects.filter(pk=duty.pk).update(talker_id=talker)
            duty.talker_id = talker
            moved += [duty] if talker is not None else []
    if not quietly:
        _tell(moved, run.day)
    return len(moved)


def _has_gone(run: _Run, duty: TalkDuty, place: Place) -> bool:
    """No longer in office; or it was the own department when the duty was raised, and is no more.

    Whoever was named from elsewhere by a planner never covered the place, and keeps the duty.
    """
    now = run.organisation(run.day)
    if duty.talker_id not in now.users:
        return True
    if now.reaches(duty.talker_id, place.path) or place == NOWHERE:
        return False
    return run.organisation(duty.raised_on).reaches(duty.talker_id, place.path)


def close_duties_of(*, talk: Talk, by: Viewer) -> int:
    """The duties that a held talk fulfils: its own, the same reason, and the regular ones of its day."""
    open_ones = TalkDuty.objects.unmet().filter(cadre_id=talk.cadre_id)
    fulfilled = [duty for duty in open_ones if _fulfils(talk, duty)]
    for duty in fulfilled:
        duty.state, duty.talk, duty.done_on = DutyState.DONE, talk, talk.held_on
        save_validated(duty, update_fields=["state", "talk", "done_on"])
    return len(fulfilled)


def _fulfils(talk: Talk, duty: TalkDuty) -> bool:
    if duty.talk_id == talk.pk:
        return True
    same_talker = duty.talker_id == talk.talker_id
    if duty.code in REGULAR_CODES:
        assert talk.held_on is not None
        in_time = duty.occasion_on <= talk.held_on <= duty.due_on
        return in_time and (same_talker or duty.code == TriggerCode.YEARLY)
    return same_talker and duty.code == talk.reason


@transaction.atomic
def assign_duty(*, duty: TalkDuty, talker: User, by: Viewer) -> None:
    """The planner names another talker, or one where the organisation had nobody."""
    _refuse_unless_planner(duty, by)
    _refuse_ended(duty)
    if talker.cadre_id == duty.cadre_id:
        raise DomainError("谈话人不能是谈话对象本人，请另选一人。", field="talker", code="self")
    if talker.cadre_id and KinTie.objects.between(talker.cadre_id, duty.cadre_id).exists():
        message = f"{talker.name}与谈话对象有亲属关系，应当回避，请另选一人。"
        raise DomainError(message, field="talker", code="kin")
    if not viewer_for(talker, on=by.on).can(Permission.HOLD_TALK):
        message = f"{talker.name}没有开展谈话的权限，请另选一人，或先由安全管理员授权。"
        raise DomainError(message, field="talker", code="no_right")
    duty.talker = talker
    save_validated(duty, update_fields=["talker"])
    record(action=AuditAction.TALK_PLANNED, by=by, subject=duty, label=f"{duty}：指定{talker.name}")
    _tell([duty], by.on)


@transaction.atomic
def waive_duty(*, duty: TalkDuty, reason: str, by: Viewer) -> None:
    """For a planner alone: nobody lets himself off a talk."""
    _refuse_unless_planner(duty, by)
    _refuse_ended(duty)
    duty.state, duty.waive_reason, duty.waived_by_id = DutyState.WAIVED, reason, by.user_id
    save_validated(duty, update_fields=["state", "waive_reason", "waived_by"])
    record(
        action=AuditAction.TALK_PLANNED,
        by=by,
        subject=duty,
        label=f"{duty}：免谈",
        reason=str(WaiveReason(reason).label),
    )


def _refuse_unless_planner(duty: TalkDuty, by: Viewer) -> None:
    if not Cadre.objects.visible_to(by, Permission.PLAN_TALK).filter(pk=duty.cadre_id).exists():
        raise DomainError("只有安排谈话的经办人能办理，请联系组织人事或党务部门。", code="not_allowed")


def _refuse_ended(duty: TalkDuty) -> None:
    if duty.state not in UNMET_STATES:
        raise DomainError("这项应谈已经办结，不用再办理。", code="ended")


def due_days_of_request(on: date) -> int:
    """How soon a talk that a cadre asks for is due, under the rule of the day."""
    rule = TalkRule.objects.filter(covers(on), code=TriggerCode.REQUEST).first()
    return rule.due_days if rule else 15


def _tell(duties: Iterable[TalkDuty], on: date) -> None:
    for user_id, count in _by_talker(duties).items():
        notify(
            recipients=[user_id],
            kind="wellbeing.duty",
            title=f"有 {count} 项新的应谈事项",
            key="wellbeing.duty",
            on=on,
            url_name="wellbeing:duties",
        )


def _tell_of_revoked(duties: Iterable[TalkDuty], on: date) -> None:
    for user_id, count in _by_talker(duties).items():
        notify(
            recipients=[user_id],
            kind="wellbeing.duty",
            title=f"{count} 项应谈事项的事由已撤销，不用再谈",
            key="wellbeing.duty.revoked",
            on=on,
            url_name="wellbeing:duties",
        )


def _by_talker(duties: Iterable[TalkDuty]) -> Counter[int]:
    return Counter(duty.talker_id for duty in duties if duty.talker_id is not None)


def _batches(ids: Sequence[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while batch := list(islice(remaining, BATCH)):
        yield batch
