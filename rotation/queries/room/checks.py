"""The checks of the candidates' moves, grouped as leaders read them: conditions, wishes, effects."""

from collections.abc import Sequence
from datetime import date

from django.db.models import TextChoices

from people.contracts import obstacles_to
from rotation.checking import Check
from rotation.choices.plans import Verdict
from rotation.models import Move


class Group(TextChoices):
    HARD = "hard", "硬性条件"
    PREFERRED = "preferred", "优先条件"
    EFFECT = "effect", "岗位影响"


HARD, PREFERRED = Group.HARD, Group.PREFERRED
EFFECTS = ("post.", "unit.", "task.", "successor.", "park.")


def group_of(check: Check) -> Group:
    if "preferred" in check.code:
        return Group.PREFERRED
    return Group.EFFECT if check.code.startswith(EFFECTS) else Group.HARD


def label_of(check: Check) -> str:
    return check.message


def checks_of(moves: Sequence[Move], *, on: date) -> dict[int, list[Check]]:
    return {
        move.pk: [_check(o) for o in obstacles_to(move.cadre, move.to_post, on=on)] if move.to_post else []
        for move in moves
    }


def _check(obstacle) -> Check:
    verdict = Verdict.FAILS if obstacle.severity == "blocks" else Verdict.ATTENTION
    return Check(obstacle.code, verdict, obstacle.message, source=obstacle.source, cadre_id=obstacle.cadre_id)
