"""The bank of questions, quizzes, and handing them in. Passing counts by the rule 通过测试 if it is set."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import Changes, apply_changes, changes_to, save_validated, values_of
from training.choices import ConversionBasis, HourSource, QuestionKind
from training.conversion import Conversion, Learning, Posting, convert
from training.hours import ZERO
from training.models import Question, Quiz, QuizAnswer, QuizAttempt, QuizQuestion
from training.models.quiz import LETTERS
from training.queries.articles import used_in_year
from training.queries.audience import accounts_of, own_unit_id
from training.queries.conversion import conversion_book, learners
from training.queries.quizzes import takers_of, waiting_takers
from training.scoring import is_right, share_of
from training.services.ledger import settle_all

QUESTION_FIELDS = ("theme", "kind", "text", "options", "answer", "explanation")
QUIZ_FIELDS = (
    "title",
    "theme",
    "training_class",
    "article",
    "audience",
    "unit",
    "group",
    "pass_mark",
    "attempts_allowed",
    "opens_on",
    "due_on",
)
JUDGE_OPTIONS = "正确\n错误"


# The bank


@transaction.atomic
def create_question(*, values: Mapping[str, Any], by: Viewer) -> Question:
    question = Question(**values)
    _check_question(question)
    save_validated(question)
    _note_question(question, f"新增试题：{question}", by, values_of(question, QUESTION_FIELDS))
    return question


@transaction.atomic
def change_question(*, question: Question, values: Mapping[str, Any], by: Viewer) -> None:
    """A question that people have answered stands: what they were marked by must stay readable."""
    changes = changes_to(question, values)
    if not changes:
        return
    if question.answers.exists():
        message = "已有人作答的试题不能修改；请停用它，再新增一道。"
        raise DomainError(message, code="answered")
    apply_changes(question, changes)
    _check_question(question)
    save_validated(question)
    _note_question(question, f"修改试题：{question}", by, changes)


@transaction.atomic
def retire_question(*, question: Question, by: Viewer, on: date) -> None:
    """It is not offered for new quizzes any more; set again it comes back."""
    before, question.retired_on = question.retired_on, None if question.retired_on else on
    save_validated(question, update_fields=["retired_on", "updated_at"])
    words = "停用试题" if question.retired_on else "恢复试题"
    _note_question(question, f"{words}：{question}", by, {"retired_on": (before, question.retired_on)})


# Quizzes


@transaction.atomic
def create_quiz(*, values: Mapping[str, Any], questions: Sequence[Question], by: Viewer, on: date) -> Quiz:
    """A quiz of an article is meant for the article's audience; one of a class for its people."""
    quiz = Quiz(**values)
    if quiz.article:
        quiz.audience, quiz.unit, quiz.group = quiz.article.audience, quiz.article.unit, quiz.article.group
    if not questions:
        raise DomainError("请至少选一道试题。", field="questions", code="no_questions")
    if quiz.due_on and quiz.due_on < on:
        raise DomainError("截止日期不能早于今天。", field="due_on", code="due_in_the_past")
    save_validated(quiz)
    _place(quiz, questions)
    _note(quiz, f"新建测验：{quiz}，{len(questions)} 题", by, values_of(quiz, QUIZ_FIELDS))
    _tell(quiz, on, f"请参加测验：{quiz.title}")
    return quiz


@transaction.atomic
def change_quiz(*, quiz: Quiz, values: Mapping[str, Any], questions: Sequence[Question], by: Viewer) -> None:
    """Questions and pass mark stand from the first attempt on."""
    changes = changes_to(quiz, values)
    before = list(quiz.places.values_list("question_id", flat=True))
    other = set(before) != {question.pk for question in questions}
    if quiz.attempts.exists() and (other or "pass_mark" in changes):
        message = "已有人交卷，题目和及格分不能再改；可以延长截止日期、增加可答次数。"
        raise DomainError(
            message, field="pass_mark" if "pass_mark" in changes else "questions", code="answered"
        )
    if not questions:
        raise DomainError("请至少选一道试题。", field="questions", code="no_questions")
    if changes:
        apply_changes(quiz, changes)
        save_validated(quiz)
    if other:
        quiz.places.all().delete()
        _place(quiz, questions)
        changes["questions"] = (f"{len(before)} 题", f"{len(questions)} 题")
    if changes:
        _note(quiz, f"修改测验：{quiz}", by, changes)


