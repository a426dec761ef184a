"""What the sheets of an evaluation add up to: shown when it is over and five have answered, never before.

A figure that grows by one sheet at a time would tell the sixth sheet to whoever had noted the five before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Avg, Count, FloatField, OuterRef, Q, QuerySet, Subquery

from core.access import Permission, Viewer
from people.choices import NeedKind
from people.contracts import Link, NeedSignal
from training.choices import AnswerKind, EvaluationSubject
from training.models import Evaluation, EvaluationAnswer, EvaluationMark, EvaluationQuestion, EvaluationSheet
from training.queries.audience import count_of

FEWEST = 5
LOW = Decimal("3.5")
TENTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class QuestionResult:
    text: str
    average: Decimal | None
    spread: tuple[tuple[int, int], ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """How one evaluation came out; averages are None while they may not be shown."""

    asked: int
    answered: int
    is_over: bool
    class_average: Decimal | None = None
    lecturer_average: Decimal | None = None

    @property
    def is_shown(self) -> bool:
        return self.is_over and self.answered >= FEWEST

    @property
    def why_hidden(self) -> str:
        if self.is_shown:
            return ""
        if not self.is_over:
            return f"问卷截止后显示，且至少要有 {FEWEST} 份"
        return f"不足 {FEWEST} 份，不显示"


def is_over(evaluation: Evaluation, on: date) -> bool:
    return evaluation.closed_on is not None or evaluation.closes_on < on


def results_of(evaluations: Iterable[Evaluation], on: date) -> dict[int, Result]:
    """Two queries, whatever the number."""
    rows = {row.pk: row for row in evaluations}
    averages = _averages(list(rows))
    counted = Evaluation.objects.filter(pk__in=rows).annotate(
        asked=count_of(EvaluationMark.objects.filter(evaluation=OuterRef("pk"))),
        answered=count_of(EvaluationSheet.objects.filter(evaluation=OuterRef("pk"))),
    )
    found = {}
    for row in counted:
        over = is_over(row, on)
        shown = averages.get(row.pk, {}) if over and row.answered >= FEWEST else {}
        found[row.pk] = Result(
            row.asked,
            row.answered,
            over,
            shown.get(EvaluationSubject.CLASS),
            shown.get(EvaluationSubject.LECTURER),
        )
    return found


def _averages(keys: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    rows = EvaluationAnswer.objects.filter(sheet__evaluation__in=keys, points__isnull=False)
    found: dict[int, dict[str, Decimal]] = {}
    grouped = rows.values_list("sheet__evaluation_id", "question__subject").order_by()
    for key, subject, average in grouped.annotate(Avg("points")):
        found.setdefault(key, {})[subject] = in_hundredths(average)
    return found


def in_hundredths(value: float) -> Decimal:
    return Decimal(str(value)).quantize(TENTH, ROUND_HALF_UP)


def question_results(evaluation: Evaluation, on: date) -> list[QuestionResult]:
    """Per question; nothing while the results may not be shown. Words come sorted, so that no order tells."""
    if not results_of([evaluation], on)[evaluation.pk].is_shown:
        return []
    answers = EvaluationAnswer.objects.filter(sheet__evaluation=evaluation)
    spread: dict[int, dict[int, int]] = {}
    for question, points, number in (
        answers.exclude(points=None).values_list("question_id", "points").order_by().annotate(Count("pk"))
    ):
        spread.setdefault(question, {})[points] = number
    words: dict[int, list[str]] = {}
    for question, text in answers.exclude(text="").values_list("question_id", "text"):
        words.setdefault(question, []).append(text)
    questions = evaluation.template.questions.order_by("order", "pk")
    return [_of_question(one, spread.get(one.pk, {}), sorted(words.get(one.pk, []))) for one in questions]


def _of_question(asked: EvaluationQuestion, spread: dict[int, int], words: list[str]) -> QuestionResult:
    text = asked.text
    if asked.kind == AnswerKind.TEXT:
        return QuestionResult(text, None, (), tuple(words))
    number = sum(spread.values())
    total = sum(points * count for points, count in spread.items())
    average = in_hundredths(total / number) if number else None
    return QuestionResult(text, average, tuple((points, spread.get(points, 0)) for points in range(5, 0, -1)))


@dataclass(frozen=True, slots=True)
class LecturerResult:
    lecturer: str
    classes: int
    sheets: int
    average: Decimal


def lecturer_results(evaluations: QuerySet[Evaluation], on: date) -> list[LecturerResult]:
    """Lecturers by the mean of what was said about them, weighed by sheets; only what may be shown."""
    rows = list(evaluations.exclude(training_class__lecturer="").select_related("training_class"))
    results = results_of(rows, on)
    sums: dict[str, tuple[int, int, Decimal]] = {}
    for row in rows:
        result = results[row.pk]
        if result.lecturer_average is None:
            continue
        name = row.training_class.lecturer
        classes, sheets, total = sums.get(name, (0, 0, Decimal(0)))
        sums[name] = (
            classes + 1,
            sheets + result.answered,
            total + result.lecturer_average * result.answered,
        )
    found = [
        LecturerResult(name, classes, sheets, (total / sheets).quantize(TENTH, ROUND_HALF_UP))
        for name, (classes, sheets, total) in sums.items()
    ]
    return sorted(found, key=lambda one: (-one.average, one.lecturer))


def to_answer(viewer: Viewer) -> QuerySet[Evaluation]:
    """Open evaluations that the viewer has not filled in."""
    if viewer.cadre_id is None or not viewer.on_own_record(Permission.SIGN_UP):
        return Evaluation.objects.none()
    running = Q(opened_on__lte=viewer.on, closes_on__gte=viewer.on, closed_on__isnull=True)
    mine = Q(marks__cadre=viewer.cadre_id, marks__is_used=False)
    return (
        Evaluation.objects.filter(running, mine).select_related("training_class").order_by("closes_on", "pk")
    )


def evaluation_signals(*, since: date, until: date) -> Iterator[NeedSignal]:
    """Classes that came out low: their theme should be trained again, for the whole zone; one query."""
    ended = Q(closed_on__range=(since, until)) | Q(closed_on__isnull=True, closes_on__range=(since, until))
    points = EvaluationAnswer.objects.filter(
        sheet__evaluation=OuterRef("pk"), question__subject=EvaluationSubject.CLASS, points__isnull=False
    )
    average = points.order_by().values("sheet__evaluation").annotate(_mean=Avg("points")).values("_mean")
    rows = Evaluation.objects.filter(ended).annotate(
        answered=count_of(EvaluationSheet.objects.filter(evaluation=OuterRef("pk"))),
        average=Subquery(average, output_field=FloatField()),
    )
    low = rows.filter(answered__gte=FEWEST, average__lt=float(LOW)).select_related("training_class")
    for row in low.order_by("pk"):
        yield NeedSignal(
            theme_code=row.training_class.theme,
            unit_id=None,
            kind=NeedKind.LOW_EVALUATION,
            happened_on=row.closed_on or row.closes_on,
            reason=f"“{row.training_class.name}”学员评价 {in_hundredths(row.average)} 分",
            source_label="学员评价",
            link=Link("training:evaluation", (row.pk,)),
        )
