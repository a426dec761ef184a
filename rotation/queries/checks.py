"""The checks of a variant, as pages, papers, the API and the solver read them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rotation.checking import Check, gravest
from rotation.checks import check_moves
from rotation.choices.plans import MoveKind, Verdict
from rotation.facts import Facts, Wanted
from rotation.models import Move, Variant
from rotation.queries.facts import facts_about


@dataclass(frozen=True, slots=True)
class VariantChecks:
    """`by_move` is keyed by the move's id. A check that names a person stands with the move alone."""

    checks: Sequence[Check] = ()
    by_move: Mapping[int, list[Check]] = field(default_factory=dict)
    by_post: Mapping[int, list[Check]] = field(default_factory=dict)
    by_unit: Mapping[int, list[Check]] = field(default_factory=dict)
    facts: Facts | None = None

    @property
    def gravest(self) -> Verdict:
        return gravest(self.checks)

    @property
    def failing(self) -> list[Check]:
        return [check for check in self.checks if check.verdict == Verdict.FAILS]

    @property
    def attention(self) -> list[Check]:
        return [check for check in self.checks if check.verdict == Verdict.ATTENTION]


def wanted_of(moves: Sequence[Move]) -> list[Wanted]:
    return [Wanted(move.cadre_id, move.to_post_id, MoveKind(move.kind)) for move in moves]


def facts_of(moves: Sequence[Move], *, on: date, effective_on: date) -> Facts:
    """Facts for the moves, read with their cadres, as of the day they take effect; obstacles as of `on`."""
    posts = {pk for move in moves for pk in (move.to_post_id, move.from_post_id) if pk}
    cadres = [move.cadre for move in moves]
    return facts_about(cadres, post_ids=posts, on=max(on, effective_on), obstacles_on=on)


def check_variant(variant: Variant, *, on: date) -> VariantChecks:
    """Every rule against all moves of the variant; a constant number of queries."""
    rows = Move.objects.filter(variant=variant).select_related("cadre")
    moves = list(rows.order_by("position", "pk"))
    return check_all(moves, on=on, effective_on=variant.plan.effective_on)


def check_all(moves: Sequence[Move], *, on: date, effective_on: date) -> VariantChecks:
    """Every rule against the moves taken together, as if they were one variant."""
    if not moves:
        return VariantChecks()
    facts = facts_of(moves, on=on, effective_on=effective_on)
    return grouped(check_moves(facts, wanted_of(moves)), moves, facts)


def grouped(checks: Sequence[Check], moves: Sequence[Move], facts: Facts) -> VariantChecks:
    move_of = {move.cadre_id: move.pk for move in moves}
    by_move: dict[int, list[Check]] = {move.pk: [] for move in moves}
    by_post: dict[int, list[Check]] = defaultdict(list)
    by_unit: dict[int, list[Check]] = defaultdict(list)
    for check in checks:
        if check.cadre_id in move_of:
            by_move[move_of[check.cadre_id]].append(check)
        elif check.post_id is not None:
            by_post[check.post_id].append(check)
        elif check.unit_id is not None:
            by_unit[check.unit_id].append(check)
    return VariantChecks(checks, by_move, dict(by_post), dict(by_unit), facts)
