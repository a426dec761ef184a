"""How far an indicator is, as arithmetic: share of the way, met or not, sums along the tree."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from park.choices import Comparison

FALLING = (Comparison.AT_MOST, Comparison.DECREASE_BY)


@dataclass(frozen=True, slots=True)
class Goal:
    target: Decimal
    baseline: Decimal | None
    comparison: str
    unit: str = ""


def is_met(goal: Goal, latest: Decimal | None) -> bool | None:
    """None while nothing was read. 左右 allows a twentieth either way."""
    if latest is None:
        return None
    if goal.comparison == Comparison.AT_MOST:
        return latest <= goal.target
    if goal.comparison == Comparison.ABOUT:
        return abs(latest - goal.target) * 20 <= abs(goal.target)
    if _falls(goal):
        return latest <= goal.target
    return latest >= goal.target


def _falls(goal: Goal) -> bool:
    """A goal below what was before: 审批时限由 10 天压缩到 5 天."""
    return goal.comparison not in FALLING and goal.baseline is not None and goal.target < goal.baseline


def percent_done(goal: Goal, latest: Decimal | None) -> int | None:
    """Share of the way from the baseline (or nothing) to the target, 0 to 100; None without a reading."""
    if latest is None:
        return None
    if is_met(goal, latest):
        return 100
    start = goal.baseline if goal.baseline is not None else Decimal(0)
    if goal.comparison == Comparison.AT_MOST and goal.baseline is None:
        return 0
    way = goal.target - start
    if way == 0:
        return 0
    return int(max(Decimal(0), min(Decimal(99), (latest - start) * 100 / way)))


@dataclass(frozen=True, slots=True)
class Part:
    """A child of an indicator with what was read of it."""

    unit: str
    target: Decimal
    latest: Decimal | None


@dataclass(frozen=True, slots=True)
class RollUp:
    """Sum of the children whose unit agrees; `left_out` counts those that do not."""

    target: Decimal
    latest: Decimal | None
    counted: int
    left_out: int


def roll_up(unit: str, parts: Iterable[Part]) -> RollUp:
    """Percentages and other shares never add up; units that differ are left out."""
    parts = list(parts)
    same = [part for part in parts if part.unit == unit and unit not in ("%", "‰", "个百分点", "倍")]
    read = [part.latest for part in same if part.latest is not None]
    return RollUp(
        target=sum((part.target for part in same), Decimal(0)),
        latest=sum(read, Decimal(0)) if read else None,
        counted=len(same),
        left_out=len(parts) - len(same),
    )
