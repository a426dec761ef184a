"""The checks of the candidates' moves, grouped as leaders read them: conditions, wishes, effects."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import TextChoices

from rotation.checking import Check
from rotation.models import Move, Variant
from rotation.queries.checks import VariantChecks, check_variant


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


def checks_of(moves: Sequence[Move], *, on: date) -> dict[int, list[Check]]:
    """Move id → its checks, those of its posts and departments among them; a constant number of queries
    for each variant."""
    variants = Variant.objects.filter(pk__in={move.variant_id for move in moves}).select_related("plan")
    checked = {variant.pk: check_variant(variant, on=on) for variant in variants}
    return {move.pk: list(_of(move, checked[move.variant_id])) for move in moves}


def _of(move: Move, checked: VariantChecks) -> Iterator[Check]:
    yield from checked.by_move.get(move.pk, ())
    posts = (move.from_post, move.to_post)
    for post in posts:
        yield from checked.by_post.get(post.pk, ()) if post else ()
    for unit_id in dict.fromkeys(post.unit_id for post in posts if post):
        yield from checked.by_unit.get(unit_id, ())
