"""Evaluation: who may answer, once, without a name; what is shown, and when."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from people.access import viewer_for
from people.models import Cadre
from tests.factories.people import TODAY, make_account, make_cadre, make_viewer
from tests.factories.reading import make_evaluation, make_template, seat
from tests.factories.training import make_class
from training.choices import AnswerKind, EvaluationSubject
from training.models import (
    Evaluation,
    EvaluationAnswer,
    EvaluationMark,
    EvaluationSheet,
)
from training.queries.evaluations import (
    evaluation_signals,
    lecturer_results,
    question_results,
    results_of,
    to_answer,
)
from training.services.evaluations import (
    AskedQuestion,
    answer_evaluation,
    close_evaluation,
    create_template,
    open_evaluation,
    remind_attendees,
    switch_template,
)

pytestmark = pytest.mark.django_db
AFTER = TODAY + timedelta(days=8)
ASKED = (
    AskedQuestion("内容有用"),
    AskedQuestion("讲得清楚", subject=EvaluationSubject.LECTURER),
    AskedQuestion("还想学什么", kind=AnswerKind.TEXT),
)


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


@pytest.fixture
def people():
    return [viewer_for(make_account(cadre=make_cadre()), on=TODAY) for _ in range(6)]


@pytest.fixture
def evaluation(people):
    found = make_class(starts_on=TODAY - timedelta(days=2), lecturer="李教授", theme="safety")
    seat(found, *_cadres(people))
    return make_evaluation(found, make_template(*ASKED))


def _cadres(viewers):

    return Cadre.objects.filter(pk__in=[viewer.cadre_id for viewer in viewers])


def answer(evaluation, viewer, points=4, words=""):
    first, second, third = evaluation.template.questions.all()
    answers = {first.pk: points, second.pk: 5, third.pk: words}
    answer_evaluation(evaluation=evaluation, answers=answers, by=viewer, on=TODAY)


def test_each_attendee_answers_once(evaluation, people):
    answer(evaluation, people[0])
    with pytest.raises(DomainError) as refusal:
        answer(evaluation, people[0])
    assert refusal.value.code == "used"
    assert (EvaluationSheet.objects.count(), EvaluationMark.objects.filter(is_used=True).count()) == (1, 1)
    assert list(to_answer(people[0])) == []
    assert list(to_answer(people[1])) == [evaluation]


def test_who_did_not_attend_may_not_answer(evaluation):
    stranger = viewer_for(make_account(cadre=make_cadre()), on=TODAY)
    with pytest.raises(DomainError) as refusal:
        answer(evaluation, stranger)
    assert refusal.value.code == "used"


def test_nothing_leads_from_a_sheet_to_a_person(evaluation, people):
    """No relation, no time, no audit event: the sheet knows its evaluation only."""
    before = AuditEvent.objects.count()
    answer(evaluation, people[0])
    fields = {field.name for field in EvaluationSheet._meta.get_fields()}
    assert fields == {"id", "evaluation", "answers"}
    assert {field.name for field in EvaluationAnswer._meta.get_fields()} == {
        "id",
        "sheet",
        "question",
        "points",
        "text",
    }
    assert {field.name for field in EvaluationMark._meta.get_fields()} == {
        "id",
        "evaluation",
        "cadre",
        "is_used",
    }
    assert AuditEvent.objects.count() == before


def test_results_are_hidden_while_it_is_open_and_below_five(evaluation, people):
    for viewer in people[:4]:
        answer(evaluation, viewer)
    result = results_of([evaluation], AFTER)[evaluation.pk]
    assert (result.answered, result.is_shown, result.class_average) == (4, False, None)
    assert question_results(evaluation, AFTER) == []
    answer(evaluation, people[4])
    open_still = results_of([evaluation], TODAY)[evaluation.pk]
    assert (open_still.answered, open_still.is_shown, open_still.class_average) == (5, False, None)
    assert question_results(evaluation, TODAY) == []
    assert results_of([evaluation], AFTER)[evaluation.pk].is_shown


def test_results_add_up(evaluation, people):
    for viewer, points, words in zip(people, (5, 4, 4, 3, 2), ("乙", "", "甲", "", ""), strict=False):
        answer(evaluation, viewer, points, words)
    result = results_of([evaluation], AFTER)[evaluation.pk]
    assert (result.class_average, result.lecturer_average) == (Decimal("3.60"), Decimal("5.00"))
    scale, teaching, text = question_results(evaluation, AFTER)
    assert scale.spread == ((5, 1), (4, 2), (3, 1), (2, 1), (1, 0))
    assert (teaching.average, text.words) == (5, ("乙", "甲"))
    (lecturer,) = lecturer_results(Evaluation.objects.all(), AFTER)
    assert (lecturer.lecturer, lecturer.classes, lecturer.sheets, lecturer.average) == ("李教授", 1, 5, 5)


def test_a_low_class_speaks_for_its_theme(evaluation, people):
    for viewer in people[:5]:
        answer(evaluation, viewer, 3)
    ended = evaluation.closes_on
    (signal,) = evaluation_signals(since=ended, until=ended + timedelta(days=1))
    assert (signal.theme_code, signal.unit_id, signal.kind) == ("safety", None, "low_evaluation")
    EvaluationAnswer.objects.filter(points=3).update(points=4)
    assert list(evaluation_signals(since=ended, until=ended + timedelta(days=1))) == []


def test_every_scale_is_answered(evaluation, people):
    first, second, _ = evaluation.template.questions.all()
    with pytest.raises(DomainError) as refusal:
        answer_evaluation(evaluation=evaluation, answers={first.pk: 4}, by=people[0], on=TODAY)
    assert refusal.value.field == f"q{second.pk}"
    assert EvaluationMark.objects.filter(is_used=True).count() == 0


def test_closing_early_shows_the_results(evaluation, people, hr):
    for viewer in people[:5]:
        answer(evaluation, viewer)
    close_evaluation(evaluation=evaluation, by=hr, on=TODAY)
    assert results_of([evaluation], TODAY)[evaluation.pk].is_shown
    with pytest.raises(DomainError) as refusal:
        answer(evaluation, people[5])
    assert refusal.value.code == "not_open"


def test_reminders_go_to_those_who_have_not_answered(evaluation, people, hr):
    answer(evaluation, people[0])
    told = Notification.objects.count()
    tomorrow = TODAY + timedelta(days=1)
    assert (told, remind_attendees(evaluation=evaluation, by=hr, on=tomorrow)) == (6, 5)


def test_too_few_people_too_early_and_too_late(hr):
    template = make_template()
    small = make_class(starts_on=TODAY)
    seat(small, *[make_cadre() for _ in range(4)])
    later = make_class(starts_on=TODAY + timedelta(days=1))
    seat(later, *[make_cadre() for _ in range(5)])
    for found, closes_on, code in (
        (small, AFTER, "too_few"),
        (later, AFTER, "too_early"),
        (_full(), TODAY - timedelta(days=1), "due_in_the_past"),
    ):
        with pytest.raises(DomainError) as refusal:
            open_evaluation(training_class=found, template=template, closes_on=closes_on, by=hr, on=TODAY)
        assert refusal.value.code == code


def _full():
    found = make_class(starts_on=TODAY)
    seat(found, *[make_cadre() for _ in range(5)])
    return found


def test_templates(hr):
    with pytest.raises(DomainError) as refusal:
        create_template(name="空", questions=[], by=hr)
    assert refusal.value.field == "questions"
    template = create_template(name="问卷", questions=ASKED, by=hr)
    assert list(template.questions.values_list("order", "subject", "kind")) == [
        (1, "class", "scale"),
        (2, "lecturer", "scale"),
        (3, "class", "text"),
    ]
    switch_template(template=template, by=hr, on=TODAY)
    assert template.closed_on == TODAY
