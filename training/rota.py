"""Who should speak next at the bimonthly activity; pure, so that every choice can be explained.

Young cadres come first, among them those who have not spoken, then whoever spoke longest ago. Departments
take turns: the one with fewer picks in this proposal, then with fewer speeches per head in the last year.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone expected at the activity. `department_load`: speeches of the department in the last year."""

    cadre_id: int
    name: str
    department: str
    age: int | None
    last_spoke_on: date | None = None
    department_load: int = 0
    department_size: int = 1


@dataclass(frozen=True, slots=True)
class Proposal:
    candidate: Candidate
    reason: str


def propose(candidates: Sequence[Candidate], *, count: int, on: date, youth_age: int) -> list[Proposal]:
    """The next `count` speakers in order, each with the reason in words."""
    left, picked = list(candidates), Counter[str]()
    chosen: list[Proposal] = []
    while left and len(chosen) < count:
        best = min(left, key=lambda one: _place(one, picked, youth_age))
        left.remove(best)
        picked[best.department] += 1
        chosen.append(Proposal(best, _reason(best, on, youth_age)))
    return chosen


def is_young(candidate: Candidate, youth_age: int) -> bool:
    return candidate.age is not None and candidate.age <= youth_age


def _place(one: Candidate, picked: Counter[str], youth_age: int) -> tuple[object, ...]:
    """The smallest place speaks first; the name and the key make the order total."""
    load = Fraction(one.department_load, max(1, one.department_size))
    spoke = one.last_spoke_on or date.min
    return (
        not is_young(one, youth_age),
        spoke != date.min,
        picked[one.department],
        spoke,
        load,
        one.cadre_id,
    )


def _reason(one: Candidate, on: date, youth_age: int) -> str:
    age = f"{one.age} 岁" if one.age is not None else "年龄未登记"
    young = "，属青年干部" if is_young(one, youth_age) else ""
    if one.last_spoke_on is None:
        spoke = "还没有发过言"
    else:
        months = (on.year - one.last_spoke_on.year) * 12 + on.month - one.last_spoke_on.month
        spoke = f"上次发言在 {months} 个月前" if months > 0 else "本月发过言"
    department = f"{one.department}近一年发言 {one.department_load} 人次" if one.department else "未登记部门"
    return f"{age}{young}；{spoke}；{department}。"
