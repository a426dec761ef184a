from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Role
from core.errors import DomainError
from core.periods import overlaps
from people.choices import AppointmentKind, PostClass
from people.models import Appointment, Post
from people.services.appointments import appoint, change_appointment, end_appointment, remove_appointment
from tests.factories.people import make_appointment, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_viewer(Role.HR)


def test_a_new_main_post_ends_the_one_before_the_day_before(staff):
    cadre = make_cadre(unit=make_unit("财政局"), post_since=date(2020, 1, 1))
    new = appoint(
        cadre=cadre,
        values={"unit": make_unit("规划局"), "title": "科长", "starts_on": date(2024, 3, 15)},
        by=staff,
    )
    old = cadre.appointments.exclude(pk=new.pk).get()
    assert (old.ends_on, new.ends_on) == (date(2024, 3, 14), None)


def test_the_title_finds_the_post_of_the_register(staff):
    here, there = make_unit("规划局"), make_unit("财政局")
    chief = Post.objects.create(unit=here, title="局长", post_class=PostClass.KEY)
    cadre = make_cadre(unit=there, post_since=date(2020, 1, 1))
    values = {"unit": here, "title": "局长", "starts_on": date(2024, 3, 15)}
    new = appoint(cadre=cadre, values=values, by=staff)
    assert new.post == chief
    change_appointment(appointment=new, values={"title": "局长助理"}, by=staff)
    assert (new.post, Post.objects.count()) == (None, 1)
    change_appointment(appointment=new, values={"title": "局长", "note": "更正"}, by=staff)
    assert new.post == chief


def test_a_secondment_leaves_the_post(staff):
    cadre = make_cadre(unit=make_unit("财政局"))
    appoint(
        cadre=cadre,
        values={
            "kind": AppointmentKind.SECONDMENT,
            "organisation": "示例市发改委",
            "title": "副科长",
            "starts_on": date(2024, 3, 1),
            "ends_on": date(2025, 2, 28),
        },
        by=staff,
    )
    post = cadre.appointments.get(kind=AppointmentKind.POST)
    assert post.ends_on is None


def test_two_main_posts_at_once_are_refused(staff):
    cadre = make_cadre(unit=make_unit("财政局"), post_since=date(2020, 1, 1))
    earlier = {"unit": make_unit("规划局"), "title": "科员", "starts_on": date(2019, 1, 1)}
    with pytest.raises(DomainError) as refusal:
        appoint(cadre=cadre, values=earlier, by=staff)
    assert refusal.value.code == "overlap"
    appoint(cadre=cadre, values=earlier | {"ends_on": date(2019, 12, 31)}, by=staff)
    assert cadre.appointments.count() == 2


def test_an_appointment_needs_a_place(staff):
    with pytest.raises(DomainError) as refusal:
        appoint(cadre=make_cadre(), values={"title": "科员", "starts_on": date(2024, 1, 1)}, by=staff)
    assert "请填写本区机构或外部单位" in refusal.value.message


def test_it_cannot_end_before_it_began(staff):
    cadre = make_cadre(unit=make_unit(), post_since=date(2024, 1, 1))
    held = cadre.appointments.get()
    with pytest.raises(DomainError) as refusal:
        end_appointment(appointment=held, on=date(2023, 12, 31), by=staff)
    assert refusal.value.code == "end_before_start"
    end_appointment(appointment=held, on=date(2024, 1, 1), by=staff)
    assert held.ends_on == date(2024, 1, 1)


def test_a_correction_changes_the_row_in_place(staff):
    cadre = make_cadre(unit=make_unit("财政局"), title="科员")
    held = cadre.appointments.get()
    change_appointment(appointment=held, values={"title": "副科长"}, by=staff)
    assert cadre.appointments.get().title == "副科长"


days = st.dates(date(2020, 1, 1), date(2020, 3, 1))


@given(start=days, end=st.none() | days, other_start=days, other_end=st.none() | days)
def test_overlap_in_the_database_is_overlap_by_days(start, end, other_start, other_end):
    if (end and end < start) or (other_end and other_end < other_start):
        return
    cadre = make_cadre()
    make_appointment(cadre, organisation="外单位", starts_on=start, ends_on=end)
    expected = start <= (other_end or date.max) and other_start <= (end or date.max)
    mine = Appointment.objects.filter(cadre=cadre)
    assert mine.filter(overlaps(other_start, other_end)).exists() == expected


def test_taking_back_a_new_post_opens_the_one_it_ended(staff):
    cadre = make_cadre(unit=make_unit("财政局"), post_since=date(2020, 1, 1))
    wrong = appoint(
        cadre=cadre,
        values={"unit": make_unit("规划局"), "title": "科长", "starts_on": date(2024, 3, 15)},
        by=staff,
    )
    remove_appointment(appointment=wrong, by=staff)
    held = cadre.appointments.get()
    assert (held.place, held.ends_on) == ("财政局", None)


def test_taking_back_a_secondment_changes_nothing_else(staff):
    cadre = make_cadre(unit=make_unit("财政局"), post_since=date(2020, 1, 1))
    away = make_appointment(cadre, kind=AppointmentKind.SECONDMENT, organisation="示例市发改委")
    remove_appointment(appointment=away, by=staff)
    assert cadre.appointments.get().kind == AppointmentKind.POST
