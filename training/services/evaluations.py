"""Evaluation of classes. Nothing here writes who answered beside what was answered.

Handing in a sheet leaves no audit event: its time and address would lead from the person to the sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from training.choices import SEATED_STATES, AnswerKind, EvaluationSubject
from training.models import (
    Evaluation,
    EvaluationAnswer,
    EvaluationMark,
    EvaluationQuestion,
    EvaluationSheet,
    EvaluationTemplate,
    TrainingClass,
)
from training.queries.audience import accounts_of
from training.queries.evaluations import FEWEST

MOST_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    text: str
    kind: AnswerKind = AnswerKind.SCALE
    subject: EvaluationSubject = EvaluationSubject.CLASS


@transaction.atomic
def create_template(*, name: str, questions: Sequence[AskedQuestion], by: Viewer) -> EvaluationTemplate:
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        message = f"问卷应有 1 至 {MOST_QUESTIONS} 个问题。"
        raise DomainError(message, field="questions", code="wrong_number")
    template = EvaluationTemplate(name=name)
    save_validated(template)
    for order, asked in enumerate(questions, start=1):
        row = EvaluationQuestion(template=template, order=order, text=asked.text)
        row.kind, row.subject = asked.kind, asked.subject
        save_validated(row)
    _note(template, f"新建问卷：{template}，{len(questions)} 题", by)
    return template


@transaction.atomic
def switch_template(*, template: EvaluationTemplate, by: Viewer, on: date) -> None:
    """Out of use, or in use again."""
    template.closed_on = None if template.closed_on else on
    save_validated(template, update_fields=["closed_on"])
    _note(template, f"{'停用' if template.closed_on else '启用'}问卷：{template}", by)


@transaction.atomic
def open_evaluation(
    *, training_class: TrainingClass, template: EvaluationTemplate, closes_on: date, by: Viewer, on: date
) -> Evaluation:
    """Asks everyone who took part; with fewer than five the answers could never be shown."""
    seated = training_class.participations.filter(state__in=SEATED_STATES)
    people = list(seated.values_list("cadre_id", flat=True))
    if len(people) < FEWEST:
        message = f"参训不足 {FEWEST} 人，匿名评价的结果不能显示，不必发放问卷。"
        raise DomainError(message, code="too_few")
    if training_class.starts_on > on:
        raise DomainError("班次还没有开班，请在开班后再发放问卷。", code="too_early")
    if closes_on < on:
        raise DomainError("截止日期不能早于今天。", field="closes_on", code="due_in_the_past")
    found = Evaluation(training_class=training_class, template=template, opened_on=on, closes_on=closes_on)
    save_validated(found)
    EvaluationMark.objects.bulk_create(EvaluationMark(evaluation=found, cadre_id=pk) for pk in people)
    _note(found, f"发放评价问卷：{training_class}，{len(people)} 人", by)
    _tell(found, people, on, f"请评价：{training_class.name}")
    return found


@transaction.atomic
def answer_evaluation(
    *, evaluation: Evaluation, answers: Mapping[int, int | str], by: Viewer, on: date
) -> None:
    """One sheet per person: the mark is used up in one statement, and the sheet does not know of it."""
    if by.cadre_id is None or not by.on_own_record(Permission.SIGN_UP):
        raise DomainError("只有参训学员本人可以填写。", code="not_allowed")
    if not is_open(evaluation, on):
        raise DomainError("问卷已经截止，不能再填写。", code="not_open")
    rows = _read(evaluation, answers)
    mine = EvaluationMark.objects.filter(evaluation=evaluation, cadre=by.cadre_id, is_used=False)
    if not mine.update(is_used=True):
        raise DomainError("你已经填写过，或不在参训名单中，不能再次填写。", code="used")
    sheet = EvaluationSheet.objects.create(evaluation=evaluation)
    for row in rows:
        row.sheet = sheet
    EvaluationAnswer.objects.bulk_create(rows)


@transaction.atomic
def close_evaluation(*, evaluation: Evaluation, by: Viewer, on: date) -> None:
    """Ends it early: results are shown once it is over."""
    if evaluation.closed_on is not None:
        return
    evaluation.closed_on = on
    save_validated(evaluation, update_fields=["closed_on"])
    _note(evaluation, f"结束评价：{evaluation}", by)


@transaction.atomic
def remind_attendees(*, evaluation: Evaluation, by: Viewer, on: date) -> int:
    """Tells those who have not answered; the office learns their number, not their names."""
    if not is_open(evaluation, on):
        raise DomainError("问卷已经截止，不必再提醒。", code="not_open")
    left = list(evaluation.marks.filter(is_used=False).values_list("cadre_id", flat=True))
    told = _tell(evaluation, left, on, f"请在截止前评价：{evaluation.training_class.name}")
    _note(evaluation, f"提醒评价：{evaluation}", by)
    return told


def is_open(evaluation: Evaluation, on: date) -> bool:
    return evaluation.closed_on is None and evaluation.opened_on <= on <= evaluation.closes_on


def _read(evaluation: Evaluation, answers: Mapping[int, int | str]) -> list[EvaluationAnswer]:
    """Every scale needs its points; words are free."""
    rows = []
    for question in evaluation.template.questions.order_by("order", "pk"):
        given = answers.get(question.pk, "")
        row = EvaluationAnswer(question=question)
        if question.kind == AnswerKind.SCALE:
            if given not in (1, 2, 3, 4, 5):
                message = f"请为“{question.text}”选 1 至 5 分。"
                raise DomainError(message, field=f"q{question.pk}", code="missing_points")
            row.points = int(given)
        else:
            row.text = str(given).strip()[:1000]
        rows.append(row)
    return rows


def _tell(evaluation: Evaluation, cadre_ids: Sequence[int], on: date, title: str) -> int:
    return notify(
        recipients=accounts_of(cadre_ids),
        kind="training.evaluation",
        title=title,
        key=f"evaluation:{evaluation.pk}",
        on=on,
        url_name="training:evaluation_answer",
        args=(evaluation.pk,),
        detail=f"匿名填写，{evaluation.closes_on:%Y-%m-%d} 截止",
    )


def _note(subject: Any, label: str, by: Viewer) -> None:
    record(action=AuditAction.EVALUATION_CHANGED, by=by, subject=subject, label=label)
