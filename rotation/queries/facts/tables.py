"""The small tables behind the checks, read together."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from core.access import Role
from core.asking import Steps
from core.periods import covers
from people.models import AnnualAppraisal, Education, KinTie, ResumeEntry, RoleGrant, Unit
from rotation.choices.tenure import ExtensionState
from rotation.models import (
    MoveRule,
    PostRequirement,
    PostSuccessor,
    TenureExtension,
    TenureRule,
    UnitStaffing,
)
from rotation.queries.lines import Line, Part, lines_steps
from rotation.queries.posts import open_posts
from rotation.queries.rules import NAMES

Lines = dict[str, list[Line]]


def table_steps(cadre_ids: Sequence[int], post_ids: Collection[int], on: date) -> Steps[Lines]:
    """Of the people, of the posts, and of the whole zone as of the day; one round."""
    return (yield from lines_steps(*_of_people(cadre_ids, on), *_of_posts(post_ids, on), *_of_the_zone(on)))


def _of_people(ids: Sequence[int], on: date) -> Sequence[Part]:
    extended = TenureExtension.objects.filter(
        cadre_id__in=ids, state=ExtensionState.APPROVED, decided_at__date__lte=on
    )
    return (
        Part(
            "education",
            Education.objects.filter(cadre_id__in=ids),
            ("cadre_id", "mode", "level", "degree", "level_school", "degree_school"),
        ),
        Part("appraisal", AnnualAppraisal.objects.filter(cadre_id__in=ids), ("cadre_id", "year", "grade")),
        Part("extension", extended, ("cadre_id", "post_id", "until")),
        Part(
            "resume",
            ResumeEntry.objects.filter(cadre_id__in=ids),
            ("cadre_id", "starts_on", "ends_on", "text"),
        ),
        Part(
            "tie",
            KinTie.objects.of(list(ids)),
            ("cadre_id", "relation", "pk", "relative_id", "confirmed_at", "cadre__name", "relative__name"),
        ),
    )


def _of_posts(ids: Collection[int], on: date) -> Sequence[Part]:
    asked: Any = PostRequirement.objects.filter(post_id__in=ids)
    return (
        Part("requirement", asked, ("post_id", "strength", "position", "pk", "criterion", "value", "note")),
        Part(
            "successor",
            PostSuccessor.objects.covering(on).filter(post_id__in=ids),
            ("post_id", "pk", "cadre_id", "cadre__name", "readiness"),
        ),
    )


def _of_the_zone(on: date) -> Sequence[Part]:
    # Of the deputy leaders' fields; who looks after the whole zone is left out.
    fields = RoleGrant.objects.filter(covers(on), role=Role.VICE_LEADER, unit__isnull=False)
    terms = ("basis", "post_class", "level", "warn_years", "limit_years", "hard_years", "min_years")
    return (
        Part("post", open_posts(on), ("pk", "title", "unit_id", "post_class", "level", "headcount")),
        Part("unit", Unit.objects.all(), ("path", "pk", "name", "parent_id")),
        Part("staffing", UnitStaffing.objects.covering(on), ("starts_on", "unit_id", "minimum", "source")),
        Part("field", fields.filter(user__cadre__isnull=False), ("unit__path", "user__cadre_id")),
        Part("terms", TenureRule.objects.covering(on), (*terms, "source", "pk")),
        Part("thresholds", MoveRule.objects.covering(on), ("starts_on", *NAMES)),
    )
