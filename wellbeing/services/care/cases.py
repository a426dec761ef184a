"""申请: one event is answered once, whatever the kind and whoever handles it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from people.choices import KinRelation, PoliticalStatus
from people.models import Cadre, KinTie
from wellbeing.choices.care import (
    COMPUTED,
    HELP_KINDS,
    IN_BULK,
    CareKind,
    CareState,
    EventState,
    Hardship,
    kinds_for,
)
from wellbeing.models import CareCase, CareEvent, CareRule
from wellbeing.queries.care.rules import RuleBook
from wellbeing.queries.organisation import Placements
from wellbeing.services.care.events import LONGEST, agreed, event_for
from wellbeing.services.care.money import (
    check_amount,
    free_allowance,
    hold_allowance,
    release_budget,
    yuan,
)
from wellbeing.services.care.parties import (
    APPROVE,
    holders_of,
    refuse_handler,
    refuse_other_handler,
    tell,
)

PARTY = (PoliticalStatus.PARTY_MEMBER, PoliticalStatus.PROBATIONARY)
NO_CONSENT = (
    "本人没有同意为救助帮扶收集家庭经济情况（或已撤回），不能办理。请先请本人在“个人信息”中同意；"
    "不涉及经济困难的，请按慰问办理。"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the handler asks for. `distinct`: the near cases that were shown are about something else."""

    kind: str
    amount: Decimal
    reason: str = ""
    hardship: str = ""
    distinct: bool = False


@transaction.atomic
def start_case(*, event: CareEvent, wish: Wish, by: Viewer, on: date, quietly: bool = False) -> CareCase:
    """Whoever starts it is its handler. The yearly allowance is held from here."""
    refuse_handler(event.cadre, by)
    _refuse_event(event, by)
    rule = _rule_for(event, wish)
    _refuse_second(event)
    if not wish.distinct and event.cause not in COMPUTED:
        _refuse_near(event, rule)
    check_amount(wish.amount, rule)
    hold_allowance(event, rule, wish.amount)
    row = _new_case(event, wish, rule, by, on)
    _save_once(row)
    CareEvent.objects.filter(pk=event.pk).update(handler_id=by.user_id)
    record_case(row, by, "申请")
    if not quietly:
        _tell_approvers(row, on)
    return row


def _new_case(event: CareEvent, wish: Wish, rule: CareRule, by: Viewer, on: date) -> CareCase:
    return CareCase(
        event=event,
        cadre=event.cadre,
        unit_id=Placements([event.cadre_id]).on(event.cadre_id, on).unit_id,
        kind=wish.kind,
        hardship=wish.hardship if wish.kind in HELP_KINDS else "",
        rule=rule,
        fund=rule.fund,
        form=rule.form,
        year=on.year,
        amount=wish.amount,
        reason=wish.reason.strip(),
        handler_id=by.user_id,
        applied_on=on,
    )


def _refuse_event(event: CareEvent, by: Viewer) -> None:
    if event.state != EventState.OPEN:
        raise DomainError("这件事已经结束，不能再办理。", code="settled")
    if event.handler_id not in (None, by.user_id) and not CareCase.objects.filter(event=event).exists():
        raise DomainError(f"这件事已由{event.handler}受理，不用重复办理。", code="taken")


def _rule_for(event: CareEvent, wish: Wish) -> CareRule:
    """The rule of the day of the event, and what it asks of the case."""
    if wish.kind not in kinds_for(event.cause):
        known = "、".join(kind.label for kind in kinds_for(event.cause))
        message = f"“{event.get_cause_display()}”只能办理：{known}。"
        raise DomainError(message, field="kind", code="wrong_kind")
    rule = RuleBook.load().of(wish.kind, event.happened_on)
    if rule is None:
        message = f"{CareKind(wish.kind).label}在 {event.happened_on:%Y-%m-%d} 没有启用的规则，请先登记规则。"
        raise DomainError(message, field="kind", code="no_rule")
    if wish.kind in HELP_KINDS:
        _check_help(event.cadre, wish)
    if len(wish.reason) > LONGEST:
        raise DomainError(f"事由说明不超过 {LONGEST} 字。", field="reason", code="too_long")
    return rule


