"""Articles, questions, quizzes, contests, evaluations and needs for tests, made as the product makes them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from core.access import Role
from people.models import Cadre, Unit, User
from tests.factories.people import TODAY, make_account, make_cadre, make_viewer
from training.choices import (
    ArticleCategory,
    ContestKind,
    NeedOrigin,
    QuestionKind,
    Theme,
)
from training.models import (
    Article,
    Contest,
    ContestEntry,
    ContestJudge,
    Evaluation,
    EvaluationTemplate,
    Participation,
    Question,
    Quiz,
    TrainingClass,
    TrainingNeed,
)
from training.services.evaluations import AskedQuestion, create_template, open_evaluation
from training.services.quizzes import create_quiz

_numbers = count(1)


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def make_article(title: str = "", **values: Any) -> Article:
    due = values.pop("due_on", None)
    return Article.objects.create(
        title=title or f"第{next(_numbers)}篇文章",
        category=values.pop("category", ArticleCategory.THEORY),
        text=values.pop("text", "正文。"),
        is_must_read=due is not None,
        due_on=due,
        published_on=values.pop("published_on", TODAY),
        **values,
    )


def make_question(answer: str = "A", **values: Any) -> Question:
    return Question.objects.create(
        theme=values.pop("theme", Theme.SAFETY),
        kind=values.pop("kind", QuestionKind.SINGLE),
        text=values.pop("text", f"第{next(_numbers)}题？"),
        options=values.pop("options", "甲\n乙\n丙"),
        answer=answer,
        **values,
    )


def make_quiz(*questions: Question, on: date = TODAY, **values: Any) -> Quiz:
    defaults = {
        "title": f"第{next(_numbers)}次测验",
        "theme": Theme.SAFETY,
        "opens_on": on,
        "due_on": on + timedelta(days=10),
    }
    asked = list(questions) or [make_question(), make_question()]
    return create_quiz(values=defaults | values, questions=asked, by=make_viewer(Role.HR, on=on), on=on)


def make_contest(title: str = "", **values: Any) -> Contest:
    return Contest.objects.create(
        title=title or f"第{next(_numbers)}次比拼",
        kind=values.pop("kind", ContestKind.SPEECH),
        entries_until=values.pop("entries_until", TODAY + timedelta(days=10)),
        **values,
    )


def make_judge(contest: Contest, *, user: User | None = None, weight: Any = 1) -> ContestJudge:
    account = user or make_account(Role.VICE_LEADER)
    return ContestJudge.objects.create(contest=contest, user=account, weight=Decimal(weight))


def make_entry(contest: Contest, cadre: Cadre | None = None, **values: Any) -> ContestEntry:
    return ContestEntry.objects.create(
        contest=contest,
        cadre=cadre or make_cadre(),
        title=values.pop("title", f"第{next(_numbers)}件作品"),
        submitted_at=noon(TODAY),
        **values,
    )


def make_template(*questions: AskedQuestion) -> EvaluationTemplate:
    asked = questions or (AskedQuestion("内容有用"),)
    return create_template(name=f"第{next(_numbers)}号问卷", questions=asked, by=make_viewer(Role.HR))


def make_evaluation(
    training_class: TrainingClass, template: EvaluationTemplate | None = None, *, on: date = TODAY
) -> Evaluation:
    return open_evaluation(
        training_class=training_class,
        template=template or make_template(),
        closes_on=on + timedelta(days=7),
        by=make_viewer(Role.HR, on=on),
        on=on,
    )


def seat(training_class: TrainingClass, *cadres: Cadre) -> None:
    for cadre in cadres:
        Participation.objects.create(training_class=training_class, cadre=cadre, hours=0, days=0)


def make_need(unit: Unit, *, cadre: Cadre | None = None, **values: Any) -> TrainingNeed:
    return TrainingNeed.objects.create(
        origin=NeedOrigin.CADRE if cadre else NeedOrigin.UNIT,
        unit=unit,
        cadre=cadre,
        theme=values.pop("theme", Theme.SAFETY),
        topic=values.pop("topic", f"第{next(_numbers)}项需求"),
        filed_on=values.pop("filed_on", TODAY),
        filed_by_id=1,
        **values,
    )