@transaction.atomic
def close_quiz(*, quiz: Quiz, by: Viewer, on: date) -> None:
    """Ends it before its day; set again it goes on."""
    before, quiz.closed_on = quiz.closed_on, None if quiz.closed_on else on
    save_validated(quiz, update_fields=["closed_on", "updated_at"])
    words = "提前结束测验" if quiz.closed_on else "恢复测验"
    _note(quiz, f"{words}：{quiz}", by, {"closed_on": (before, quiz.closed_on)})


@transaction.atomic
def remind_takers(*, quiz: Quiz, within: Iterable[int], by: Viewer, on: date) -> int:
    people = waiting_takers(quiz).filter(pk__in=list(within))
    told = _notify(quiz, accounts_of(people.values("pk")), on, f"请在截止前完成测验：{quiz.title}")
    record(
        action=AuditAction.QUIZ_CHANGED,
        by=by,
        subject=quiz,
        label=f"提醒测验：{quiz}",
        reason=f"提醒 {told} 人",
    )
    return told


# Taking it


@transaction.atomic
def hand_in(*, quiz: Quiz, answers: Mapping[int, str], by: Viewer, at: datetime) -> QuizAttempt:
    """Marks the answers (question → letters) and keeps them; all of one attempt or none."""
    on = timezone.localdate(at)
    cadre_id, number = _next_attempt(quiz, by, on)
    questions = [place.question for place in quiz.places.select_related("question")]
    marked = [(question, _chosen(question, answers)) for question in questions]
    right = [is_right(question.kind, question.answer, chosen) for question, chosen in marked]
    score = share_of(sum(right), len(questions))
    attempt = QuizAttempt(
        quiz=quiz,
        cadre_id=cadre_id,
        unit_id=own_unit_id(cadre_id, on),
        number=number,
        taken_at=at,
        score=score,
        passed=score >= quiz.pass_mark,
    )
    _save_attempt(attempt)
    QuizAnswer.objects.bulk_create(
        QuizAnswer(attempt=attempt, question=question, chosen=chosen, is_right=good)
        for (question, chosen), good in zip(marked, right, strict=True)
    )
    settle_results(pairs=[(quiz.pk, cadre_id)], by=by, at=at)
    record(action=AuditAction.QUIZ_TAKEN, by=by, subject=attempt, label=f"测验交卷：{quiz}，第 {number} 次")
    return attempt


def settle_results(
    *, pairs: Iterable[tuple[int, int]], by: Viewer | None, at: datetime, reason: str = ""
) -> None:
    """Hours of (quiz, cadre) pairs: one posting for the first pass, by the rule of its day, else none."""
    wanted: dict[str, list[Posting]] = {_source_key(*pair): [] for pair in pairs}
    passes = _first_passes(wanted)
    book, known = conversion_book(), learners([attempt.cadre_id for attempt in passes])
    groups: dict[tuple[Conversion | None, int], list[QuizAttempt]] = defaultdict(list)
    for attempt in passes:
        day = timezone.localdate(attempt.taken_at)
        groups[book.rule(HourSource.ONLINE, day, "", ConversionBasis.ONLINE_TEST), day.year].append(attempt)
    for (rule, year), attempts in groups.items():
        keys = [attempt.cadre_id for attempt in attempts]
        used = used_in_year(rule, keys, year, besides=list(wanted)) if rule else {}
        for attempt in attempts:
            wanted[_source_key(attempt.quiz_id, attempt.cadre_id)] = convert(
                book,
                known[attempt.cadre_id],
                _learning(attempt, used.get(attempt.cadre_id, ZERO)),
                basis=ConversionBasis.ONLINE_TEST,
                quantity=Decimal(1),
            )
    settle_all(source=HourSource.ONLINE, wanted=wanted, by=by, at=at, reason=reason)


def _source_key(quiz_id: int, cadre_id: int) -> str:
    return f"quiz:{quiz_id}:{cadre_id}"


def _first_passes(wanted: Mapping[str, Sequence[Posting]]) -> list[QuizAttempt]:
    pairs = [tuple(int(part) for part in key.split(":")[1:]) for key in wanted]
    rows = QuizAttempt.objects.filter(
        passed=True, quiz__in=[quiz for quiz, _ in pairs], cadre__in=[cadre for _, cadre in pairs]
    )
    found: dict[str, QuizAttempt] = {}
    for attempt in rows.select_related("quiz").order_by("taken_at", "number"):
        key = _source_key(attempt.quiz_id, attempt.cadre_id)
        if key in wanted:
            found.setdefault(key, attempt)
    return list(found.values())


