"""Why a move is proposed, what a proposal gives up, and what cannot be had: sentences for the office."""

from collections.abc import Collection, Iterable

from rotation.proposer.problem import Criterion, Demand, Option, Problem, left_empty, unmet

MOST_NAMED = 5
AT_ODDS = "与其他硬性规则不能同时成立"
NOTHING_ALLOWED = "所选干部与岗位之间没有一种调整符合硬性规则，请扩大人选或岗位范围，或先解决不具备的条件。"
NOTHING_BETTER = (
    "在现有规则和权重下，没有比保持现状更好的调整；可以调整权重，或指定必须调整的人、必须配备的岗位。"
)
# What a person could have had from another move, and how its lack is told.
MISSED = {
    Criterion.PRESSURE: "任职年限压力未缓解",
    Criterion.EXPOSURE: "年轻干部未安排到基层一线或关键岗位锻炼",
}


def why(option: Option) -> str:
    """One sentence for the move, its warnings at the end."""
    said = "；".join(option.reasons) or "使相关岗位得到衔接"
    return f"{said}。须关注：{'；'.join(option.warnings)}。" if option.warnings else f"{said}。"


def given_up(problem: Problem, moves: Collection[Option]) -> list[str]:
    """What this proposal does not have, the gravest first."""
    lost = [f"未满足：{demand.label}" for demand in unmet(problem, moves)]
    lost += [words for criterion in MISSED if (words := _missed(problem, moves, criterion))]
    if empty := left_empty(problem, moves):
        lost.append(f"留有空岗 {len(empty)} 个：{_named(place.name for place in empty)}")
    if cautions := sum(len(option.warnings) for option in moves):
        lost.append(f"有需关注事项 {cautions} 条，见各项检查")
    return lost


def _missed(problem: Problem, moves: Collection[Option], criterion: Criterion) -> str:
    """People for whom some permitted move would have gained, and who do not get it."""
    could = {option.person for option in problem.options if option.gains.get(criterion, 0) > 0}
    have = {option.person for option in moves if option.gains.get(criterion, 0) > 0}
    names = [person.name for person in problem.people if person.id in could - have]
    return f"{MISSED[criterion]} {len(names)} 人：{_named(names)}" if names else ""


def unmeetable_words(demands: Iterable[Demand]) -> list[str]:
    return [f"做不到“{demand.label}”：{demand.why_not or AT_ODDS}。" for demand in demands]


def nothing_better(problem: Problem) -> str:
    if not problem.options:
        return NOTHING_ALLOWED
    return NOTHING_BETTER


def too_slow() -> str:
    return "在时限内没有算出结果，请缩小人选或岗位范围后再试。"


def _named(names: Iterable[str]) -> str:
    every = list(names)
    shown = "、".join(every[:MOST_NAMED])
    return f"{shown}等" if len(every) > MOST_NAMED else shown
