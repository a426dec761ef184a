"""还来得及吗, from the database: gaps, the classes that are still open, and who is free for them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.asking import Steps, asked_all, together
from people.contracts import Engagement, engagement_steps
from training.choices import SEATED_STATES, ClassState, HourRegime, HoursStatus, ParticipationState
from training.hours import ONE_DAY, ZERO, HoursSummary, part_in
from training.models import Participation, Slot, TrainingClass
from training.queries.amounts import standings_steps
from training.queries.rules import RuleBook
from training.reach import Gap, Moments, Offer, Person, Plan, Verdict, open_to, plan, plan_all

OPEN_STATES = (ClassState.PUBLISHED, ClassState.ENROLLING)
ANNOUNCED_AHEAD = timedelta(days=92)
UNFINISHED = (HoursStatus.BEHIND, HoursStatus.ON_PACE)
GIVEN_UP = (ParticipationState.REJECTED, ParticipationState.WITHDRAWN, ParticipationState.DROPPED)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether one cadre can still comply: what is missing, what is already on the way, and the plan.

    `offers` are all classes the cadre could join; `expected` the hours of confirmed classes still to come.
    """

    summary: HoursSummary
    expected: Decimal
    plan: Plan
    offers: tuple[Offer, ...] = ()

    @property
    def is_short(self) -> bool:
        return self.plan.verdict == Verdict.SHORT

    @property
    def words(self) -> str:
        """Classes are announced a few months ahead: before that a shortage is work to do, not an alarm."""
        if not self.is_short:
            return "已报名的班次即可补齐" if self.plan.verdict == Verdict.MET else "来得及"
        return "现有班次补不齐" if self._ends_soon else "尚待安排班次"

    @property
    def colour(self) -> str:
        if not self.is_short:
            return "green" if self.plan.verdict == Verdict.MET else "blue"
        return "red" if self._ends_soon else "yellow"

    @property
    def _ends_soon(self) -> bool:
        return self.summary.period.last - self.summary.on <= ANNOUNCED_AHEAD


def reach_of(cadre_id: int, *, on: date, book: RuleBook | None = None) -> Reach | None:
    """For one cadre, without regard to what others need; None where nothing is required."""
    found = _Reading([cadre_id], on, book or RuleBook.load())
    summary = found.summaries.get(cadre_id)
    if summary is None or summary.status == HoursStatus.NO_RULE:
        return None
    person = found.person(cadre_id)
    offers = open_to(person)
    return Reach(summary, found.expected[cadre_id][0], plan(person.gap, offers), tuple(offers))


def reach_for(cadre_ids: Sequence[int], *, on: date, book: RuleBook | None = None) -> dict[int, Reach]:
    """For everyone with a gap, sharing the seats that are left; a constant number of queries."""
    found = _Reading(cadre_ids, on, book or RuleBook.load())
    missing = [pk for pk, summary in found.summaries.items() if summary.status in UNFINISHED]
    plans = plan_all([found.person(pk) for pk in missing])
    return {pk: Reach(found.summaries[pk], found.expected[pk][0], plans[pk]) for pk in missing}


