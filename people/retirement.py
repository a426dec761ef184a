"""到龄年月 under the gradual rule in force since 2025-01-01 (domain.md 2.7)."""

from dataclasses import dataclass
from datetime import date

REFORM_YEAR = 2025


@dataclass(frozen=True, slots=True)
class _Delay:
    """One month later for every `birth_months` that the old month lies beyond the reform, up to `most`."""

    birth_months: int
    most: int


_DELAYS = {60: _Delay(4, 36), 55: _Delay(4, 36), 50: _Delay(2, 60)}


def retirement_month(birth_month: date, *, base_age: int) -> date:
    """First day of the month in which a person reaches the age; `base_age` is the limit before the reform."""
    months = birth_month.year * 12 + birth_month.month - 1 + base_age * 12
    beyond = months - REFORM_YEAR * 12 + 1
    rule = _DELAYS.get(base_age)
    if rule is not None and beyond > 0:
        months += min(-(-beyond // rule.birth_months), rule.most)
    return date(months // 12, months % 12 + 1, 1)
