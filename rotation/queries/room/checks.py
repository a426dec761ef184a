"""The checks of the candidates' moves, grouped as leaders read them: conditions, wishes, effects."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, TextChoices

from rotation.checking import Check
from rotation.checks import check_moves
from rotation.facts import Facts
from rotation.models import Candidate, Case, Move
from rotation.queries.checks import VariantChecks, facts_of, grouped, wanted_of


class Group(TextChoices):
    HARD = "hard", "硬性条件"
    PREFERRED = "preferred", "优先条件"
    EFFECT = "effect", "岗位影响"


HARD, PREFERRED = Group.HARD, Group.PREFERRED
# By what a code begins with: where its check stands, and under which words.
EFFECTS = ("post.", "unit.", "successor.", "park")
LABELS = {
    "kinship.": "任职回避",
    "tenure.minimum": "任现岗最低年限",
    "tenure.maximum": "任现岗最长年限",
    "level.kind": "职务层次",
    "level.lower": "职务层次",
    "level.same": "职务层次",
    "level.skipped": "任下一层次职务年限",
    "level.years": "任下一层次职务年限",
    "level.work_years": "工龄",
    "level.posts": "任职经历",
    "level.grass_roots": "基层经历",
    "person.": "在职情况",
    "training.": "学时达标",
    "park": "在手任务",
    "successor.readiness": "人选准备情况",
    "successor.missing": "调出后的接替人选",
    "post.emptied": "调出后空缺",
    "post.filled": "调出后空缺",
    "post.overfilled": "岗位职数",
    "unit.minimum": "部门最低在岗",
    "unit.": "班子结构",
    "secondment_in_progress": "挂职",
    "effect_period": "影响期",
    "retirement.": "到龄",
}


def group_of(check: Check) -> Group:
    if check.code == "requirement.preferred":
        return Group.PREFERRED
    return Group.EFFECT if check.code.startswith(EFFECTS) else Group.HARD


def label_of(check: Check) -> str:
    """The longest beginning that is known; a condition of the post is its own words."""
    known = (start for start in LABELS if check.code.startswith(start))
    found = max(known, key=len, default="")
    return LABELS[found] if found else check.message


@dataclass(frozen=True, slots=True)
class Judged:
    """The candidates' moves in the order of 姓氏笔画, and the picture they were judged by. `checks` has those
    of each move by its id, with those of its posts and departments."""

    moves: Sequence[Move]
    checks: Mapping[int, Sequence[Check]]
    facts: Facts


def judged(case: Case, *, on: date) -> Judged:
    """A constant number of queries, however many candidates and variants they stand in. The facts are as of
    the day on which the plan takes effect."""
    moves = _moves_beside(case)
    facts = facts_of(moves, on=on, effective_on=case.plan.effective_on)
    by_variant: dict[int, list[Move]] = defaultdict(list)
    for move in moves:
        by_variant[move.variant_id].append(move)
    checked = {pk: grouped(check_moves(facts, wanted_of(own)), own, facts) for pk, own in by_variant.items()}
    shown = sorted((move for move in moves if move.is_candidate), key=_by_strokes)  # type: ignore[attr-defined]
    return Judged(shown, {move.pk: list(_of(move, checked[move.variant_id])) for move in shown}, facts)


def _moves_beside(case: Case) -> list[Move]:
    """The whole variants in which the candidates stand: a rule looks at all moves together."""
    named = Candidate.objects.filter(case=case)
    rows = Move.objects.filter(variant__in=named.values("move__variant"))
    rows = rows.annotate(is_candidate=Exists(named.filter(move=OuterRef("pk"))))
    related = ("cadre", "variant", "to_post__unit", "from_post__unit")
    return list(rows.select_related(*related).order_by("position", "pk"))


def _by_strokes(move: Move) -> tuple[str, int, str]:
    return move.cadre.name_stroke_key, move.cadre_id, move.variant.letter


def _of(move: Move, checked: VariantChecks) -> Iterator[Check]:
    yield from checked.by_move.get(move.pk, ())
    posts = (move.from_post, move.to_post)
    for post in posts:
        yield from checked.by_post.get(post.pk, ()) if post else ()
    for unit_id in dict.fromkeys(post.unit_id for post in posts if post):
        yield from checked.by_unit.get(unit_id, ())
