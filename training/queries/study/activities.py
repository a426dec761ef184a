"""Study activities for lists and for their own page."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Count, F, Q, QuerySet

from core.access import Viewer
from training.choices import AttendanceState, MakeUpState
from training.models import AgendaItem, Attendance, StudyActivity
from training.streaks import CAME

SLOT_STATE = "slot__attendances__state"


@dataclass(frozen=True, slots=True)
class Tally:
    """Heads of one activity. `due` leaves the exempted out; make-up study stands apart from attendance."""

    due: int = 0
    present: int = 0
    late: int = 0
    leave: int = 0
    absent: int = 0
    excused: int = 0
    unmarked: int = 0
    make_ups: int = 0
    made_up: int = 0

    @property
    def came(self) -> int:
        return self.present + self.late

    @property
    def percent(self) -> int | None:
        return round(100 * self.came / self.due) if self.due else None

    @classmethod
    def of(cls, counts: dict[str, int], make_ups: int = 0, made_up: int = 0) -> Self:
        of = {state: counts.get(state.value, 0) for state in AttendanceState}
        return cls(
            due=sum(of.values()) - of[AttendanceState.EXCUSED],
            present=of[AttendanceState.PRESENT],
            late=of[AttendanceState.LATE],
            leave=of[AttendanceState.LEAVE],
            absent=of[AttendanceState.ABSENT],
            excused=of[AttendanceState.EXCUSED],
            unmarked=of[AttendanceState.EXPECTED],
            make_ups=make_ups,
            made_up=made_up,
        )


def activity_list(viewer: Viewer) -> QuerySet[Any]:
    """Every activity with `due` and `came`, its time and whom it is for; one query."""
    rows = StudyActivity.objects.visible_to(viewer).select_related("group", "unit", "slot", "series")
    return rows.annotate(
        due=Count("slot__attendances", filter=~Q(**{SLOT_STATE: AttendanceState.EXCUSED})),
        came=Count("slot__attendances", filter=Q(**{f"{SLOT_STATE}__in": CAME})),
        starts_at=F("slot__starts_at"),
        place=F("slot__place"),
    )


def tally_of(activity: StudyActivity) -> Tally:
    """All heads, whoever asks: numbers are known where names are not; two queries."""
    rows = Attendance.objects.filter(slot__activity=activity).order_by()
    counts = dict(rows.values_list("state").annotate(count=Count("pk")))
    made = rows.aggregate(
        all=Count("make_up"), done=Count("make_up", filter=Q(make_up__state=MakeUpState.ACCEPTED))
    )
    return Tally.of(counts, made["all"], made["done"])


def attendance_rows(activity: StudyActivity, viewer: Viewer) -> QuerySet[Attendance]:
    """Who was expected, of those the viewer may see, by department and then in the order of the roster."""
    rows = Attendance.objects.visible_to(viewer).filter(slot__activity=activity)
    return rows.select_related("cadre", "unit", "make_up").order_by(
        F("unit__path").asc(nulls_last=True), "cadre__display_order", "cadre__name_pinyin", "pk"
    )


def agenda_of(activity: StudyActivity, viewer: Viewer) -> list[AgendaItem]:
    return list(
        AgendaItem.objects.visible_to(viewer)
        .filter(activity=activity)
        .select_related("speaker")
        .order_by("order", "pk")
    )
