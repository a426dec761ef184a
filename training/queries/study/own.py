"""One person's study activities: what is next, what was, what is to be made up, and the speeches."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, QuerySet

from core.asking import Steps, asked_all, result_of
from people.models import Cadre
from training.choices import ActivityState, AttendanceState, MakeUpState
from training.models import AgendaItem, Attendance, MakeUp
from training.queries.study.activities import Tally
from training.queries.study.leave import latest_leaves

OPEN_MAKE_UPS = (MakeUpState.ASSIGNED, MakeUpState.RETURNED)
NEXT_SHOWN, PAST_SHOWN = 10, 40


@dataclass(frozen=True, slots=True)
class OwnStudy:
    upcoming: list[Attendance]
    past: list[Attendance]
    make_ups: list[MakeUp]
    speeches: list[AgendaItem]
    tally: Tally


def own_study(cadre_id: int, *, on: date) -> OwnStudy:
    """Six queries; the tally is of the running year. What lies ahead has its leaves as `known_leaves`."""
    rows = Attendance.objects.filter(cadre=cadre_id, slot__activity__isnull=False)
    rows = rows.select_related("slot__activity__group", "make_up")
    held = rows.filter(slot__activity__state=ActivityState.HELD, slot__activity__held_on__lte=on)
    past = list(held.order_by("-slot__starts_at", "-pk"))
    ahead = rows.filter(slot__activity__state=ActivityState.PLANNED, slot__activity__held_on__gte=on)
    ahead = ahead.prefetch_related(Prefetch("leaves", latest_leaves(), to_attr="known_leaves"))
    this_year = [row for row in past if row.slot.activity and row.slot.activity.held_on.year == on.year]
    return OwnStudy(
        upcoming=list(ahead.order_by("slot__starts_at", "pk")[:NEXT_SHOWN]),
        past=past[:PAST_SHOWN],
        make_ups=list(make_ups_of(cadre_id)),
        speeches=list(speeches_of([cadre_id], on).order_by("-activity__held_on", "pk")),
        tally=tally(this_year),
    )


def make_ups_of(cadre_id: int) -> QuerySet[MakeUp]:
    rows = MakeUp.objects.filter(attendance__cadre=cadre_id).select_related("attendance__slot__activity")
    return rows.order_by("due_on", "pk")


def speeches_of(cadre_ids: Sequence[int], until: date) -> QuerySet[AgendaItem]:
    rows = AgendaItem.objects.filter(speaker__in=cadre_ids, activity__state=ActivityState.HELD)
    return rows.filter(activity__held_on__lte=until).select_related("activity")


def tally(rows: Sequence[Attendance]) -> Tally:
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.state] += 1
    made = sum(hasattr(row, "make_up") for row in rows)
    return Tally.of(counts, made, sum(map(is_made_up, rows)))


def is_made_up(row: Attendance) -> bool:
    made = getattr(row, "make_up", None)
    return made is not None and made.state == MakeUpState.ACCEPTED


@dataclass(slots=True)
class StudyHistory:
    """All held activities of one cadre by the day, the latest first, and what was said there."""

    rows: list[Attendance] = field(default_factory=list)
    speeches: list[AgendaItem] = field(default_factory=list)

    def by_year(self) -> dict[int, list[Attendance]]:
        years: dict[int, list[Attendance]] = defaultdict(list)
        for row in self.rows:
            if row.slot.activity is not None:
                years[row.slot.activity.held_on.year].append(row)
        return dict(years)


def study_histories(cadres: Sequence[Cadre], as_of: date) -> dict[int, StudyHistory]:
    """By cadre id; one round for any number of cadres."""
    return result_of(study_history_steps(cadres, as_of))


def study_history_steps(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, StudyHistory]]:
    """As `study_histories`, together with what others ask."""
    found = {cadre.pk: StudyHistory() for cadre in cadres}
    held = Attendance.objects.filter(
        cadre__in=list(found),
        slot__activity__state=ActivityState.HELD,
        slot__activity__held_on__lte=as_of,
    ).exclude(state=AttendanceState.EXPECTED)
    rows, speeches = yield from asked_all(
        held.select_related("slot__activity", "make_up").order_by("-slot__starts_at", "-pk"),
        speeches_of(list(found), as_of).order_by("-activity__held_on", "pk"),
    )
    for row in rows:
        found[row.cadre_id].rows.append(row)
    for item in speeches:
        if item.speaker_id is not None:
            found[item.speaker_id].speeches.append(item)
    return found
