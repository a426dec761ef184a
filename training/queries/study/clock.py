"""The obligation clock over the office's rules, groups and activities; a constant number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone

from core.access import Viewer
from core.asking import Steps, asked_all, result_of
from core.periods import covers
from people.models import Cadre
from training.choices import ActivityState, Frequency, GroupKind, StudyKind
from training.hours import Span, year_span
from training.models import FrequencyRule, StudyActivity, StudyGroup, StudyRule
from training.obligations import (
    ZONE,
    Circle,
    Happening,
    Obligation,
    Requirement,
    Standing,
    obligations,
    span_of,
)
from training.queries.study.calendar import book_of, days_between
from training.workdays import is_working_day

MARGIN = timedelta(days=7)  # the last week of a year ends in the next


def figures_on(day: date) -> StudyRule:
    """The office's figures of the day; the model's own defaults where no row is in force."""
    found: StudyRule | None = _figures(day).first()
    return found or StudyRule(starts_on=day)


def _figures(day: date) -> QuerySet[StudyRule]:
    rows: QuerySet[StudyRule] = StudyRule.objects.filter(covers(day)).order_by("-starts_on")
    return rows


@dataclass(frozen=True, slots=True)
class StudyClock:
    """All obligations of a span, as of a day."""

    on: date
    found: tuple[Obligation, ...]

    def standing(self, *standings: Standing) -> list[Obligation]:
        return [one for one in self.found if one.standing in standings]

    def of(self, kind: StudyKind, group_id: int | None = None) -> list[Obligation]:
        return [one for one in self.found if one.kind == kind and one.circle.group_id == group_id]


def zone_clock(
    viewer: Viewer, *, year: int, on: date | None = None, group_ids: Sequence[int] | None = None
) -> StudyClock:
    """The clock of a year for the groups the viewer knows; one query."""
    return result_of(clock_steps(viewer, year=year, on=on, group_ids=group_ids))


def clock_steps(
    viewer: Viewer, *, year: int, on: date | None = None, group_ids: Sequence[int] | None = None
) -> Steps[StudyClock]:
    """As `zone_clock`, together with what others ask."""
    day = on or viewer.on
    within = year_span(year)
    days, rules, groups, held, figures, first_held, roster = yield from asked_all(
        days_between(within.first, within.last + MARGIN),
        FrequencyRule.objects.visible_to(viewer).order_by("kind", "group_kind", "starts_on"),
        _groups(viewer, group_ids),
        _held(viewer, within),
        _figures(day),
        _first_held(viewer),
        _first_of_the_roster(),
    )
    book = book_of(days)
    found = obligations(
        _requirements(rules),
        _circles(groups, zone=group_ids is None),
        [
            Happening(StudyKind(kind), group, day, ActivityState(state), pk)
            for kind, group, day, state, pk in held
        ],
        within=within,
        on=day,
        soon_days=(figures[0] if figures else StudyRule(starts_on=day)).soon_days,
        is_working=lambda one: is_working_day(one, book),
        began=timezone.localdate(roster[0]) if roster else day,
        first_held={(StudyKind(kind), group): first for kind, group, first in first_held},
    )
    return StudyClock(day, tuple(found))


def _requirements(rows: Iterable[FrequencyRule]) -> list[Requirement]:
    return [
        Requirement(
            kind=StudyKind(row.kind),
            frequency=Frequency(row.frequency),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            times=row.times,
            group_kind=GroupKind(row.group_kind) if row.group_kind else None,
            reference=row.reference,
        )
        for row in rows
    ]


def _groups(viewer: Viewer, group_ids: Sequence[int] | None) -> QuerySet[Any]:
    groups = StudyGroup.objects.visible_to(viewer).annotate(first=Min("memberships__starts_on"))
    if group_ids is not None:
        groups = groups.filter(pk__in=group_ids)
    return groups.order_by("kind", "name")


def _circles(groups: Iterable[Any], *, zone: bool) -> list[Circle]:
    """A group without a founding day is there from its first membership on."""
    circles = [
        Circle(
            group_id=group.pk,
            kind=GroupKind(group.kind),
            name=group.name,
            since=group.opened_on or group.first or date.max,
            until=group.closed_on,
        )
        for group in groups
    ]
    return [ZONE, *circles] if zone else circles


def _held(viewer: Viewer, within: Span) -> QuerySet[Any, Any]:
    """The zone's duties are met by activities of the zone, those of a group by its own."""
    last = span_of(Frequency.WEEK, within.last).last
    rows = StudyActivity.objects.visible_to(viewer).filter(held_on__gte=within.first, held_on__lte=last)
    found = rows.exclude(state=ActivityState.CANCELLED).order_by("held_on", "pk")
    return found.values_list("kind", "group_id", "held_on", "state", "pk")


def _first_held(viewer: Viewer) -> QuerySet[Any, Any]:
    rows = StudyActivity.objects.visible_to(viewer).exclude(state=ActivityState.CANCELLED).order_by()
    return rows.values_list("kind", "group_id").annotate(first=Min("held_on"))


def _first_of_the_roster() -> QuerySet[Any, Any]:
    """When the office began to keep its people here; a moment and nothing of the person."""
    rows: Any = Cadre.objects.order_by("created_at").values_list("created_at", flat=True)
    return rows[:1]  # type: ignore[no-any-return]
