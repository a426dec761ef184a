"""What the closed room puts on the calendar: to each only what that reader may know."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from core.access import Permission, Viewer
from core.asking import asked
from people.choices import CalendarKind
from people.contracts import Entry, Link, calendar_entries
from people.months import Span
from wellbeing.choices.checkups import CheckupState
from wellbeing.choices.inspections import InspectionState
from wellbeing.choices.recreation import ActivityState
from wellbeing.choices.talks import WRITABLE_STATES
from wellbeing.choices.triggers import DutyState
from wellbeing.models import Activity, CheckupMember, Inspection, Talk, TalkDuty

HOLDS, OWN = Permission.HOLD_TALK, Permission.OWN_WELLBEING
K = CalendarKind


@calendar_entries.register("wellbeing.talks", order=30)
def own_talks(*, viewer: Viewer, first: date, last: date) -> Iterator[Entry]:
    """For the two whom a talk concerns, and for nobody else: not for whoever plans it either."""
    span = Span(first, last)
    theirs = Q(talker=viewer.user_id) | Q(cadre__isnull=False, cadre=viewer.cadre_id)
    rows = Talk.objects.visible_to(viewer).filter(theirs, state__in=WRITABLE_STATES)
    ahead = rows.filter(planned_from__lt=span.ends_at, planned_to__gt=span.starts_at)
    names = ("pk", "talker_id", "talker__name", "cadre__name", "planned_from", "planned_to", "place")
    for pk, talker, told, other, begins, ends, place in (yield from asked(ahead.values_list(*names))):
        holds = talker == viewer.user_id
        yield Entry(
            kind=K.TALK,
            title="谈心谈话",
            day=timezone.localdate(begins),
            starts_at=begins,
            ends_at=ends,
            place=place,
            note=f"与{other if holds else told}",
            link=Link("wellbeing:talk", (pk,)) if holds else Link("wellbeing:my_talks"),
            own=True,
        )


@calendar_entries.register("wellbeing.talk_duties", order=31, permission=HOLDS)
def talks_due(*, viewer: Viewer, first: date, last: date) -> Iterator[Entry]:
    """The number of talks that the viewer owes by a day."""
    rows = TalkDuty.objects.visible_to(viewer).filter(talker_id=viewer.user_id, state=DutyState.OPEN)
    by_day = rows.filter(due_on__range=(first, last)).order_by().values("due_on").annotate(n=Count("pk"))
    for row in (yield from asked(by_day)):
        yield Entry(K.TALK, f"应谈 {row['n']} 人", row["due_on"], link=Link("wellbeing:my_duties"), own=True)


@calendar_entries.register("wellbeing.checkups", order=32, permission=OWN)
def own_checkup(*, viewer: Viewer, first: date, last: date) -> Iterator[Entry]:
    """The own place; of others the calendar knows nothing."""
    if not viewer.on_own_record(OWN):
        return
    span = Span(first, last)
    rows = CheckupMember.objects.visible_to(viewer).filter(
        cadre_id=viewer.cadre_id or 0, state=CheckupState.BOOKED
    )
    booked = rows.filter(slot__starts_at__lt=span.ends_at, slot__ends_at__gt=span.starts_at)
    names = ("slot__starts_at", "slot__ends_at", "slot__place")
    for begins, ends, place in (yield from asked(booked.values_list(*names))):
        yield Entry(
            kind=K.CARE,
            title="健康体检",
            day=timezone.localdate(begins),
            starts_at=begins,
            ends_at=ends,
            place=place,
            link=Link("wellbeing:my_checkups"),
            own=True,
        )


@calendar_entries.register("wellbeing.activities", order=33, permission=Permission.EDIT_CARE)
def activities_arranged(*, viewer: Viewer, first: date, last: date) -> Iterator[Entry]:
    if not viewer.paths(Permission.EDIT_CARE):
        return
    span = Span(first, last)
    rows = Activity.objects.visible_to(viewer).exclude(
        state__in=(ActivityState.DRAFT, ActivityState.CANCELLED)
    )
    ahead = rows.filter(starts_at__lt=span.ends_at, ends_at__gt=span.starts_at)
    for pk, title, begins, ends, place in (
        yield from asked(ahead.values_list("pk", "title", "starts_at", "ends_at", "place"))
    ):
        yield Entry(
            kind=K.CARE,
            title=title,
            day=timezone.localdate(begins),
            starts_at=begins,
            ends_at=ends,
            place=place,
            link=Link("wellbeing:activity", (pk,)),
        )


@calendar_entries.register("wellbeing.inspections", order=34, permission=Permission.VIEW_DISCIPLINE)
def inspections_planned(*, viewer: Viewer, first: date, last: date) -> Iterator[Entry]:
    """For those who see the discipline of the unit; those inspected hear of it in its own way."""
    rows = Inspection.objects.visible_to(viewer).exclude(state=InspectionState.CANCELLED)
    ahead = rows.filter(planned_on__range=(first, last)).values_list("pk", "title", "planned_on")
    for pk, title, day in (yield from asked(ahead)):
        yield Entry(K.OTHER, title, day, link=Link("wellbeing:inspection", (pk,)))
