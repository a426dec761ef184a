"""Money that runs out: a person's yearly allowance and the budget of a fund.

Both move by one conditional UPDATE in the caller's transaction, so two clerks at once cannot pass a limit.
"""

from decimal import Decimal

from django.db.models import F

from core.errors import DomainError
from wellbeing.choices.care import CareFund
from wellbeing.models import CareAllowance, CareBudget, CareCase, CareEvent, CareRule


def yuan(amount: Decimal) -> str:
    """1000.00 is 1000, 12.50 is 12.50."""
    return f"{amount:.0f}" if amount == amount.to_integral_value() else f"{amount:.2f}"


def check_amount(amount: Decimal, rule: CareRule) -> None:
    """What one event may bring; the sentence names the rule and the way out."""
    if amount <= 0:
        raise DomainError("金额要大于 0 元。", field="amount", code="no_amount")
    if amount > rule.amount:
        message = (
            f"{rule}每次不超过 {yuan(rule.amount)} 元（{rule.source}），请把金额改为 {yuan(rule.amount)} 元"
            "以内；确需提高的，先在“慰问规则”中按程序修改标准。"
        )
        raise DomainError(message, field="amount", code="beyond_rule")


def hold_allowance(event: CareEvent, rule: CareRule, amount: Decimal) -> None:
    """Takes the amount out of what the person may have of this kind in the year of the event."""
    key = {"cadre_id": event.cadre_id, "kind": rule.kind, "year": event.happened_on.year}
    row, _ = CareAllowance.objects.get_or_create(**key)
    room = CareAllowance.objects.filter(pk=row.pk, used__lte=rule.yearly_cap - amount)
    if not room.update(used=F("used") + amount):
        row.refresh_from_db()
        left = max(rule.yearly_cap - row.used, Decimal(0))
        message = (
            f"{event.cadre.name}{event.happened_on.year}年的{rule}已用 {yuan(row.used)} 元，每人每年不超过 "
            f"{yuan(rule.yearly_cap)} 元（{rule.source}），还可办理 {yuan(left)} 元。"
            "请减少金额，或撤回其他申请。"
        )
        raise DomainError(message, field="amount", code="beyond_cap")


def free_allowance(case: CareCase, amount: Decimal) -> None:
    rows = CareAllowance.objects.filter(
        cadre_id=case.cadre_id, kind=case.kind, year=case.event.happened_on.year, used__gte=amount
    )
    rows.update(used=F("used") - amount)


def commit_budget(case: CareCase) -> None:
    """Approved money; refused where the fund of the year has not enough left."""
    rows = CareBudget.objects.filter(fund=case.fund, year=case.year)
    room = rows.filter(total__gte=F("committed") + F("given") + case.amount)
    if room.update(committed=F("committed") + case.amount):
        return
    budget, fund = rows.first(), CareFund(case.fund).label
    if budget is None:
        message = f"还没有登记{case.year}年的{fund}预算，请先在“预算”中登记。"
        raise DomainError(message, code="no_budget")
    message = (
        f"{budget}只剩 {yuan(budget.left)} 元，不够本次的 {yuan(case.amount)} 元。"
        "请先按程序追加预算，或退回后改用其他标准。"
    )
    raise DomainError(message, code="beyond_budget")


def release_budget(case: CareCase) -> None:
    """What was approved and is not given after all."""
    rows = CareBudget.objects.filter(fund=case.fund, year=case.year, committed__gte=case.amount)
    rows.update(committed=F("committed") - case.amount)


def spend_budget(case: CareCase) -> None:
    rows = CareBudget.objects.filter(fund=case.fund, year=case.year, committed__gte=case.amount)
    if not rows.update(committed=F("committed") - case.amount, given=F("given") + case.amount):
        raise DomainError("预算中没有这笔已批金额，请刷新页面后重试。", code="conflict")
