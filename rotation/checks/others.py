"""What the other apps hold against a move, through the contract: effect period, secondment, hours, tasks."""

from collections.abc import Iterator, Sequence

from people.contracts import Obstacle
from rotation.checking import Check
from rotation.choices.plans import Verdict
from rotation.facts import Facts, Layout, Wanted

VERDICTS = {"blocks": Verdict.FAILS, "consider": Verdict.ATTENTION}
# What is said when an app is silent: code of the obstacle → words, evidence, source.
QUIET = (
    ("effect_period", "影响期", "不在影响期内", "督查整改"),
    ("secondment_in_progress", "挂职", "没有正在进行的挂职", "挂职管理"),
    ("training.hours", "学时达标", "学时达到应达进度", "学时台账"),
    ("park.", "在手任务", "没有无人接手的重点任务和项目", "园区任务"),
)


def checks(facts: Facts, before: Layout, after: Layout, moves: Sequence[Wanted]) -> Iterator[Check]:
    for move in moves:
        against = facts.obstacles.get(move.cadre_id, ())
        yield from (_check(obstacle) for obstacle in against)
        for code, words, known, source in QUIET:
            if not any(obstacle.code.startswith(code) for obstacle in against):
                yield Check(code.rstrip("."), Verdict.MEETS, words, known, source, cadre_id=move.cadre_id)


def _check(obstacle: Obstacle) -> Check:
    return Check(
        code=obstacle.code,
        verdict=VERDICTS.get(obstacle.severity, Verdict.ATTENTION),
        message=obstacle.message,
        evidence=obstacle.source,
        source=obstacle.source,
        cadre_id=obstacle.cadre_id,
    )
