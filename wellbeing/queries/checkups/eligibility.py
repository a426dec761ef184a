"""Who is meant by the rules of a day: reckoned in one go, and said in words beside the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.periods import covers
from people.choices import CadreStatus
from people.models import Cadre, Unit
from people.ranks import rank_order
from wellbeing.choices.checkups import CheckupState, Frequency
from wellbeing.models import CheckupMember, CheckupRule


@dataclass(frozen=True, slots=True)
class Eligible:
    cadre_id: int
    unit_id: int | None
    rule: CheckupRule


def rules_on(day: date) -> list[CheckupRule]:
    """In force and switched on, the more frequent first: they decide whose turn it is."""
    rows = CheckupRule.objects.filter(covers(day), is_on=True)
    return sorted(rows, key=lambda rule: (rule.frequency, rule.name))


def eligible(*, year: int, on: date) -> list[Eligible]:
    """Active cadres whose turn it is in the year, with the first rule that says so; five queries at most."""
    rules = rules_on(on)
    last_year = _done_in(year - 1) if any(r.frequency == Frequency.TWO_YEARLY for r in rules) else set()
    kinds = dict(Unit.objects.values_list("pk", "kind"))
    placed: Any = Cadre.objects.with_position(on).filter(status=CadreStatus.ACTIVE).order_by("pk")
    found = []
    for cadre in placed:
        kind = kinds.get(cadre.unit_id_at, "")
        mine = (rule for rule in rules if fits(rule, cadre, year, kind))
        rule = next((r for r in mine if _has_turn(r, cadre.pk in last_year)), None)
        if rule is not None:
            found.append(Eligible(cadre.pk, cadre.unit_id_at, rule))
    return found


def _has_turn(rule: CheckupRule, went_last_year: bool) -> bool:
    return rule.frequency == Frequency.YEARLY or not went_last_year


def _done_in(year: int) -> set[int]:
    rows = CheckupMember.objects.filter(campaign__year=year, state=CheckupState.DONE)
    return set(rows.values_list("cadre_id", flat=True))


def fits(rule: CheckupRule, cadre: Cadre, year: int, unit_kind: str) -> bool:
    """A condition on something unknown (no birth month, no rank) is not met."""
    age = year - cadre.birth_month.year if cadre.birth_month else None
    served = year - cadre.work_started_on.year if cadre.work_started_on else None
    return (
        _at_least(age, rule.min_age)
        and (rule.max_age is None or (age is not None and age <= rule.max_age))
        and _at_least(served, rule.min_years)
        and rule.sex in ("", cadre.sex)
        and rule.unit_kind in ("", unit_kind)
        and (not rule.rank or rank_order(cadre.rank) <= rank_order(rule.rank))
    )


def _at_least(value: int | None, least: int | None) -> bool:
    return least is None or (value is not None and value >= least)


def rule_words(rule: CheckupRule) -> str:
    """One rule as a person reads it: 女干部：女，40–49 周岁，每年一次."""
    conditions = [*_conditions(rule), rule.get_frequency_display()]
    return f"{rule.name}：{'，'.join(conditions)}"


def _conditions(rule: CheckupRule) -> Iterable[str]:
    if rule.sex:
        yield str(rule.get_sex_display())
    if rule.min_age is not None and rule.max_age is not None:
        yield f"{rule.min_age}–{rule.max_age} 周岁"
    elif rule.min_age is not None:
        yield f"{rule.min_age} 周岁及以上"
    elif rule.max_age is not None:
        yield f"{rule.max_age} 周岁及以下"
    if rule.min_years is not None:
        yield f"参加工作满 {rule.min_years} 年"
    if rule.rank:
        yield f"{rule.rank}及以上职级"
    if rule.unit_kind:
        yield str(rule.get_unit_kind_display())


def rules_words(rules: Sequence[CheckupRule]) -> str:
    return "\n".join(rule_words(rule) for rule in rules)
