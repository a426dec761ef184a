"""Pages of a class cost the same at one person and at three, and lead through the whole way."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.access import Role
from tests.factories.enrolment import NOW, enter, live_class, make_self
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.reading import make_quiz
from tests.factories.slots import make_meeting
from tests.factories.training import credit
from training.choices import ClassState, EnrolmentWay, ParticipationState
from training.models import TrainingClass

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def hr(client):
    client.force_login(make_account(Role.HR))
    return client


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize("tab", ["people", "slots", "attendance", "materials", "feedback", "assessment"])
def test_a_tab_costs_the_same_at_one_and_at_three_people(hr, tab):
    held = live_class(slots=2, capacity=30, state=ClassState.ENROLLING)
    enter(held)
    if tab == "assessment":
        TrainingClass.objects.update(state=ClassState.ASSESSING)
    url = f"{reverse('training:class', args=[held.pk])}?tab={tab}"
    queries(hr, url)
    one = queries(hr, url)
    TrainingClass.objects.update(state=ClassState.ENROLLING)
    enter(held), enter(held)
    if tab == "assessment":
        TrainingClass.objects.update(state=ClassState.ASSESSING)
    assert queries(hr, url) == one


def test_the_phone_page_costs_the_same_at_one_and_at_three_classes(client):
    person = make_cadre(unit=make_unit())
    client.force_login(make_account(cadre=person))
    live_class()
    url = reverse("training:enrol")
    queries(client, url)
    one = queries(client, url)
    live_class(), live_class()
    assert queries(client, url) == one <= 12


def test_a_row_more_keeps_what_was_typed(hr):
    sent = {"name": "公文写作专题班", "row-TOTAL_FORMS": "1", "row-INITIAL_FORMS": "0", "more": "1"}
    page = hr.post(reverse("training:class_plan"), sent | {"row-0-topic": "第一讲"}).content.decode()
    assert 'value="公文写作专题班"' in page
    assert 'value="第一讲"' in page
    assert "row-4-topic" in page
    assert TrainingClass.objects.count() == 0


def test_a_draft_with_slots_is_made_in_one_form(hr):
    sent = {
        "name": "公文写作专题班",
        "kind": "topical",
        "theme": "writing",
        "enrolment_way": "open",
        "leave_limit": "0.1429",
        "row-TOTAL_FORMS": "2",
        "row-INITIAL_FORMS": "0",
        "row-0-day": "2026-11-16",
        "row-0-begins": "09:00",
        "row-0-ends": "12:00",
    }
    assert hr.post(reverse("training:class_plan"), sent).status_code == 302
    held = TrainingClass.objects.get()
    assert (held.state, held.days, held.slots.count()) == (ClassState.DRAFT, 0.5, 1)


def test_the_certificate_is_found_by_its_code_and_a_wrong_one_is_not(hr):
    page = hr.get(reverse("training:certificate_verify"), {"code": "AAAA-BBBB-CCCC"})
    assert "没有这份证书" in page.content.decode()


def test_two_taps_put_a_cadre_on_the_list(client):
    cadre = make_cadre(unit=make_unit())
    client.force_login(make_account(cadre=cadre))
    held = live_class(starts_on=NOW.date().replace(year=2030), enrol_closes_at=None)
    url = reverse("training:enrol_apply", args=[held.pk])
    assert "确认报名" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert held.participations.get().cadre == cadre


def test_a_department_sees_only_its_own_people(client):
    held, mine = live_class(enrolment_way=EnrolmentWay.OPEN), make_unit()
    inside, outside = make_cadre("程若溪", unit=mine), make_cadre("汪晓峰", unit=make_unit())
    for cadre in (inside, outside):
        enter(held, make_self(cadre))
    client.force_login(make_account(Role.DEPARTMENT_HEAD, unit=mine))
    page = client.get(reverse("training:class", args=[held.pk])).content.decode()
    assert "程若溪" in page
    assert "汪晓峰" not in page
    assert "其中管辖范围以外的 1 人" in page


def test_the_class_leads_to_its_questionnaire_its_quizzes_and_the_need_before_and_after(hr):
    held = live_class(state=ClassState.RUNNING)
    make_quiz(training_class=held, title="安全生产测验")
    page = hr.get(reverse("training:class", args=[held.pk]), {"tab": "feedback"}).content.decode()
    new_quiz = f"{reverse('training:quiz_new')}?training_class={held.pk}"
    for url in (
        reverse("training:evaluation_open", args=[held.pk]),
        new_quiz,
        reverse("training:need_effect", args=[held.pk]),
    ):
        assert f'href="{url}"' in page
    assert "安全生产测验" in page


def test_a_class_that_waits_for_results_opens_where_they_are_registered(hr):
    held = live_class(state=ClassState.ASSESSING)
    page = hr.get(reverse("training:class", args=[held.pk])).content.decode()
    assert reverse("training:assess", args=[held.pk]) in page


def test_the_check_takes_a_person_off_the_list_and_comes_back(hr):
    held = live_class(slots=1, state=ClassState.DRAFT)
    person = make_cadre(unit=make_unit())
    part = credit(person, held, state=ParticipationState.CONFIRMED)
    make_meeting(held.slots.get().starts_at, person)
    check = reverse("training:class_check", args=[held.pk])
    take_off = f"{reverse('training:person_act', args=[part.pk, 'withdraw'])}?next=check"
    assert f'href="{take_off}"' in hr.get(check).content.decode()
    response = hr.post(take_off, {"reason": "另有会议"})
    assert (response.status_code, response["Location"]) == (302, check)
    assert "没有发现冲突" in hr.get(check).content.decode()
