"""Pages of evaluation: handing out, answering without a name, results."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate as today

from core.access import Role
from tests.factories.people import make_account, make_cadre
from tests.factories.reading import make_evaluation, make_template, seat
from tests.factories.training import make_class
from tests.training.reading_pages import MOST_QUERIES, client_of, cost, text_of
from training.models import Evaluation, EvaluationSheet, EvaluationTemplate

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr():
    return client_of(Role.HR)


@pytest.fixture
def people():
    return [make_account(cadre=make_cadre()) for _ in range(5)]


@pytest.fixture
def found(people):
    made = make_class("安全班", starts_on=today() - timedelta(days=1), lecturer="李教授")
    seat(made, *[account.cadre for account in people])
    return made


def url_of(name, *args):
    return reverse(f"training:{name}", args=args)


def test_from_the_questions_to_the_results(hr, people, found):
    sent = {"name": "通用问卷", "on_class": "有用\n合理", "on_lecturer": "清楚", "in_words": "建议"}
    hr.post(url_of("evaluation_template_new"), sent)
    template = EvaluationTemplate.objects.get()
    assert list(template.questions.values_list("text", flat=True)) == ["有用", "合理", "清楚", "建议"]
    opened = hr.post(
        url_of("evaluation_open", found.pk),
        {"template": template.pk, "closes_on": f"{today() + timedelta(days=3)}"},
    )
    evaluation = Evaluation.objects.get()
    assert opened.url == url_of("evaluation", evaluation.pk)
    answer = url_of("evaluation_answer", evaluation.pk)
    keys = [question.pk for question in template.questions.all()]
    filled = {f"q{key}": "4" for key in keys[:3]} | {f"q{keys[3]}": "多讲案例"}
    first = client_of(user=people[0])
    assert "匿名填写" in text_of(first.get(answer))
    refused = first.post(answer, {f"q{keys[0]}": "4"})
    assert (refused.status_code, EvaluationSheet.objects.count()) == (422, 0)
    for account in people:
        client_of(user=account).post(answer, filled)
    assert "你已经填写过" in text_of(first.get(answer))
    assert "多讲案例" not in text_of(hr.get(opened.url))
    hr.post(url_of("evaluation_remind", evaluation.pk))
    hr.post(url_of("evaluation_close", evaluation.pk))
    page = text_of(hr.get(opened.url))
    assert ("多讲案例" in page, "4.00" in page) == (True, True)
    assert "李教授" in text_of(hr.get(url_of("lecturers")))


def test_who_did_not_attend_finds_no_sheet(found):
    evaluation = make_evaluation(found, on=today())
    stranger = client_of(cadre=make_cadre())
    assert stranger.get(url_of("evaluation_answer", evaluation.pk)).status_code == 404
    assert stranger.get(url_of("evaluation", evaluation.pk)).status_code == 404


def test_a_small_class_is_refused_with_the_reason(hr):
    small = make_class(starts_on=today())
    seat(small, make_cadre())
    response = hr.post(
        url_of("evaluation_open", small.pk), {"template": make_template().pk, "closes_on": f"{today()}"}
    )
    assert "参训不足 5 人" in text_of(response)


def test_a_recent_class_is_chosen_from_the_list(hr, found):
    make_class("去年班", starts_on=today() - timedelta(days=400))
    form = hr.get(url_of("evaluation_new")).context["form"]
    assert list(form.fields["training_class"].queryset) == [found]
    sent = {"training_class": found.pk, "template": make_template().pk, "closes_on": f"{today()}"}
    response = hr.post(url_of("evaluation_new"), sent)
    assert response.url == url_of("evaluation", Evaluation.objects.get().pk)


def test_a_template_goes_out_of_use(hr):
    template = make_template()
    hr.post(url_of("evaluation_template_switch", template.pk))
    assert "已停用" in text_of(hr.get(url_of("evaluation_template", template.pk)))
    assert [row.pk for row, _ in hr.get(url_of("evaluation_templates")).context["rows"]] == [template.pk]


def test_pages_cost_the_same_at_one_and_three_rows(hr, found):
    evaluation = make_evaluation(found, on=today())
    pages = [
        url_of("evaluations"),
        url_of("evaluation", evaluation.pk),
        url_of("lecturers"),
        url_of("evaluation_templates"),
    ]
    one = [cost(hr, url) for url in pages]
    for _ in range(2):
        other = make_class(starts_on=today(), lecturer="王教授")
        seat(other, *[make_cadre() for _ in range(5)])
        make_evaluation(other, on=today())
    assert one == [cost(hr, url) for url in pages]
    assert max(one) <= MOST_QUERIES
