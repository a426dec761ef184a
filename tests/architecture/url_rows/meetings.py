"""Check-in, slots, the calendar, clashes and timetables."""

from typing import Any

from django.utils import timezone

from core.access import Role
from tests.architecture.url_access import (
    EVERYONE,
    HR,
    NOBODY,
    PK,
    SEE_TRAINING,
    Access,
    World,
    api,
    form,
    page,
)
from tests.factories.people import make_cadre
from tests.factories.slots import at, expect, make_meeting, make_slot
from training.choices import AttendanceState, CheckInResult, TimetableState
from training.models import CalendarFeed, CheckInAttempt, Timetable
from training.timetable import Demand

ME = frozenset({Role.CADRE})
EDIT_SLOTS = HR  # of classes; those of study activities are kept by the party office as well

ROWS: dict[str, Access] = {
    # open to strangers for the seconds a code lives, because logging in takes longer; leads to the login
    "training/c/<str:token>/": Access(EVERYONE, {"token": "=x"}, answer=302, anonymous=302),
    "training/checkin/": page(ME),
    "training/checkin/<int:pk>/": page(NOBODY, pk="stranger_row.pk"),
    "training/slots/<int:pk>/": page(EDIT_SLOTS, pk="slot.pk"),
    "training/slots/<int:pk>/edit/": page(EDIT_SLOTS, pk="slot.pk"),
    "training/slots/<int:pk>/cancel/": page(EDIT_SLOTS, pk="slot.pk"),
    "training/slots/<int:pk>/mark/": page(EDIT_SLOTS, 302, pk="slot.pk"),
    "training/slots/<int:pk>/import/": page(EDIT_SLOTS, pk="slot.pk"),
    "training/slots/<int:pk>/rest/": page(EDIT_SLOTS, pk="slot.pk"),
    "training/slots/<int:pk>/people/<int:row>/": page(EDIT_SLOTS, pk="slot.pk", row="stranger_row.pk"),
    "training/slots/<int:pk>/screen/": page(EDIT_SLOTS, pk="slot.pk"),
    "training/slots/<int:pk>/screen/board/": page(EDIT_SLOTS, pk="slot.pk"),
    "training/slots/<int:pk>/clash/": page(NOBODY, pk="slot.pk"),  # there is none
    "training/slots/<int:pk>/slot.ics": page(SEE_TRAINING, pk="slot.pk"),
    "training/classes/<int:pk>/slots/new/": page(HR, pk="participation.training_class_id"),
    "training/classes/<int:pk>/check/": page(HR, pk="participation.training_class_id"),
    "training/classes/<int:pk>/class.ics": page(SEE_TRAINING, pk="participation.training_class_id"),
    "training/calendar/": page(SEE_TRAINING),
    "training/calendar/mine/": page(ME),
    "training/calendar/feeds/": page(ME),
    "training/calendar/feeds/<int:pk>/revoke/": form(NOBODY, pk="feed.pk"),
    # a calendar program cannot log in: the token is the key, and a wrong one is nothing
    "training/calendar/feed/<str:token>.ics": Access(NOBODY, {"token": "=x"}, anonymous=404),
    "training/slot-rules/": page(SEE_TRAINING),
    "training/slot-rules/new/": page(HR),
    "training/timetables/": page(HR),
    "training/timetables/new/": page(HR),
    "training/timetables/<int:pk>/": page(HR, pk="timetable.pk"),
    "training/timetables/<int:pk>/adopt/": page(HR, pk="timetable.pk"),
    "api/v1/slots/$": api(SEE_TRAINING),
    f"api/v1/slots/{PK}/$": api(SEE_TRAINING, pk="slot.pk"),
    "api/v1/attendances/$": api(SEE_TRAINING),
    f"api/v1/attendances/{PK}/$": api(SEE_TRAINING - ME, pk="stranger_row.pk"),
    "api/v1/check-ins/$": api(SEE_TRAINING),
    f"api/v1/check-ins/{PK}/$": api(SEE_TRAINING - ME, pk="attempt.pk"),
}


def things(world: World) -> dict[str, Any]:
    slot, now = make_slot(at(2026, 1, 5, 9)), timezone.now()
    make_meeting(at(2026, 1, 5, 14), world.cadre)
    (row,) = expect(slot, world.cadre, state=AttendanceState.PRESENT, checked_in_at=now, suspicion="疑点")
    return {
        "slot": slot,
        "stranger_row": row,
        "attempt": CheckInAttempt.objects.create(
            slot=slot, cadre=world.cadre, at=now, received_at=now, result=CheckInResult.PRESENT, source="qr"
        ),
        "feed": CalendarFeed.objects.create(
            cadre=make_cadre(), name="手机", token_digest="0" * 64, created_at=now
        ),
        "timetable": Timetable.objects.create(
            title="排课",
            state=TimetableState.SOLVED,
            demand=Demand((), (), ()).to_json(),
            answer={},
            created_at=now,
            created_by_id=world.user.pk,
            created_by_name="经办",
        ),
    }
