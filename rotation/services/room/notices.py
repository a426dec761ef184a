"""任前公示: how long it hangs, what was said against somebody, and what came of it."""

from datetime import date, datetime, timedelta

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from core.templatetags.ui import cn_date
from people.models import User
from rotation.choices.decisions import ObjectionState, Outcome
from rotation.models import DecidedMove, Objection, RotationPlan
from rotation.plan_states import PlanAction
from rotation.queries.room.effects import passed_moves
from rotation.queries.rules import thresholds_on
from rotation.services.room.cases import check_handled_by
from rotation.services.room.reading import tell_readers
from rotation.services.room.stepping import check_can, step
from training.queries.study.calendar import day_book
from training.workdays import is_working_day

WEEKS_SPARE = 30  # days: holidays are shorter than this
RESULT_KIND = "rotation.result"


def last_day_of_notice(starts_on: date, days: int) -> date:
    """The day on which so many working days, the first included, have hung out."""
    book = day_book(starts_on, starts_on + timedelta(days=2 * days + WEEKS_SPARE))
    day, counted = starts_on, 0
    while True:
        counted += is_working_day(day, book)
        if counted >= days:
            return day
        day += timedelta(days=1)


@transaction.atomic
def announce(
    *,
    plan: RotationPlan,
    starts_on: date,
    by: Viewer,
    at: datetime,
    ends_on: date | None = None,
    effective_on: date | None = None,
) -> None:
    """Hangs out who has passed; from that day they and everybody here may know."""
    check_handled_by(plan, by)
    check_can(plan, PlanAction.ANNOUNCE)
    if not passed_moves(plan):
        raise DomainError("没有通过的人员，不用公示。", code="nobody")
    if starts_on < by.on:
        raise DomainError("公示开始日期不能早于今天。", field="starts_on", code="past")
    days = thresholds_on(starts_on).notice_days
    least = last_day_of_notice(starts_on, days)
    last = ends_on or least
    if last < least:
        message = f"公示不少于 {days} 个工作日，最早到{cn_date(least)}期满。"
        raise DomainError(message, field="ends_on", code="too_short")
    day = effective_on or plan.effective_on
    if day <= last:
        message = f"任职日期须在公示期满（{cn_date(last)}）之后，请改任职日期。"
        raise DomainError(message, field="effective_on", code="too_early")
    plan.notice_from, plan.notice_to, plan.effective_on = starts_on, last, day
    save_validated(plan, update_fields=["notice_from", "notice_to", "effective_on"])
    step(plan=plan, action=PlanAction.ANNOUNCE, by=by, at=at, note=f"{starts_on} 至 {last}")
    tell_readers(plan, by=by)
    tell_movers(plan, title="您的任前公示已发布", on=starts_on, key="notice")


@transaction.atomic
def change_effective_day(*, plan: RotationPlan, on: date, by: Viewer) -> None:
    """Before it takes effect the day may be put off, or forward to the day after the notice."""
    check_handled_by(plan, by)
    if plan.notice_to and on <= plan.notice_to:
        message = f"任职日期须在公示期满（{cn_date(plan.notice_to)}）之后。"
        raise DomainError(message, field="effective_on", code="too_early")
    rows = RotationPlan.objects.filter(pk=plan.pk, state__in=("decided", "notice"))
    if not rows.update(effective_on=on):
        raise DomainError("已经生效或还没有决定，不能改任职日期。", code="wrong_state")
    record(
        action=AuditAction.NOTICE_CHANGED,
        by=by,
        subject=plan,
        label=f"改任职日期：方案 {plan.pk}",
        changes={"effective_on": (plan.effective_on, on)},
    )
    plan.effective_on = on


def result_key(plan: RotationPlan, key: str) -> str:
    """Under which matter the movers are told of a step."""
    return f"{RESULT_KIND}:{plan.pk}:{key}"


def tell_movers(plan: RotationPlan, *, title: str, on: date, key: str) -> None:
    """The movers themselves: they may know from this day."""
    cadres = [decided.cadre_id for decided in passed_moves(plan)]
    notify(
        recipients=User.objects.filter(cadre__in=cadres, is_active=True).values_list("pk", flat=True),
        kind=RESULT_KIND,
        title=title,
        key=result_key(plan, key),
        on=on,
        url_name="rotation:results",
    )


@transaction.atomic
def record_objection(
    *, decided: DecidedMove, received_on: date, source: str, content: str, by: Viewer, at: datetime
) -> Objection:
    """Nobody takes office before it is settled."""
    plan = decided.decision.plan
    check_handled_by(plan, by)
    if decided.outcome != Outcome.PASSED or plan.notice_from is None:
        raise DomainError("只有公示中的人员可以登记反映。", code="not_on_notice")
    if not plan.notice_from <= received_on <= by.on:
        raise DomainError("收到日期应在公示开始以后、今天以前。", field="received_on", code="day")
    if not content.strip():
        raise DomainError("请写明反映的内容。", field="content", code="no_content")
    row = Objection(
        decided=decided,
        received_on=received_on,
        source=source.strip(),
        content=content.strip(),
        recorded_by_id=by.user_id,
        recorded_at=at,
    )
    save_validated(row)
    record(
        action=AuditAction.NOTICE_CHANGED, by=by, subject=row, label=f"登记公示反映：方案 {plan.pk}", at=at
    )
    return row


@transaction.atomic
def settle_objection(
    *, objection: Objection, state: ObjectionState, answer: str, by: Viewer, at: datetime
) -> None:
    """Unfounded: office is taken as decided. Upheld: this person does not take office under this decision."""
    check_handled_by(objection.decided.decision.plan, by)
    if state == ObjectionState.OPEN or not answer.strip():
        raise DomainError("请选择核查结论，并写明核查情况。", field="answer", code="no_answer")
    waiting = Objection.objects.filter(pk=objection.pk, state=ObjectionState.OPEN)
    if not waiting.exists():
        raise DomainError("这项反映已经办结。", code="settled")
    objection.state, objection.answer = state, answer.strip()
    objection.settled_on, objection.settled_by_id = by.on, by.user_id
    save_validated(objection)
    label = f"办结公示反映：{state.label}"
    record(action=AuditAction.NOTICE_CHANGED, by=by, subject=objection, label=label, at=at)