def _check_help(cadre: Cadre, wish: Wish) -> None:
    if wish.hardship not in Hardship.values:
        raise DomainError("救助和帮扶要选择困难类型。", field="hardship", code="no_hardship")
    if wish.kind == CareKind.PARTY_HELP and cadre.political_status not in PARTY:
        message = f"{cadre.name}不是中共党员，不能办理困难党员帮扶；可按救助办理。"
        raise DomainError(message, field="kind", code="not_party")
    refuse_without_consent(wish.kind, cadre.pk)


def refuse_without_consent(kind: str, cadre_id: int) -> None:
    """Asked at each step until the money is given: a withdrawn consent stops the case."""
    if kind in HELP_KINDS and not agreed(cadre_id):
        raise DomainError(NO_CONSENT, code="no_consent")


def _refuse_second(event: CareEvent) -> None:
    found = CareCase.objects.live().filter(event=event).select_related("handler").first()
    if found is not None:
        raise DomainError(_already(found), code="duplicate")


def _already(found: CareCase) -> str:
    return (
        f"这件事已由{found.handler}在 {found.applied_on:%Y-%m-%d} 办理“{found.get_kind_display()}”"
        f"（{found.get_state_display()}，{yuan(found.amount)} 元），同一件事只办理一次。"
    )


def _save_once(row: CareCase) -> None:
    """Another process may have been first: the unique constraint says so, and the sentence says who."""
    try:
        save_validated(row)
    except DomainError:
        _refuse_second(row.event)
        raise


def near_cases(event: CareEvent, rule: CareRule) -> list[CareCase]:
    """Live cases of the cadre, or of the spouse, so near that they may be about the same thing."""
    span = timedelta(days=rule.near_days)
    rows = CareCase.objects.live().exclude(event=event).exclude(event__cause__in=COMPUTED)
    rows = rows.filter(
        cadre_id__in=[event.cadre_id, *_spouses(event.cadre_id)],
        event__happened_on__range=(event.happened_on - span, event.happened_on + span),
    )
    same = rows.select_related("event", "cadre", "handler").order_by("event__happened_on")
    return [case for case in same if case.cadre_id == event.cadre_id or case.event.cause == event.cause]


def _spouses(cadre_id: int) -> list[int]:
    ties = KinTie.objects.of([cadre_id]).filter(relation=KinRelation.SPOUSE)
    pairs = ties.values_list("cadre_id", "relative_id")
    return [one for pair in pairs for one in pair if one != cadre_id]


def _refuse_near(event: CareEvent, rule: CareRule) -> None:
    found = near_cases(event, rule)
    if found:
        case = found[0]
        whose = "" if case.cadre_id == event.cadre_id else f"其配偶{case.cadre.name}"
        message = (
            f"{whose}{case.event.happened_on:%Y-%m-%d} 的“{case.event.get_cause_display()}”已办理"
            f"“{case.get_kind_display()}”（{yuan(case.amount)} 元）。是同一件事的不要重复办理；"
            "确实是另一件事的，请勾选“不是同一件事”。"
        )
        raise DomainError(message, field="distinct", code="near")


@transaction.atomic
def resubmit_case(*, case: CareCase, amount: Decimal, reason: str, by: Viewer, on: date) -> None:
    """After 退回: the handler changes what was asked for and hands it in again."""
    refuse_other_handler(case, by)
    refuse_without_consent(case.kind, case.cadre_id)
    if len(reason) > LONGEST:
        raise DomainError(f"事由说明不超过 {LONGEST} 字。", field="reason", code="too_long")
    check_amount(amount, case.rule)
    before = case.amount
    move_case(case, (CareState.RETURNED,), CareState.APPLIED, amount=amount, applied_on=on,
              approver=None, decided_on=None)  # fmt: skip
    free_allowance(case, before)
    hold_allowance(case.event, case.rule, amount)
    write_case(case, reason=reason.strip())
    record_case(case, by, "重新申请")
    _tell_approvers(case, on)


