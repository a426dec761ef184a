"""Make-up study: apart from attendance, written by the person, accepted by somebody else."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from core.errors import DomainError
from core.models import Notification
from people.access import viewer_for
from people.choices import PoliticalStatus
from people.models import Cadre, User
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer
from tests.factories.study import hold, make_activity, mark, moment, staff
from training.choices import AttendanceState, HourSource, MakeUpState, StudyKind
from training.hours import year_span
from training.models import Attendance, HourEntry, MakeUp, StudyActivity
from training.queries.study import attendance_by_cadre, integrity_cover, tally_of
from training.services.study import (
    Material,
    accept_make_up,
    assign_make_up,
    return_make_up,
    submit_reflection,
    withdraw_make_up,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 12)
NEXT = DAY + timedelta(days=1)
LATER = moment(NEXT)
WORDS = "通过补学，我理解了产业链招商的基本方法，下一步结合包联企业逐项落实，按月报告进展情况。"


@pytest.fixture
def people() -> list[Cadre]:
    unit = make_unit()
    member = PoliticalStatus.PARTY_MEMBER
    return [make_cadre(f"{name}示例", unit=unit, political_status=member) for name in "甲乙丙"]


@pytest.fixture
def activity(people: list[Cadre]) -> StudyActivity:
    return hold(make_activity(DAY, kind=StudyKind.INTEGRITY), came=people[:1], leave=people[1:2])


def assign(activity: StudyActivity, due_on: date = NEXT, material: Material | None = None) -> list[MakeUp]:
    return assign_make_up(
        activity=activity,
        attendances=list(Attendance.objects.filter(slot__activity=activity)),
        material=material or Material("讲话要点"),
        due_on=due_on,
        by=staff(),
        at=LATER,
        on=NEXT,
    )


def one_of(cadre: Cadre, made: list[MakeUp]) -> MakeUp:
    return next(one for one in made if one.attendance.cadre == cadre)


def write(make_up: MakeUp, text: str = WORDS) -> None:
    cadre = make_up.attendance.cadre
    account = User.objects.filter(cadre=cadre).first() or make_account(cadre=cadre)
    me = viewer_for(account, on=NEXT)
    submit_reflection(make_up=make_up, text=text, by=me, at=LATER)


def test_only_those_who_missed_it_have_something_to_make_up_and_are_told(activity, people) -> None:
    account = make_account(cadre=people[2])
    made = assign(activity)
    assert {one.attendance.cadre for one in made} == set(people[1:])
    assert Notification.objects.get(recipient=account).title == f"请补学“{activity}”，10月13日前完成"
    with pytest.raises(DomainError, match="请选择至少一名"):
        assign(activity)


@pytest.mark.parametrize(
    ("values", "words"),
    [({"due_on": DAY}, "不能早于今天"), ({"material": Material()}, "请给出学习材料")],
)
def test_material_and_a_date_ahead_are_asked_for(activity, values, words) -> None:
    with pytest.raises(DomainError, match=words):
        assign(activity, **values)


def test_an_accepted_make_up_counts_apart_and_earns_by_its_own_rule(activity, people) -> None:
    make_up = one_of(people[2], assign(activity))
    write(make_up)
    accept_make_up(make_up=make_up, by=staff(), at=LATER)
    tally = tally_of(activity)
    assert (tally.came, tally.absent, tally.make_ups, tally.made_up) == (1, 1, 2, 1)
    entry = HourEntry.objects.get(source=HourSource.MAKE_UP)
    assert (entry.cadre, entry.ledger, entry.hours) == (people[2], "party", Decimal(2))
    rows = {row.name: (row.came, row.made_up) for row in attendance_by_cadre(staff(), year_span(2026))}
    assert rows == {"甲示例": (1, 0), "乙示例": (0, 0), "丙示例": (0, 1)}
    cover = {row.name: row.oath for row in integrity_cover(staff(), year_span(2026))}
    assert cover == {"甲示例": DAY, "乙示例": None, "丙示例": DAY}


def test_a_returned_one_is_written_again(activity) -> None:
    make_up = assign(activity)[0]
    write(make_up)
    with pytest.raises(DomainError, match="退回意见"):
        return_make_up(make_up=make_up, remark=" ", by=staff(), at=LATER)
    return_make_up(make_up=make_up, remark="请结合岗位写", by=staff(), at=LATER)
    write(make_up)
    assert (make_up.state, make_up.remark) == (MakeUpState.SUBMITTED, "")


def test_nobody_writes_for_another_nor_decides_the_own(activity, people) -> None:
    make_up = one_of(people[1], assign(activity))
    with pytest.raises(DomainError, match="由本人填写"):
        submit_reflection(make_up=make_up, text=WORDS, by=make_viewer(cadre=people[0]), at=LATER)
    with pytest.raises(DomainError, match="至少写 30 个字"):
        write(make_up, "学了很多")
    write(make_up)
    own = replace(staff(), cadre_id=people[1].pk)
    with pytest.raises(DomainError, match="其他经办人审核"):
        accept_make_up(make_up=make_up, by=own, at=LATER)


def test_whoever_turns_out_to_have_come_has_nothing_to_make_up(activity, people) -> None:
    make_up = one_of(people[2], assign(activity))
    write(make_up)
    accept_make_up(make_up=make_up, by=staff(), at=LATER)
    mark(activity, {people[2]: AttendanceState.PRESENT})
    assert not MakeUp.objects.filter(pk=make_up.pk).exists()
    assert not HourEntry.objects.in_force().filter(source=HourSource.MAKE_UP).exists()


def test_a_withdrawn_one_gives_its_hours_back(activity) -> None:
    make_up = assign(activity)[1]
    write(make_up)
    accept_make_up(make_up=make_up, by=staff(), at=moment(NEXT, time(15)))
    withdraw_make_up(make_up=make_up, by=staff(), reason="布置错了", at=LATER)
    assert HourEntry.objects.get(source=HourSource.MAKE_UP).reversal_reason == "布置错了"
