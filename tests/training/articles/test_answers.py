"""What articles, quizzes, evaluation, contests and needs answer to home, menu and API."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localdate as today

from core.access import Role
from core.asking import result_of
from people.access import viewer_for
from people.contracts import duties_of, need_signals
from tests.factories.api import client_of
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.reading import (
    make_article,
    make_contest,
    make_entry,
    make_evaluation,
    make_judge,
    make_need,
    make_question,
    make_quiz,
    seat,
)
from tests.factories.training import make_class
from training.contributions.reading import newest_articles
from training.models import Article, QuizAttempt, Reading, TrainingNeed

pytestmark = pytest.mark.django_db
API = "/api/v1/"


def due(viewer, prefix="training."):
    return {duty.key.split(":")[0]: duty for duty in duties_of(viewer) if duty.key.startswith(prefix)}


def test_what_is_due_for_a_cadre():
    cadre = make_cadre(unit=make_unit())
    viewer = viewer_for(make_account(cadre=cadre), on=today())
    make_article("必读甲", due_on=today() + timedelta(days=2), published_on=today())
    make_quiz(on=today())
    found = make_class(starts_on=today())
    seat(found, cadre, *[make_cadre() for _ in range(4)])
    make_evaluation(found, on=today())
    make_contest(entries_until=today() + timedelta(days=3))
    make_contest(entries_until=today() + timedelta(days=90))
    duties = due(viewer)
    for key in ("must_read", "quiz", "evaluation", "contests"):
        assert f"training.{key}" in duties, key
    assert duties["training.must_read"].due_on == today() + timedelta(days=2)
    assert sum(duty.key.startswith("training.contests") for duty in duties_of(viewer)) == 1


def test_what_is_due_for_a_judge_of_any_role():
    contest = make_contest(state="judging")
    judge = make_judge(contest, user=make_account(Role.DISCIPLINE))
    make_entry(contest)
    viewer = viewer_for(judge.user, on=today())
    assert due(viewer)["training.scores"].count == 1


def test_the_office_is_told_of_overdue_must_reads():
    make_cadre()
    make_article(due_on=today() - timedelta(days=1), published_on=today() - timedelta(days=9))
    hr = viewer_for(make_account(Role.HR), on=today())
    assert due(hr)["training.unread"].count == 1
    assert "training.unread" not in due(viewer_for(make_account(Role.VICE_LEADER), on=today()))


def test_the_home_panel_is_for_cadres():
    make_article("新文", published_on=today())
    viewer = viewer_for(make_account(cadre=make_cadre()), on=today())
    assert [row.title for row in result_of(newest_articles(viewer=viewer)).context["articles"]] == ["新文"]
    assert result_of(newest_articles(viewer=viewer_for(make_account(Role.HR), on=today()))) is None


def test_all_parts_speak_for_needs():
    unit = make_unit()
    make_need(unit, filed_on=today())
    question = make_question()
    cadre = make_cadre(unit=unit)
    attempt = QuizAttempt.objects.create(
        quiz=make_quiz(question, on=today()),
        cadre=cadre,
        unit=unit,
        number=1,
        taken_at=timezone.now(),
        score=0,
        passed=False,
    )
    attempt.answers.create(question=question, chosen="B", is_right=False)
    kinds = [signal.kind for signal in need_signals(since=today(), until=today())]
    assert sorted(kinds) == ["filed", "quiz_miss"]


# The API


def test_articles_and_own_readings_over_http():
    hr = client_of(make_account(Role.HR))
    new = {"title": "新文", "category": "theory", "text": "正文", "is_must_read": True}
    assert hr.post(API + "articles/", new, format="json").status_code == 422
    made = hr.post(API + "articles/", new | {"due_on": f"{today()}"}, format="json")
    assert made.status_code == 201, made.data
    changed = hr.patch(f"{API}articles/{made.data['id']}/", {"title": "改题"}, format="json")
    assert (changed.status_code, Article.objects.get().title) == (200, "改题")
    cadre = make_cadre()
    me = client_of(make_account(cadre=cadre))
    assert [row["title"] for row in me.get(API + "articles/?duty=mine").data["results"]] == ["改题"]
    for _ in range(2):
        assert me.post(API + "readings/", {"article": made.data["id"]}, format="json").status_code == 201
    assert Reading.objects.get().cadre == cadre
    assert me.post(API + "articles/", new, format="json").status_code == 403


def test_needs_over_http():
    unit = make_unit()
    head = client_of(make_account(Role.DEPARTMENT_HEAD, unit=unit))
    sent = {"unit": unit.pk, "theme": "safety", "topic": "责任清单", "people": 9}
    made = head.post(API + "training-needs/", sent, format="json")
    assert made.status_code == 201, made.data
    other = make_unit()
    assert head.post(API + "training-needs/", sent | {"unit": other.pk}, format="json").status_code == 403
    head.patch(f"{API}training-needs/{made.data['id']}/", {"people": 10}, format="json")
    assert TrainingNeed.objects.get().people == 10


def test_results_over_http_hide_what_the_pages_hide():
    contest = make_contest(state="closed", closed_on=today())
    make_entry(contest, score=90, rank=1)
    found = make_class(starts_on=today())
    seat(found, *[make_cadre() for _ in range(5)])
    evaluation = make_evaluation(found, on=today())
    hr = client_of(make_account(Role.HR))
    (entry,) = hr.get(API + "contest-entries/").data["results"]
    assert (entry["score"], entry["rank"], entry["award"]) == (None, None, "")
    row = hr.get(f"{API}evaluations/{evaluation.pk}/").data
    assert (row["asked"], row["answered"], row["class_average"]) == (5, 0, None)
    assert client_of(make_account(cadre=make_cadre())).get(API + "evaluations/").data["count"] == 0
    for path in ("contests/", "quizzes/", "quiz-attempts/"):
        assert hr.get(API + path).status_code == 200
