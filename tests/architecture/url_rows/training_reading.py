"""Articles, contests, evaluation, needs and quizzes."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.access import Role
from people.access import viewer_for
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
from tests.factories.documents import blank_pdf
from tests.factories.people import make_account
from tests.factories.reading import (
    make_contest,
    make_judge,
    make_need,
    make_question,
    make_quiz,
    make_template,
)
from training.choices import ArticleCategory, NeedMoment
from training.models import EntryFile, Evaluation, QuizAttempt
from training.services.articles import publish_article, register_paper_readings
from training.services.contests import enter_contest
from training.services.needs import take_reading

CADRE = frozenset({Role.CADRE})
OFFICES = HR | {Role.PARTY}
NOMINATE = HR | {Role.DEPARTMENT_HEAD}

ROWS: dict[str, Access] = {
    "training/articles/": page(SEE_TRAINING),
    "training/articles/new/": page(OFFICES),
    "training/articles/<int:pk>/": page(SEE_TRAINING, pk="article.pk"),
    "training/articles/<int:pk>/confirm/": form(CADRE, 302, pk="article.pk"),
    "training/articles/<int:pk>/edit/": page(OFFICES, pk="article.pk"),
    "training/articles/<int:pk>/file/": page(SEE_TRAINING, pk="article.pk"),
    "training/articles/<int:pk>/readers/": page(SEE_TRAINING_OF_OTHERS, pk="article.pk"),
    "training/articles/<int:pk>/readers/<int:row>/cancel/": page(OFFICES, pk="article.pk", row="reading.pk"),
    "training/articles/<int:pk>/remind/": form(OFFICES, 302, pk="article.pk"),
    "training/articles/<int:pk>/restore/": form(OFFICES, 302, pk="article.pk"),
    "training/articles/<int:pk>/withdraw/": page(OFFICES, pk="article.pk"),
    "training/contests/": page(SEE_TRAINING),
    "training/contests/new/": page(HR),
    "training/contests/<int:pk>/": page(SEE_TRAINING, pk="contest.pk"),
    "training/contests/<int:pk>/cancel/": page(HR, pk="contest.pk"),
    "training/contests/<int:pk>/close/": page(HR, pk="contest.pk"),
    "training/contests/<int:pk>/edit/": page(HR, pk="contest.pk"),
    "training/contests/<int:pk>/enter/": page(CADRE, pk="contest.pk"),
    "training/contests/<int:pk>/enter/other/": page(HR, pk="contest.pk"),
    "training/contests/<int:pk>/judges/": page(HR, pk="contest.pk"),
    "training/contests/<int:pk>/judges/<int:row>/remove/": form(HR, 302, pk="contest.pk", row="judge.pk"),
    "training/contests/<int:pk>/publish/": page(HR, pk="contest.pk"),
    "training/contests/<int:pk>/remind/": form(HR, 302, pk="contest.pk"),
    "training/contests/<int:pk>/reopen/": page(HR, pk="contest.pk"),
    "training/contests/<int:pk>/start/": page(HR, pk="contest.pk"),
    "training/contests/<int:pk>/unpublish/": page(HR, pk="contest.pk"),
    # entries: a colleague's is known once it is published
    "training/entries/<int:pk>/": page(SEE_TRAINING_OF_OTHERS, pk="entry.pk"),
    "training/entries/<int:pk>/edit/": page(HR, pk="entry.pk"),
    "training/entries/<int:pk>/files/<int:row>/": page(
        SEE_TRAINING_OF_OTHERS, pk="entry.pk", row="entry_file.pk"
    ),
    "training/entries/<int:pk>/files/<int:row>/remove/": form(HR, 302, pk="entry.pk", row="entry_file.pk"),
    "training/entries/<int:pk>/score/": page(NOBODY, pk="entry.pk"),  # judges alone, whatever their role
    "training/entries/<int:pk>/withdraw/": page(HR, pk="entry.pk"),
    "training/classes/<int:pk>/evaluation/": page(HR, pk="participation.training_class_id"),
    "training/evaluations/": page(SEE_TRAINING_OF_OTHERS),
    "training/evaluations/<int:pk>/": page(SEE_TRAINING_OF_OTHERS, pk="evaluation.pk"),
    "training/evaluations/<int:pk>/answer/": page(NOBODY, pk="evaluation.pk"),  # attendees alone
    "training/evaluations/<int:pk>/close/": page(HR, pk="evaluation.pk"),
    "training/evaluations/<int:pk>/remind/": form(HR, 302, pk="evaluation.pk"),
    "training/evaluations/lecturers/": page(SEE_TRAINING_OF_OTHERS),
    "training/evaluations/new/": page(HR),
    "training/evaluations/templates/": page(HR),
    "training/evaluations/templates/new/": page(HR),
    "training/evaluations/templates/<int:pk>/": page(HR, pk="evaluation.template_id"),
    "training/evaluations/templates/<int:pk>/switch/": form(HR, 302, pk="evaluation.template_id"),
    "training/needs/": page(SEE_TRAINING),
    "training/needs/<int:pk>/": page(SEE_TRAINING_OF_OTHERS, pk="need.pk"),
    "training/needs/<int:pk>/close/": page(NOMINATE, pk="need.pk"),
    "training/needs/<int:pk>/edit/": page(NOMINATE, pk="need.pk"),
    "training/needs/effects/": page(SEE_TRAINING_OF_OTHERS),
    "training/needs/effects/<int:pk>/": page(SEE_TRAINING_OF_OTHERS, pk="participation.training_class_id"),
    "training/needs/list/": page(SEE_TRAINING),
    "training/needs/new/": page(NOMINATE),
    "training/needs/programme/": page(HR),
    "training/needs/reasons/": page(NOBODY),  # there are none without a theme
    "training/needs/weights/": page(SEE_TRAINING),
    "training/needs/weights/<slug:kind>/new/": page(HR, kind="=filed"),
    "training/needs/wish/": page(CADRE),
    "training/questions/": page(HR),
    "training/questions/new/": page(HR),
    "training/questions/<int:pk>/edit/": page(HR, pk="question.pk"),
    "training/questions/<int:pk>/retire/": form(HR, 302, pk="question.pk"),
    "training/quizzes/": page(SEE_TRAINING),
    "training/quizzes/new/": page(HR),
    "training/quizzes/<int:pk>/": page(SEE_TRAINING, pk="quiz.pk"),
    "training/quizzes/<int:pk>/close/": form(HR, 302, pk="quiz.pk"),
    "training/quizzes/<int:pk>/edit/": page(HR, pk="quiz.pk"),
    "training/quizzes/<int:pk>/mine/": page(NOBODY, pk="quiz.pk"),  # who has not handed in has none
    "training/quizzes/<int:pk>/remind/": form(HR, 302, pk="quiz.pk"),
    "training/quizzes/<int:pk>/take/": page(CADRE, pk="quiz.pk"),
    "api/v1/articles/$": api(SEE_TRAINING),
    f"api/v1/articles/{PK}/$": api(SEE_TRAINING, pk="article.pk"),
    "api/v1/readings/$": api(SEE_TRAINING),
    f"api/v1/readings/{PK}/$": api(SEE_TRAINING_OF_OTHERS, pk="reading.pk"),
    "api/v1/training-needs/$": api(SEE_TRAINING),
    f"api/v1/training-needs/{PK}/$": api(SEE_TRAINING_OF_OTHERS, pk="need.pk"),
    "api/v1/contests/$": api(SEE_TRAINING),
    f"api/v1/contests/{PK}/$": api(SEE_TRAINING, pk="contest.pk"),
    "api/v1/contest-entries/$": api(SEE_TRAINING),
    f"api/v1/contest-entries/{PK}/$": api(SEE_TRAINING_OF_OTHERS, pk="entry.pk"),
    "api/v1/quizzes/$": api(SEE_TRAINING),
    f"api/v1/quizzes/{PK}/$": api(SEE_TRAINING, pk="quiz.pk"),
    "api/v1/quiz-attempts/$": api(SEE_TRAINING),
    f"api/v1/quiz-attempts/{PK}/$": api(SEE_TRAINING_OF_OTHERS, pk="quiz_attempt.pk"),
    "api/v1/evaluations/$": api(SEE_TRAINING),
    f"api/v1/evaluations/{PK}/$": api(SEE_TRAINING_OF_OTHERS, pk="evaluation.pk"),
}


def things(world: World) -> dict[str, Any]:
    now = timezone.now()
    on = timezone.localdate()
    hr = viewer_for(make_account(Role.HR), on=on)
    article = publish_article(
        values={"title": "必读", "category": ArticleCategory.THEORY, "is_must_read": True, "due_on": on},
        upload=SimpleUploadedFile("附件.pdf", blank_pdf()),
        by=hr,
        on=on,
        at=now,
    )
    (reading,) = register_paper_readings(article=article, cadres=[world.cadre], by=hr, at=now)
    found = world.participation.training_class
    return {
        "article": article,
        "reading": reading,
        "need": make_need(world.unit),
        **_contest(world, hr, on),
        **_quiz(world, on),
        "evaluation": Evaluation.objects.create(
            training_class=found, template=make_template(), opened_on=on, closes_on=on
        ),
        "need_reading": take_reading(training_class=found, moment=NeedMoment.BEFORE, at=now),
    }


def _contest(world: World, hr: Any, on: date) -> dict[str, Any]:
    contest = make_contest(entries_until=on + timedelta(days=5))
    entry = enter_contest(
        contest=contest,
        cadre=world.cadre,
        values={"title": "作品"},
        uploads=[SimpleUploadedFile("作品.pdf", blank_pdf())],
        by=hr,
        at=timezone.now(),
    )
    return {
        "contest": contest,
        "entry": entry,
        "entry_file": EntryFile.objects.get(entry=entry),
        "judge": make_judge(contest),
    }


def _quiz(world: World, on: date) -> dict[str, Any]:
    question = make_question()
    quiz = make_quiz(question, on=on)
    attempt = QuizAttempt.objects.create(
        quiz=quiz, cadre=world.cadre, number=1, taken_at=timezone.now(), score=0, passed=False
    )
    return {"question": question, "quiz": quiz, "quiz_attempt": attempt}
