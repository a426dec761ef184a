"""Reads of quizzes: who is to take one, what is due for a cadre, results, and what was missed by theme."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from core.access import Permission, Viewer
from people.choices import CadreStatus, NeedKind
from people.contracts import NeedSignal
from people.models import Cadre, CadreQuerySet
from training.choices import SEATED_STATES, AttemptSource, Theme
from training.models import Participation, Quiz, QuizAnswer, QuizAttempt
from training.queries.audience import addressed, count_of, meant_for, members_of

MISSED_HALF = Decimal("0.5")


def takers_of(quiz: Quiz) -> CadreQuerySet:
    """Who is asked to take it: the people of its class, else its audience as of the opening day."""
    if quiz.training_class_id is None:
        return addressed(quiz, quiz.opens_on)
    seated = Participation.objects.filter(
        training_class=quiz.training_class_id, cadre=OuterRef("pk"), state__in=SEATED_STATES
    )
    return Cadre.objects.filter(Exists(seated), status=CadreStatus.ACTIVE)


def waiting_takers(quiz: Quiz) -> CadreQuerySet:
    """Those of them who have not passed yet."""
    passed = QuizAttempt.objects.filter(quiz=quiz, cadre=OuterRef("pk"), passed=True)
    return takers_of(quiz).exclude(Exists(passed))


def due_for_me(viewer: Viewer) -> QuerySet[Any]:
    """Open quizzes that the viewer has neither passed nor used up (`tries`), the most urgent first."""
    if viewer.cadre_id is None or not viewer.on_own_record(Permission.SIGN_UP):
        return Quiz.objects.none()
    running = Q(opens_on__lte=viewer.on, due_on__gte=viewer.on, closed_on__isnull=True)
    left = _meant_for(viewer.cadre_id).filter(running, has_passed=False, tries__lt=F("attempts_allowed"))
    return left.order_by("due_on", "pk")


def _meant_for(cadre_id: int) -> QuerySet[Any]:
    """What the cadre is to take, with `has_passed` and `tries` of the own attempts."""
    seated = Participation.objects.filter(
        training_class=OuterRef("training_class"), cadre=cadre_id, state__in=SEATED_STATES
    )
    mine = QuizAttempt.objects.filter(quiz=OuterRef("pk"), cadre=cadre_id)
    of_class = Q(training_class__isnull=False) & Q(Exists(seated))
    of_audience = Q(training_class__isnull=True) & meant_for(cadre_id, "opens_on")
    return Quiz.objects.filter(of_class | of_audience).annotate(
        has_passed=Exists(mine.filter(passed=True)), tries=count_of(mine.filter(number__gte=1))
    )


@dataclass(frozen=True, slots=True)
class QuizProgress:
    expected: int
    handed_in: int
    passed: int

    @property
    def words(self) -> str:
        return f"{self.passed} / {self.expected}"


def progress_of(quizzes: Iterable[Quiz]) -> dict[int, QuizProgress]:
    """One query."""
    active = Cadre.objects.filter(status=CadreStatus.ACTIVE)
    seated = Participation.objects.filter(
        training_class=OuterRef("training_class"), state__in=SEATED_STATES, cadre__status=CadreStatus.ACTIVE
    )
    tried = Cadre.objects.filter(Exists(_attempts(OuterRef(OuterRef("pk")))))
    passed = Cadre.objects.filter(Exists(_attempts(OuterRef(OuterRef("pk")), passed=True)))
    rows = Quiz.objects.filter(pk__in=[quiz.pk for quiz in quizzes]).annotate(
        of_audience=members_of(active, "pk", "opens_on"),
        of_class=count_of(seated),
        handed_in=count_of(tried),
        passed_by=count_of(passed),
    )
    return {
        row.pk: QuizProgress(
            row.of_class if row.training_class_id else row.of_audience, row.handed_in, row.passed_by
        )
        for row in rows
    }


def _attempts(quiz: OuterRef, **conditions: bool) -> QuerySet[QuizAttempt]:
    return QuizAttempt.objects.filter(quiz=quiz, cadre=OuterRef("pk"), **conditions)


def best_of(quiz: Quiz, cadres: QuerySet[Cadre]) -> list[Any]:
    """One line per person who handed in: the best score, how often, whether passed."""
    rows = QuizAttempt.objects.filter(quiz=quiz, cadre__in=cadres)
    best = rows.values("cadre_id", "cadre__name", "unit__name").annotate(
        best=Max("score"), times=Count("pk"), passes=Count("pk", filter=Q(passed=True)), last=Max("taken_at")
    )
    return list(best.order_by("-best", "cadre__name_pinyin", "cadre_id"))


def hardest_questions(quiz: Quiz) -> list[Any]:
    """Questions by how often the first attempt missed them; online attempts only."""
    rows = QuizAnswer.objects.filter(attempt__quiz=quiz, attempt__number=1).values("question__text")
    counted = rows.annotate(asked=Count("pk"), missed=Count("pk", filter=Q(is_right=False)))
    return list(counted.filter(missed__gt=0).order_by("-missed", "question__text"))


def quiz_signals(*, since: date, until: date) -> Iterator[NeedSignal]:
    """Who missed half of a theme's questions or more at the first attempt, or failed on paper."""
    start, end = _midnight(since), _midnight(until + timedelta(days=1))
    first = QuizAttempt.objects.filter(
        Q(number=1) | Q(source=AttemptSource.PAPER), taken_at__gte=start, taken_at__lt=end
    ).select_related("quiz")
    attempts = {attempt.pk: attempt for attempt in first}
    asked: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    rows = QuizAnswer.objects.filter(attempt__in=first.order_by().values("pk"))
    counted = rows.values_list("attempt_id", "question__theme").order_by()
    for pk, theme, number, missed in counted.annotate(
        Count("pk"), missed=Count("pk", filter=Q(is_right=False))
    ):
        asked[pk][theme] = (number, missed)
    for attempt in attempts.values():
        for theme in _weak_themes(attempt, asked[attempt.pk]):
            yield _signal(attempt, theme)


def _weak_themes(attempt: QuizAttempt, by_theme: dict[str, tuple[int, int]]) -> list[str]:
    if attempt.source == AttemptSource.PAPER:
        return [] if attempt.passed else [attempt.quiz.theme]
    return [theme for theme, (number, missed) in by_theme.items() if missed >= MISSED_HALF * number]


def _signal(attempt: QuizAttempt, theme: str) -> NeedSignal:
    return NeedSignal(
        theme_code=theme,
        unit_id=attempt.unit_id,
        kind=NeedKind.QUIZ_MISS,
        happened_on=timezone.localdate(attempt.taken_at),
        reason=f"测验“{attempt.quiz.title}”中“{Theme(theme).label}”失分过半",
        source_label="测验",
        cadre_id=attempt.cadre_id,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