@transaction.atomic
def withdraw_case(*, case: CareCase, by: Viewer) -> None:
    """撤回: as long as nothing was given; what was held and committed is free again."""
    refuse_other_handler(case, by)
    before = CareState(case.state)
    if before not in (CareState.APPLIED, CareState.RETURNED, CareState.APPROVED):
        raise DomainError("已经发放的不能撤回。", code="wrong_state")
    move_case(case, (before,), CareState.WITHDRAWN)
    free_allowance(case, case.amount)
    if before == CareState.APPROVED:
        release_budget(case)
    record_case(case, by, "撤回")


@transaction.atomic
def take_over(*, case: CareCase, by: Viewer) -> None:
    """接手办理: the previous handler can open the reason no more."""
    refuse_handler(case.cadre, by)
    if case.approver_id == by.user_id:
        raise DomainError("您审批过这件，不能再经办。", code="self")
    open_states = (CareState.APPLIED, CareState.RETURNED, CareState.APPROVED, CareState.GIVEN)
    rows = CareCase.objects.filter(pk=case.pk, handler_id=case.handler_id, state__in=open_states)
    if not rows.update(handler_id=by.user_id):
        raise DomainError("这件的状态已经变化，请刷新页面查看。", code="conflict")
    CareEvent.objects.filter(pk=case.event_id).update(handler_id=by.user_id)
    case.refresh_from_db()
    record_case(case, by, "接手办理")


@dataclass(slots=True)
class Bulk:
    """What a bulk act did, and one sentence for each that it could not do."""

    done: int = 0
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BulkItem:
    cadre: Cadre
    cause: str
    key: str
    happened_on: date
    rule: CareRule


def start_in_bulk(*, items: Iterable[BulkItem], by: Viewer, on: date) -> Bulk:
    """Birthdays and festivals by their rules; one that is refused does not hold up the others."""
    bulk, last = Bulk(), None
    for item in items:
        try:
            last = _start_item(item, by, on)
            bulk.done += 1
        except DomainError as refusal:
            bulk.refused.append(f"{item.cadre.name}：{refusal.message}")
    if last is not None:
        _tell_approvers(last, on)
    return bulk


@transaction.atomic
def _start_item(item: BulkItem, by: Viewer, on: date) -> CareCase:
    if item.cause not in IN_BULK:
        raise DomainError("只有生日和节日可以批量发起，其他请逐件办理。", code="not_in_bulk")
    event = event_for(cadre=item.cadre, cause=item.cause, key=item.key, happened_on=item.happened_on)
    wish = Wish(kind=item.rule.kind, amount=item.rule.amount)
    return start_case(event=event, wish=wish, by=by, on=on, quietly=True)


# What the steps share


def move_case(case: CareCase, sources: tuple[CareState, ...], target: CareState, **values: object) -> None:
    """Of two who press at once, one moves it; the other is told what has become of it."""
    rows = CareCase.objects.filter(pk=case.pk, state__in=sources)
    moved = rows.update(state=target, **values)
    case.refresh_from_db()
    if not moved:
        message = f"这件已由他人办理，现为“{case.get_state_display()}”，不能重复办理。"
        raise DomainError(message, code="conflict")


def write_case(case: CareCase, **texts: str) -> None:
    """Ciphertext is bound to its row, so it is written by saving the row, after the conditional move."""
    for name, text in texts.items():
        setattr(case, name, text)
    save_validated(case, update_fields=list(texts))


def record_case(case: CareCase, by: Viewer | None, what: str) -> None:
    record(action=AuditAction.CARE_CHANGED, by=by, subject=case, label=f"{case}：{what}")


def _tell_approvers(case: CareCase, on: date) -> None:
    users = set(holders_of(APPROVE, case.cadre_id, on=on)) - {case.handler_id}
    tell(users, "有慰问救助申请待您审批", key="to_approve", on=on, url_name="wellbeing:care_cases")
