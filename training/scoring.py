"""Scores of contests and quizzes as pure arithmetic: no database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from training.choices import Award, QuestionKind

HUNDRED, HALF, CENT = Decimal(100), Decimal("0.5"), Decimal("0.01")
DROPS_FROM = 5  # judges from which the highest and the lowest score fall away


@dataclass(frozen=True, slots=True)
class Points:
    """What one judge gave, and how much that judge counts."""

    points: Decimal
    weight: Decimal = Decimal(1)


def is_step(points: Decimal) -> bool:
    """0 to 100 in steps of a half."""
    return 0 <= points <= HUNDRED and points % HALF == 0


def final_score(given: Sequence[Points], *, drops_extremes: bool) -> Decimal | None:
    """The weighted mean to the hundredth, without one highest and one lowest from five judges on."""
    if not given:
        return None
    counted = sorted(given, key=lambda one: (one.points, one.weight))
    if drops_extremes and len(counted) >= DROPS_FROM:
        counted = counted[1:-1]
    total = sum((one.points * one.weight for one in counted), Decimal(0))
    weight = sum((one.weight for one in counted), Decimal(0))
    return (total / weight).quantize(CENT, ROUND_HALF_UP)


def ranks(scores: Mapping[int, Decimal]) -> dict[int, int]:
    """Places from 1 by entry; equals share a place and the next one is left out (1, 2, 2, 4)."""
    return {key: 1 + sum(other > score for other in scores.values()) for key, score in scores.items()}


def award_for(rank: int, *, first: int, second: int, third: int) -> str:
    """The prize of a place. Who shares the last place of a prize all get it, at the cost of the next one."""
    if rank <= first:
        return Award.FIRST
    if rank <= first + second:
        return Award.SECOND
    return Award.THIRD if rank <= first + second + third else ""


def is_right(kind: str, answer: str, chosen: str) -> bool:
    """All of the right options and none of the wrong ones, in any order."""
    if kind == QuestionKind.MULTIPLE:
        return bool(chosen) and set(chosen) == set(answer)
    return chosen == answer


def share_of(right: int, of: int) -> Decimal:
    """Points out of a hundred, to the hundredth."""
    return (HUNDRED * right / of).quantize(CENT, ROUND_HALF_UP) if of else Decimal(0)
