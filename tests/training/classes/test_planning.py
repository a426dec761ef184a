"""A class from the draft to the archive: what it proposes, what it refuses, what moves with it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from people.models import Cadre
from tests.factories.enrolment import FIRST_DAY, NOW, enter, live_class, make_self
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.factories.slots import at
from training.choices import AttendanceState, ClassKind, ClassState, EnrolmentWay, ParticipationState
from training.class_states import ClassMove
from training.models import Attendance, Slot, TrainingClass
from training.services.classes import (
    SlotValues,
    advance_classes,
    cancel_class,
    change_plan,
    copy_class,
    delete_class,
    move_class,
    plan_class,
)
from training.services.enrolment import enrol_people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
MORNING = SlotValues(at(2026, 11, 16, 9), at(2026, 11, 16, 12), topic="第一讲")
AFTERNOON = SlotValues(at(2026, 11, 16, 14), at(2026, 11, 16, 17), place="二楼会议室")
NEXT_DAY = SlotValues(at(2026, 11, 17, 9), at(2026, 11, 17, 12))
VALUES = {"name": "公文写作专题班", "kind": ClassKind.TOPICAL, "place": "三楼报告厅", "lecturer": "沈国平"}


def plan(*slots, **values):
    return plan_class(values=VALUES | values, slots=slots, by=make_viewer(Role.HR), at=NOW)


def test_days_and_hours_follow_from_the_slots():
    held = plan(MORNING, AFTERNOON, NEXT_DAY)
    assert (held.starts_on, held.ends_on) == (date(2026, 11, 16), date(2026, 11, 17))
    assert (held.days, held.hours, held.state) == (Decimal("1.5"), Decimal(12), ClassState.DRAFT)
    places = held.slots.values_list("topic", "place", "lecturer")
    assert list(places) == [
        ("第一讲", "三楼报告厅", "沈国平"),
        ("", "二楼会议室", "沈国平"),
        ("", "三楼报告厅", "沈国平"),
    ]


def test_without_slots_the_dates_are_asked_for():
    assert plan(starts_on=FIRST_DAY).days == 1
    with pytest.raises(DomainError, match="至少填写一个时段"):
        plan()


@pytest.mark.parametrize(
    ("slots", "values", "words"),
    [
        ((MORNING, SlotValues(at(2026, 11, 16, 11), at(2026, 11, 16, 13))), {}, "时段重叠"),
        ((SlotValues(at(2026, 11, 16, 12), at(2026, 11, 16, 9)),), {}, "晚于开始时间"),
        ((MORNING,), {"enrol_closes_at": at(2026, 11, 18)}, "不能晚于开班日期"),
        (
            (MORNING,),
            {"enrol_opens_at": at(2026, 11, 9), "enrol_closes_at": at(2026, 11, 8)},
            "报名截止须晚于报名开始",
        ),
    ],
)
def test_nonsense_is_refused(slots, values, words):
    with pytest.raises(DomainError, match=words):
        plan(*slots, **values)


def test_changed_slots_count_up_and_new_ones_expect_everybody():
    held = plan(MORNING, AFTERNOON)
    hr = make_viewer(Role.HR)
    move_class(training_class=held, to=ClassMove.PUBLISH, by=hr, at=NOW)
    cadre = make_cadre(unit=make_unit())
    enrol_people(training_class=held, cadres=[cadre], by=hr, at=NOW)
    first, second = held.slots.all()
    later = SlotValues(at(2026, 11, 16, 8), at(2026, 11, 16, 12), pk=first.pk)
    change_plan(training_class=held, values={}, slots=[later, NEXT_DAY], by=hr, at=NOW)
    kept, new = held.slots.all()
    assert (kept.pk, kept.sequence, new.sequence) == (first.pk, 1, 0)
    assert not Slot.objects.filter(pk=second.pk).exists()
    assert set(Attendance.objects.values_list("slot_id", "cadre_id")) == {
        (kept.pk, cadre.pk),
        (new.pk, cadre.pk),
    }
    held.refresh_from_db()
    assert (held.ends_on, held.days) == (date(2026, 11, 17), 1)


def test_a_slot_somebody_came_to_stays():
    held = live_class(slots=2)
    row = enter(held)
    slot = held.slots.first()
    Attendance.objects.filter(slot=slot, cadre=row.cadre).update(state=AttendanceState.PRESENT, source="qr")
    with pytest.raises(DomainError, match="已有考勤登记"):
        change_plan(training_class=held, values={}, slots=[NEXT_DAY], by=make_viewer(Role.HR), at=NOW)


def test_the_clock_opens_closes_starts_and_ends():
    opens, closes = at(2026, 11, 3, 8), at(2026, 11, 10, 18)
    held = plan(MORNING, AFTERNOON, enrol_opens_at=opens, enrol_closes_at=closes)
    assert advance_classes(at=at(2026, 12, 1)) == 0
    move_class(training_class=held, to=ClassMove.PUBLISH, by=make_viewer(Role.HR), at=NOW)
    seen = []
    for moment in (NOW, opens, closes, MORNING.starts_at, AFTERNOON.ends_at):
        advance_classes(at=moment)
        assert advance_classes(at=moment) == 0
        held.refresh_from_db()
        seen.append(held.state)
    assert seen == ["published", "enrolling", "closed", "running", "assessing"]
    assert held.steps.count() == 6


def test_who_still_waits_when_it_is_over_is_told_no():
    held = live_class(capacity=1)
    enter(held), enter(held)
    advance_classes(at=at(2026, 11, 20))
    states = held.participations.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ParticipationState.CONFIRMED, ParticipationState.REJECTED]


def test_cancelling_needs_a_reason_frees_everyone_and_tells_them():
    held, person = live_class(slots=2, capacity=1), make_self()
    enter(held, person)
    hr = make_viewer(Role.HR)
    with pytest.raises(DomainError, match="取消的原因"):
        cancel_class(training_class=held, by=hr, at=NOW, reason=" ")
    cancel_class(training_class=held, by=hr, at=NOW, reason="师资冲突")
    held.refresh_from_db()
    assert (held.state, held.cancel_reason, held.seats_taken) == ("cancelled", "师资冲突", 0)
    assert held.participations.get().state == ParticipationState.WITHDRAWN
    assert Attendance.objects.count() == 0
    assert held.slots.filter(cancelled_at=NOW, sequence=1).count() == 2
    assert Notification.objects.get().title == f"班次取消：{held}"


def test_a_class_follows_only_arrows_and_says_so():
    held, hr = live_class(), make_viewer(Role.HR)
    with pytest.raises(DomainError, match="现为“报名中”，不能发布班次"):
        move_class(training_class=held, to=ClassMove.PUBLISH, by=hr, at=NOW)
    with pytest.raises(DomainError, match="请改为取消班次"):
        delete_class(training_class=held, by=hr)
    enter(held)
    held.state = ClassState.ASSESSING
    held.save(update_fields=["state"])
    with pytest.raises(DomainError, match="还有 1 人没有评定"):
        move_class(training_class=held, to=ClassMove.ARCHIVE, by=hr, at=NOW)
    assert AuditEvent.objects.filter(action="class.move").count() == 0


def test_a_copy_moves_everything_to_its_own_day():
    held = plan(MORNING, NEXT_DAY, capacity=30, enrolment_way=EnrolmentWay.OPEN)
    again = copy_class(
        training_class=held,
        name="公文写作专题班（第2期）",
        starts_on=FIRST_DAY + timedelta(days=14),
        by=make_viewer(Role.HR),
        at=NOW,
    )
    assert (again.capacity, again.days, again.ends_on) == (30, held.days, date(2026, 12, 1))
    assert again.slots.first().starts_at == at(2026, 11, 30, 9)
    assert TrainingClass.objects.count() == 2


def test_the_list_of_a_draft_occupies_nobody_until_it_is_published():
    held, hr = plan(MORNING, capacity=1), make_viewer(Role.HR)
    people = [make_self() for _ in range(2)]
    for own in people:
        enrol_people(training_class=held, cadres=[Cadre.objects.get(pk=own.cadre_id)], by=hr, at=NOW)
    assert (Attendance.objects.count(), Notification.objects.count()) == (0, 0)
    move_class(training_class=held, to=ClassMove.PUBLISH, by=hr, at=NOW)
    assert list(Attendance.objects.values_list("cadre", flat=True)) == [people[0].cadre_id]
    told = Notification.objects.order_by("recipient").values_list("recipient", "title", "detail")
    assert list(told) == [
        (people[0].user_id, f"培训通知：{held}", "您已列入参训名单，请按时参加。"),
        (people[1].user_id, f"培训通知：{held}", "名额已满，您在候补名单中。"),
    ]


def test_who_stood_on_a_draft_was_never_told_of_it_and_is_not_told_of_its_end():
    held, hr, cadre = plan(MORNING), make_viewer(Role.HR), make_cadre(unit=make_unit())
    make_self(cadre)
    enrol_people(training_class=held, cadres=[cadre], by=hr, at=NOW)
    cancel_class(training_class=held, by=hr, at=NOW, reason="师资冲突")
    assert TrainingClass.objects.get().state == ClassState.CANCELLED
    assert not Notification.objects.exists()
