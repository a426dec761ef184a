"""Pages of quizzes: taking one on a phone without a script, results, the bank."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate as today

from core.access import Role
from tests.factories.people import make_cadre, make_unit
from tests.factories.reading import make_article, make_question, make_quiz, seat
from tests.factories.training import make_class
from tests.training.reading_pages import MOST_QUERIES, client_of, cost, text_of
from training.choices import QuestionKind
from training.models import Question, Quiz, QuizAttempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr():
    return client_of(Role.HR)


def url_of(name, *args):
    return reverse(f"training:{name}", args=args)


def test_a_quiz_is_taken_with_plain_forms():
    one, many = make_question("B"), make_question("AC", kind=QuestionKind.MULTIPLE, explanation="因为")
    quiz = make_quiz(one, many, on=today())
    client = client_of(cadre=make_cadre(unit=make_unit()))
    page = text_of(client.get(url_of("quiz_take", quiz.pk)))
    assert f'type="radio" name="q{one.pk}"' in page
    assert f'type="checkbox" name="q{many.pk}"' in page
    response = client.post(url_of("quiz_take", quiz.pk), {f"q{one.pk}": "B"})
    assert response.status_code == 422
    assert "第 2 题还没有作答。" in text_of(response)
    response = client.post(url_of("quiz_take", quiz.pk), {f"q{one.pk}": "A", f"q{many.pk}": ["C", "A"]})
    assert response.url == url_of("quiz_mine", quiz.pk)
    assert QuizAttempt.objects.get().score == 50
    page = text_of(client.get(response.url))
    assert ("答错" in page, "因为" in page, "再答一次" in page) == (True, False, True)
    client.post(url_of("quiz_take", quiz.pk), {f"q{one.pk}": "B", f"q{many.pk}": ["C", "A"]})
    page = text_of(client.get(response.url))
    assert ("因为" in page, "再答一次" in page) == (True, False)
    assert client.get(url_of("quiz_take", quiz.pk)).url == url_of("quiz", quiz.pk)


def test_right_answers_are_never_in_the_sheet():
    quiz = make_quiz(make_question("B", explanation="机密解析"), on=today())
    page = text_of(client_of(cadre=make_cadre()).get(url_of("quiz_take", quiz.pk)))
    assert "机密解析" not in page


def test_staff_set_a_quiz_and_see_the_results(hr):
    question = make_question("A")
    found = make_class(starts_on=today())
    member = make_cadre("学员", unit=make_unit())
    seat(found, member)
    url = url_of("quiz_new") + f"?training_class={found.pk}"
    assert f'value="{found.pk}" selected' in text_of(hr.get(url))
    sent = {"title": "结业测验", "theme": "safety", "opens_on": f"{today()}", "pass_mark": "60"}
    sent |= {"due_on": f"{today() + timedelta(days=3)}", "attempts_allowed": "2", "audience": "all"}
    response = hr.post(url_of("quiz_new"), sent)
    assert "请至少选一道试题" in text_of(response)
    hr.post(url_of("quiz_new"), sent | {"training_class": found.pk, "questions": [question.pk]})
    quiz = Quiz.objects.get()
    assert quiz.training_class == found
    client_of(cadre=member).post(url_of("quiz_take", quiz.pk), {f"q{question.pk}": "B"})
    page = hr.get(url_of("quiz", quiz.pk))
    assert [(row["cadre__name"], row["best"]) for row in page.context["results"]] == [("学员", 0)]
    assert [row.name for row in page.context["waiting"]] == ["学员"]
    assert page.context["progress"].words == "0 / 1"
    hr.post(url_of("quiz_remind", quiz.pk))
    hr.post(url_of("quiz_close", quiz.pk))
    quiz.refresh_from_db()
    assert quiz.closed_on == today()
    edited = hr.post(url_of("quiz_edit", quiz.pk), sent | {"pass_mark": "10", "questions": [question.pk]})
    assert "已有人交卷" in text_of(edited)


def test_a_head_sees_results_of_the_own_people_only():
    office = make_unit()
    quiz = make_quiz(on=today())
    for name, unit in (("内", office), ("外", make_unit())):
        cadre = make_cadre(name, unit=unit)
        QuizAttempt.objects.create(
            quiz=quiz, cadre=cadre, unit=unit, number=1, taken_at=timezone.now(), score=0, passed=False
        )
    page = client_of(Role.DEPARTMENT_HEAD, unit=office).get(url_of("quiz", quiz.pk))
    assert [row["cadre__name"] for row in page.context["results"]] == ["内"]
    assert page.context["hardest"] == []


def test_a_cadre_sees_no_results_of_others():
    quiz = make_quiz(on=today())
    page = client_of(cadre=make_cadre()).get(url_of("quiz", quiz.pk))
    assert "results" not in page.context
    assert "开始答题" in text_of(page)


def test_the_bank(hr):
    sent = {"theme": "safety", "kind": "single", "text": "哪个对？", "options": "甲\n乙", "answer": "a"}
    assert hr.post(url_of("question_new"), sent).url == url_of("question_new")
    question = Question.objects.get()
    assert question.answer == "A"
    response = hr.post(url_of("question_edit", question.pk), sent | {"answer": "D"})
    assert "正确答案应是选项的字母" in text_of(response)
    hr.post(url_of("question_edit", question.pk), sent | {"answer": "B"})
    hr.post(url_of("question_retire", question.pk))
    question.refresh_from_db()
    assert (question.answer, question.retired_on) == ("B", today())
    assert [row.text for row, _ in hr.get(url_of("questions") + "?used=0").context["rows"]] == ["哪个对？"]


def test_an_article_leads_to_its_quiz():
    article = make_article(published_on=today())
    quiz = make_quiz(article=article, on=today())
    page = text_of(client_of(cadre=make_cadre()).get(url_of("article", article.pk)))
    assert url_of("quiz_take", quiz.pk) in page


def test_pages_cost_the_same_at_one_and_three_rows(hr):
    def more():
        quiz = make_quiz(make_question(), on=today())
        return [quiz, _attempt(first)]

    first = make_quiz(make_question(), make_question(), on=today())
    _attempt(first)
    mine = client_of(cadre=make_cadre(unit=make_unit()))
    pages = [
        (hr, url_of("quizzes")),
        (hr, url_of("quiz", first.pk)),
        (hr, url_of("questions")),
        (mine, url_of("quizzes")),
        (mine, url_of("quiz_take", first.pk)),
    ]
    one = [cost(*page) for page in pages]
    more()
    more()
    assert one == [cost(*page) for page in pages]
    assert max(one) <= MOST_QUERIES


def _attempt(quiz):
    cadre = make_cadre(unit=make_unit())
    return QuizAttempt.objects.create(
        quiz=quiz, cadre=cadre, number=1, taken_at=timezone.now(), score=0, passed=False
    )
