"""What slots answer: what occupies people, what lies ahead of a cadre, and where both are found."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.access import Permission, Viewer
from core.asking import Steps, asked, once
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from core.web.phone import Tab, register_tab
from people.contracts import Duty, Engagement, Link, Panel, duties, engagements, home_heads, waiting
from training.choices import AttendanceState
from training.contributions.enrolment import own_coming
from training.contributions.scope import SEES
from training.models import Attendance, StudyLeave
from training.models.study.leave import OPEN
from training.queries.checkin import AWAY, THERE, own_attendances
from training.queries.occupied import (
    CANCELLED_SLOT,
    midnight,
    occupied_by_class_days,
    occupied_by_slots,
    slot_title,
)
from training.services.reminders import KIND

UPCOMING = "training.upcoming"
AHEAD = timedelta(days=4)
MOST = 5

register(MenuItem("内强素质·学习", 15, "培训日历", "calendar-days", "training:calendar", SEES))
register(
    MenuItem("内强素质·学习", 16, "签到", "qr-code", "training:checkin", Permission.SIGN_UP, audience="own")
)
register_tab(Tab(3, "签到", "qr-code", "training:checkin", Permission.SIGN_UP, main=True))
register(
    MenuItem(
        "管理",
        51,
        "签到与排课规则",
        "timer",
        "training:slot_rules",
        (Permission.EDIT_RULES,),
        audience="staff",
    )
)
register_kind(KIND, "培训和活动提醒", "calendar-days")
register_kind("training.slot", "培训时段调整", "calendar-clock")


@engagements.register("training.slots", order=20)
def at_slots(*, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> Iterator[Engagement]:
    yield from occupied_by_slots(cadre_ids, starts_at, ends_at)


@engagements.register("training.classes", order=21)
def in_class(*, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> Iterator[Engagement]:
    yield from occupied_by_class_days(cadre_ids, starts_at, ends_at)


def _slots_ahead(viewer: Viewer) -> QuerySet[Attendance]:
    first = midnight(viewer.on)
    rows = own_attendances(viewer).filter(slot__ends_at__gt=first, slot__starts_at__lt=first + AHEAD)
    found = rows.exclude(state__in=(*AWAY, *THERE)).exclude(CANCELLED_SLOT)
    asked_leave = StudyLeave.objects.filter(attendance=OuterRef("pk"), state__in=OPEN)
    return found.annotate(leave_asked=Exists(asked_leave)).order_by("slot__starts_at")[:MOST]


@home_heads.register("training.next", order=20, permission=Permission.SIGN_UP)
def next_slot(*, viewer: Viewer) -> Steps[Panel | None]:
    """The next of the own slots: where, when, and the way to check in or to ask for leave."""
    if viewer.paths(SEES) or not (yield from waiting(viewer, UPCOMING)):
        return None  # whoever looks after others finds it among the things to do
    row = (yield from _ahead(viewer))[0]
    coming = yield from own_coming(viewer)
    start = timezone.localtime(row.slot.starts_at)
    context: dict[str, object] = {
        "row": row,
        "start": start,
        "today": start.date() == viewer.on,
        "title": slot_title(row.slot),
        # From a study activity leave is asked for by the own row, from a class by the own place in it.
        "may_leave": row.slot.activity_id is not None
        and row.state == AttendanceState.EXPECTED
        and row.slot.starts_at > timezone.now(),
        "part": next((p for p in coming if p.training_class_id == row.slot.training_class_id), None),
    }
    return Panel("training.next", "下一场", "training/panels/next.html", context)


def _ahead(viewer: Viewer) -> Steps[list[Attendance]]:
    return (yield from once(viewer, "training.ahead", lambda: asked(_slots_ahead(viewer))))


@duties.register(
    UPCOMING,
    order=12,
    permission=Permission.SIGN_UP,
    waits=_slots_ahead,
    label="近日的培训和活动",
    listed=Link("training:my_calendar"),
)
def own_slots_ahead(*, viewer: Viewer) -> Iterator[Duty]:
    """The own slots of today and the next days, today's with the way to check in."""
    for row in (yield from _ahead(viewer)):
        start = timezone.localtime(row.slot.starts_at)
        today = start.date() == viewer.on
        yield Duty(
            key=f"training.upcoming.{row.slot_id}",
            title=f"{start:%H:%M} {slot_title(row.slot)}",
            due_on=start.date(),
            link=Link("training:checkin" if today else "training:my_calendar"),
            cadre_id=viewer.cadre_id,
            reason=f"地点：{row.slot.place}" if row.slot.place else "请按时参加并签到。",
            on_calendar=False,
        )
