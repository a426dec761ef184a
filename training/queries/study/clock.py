"""The obligation clock over the office's rules, groups and activities; a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min

from core.access import Viewer
from core.periods import covers
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
from training.queries.study.calendar import day_book
from training.workdays import is_working_day

MARGIN = timedelta(days=7)  # the last week of a year ends in the next


def figures_on(day: date) -> StudyRule:
    """The office's figures of the day; the model's own defaults where no row is in force."""
    found: StudyRule | None = StudyRule.objects.filter(covers(day)).order_by("-starts_on").first()
    return found or StudyRule(starts_on=day)


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
    """The clock of a year for the groups the viewer knows; six queries."""
    day = on or viewer.on
    within = year_span(year)
    book = day_book(within.first, within.last + MARGIN)
    found = obligations(
        _requirements(viewer),
        _circles(viewer, group_ids),
        _happenings(viewer, within),
        within=within,
        on=day,
        soon_days=figures_on(day).soon_days,
        is_working=lambda one: is_working_day(one, book),
    )
    return StudyClock(day, tuple(found))


def _requirements(viewer: Viewer) -> list[Requirement]:
    rows = FrequencyRule.objects.visible_to(viewer).order_by("kind", "group_kind", "starts_on")
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


def _circles(viewer: Viewer, group_ids: Sequence[int] | None) -> list[Circle]:
    """A group without a founding day is there from its first membership on."""
    groups = StudyGroup.objects.visible_to(viewer).annotate(first=Min("memberships__starts_on"))
    if group_ids is not None:
        groups = groups.filter(pk__in=group_ids)
    circles = [
        Circle(
            group_id=group.pk,
            kind=GroupKind(group.kind),
            name=group.name,
            since=group.opened_on or group.first or date.max,
            until=group.closed_on,
        )
        for group in groups.order_by("kind", "name")
    ]
    return [ZONE, *circles] if group_ids is None else circles


def _happenings(viewer: Viewer, within: Span) -> list[Happening]:
    """The zone's duties are met by activities of the zone, those of a group by its own."""
    last = span_of(Frequency.WEEK, within.last).last
    rows = StudyActivity.objects.visible_to(viewer).filter(held_on__gte=within.first, held_on__lte=last)
    found = rows.exclude(state=ActivityState.CANCELLED).order_by("held_on", "pk")
    return [
        Happening(StudyKind(kind), group_id, held_on, ActivityState(state), pk)
        for kind, group_id, held_on, state, pk in found.values_list(
            "kind", "group_id", "held_on", "state", "pk"
        )
    ]
