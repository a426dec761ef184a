"""Study activities: a part of the table of training."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from core.access import Role
from tests.architecture.url_access import (
    HR,
    NOBODY,
    PK,
    SEE_TRAINING,
    SEE_TRAINING_OF_OTHERS,
    Access,
    World,
    api,
    form,
    page,
)

CADRE = frozenset({Role.CADRE})
EDIT = HR | {Role.PARTY}
ONE = "training/study/<int:pk>/"

ROWS: dict[str, Access] = {
    # notices are known to everyone in the zone, people to those who look after them
    "training/study/": page(SEE_TRAINING),
    "training/study/new/": page(EDIT),
    ONE: page(SEE_TRAINING, pk="activity.pk"),
    f"{ONE}edit/": page(EDIT, pk="activity.pk"),
    f"{ONE}record/": page(EDIT, pk="activity.pk"),
    f"{ONE}postpone/": page(EDIT, pk="activity.pk"),
    f"{ONE}cancel/": page(EDIT, pk="activity.pk"),
    f"{ONE}hold/": page(EDIT, pk="activity.pk"),
    f"{ONE}reopen/": page(EDIT, pk="activity.pk"),
    f"{ONE}roster/": form(EDIT, 302, pk="activity.pk"),
    f"{ONE}sheet/": page(EDIT, pk="activity.pk"),
    f"{ONE}sign-in/": page(EDIT, pk="activity.pk"),
    f"{ONE}people/": page(SEE_TRAINING, pk="activity.pk"),
    f"{ONE}people/add/": page(EDIT, pk="activity.pk"),
    f"{ONE}people/<int:row>/remove/": page(EDIT, pk="activity.pk", row="activity_row.pk"),
    f"{ONE}agenda/new/": page(EDIT, pk="activity.pk"),
    f"{ONE}agenda/take-over/": form(EDIT, 302, pk="activity.pk"),
    f"{ONE}agenda/<int:row>/": page(EDIT, pk="activity.pk", row="agenda_item.pk"),
    f"{ONE}agenda/<int:row>/remove/": page(EDIT, pk="activity.pk", row="agenda_item.pk"),
    f"{ONE}speakers/": page(EDIT, pk="activity.pk"),
    f"{ONE}speakers/invite/": form(NOBODY, 302, pk="activity.pk"),  # an empty form names nobody
    f"{ONE}files/": page(EDIT, pk="activity.pk"),
    f"{ONE}files/<int:row>/": page(SEE_TRAINING, pk="activity.pk", row="activity_file.pk"),
    f"{ONE}files/<int:row>/remove/": page(EDIT, pk="activity.pk", row="activity_file.pk"),
    f"{ONE}make-up/": page(EDIT, pk="activity.pk"),
    "training/study/leaves/": page(EDIT),
    "training/study/leaves/<int:pk>/": page(EDIT, pk="study_leave.pk"),
    "training/study/leaves/<int:pk>/withdraw/": page(CADRE, pk="study_leave.pk"),
    "training/study/make-ups/": page(EDIT),
    "training/study/make-ups/<int:pk>/": page(EDIT, pk="make_up.pk"),
    "training/study/make-ups/<int:pk>/withdraw/": page(EDIT, pk="make_up.pk"),
    "training/study/make-ups/<int:pk>/material/": page(NOBODY, pk="make_up.pk"),  # text, no file
    "training/study/mine/": page(CADRE),
    "training/study/mine/<int:pk>/": page(CADRE, pk="make_up.pk"),
    "training/study/mine/<int:pk>/leave/": page(CADRE, pk="coming_row.pk"),
    "training/study/series/": page(EDIT),
    "training/study/series/new/": page(EDIT),
    "training/study/series/<int:pk>/": page(EDIT, pk="series.pk"),
    "training/study/series/<int:pk>/edit/": page(EDIT, pk="series.pk"),
    "training/study/series/<int:pk>/plan/": page(EDIT, pk="series.pk"),
    "training/study/series/<int:pk>/end/": page(EDIT, pk="series.pk"),
    "training/study/groups/": page(SEE_TRAINING),
    "training/study/groups/new/": page(EDIT),
    "training/study/groups/<int:pk>/": page(SEE_TRAINING, pk="group.pk"),
    "training/study/groups/<int:pk>/edit/": page(EDIT, pk="group.pk"),
    "training/study/groups/<int:pk>/members/": page(EDIT, pk="group.pk"),
    "training/study/groups/<int:pk>/members/<int:row>/end/": page(EDIT, pk="group.pk", row="membership.pk"),
    "training/study/duties/": page(SEE_TRAINING),
    "training/study/frequencies/": page(SEE_TRAINING),
    "training/study/frequencies/new/": page(EDIT),
    "training/study/frequencies/<int:pk>/end/": page(EDIT, pk="frequency.pk"),
    "training/study/figures/new/": page(EDIT),
    "training/study/attendance/": page(SEE_TRAINING),
    "training/study/integrity/": page(SEE_TRAINING),
    "training/study/speakers/": page(SEE_TRAINING),
    "training/study/calendar/": page(SEE_TRAINING),
    "training/study/calendar/import/": page(EDIT),
    "training/study/calendar/<str:day>/": page(EDIT, day="=2026-10-01"),
    "api/v1/study-groups/$": api(SEE_TRAINING),
    f"api/v1/study-groups/{PK}/$": api(SEE_TRAINING, pk="group.pk"),
    "api/v1/study-members/$": api(SEE_TRAINING),
    f"api/v1/study-members/{PK}/$": api(SEE_TRAINING_OF_OTHERS, pk="membership.pk"),
    "api/v1/study-series/$": api(SEE_TRAINING),
    f"api/v1/study-series/{PK}/$": api(SEE_TRAINING, pk="series.pk"),
    "api/v1/study-activities/$": api(SEE_TRAINING),
    f"api/v1/study-activities/{PK}/$": api(SEE_TRAINING, pk="activity.pk"),
    "api/v1/study-leaves/$": api(EDIT | CADRE),
    f"api/v1/study-leaves/{PK}/$": api(EDIT | CADRE, pk="study_leave.pk"),
    f"api/v1/study-leaves/{PK}/withdraw/$": Access(
        CADRE, {"pk": "study_leave.pk"}, method="post", answer=422, anonymous=401, forbidden=EDIT
    ),
    "api/v1/study-frequencies/$": api(SEE_TRAINING),
    f"api/v1/study-frequencies/{PK}/$": api(SEE_TRAINING, pk="frequency.pk"),
    "api/v1/study-obligations/$": api(SEE_TRAINING),
    "api/v1/make-ups/$": api(SEE_TRAINING),
    f"api/v1/make-ups/{PK}/$": api(SEE_TRAINING, pk="make_up.pk"),
    "api/v1/calendar-days/$": api(SEE_TRAINING),
    f"api/v1/calendar-days/{PK}/$": api(SEE_TRAINING, pk="calendar_day.pk"),
}


def things(world: World) -> dict[str, Any]:
    """A learning activity at which the world's own cadre was expected, and what hangs on it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from core.files import PHOTOS, keep_file
    from training import models

    at = datetime.combine(date(2026, 1, 15), time(9), UTC)
    activity = models.StudyActivity.objects.create(
        kind="learning", theme="industry", title="学习型组织活动", held_on=at.date()
    )
    slot = models.Slot.objects.create(activity=activity, starts_at=at, ends_at=at + timedelta(hours=2))
    row = models.Attendance.objects.create(slot=slot, cadre=world.own)
    picture = BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    stored = keep_file(
        upload=SimpleUploadedFile("现场.png", picture.getvalue()), by=None, accept=PHOTOS, at=at
    )
    ahead = models.StudyActivity.objects.create(kind="monday", title="例会", held_on=date(2199, 1, 7))
    coming = models.Slot.objects.create(
        activity=ahead,
        starts_at=datetime(2199, 1, 7, 1, tzinfo=UTC),
        ends_at=datetime(2199, 1, 7, 3, tzinfo=UTC),
    )
    group = models.StudyGroup.objects.create(name="示例党支部", kind="branch")
    return {
        "activity": activity,
        "activity_row": row,
        "activity_file": models.ActivityFile.objects.create(activity=activity, stored=stored, added_at=at),
        "agenda_item": models.AgendaItem.objects.create(activity=activity, topic="发言"),
        "make_up": models.MakeUp.objects.create(attendance=row, assigned_at=at, due_on=at.date()),
        "coming_row": models.Attendance.objects.create(slot=coming, cadre=world.own),
        "study_leave": models.StudyLeave.objects.create(attendance=row, reason="duty", requested_at=at),
        "group": group,
        "membership": models.GroupMembership.objects.create(
            group=group, cadre=world.cadre, starts_on=at.date()
        ),
        "series": models.StudySeries.objects.create(
            kind="monday", name="例会", weekday=1, starts_at=time(9), starts_on=at.date()
        ),
        "frequency": models.FrequencyRule.objects.get(kind="monday"),
        "calendar_day": models.CalendarDay.objects.get(day=date(2026, 10, 1)),
    }