class _Reading:
    """What the planner needs of several cadres, read at once."""

    def __init__(self, cadre_ids: Sequence[int], on: date, book: RuleBook) -> None:
        self.on = on
        answers = together(
            {
                "standings": standings_steps(cadre_ids, on=on, book=book),
                "classes": _class_steps(cadre_ids, on),
            }
        )
        self.summaries = {pk: found.main for pk, found in answers["standings"][1].items()}
        self.last = max((s.period.last for s in self.summaries.values()), default=on)
        classes, self.times, self.joined, self.busy = answers["classes"][1]
        self.classes = [found for found in classes if found.starts_on <= self.last]
        self.expected = {pk: self._expected(pk) for pk in self.summaries}
        self.offers: dict[HourRegime, tuple[Offer, ...]] = {}

    def person(self, cadre_id: int) -> Person:
        summary, (hours, days) = self.summaries[cadre_id], self.expected[cadre_id]
        gap_days = summary.gap_days - days if summary.terms.by_days else None
        joined = frozenset(row.training_class_id for row in self.joined.get(cadre_id, ()))
        gap = Gap(summary.gap_hours - hours, gap_days)
        busy = tuple(self.busy.get(cadre_id, ()))
        return Person(cadre_id, gap, self._offers_under(summary), busy, joined)

    def _offers_under(self, summary: HoursSummary) -> tuple[Offer, ...]:
        """The same for everyone under one regime: as far as a class falls into the period and counts."""
        if summary.regime not in self.offers:
            counting = [found for found in self.classes if found.ledger in summary.terms.ledgers]
            inside = [found for found in counting if found.starts_on <= summary.period.last]
            self.offers[summary.regime] = tuple(self._offer(found, summary) for found in inside)
        return self.offers[summary.regime]

    def _offer(self, found: TrainingClass, summary: HoursSummary) -> Offer:
        span = (found.starts_on, found.ends_on, summary.period)
        seats = None if found.capacity is None else max(0, found.capacity - found.seats_taken)
        return Offer(
            found.pk,
            found.name,
            part_in(found.hours, *span),
            part_in(found.days, *span),
            self.times[found.pk],
            seats,
        )

    def _expected(self, cadre_id: int) -> tuple[Decimal, Decimal]:
        """Hours and days of confirmed classes that have not been credited yet."""
        summary, hours, days = self.summaries[cadre_id], ZERO, ZERO
        for row in self.joined.get(cadre_id, ()):
            found = row.training_class
            if row.state in SEATED_STATES and not row.hours and found.ledger in summary.terms.ledgers:
                hours += part_in(found.hours, found.starts_on, found.ends_on, summary.period)
                days += part_in(found.days, found.starts_on, found.ends_on, summary.period)
        return hours, days


def _class_steps(cadre_ids: Sequence[int], on: date) -> Steps[Any]:
    """The classes still open, their times, who is in which class already, and when people are busy."""
    still_open = _open_classes(on)
    classes, slots, rows = yield from asked_all(still_open, _slots_of(still_open), _joined(cadre_ids, on))
    joined: dict[int, list[Participation]] = defaultdict(list)
    for row in rows:
        joined[row.cadre_id].append(row)
    times = _times(classes, slots)
    return classes, times, joined, (yield from _busy(cadre_ids, times))


def _open_classes(on: date) -> QuerySet[TrainingClass]:
    closes = Q(enrol_closes_at__isnull=True) | Q(enrol_closes_at__gte=_midnight(on))
    seats = Q(capacity__isnull=True) | Q(capacity__gt=F("seats_taken"))
    rows = TrainingClass.objects.filter(closes, seats, state__in=OPEN_STATES, starts_on__gt=on)
    return rows.order_by("starts_on", "pk")


def _slots_of(classes: QuerySet[TrainingClass]) -> QuerySet[Slot, Any]:
    rows = Slot.objects.filter(training_class__in=classes.order_by().values("pk"), cancelled_at__isnull=True)
    return rows.order_by().values_list("training_class_id", "starts_at", "ends_at")


def _times(classes: Sequence[TrainingClass], held: Iterable[Any]) -> dict[int, tuple[Moments, ...]]:
    """When each class keeps people busy: its slots, or its days from morning to night; online study never."""
    slots: dict[int, list[Moments]] = defaultdict(list)
    for pk, starts_at, ends_at in held:
        slots[pk or 0].append((starts_at, ends_at))
    return {found.pk: tuple(slots.get(found.pk) or [_days(found)]) for found in classes}


def _days(found: TrainingClass) -> Moments:
    return _midnight(found.starts_on), _midnight(found.ends_on + ONE_DAY)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _joined(cadre_ids: Sequence[int], on: date) -> QuerySet[Participation]:
    """Parts in classes that are not over yet, in any state that has not been given up."""
    rows = Participation.objects.filter(cadre__in=cadre_ids, training_class__ends_on__gte=on)
    alive = rows.exclude(state__in=GIVEN_UP).exclude(training_class__state=ClassState.CANCELLED)
    return alive.select_related("training_class")


def _busy(
    cadre_ids: Sequence[int], times: Mapping[int, Sequence[Moments]]
) -> Steps[dict[int, list[Moments]]]:
    found: dict[int, list[Moments]] = defaultdict(list)
    moments = [moment for spans in times.values() for moment in spans]
    if not moments or not cadre_ids:
        return found
    first, last = min(start for start, _ in moments), max(end for _, end in moments)
    engagement: Engagement
    for engagement in (yield from engagement_steps(cadre_ids, starts_at=first, ends_at=last)):
        found[engagement.cadre_id].append((engagement.starts_at, engagement.ends_at))
    return found
