"""The bank, quizzes, handing in, hours, and what was missed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.access import Role
from core.errors import DomainError
from core.models import Notification
from people.access import viewer_for
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer
from tests.factories.reading import make_article, make_question, make_quiz, noon, seat
from tests.factories.training import make_class
from training.choices import Audience, HourSource, QuestionKind, Theme
from training.models import ConversionRule, HourEntry, Question, QuizAttempt
from training.queries.quizzes import (
    best_of,
    due_for_me,
    hardest_questions,
    progress_of,
    quiz_signals,
    takers_of,
    waiting_takers,
)
from training.services.quizzes import (
    change_question,
    change_quiz,
    close_quiz,
    create_question,
    create_quiz,
    hand_in,
    remind_takers,
    retire_question,
)

pytestmark = pytest.mark.django_db
NOW = noon(TODAY)
QUESTION = {
    "theme": Theme.SAFETY,
    "kind": QuestionKind.SINGLE,
    "text": "哪一个对？",
    "options": " 甲 \n\n乙\n丙",
    "answer": "b",
}


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


@pytest.fixture
def own():
    cadre = make_cadre(unit=make_unit())
    return viewer_for(make_account(cadre=cadre), on=TODAY)


def test_a_question_is_tidied(hr):
    question = create_question(values=QUESTION, by=hr)
    assert (question.options, question.answer) == ("甲\n乙\n丙", "B")
    assert question.choices == [("A", "甲"), ("B", "乙"), ("C", "丙")]


def test_a_judgement_needs_no_options(hr):
    values = QUESTION | {"kind": QuestionKind.JUDGE, "options": "", "answer": "B"}
    assert create_question(values=values, by=hr).options == "正确\n错误"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"options": "只有一个"}, "options"),
        ({"options": "\n".join("甲乙丙丁戊己庚辛壬")}, "options"),
        ({"answer": "D"}, "answer"),
        ({"answer": "AB"}, "answer"),
        ({"answer": "1"}, "answer"),
        ({"answer": ""}, "answer"),
    ],
)
def test_a_question_that_cannot_be_marked_is_refused(hr, change, field):
    with pytest.raises(DomainError) as refusal:
        create_question(values=QUESTION | change, by=hr)
    assert refusal.value.field == field


def test_an_answered_question_stands(hr, own):
    quiz = make_quiz(make_question())
    question = Question.objects.get()
    hand_in(quiz=quiz, answers={question.pk: "A"}, by=own, at=NOW)
    with pytest.raises(DomainError) as refusal:
        change_question(question=question, values={"answer": "B"}, by=hr)
    assert refusal.value.code == "answered"
    retire_question(question=question, by=hr, on=TODAY)
    assert question.retired_on == TODAY


def test_handing_in_marks_counts_and_passes(own):
    questions = [make_question("A"), make_question("AC", kind=QuestionKind.MULTIPLE), make_question("B")]
    quiz = make_quiz(*questions, pass_mark=60)
    answers = {questions[0].pk: "A", questions[1].pk: "CA", questions[2].pk: "C"}
    attempt = hand_in(quiz=quiz, answers=answers, by=own, at=NOW)
    assert (attempt.score, attempt.passed, attempt.number) == (Decimal("66.67"), True, 1)
    assert list(attempt.answers.values_list("chosen", "is_right")) == [
        ("A", True),
        ("AC", True),
        ("C", False),
    ]
    entry = HourEntry.objects.get()
    assert (entry.source, entry.hours, entry.title) == (
        HourSource.ONLINE,
        Decimal("0.5"),
        f"测验：{quiz.title}",
    )


def test_a_failed_attempt_counts_nothing_and_may_be_repeated(own):
    question = make_question("A")
    quiz = make_quiz(question, attempts_allowed=2)
    for _ in range(2):
        hand_in(quiz=quiz, answers={question.pk: "B"}, by=own, at=NOW)
    assert HourEntry.objects.count() == 0
    with pytest.raises(DomainError) as refusal:
        hand_in(quiz=quiz, answers={question.pk: "A"}, by=own, at=NOW)
    assert refusal.value.code == "no_attempts_left"
    assert [a.number for a in QuizAttempt.objects.order_by("number")] == [1, 2]


def test_who_has_passed_need_not_try_again(own):
    question = make_question("A")
    quiz = make_quiz(question)
    hand_in(quiz=quiz, answers={question.pk: "A"}, by=own, at=NOW)
    with pytest.raises(DomainError) as refusal:
        hand_in(quiz=quiz, answers={question.pk: "A"}, by=own, at=NOW)
    assert refusal.value.code == "passed"
    assert HourEntry.objects.count() == 1


def test_without_a_rule_passing_counts_nothing(own):
    ConversionRule.objects.filter(basis="online_test").delete()
    question = make_question("A")
    hand_in(quiz=make_quiz(question), answers={question.pk: "A"}, by=own, at=NOW)
    assert HourEntry.objects.count() == 0


def test_letters_that_are_no_options_are_ignored(own):
    question = make_question("A")
    attempt = hand_in(quiz=make_quiz(question), answers={question.pk: "Z"}, by=own, at=NOW)
    assert attempt.answers.get().chosen == ""


@pytest.mark.parametrize("days", [-1, 11])
def test_outside_its_time_nobody_answers(own, days):
    quiz = make_quiz()
    with pytest.raises(DomainError) as refusal:
        hand_in(quiz=quiz, answers={}, by=own, at=noon(TODAY + timedelta(days=days)))
    assert refusal.value.code == "not_open"


def test_a_closed_quiz_takes_nothing(hr, own):
    quiz = make_quiz()
    close_quiz(quiz=quiz, by=hr, on=TODAY)
    with pytest.raises(DomainError):
        hand_in(quiz=quiz, answers={}, by=own, at=NOW)
    assert list(due_for_me(own)) == []
    close_quiz(quiz=quiz, by=hr, on=TODAY)
    assert list(due_for_me(own)) == [quiz]


def test_a_quiz_of_a_class_is_for_its_people(own):
    found = make_class(starts_on=TODAY)
    member = make_cadre()
    seat(found, member)
    quiz = make_quiz(training_class=found)
    assert list(takers_of(quiz)) == [member]
    assert list(due_for_me(own)) == []
    with pytest.raises(DomainError) as refusal:
        hand_in(quiz=quiz, answers={}, by=own, at=NOW)
    assert refusal.value.code == "not_meant"
    mine = viewer_for(make_account(cadre=member), on=TODAY)
    assert list(due_for_me(mine)) == [quiz]


def test_a_quiz_of_an_article_takes_its_audience(own):
    unit = make_unit()
    article = make_article(audience=Audience.UNIT, unit=unit)
    quiz = make_quiz(article=article)
    assert (quiz.audience, quiz.unit) == (Audience.UNIT, unit)
    assert list(due_for_me(own)) == []


def test_a_quiz_needs_questions_and_a_day_ahead(hr):
    values = {"title": "测", "opens_on": TODAY, "due_on": TODAY - timedelta(days=1)}
    with pytest.raises(DomainError) as refusal:
        create_quiz(values=values, questions=[], by=hr, on=TODAY)
    assert refusal.value.field == "questions"
    with pytest.raises(DomainError) as refusal:
        create_quiz(values=values, questions=[make_question()], by=hr, on=TODAY)
    assert refusal.value.field == "due_on"


def test_questions_stand_from_the_first_attempt_on(hr, own):
    question, other = make_question(), make_question()
    quiz = make_quiz(question)
    change_quiz(quiz=quiz, values={}, questions=[question, other], by=hr)
    assert quiz.places.count() == 2
    hand_in(quiz=quiz, answers={}, by=own, at=NOW)
    with pytest.raises(DomainError):
        change_quiz(quiz=quiz, values={}, questions=[question], by=hr)
    with pytest.raises(DomainError):
        change_quiz(quiz=quiz, values={"pass_mark": 10}, questions=[question, other], by=hr)
    change_quiz(quiz=quiz, values={"attempts_allowed": 5}, questions=[question, other], by=hr)
    quiz.refresh_from_db()
    assert quiz.attempts_allowed == 5


def test_progress_results_and_the_hardest_questions(hr, own):
    easy, hard = make_question("A", text="易"), make_question("A", text="难")
    quiz = make_quiz(easy, hard, pass_mark=100)
    make_cadre()
    hand_in(quiz=quiz, answers={easy.pk: "A", hard.pk: "B"}, by=own, at=NOW)
    progress = progress_of([quiz])[quiz.pk]
    assert (progress.expected, progress.handed_in, progress.passed) == (2, 1, 0)
    assert waiting_takers(quiz).count() == 2
    assert [(row["question__text"], row["missed"], row["asked"]) for row in hardest_questions(quiz)] == [
        ("难", 1, 1)
    ]
    everyone = takers_of(quiz)
    assert [(row["best"], row["times"], row["passes"]) for row in best_of(quiz, everyone)] == [(50, 1, 0)]


def test_the_first_attempt_speaks_for_needs(own):
    safety, writing = make_question("A", theme=Theme.SAFETY), make_question("A", theme=Theme.WRITING)
    quiz = make_quiz(safety, writing)
    hand_in(quiz=quiz, answers={safety.pk: "A", writing.pk: "B"}, by=own, at=NOW)
    hand_in(quiz=quiz, answers={safety.pk: "A", writing.pk: "A"}, by=own, at=NOW)
    (signal,) = quiz_signals(since=TODAY, until=TODAY)
    assert (signal.theme_code, signal.cadre_id, signal.kind) == ("writing", own.cadre_id, "quiz_miss")
    assert list(quiz_signals(since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=2))) == []


def test_takers_are_told_and_reminded(hr):
    account = make_account(cadre=make_cadre())
    quiz = make_quiz()
    assert Notification.objects.get().recipient == account
    tomorrow = TODAY + timedelta(days=1)
    assert remind_takers(quiz=quiz, within=[account.cadre_id], by=hr, on=tomorrow) == 1
    assert remind_takers(quiz=quiz, within=[], by=hr, on=tomorrow + timedelta(days=1)) == 0