def _learning(attempt: QuizAttempt, used: Decimal) -> Learning:
    day = timezone.localdate(attempt.taken_at)
    return Learning(HourSource.ONLINE, f"测验：{attempt.quiz.title}", day, day, used=used)


def _next_attempt(quiz: Quiz, by: Viewer, on: date) -> tuple[int, int]:
    """Whose attempt it is, and which."""
    if by.cadre_id is None or not takers_of(quiz).filter(pk=by.cadre_id).exists():
        raise DomainError("你不在这次测验的对象中，不需要作答。", code="not_meant")
    if quiz.closed_on or not quiz.opens_on <= on <= quiz.due_on:
        span = f"{quiz.opens_on:%Y-%m-%d} 至 {quiz.due_on:%Y-%m-%d}"
        raise DomainError(f"现在不能作答；测验时间为 {span}。", code="not_open")
    mine = list(QuizAttempt.objects.filter(quiz=quiz, cadre=by.cadre_id))
    if any(attempt.passed for attempt in mine):
        raise DomainError("你已经通过这次测验，不必再答。", code="passed")
    taken = [attempt.number for attempt in mine if attempt.number]
    if len(taken) >= quiz.attempts_allowed:
        message = f"{quiz.attempts_allowed} 次机会已用完，请联系组织人事部门。"
        raise DomainError(message, code="no_attempts_left")
    return by.cadre_id, max(taken, default=0) + 1


def _chosen(question: Question, answers: Mapping[int, str]) -> str:
    letters = {letter for letter, _ in question.choices}
    return "".join(sorted(letter for letter in set(answers.get(question.pk, "")) if letter in letters))


def _save_attempt(attempt: QuizAttempt) -> None:
    """Two taps of one person: the second finds the number taken."""
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError("这一次答题已经交卷，请返回查看成绩。", code="conflict") from error


def _place(quiz: Quiz, questions: Sequence[Question]) -> None:
    QuizQuestion.objects.bulk_create(
        QuizQuestion(quiz=quiz, question=question, order=number)
        for number, question in enumerate(questions, start=1)
    )


def _check_question(question: Question) -> None:
    """The options are what the kind needs, and the answer is among them."""
    if question.kind == QuestionKind.JUDGE:
        question.options = JUDGE_OPTIONS
    lines = [line.strip() for line in question.options.splitlines() if line.strip()]
    question.options = "\n".join(lines)
    question.answer = "".join(sorted(set(question.answer.upper())))
    if not 2 <= len(lines) <= len(LETTERS):
        message = f"请写 2 至 {len(LETTERS)} 个选项，每行一个。"
        raise DomainError(message, field="options", code="wrong_options")
    if not question.answer or set(question.answer) - set(LETTERS[: len(lines)]):
        message = f"正确答案应是选项的字母，共 {len(lines)} 个选项，即 {LETTERS[: len(lines)]}。"
        raise DomainError(message, field="answer", code="wrong_answer")
    if question.kind != QuestionKind.MULTIPLE and len(question.answer) != 1:
        raise DomainError("单选题和判断题只有一个正确答案。", field="answer", code="wrong_answer")


def _tell(quiz: Quiz, on: date, title: str) -> None:
    if quiz.opens_on <= on:
        _notify(quiz, accounts_of(takers_of(quiz).values("pk")), on, title)


def _notify(quiz: Quiz, accounts: Sequence[int], on: date, title: str) -> int:
    return notify(
        recipients=accounts,
        kind="training.quiz",
        title=title,
        key=f"quiz:{quiz.pk}",
        on=on,
        url_name="training:quiz_take",
        args=(quiz.pk,),
        detail=f"截止：{quiz.due_on:%Y-%m-%d}",
    )


def _note(quiz: Quiz, label: str, by: Viewer, changes: Changes) -> None:
    record(action=AuditAction.QUIZ_CHANGED, by=by, subject=quiz, label=label, changes=changes)


def _note_question(question: Question, label: str, by: Viewer, changes: Changes) -> None:
    record(action=AuditAction.QUIZ_CHANGED, by=by, subject=question, label=label[:200], changes=changes)
