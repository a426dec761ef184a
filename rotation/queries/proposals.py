"""Who and what a proposal may be about: people and posts of a part of the zone, without the case's own."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from core.access import Permission, Viewer
from people.choices import CadreStatus, PostClass
from people.models import Cadre, KinTie, Post, Unit
from rotation.choices.proposals import PeopleChoice, PostChoice
from rotation.choices.tenure import TenureState
from rotation.models import PlanMember, RotationPlan
from rotation.queries.posts import open_posts
from rotation.queries.tenure import tenures

PRESSING = (TenureState.WARN, TenureState.OVER, TenureState.HARD)


def people_in(viewer: Viewer, plan: RotationPlan, unit: Unit | None) -> QuerySet[Cadre]:
    """Active cadres whom the drafter may plan for, but nobody in the case and no relative of theirs."""
    rows: Any = Cadre.objects.visible_to(viewer, Permission.EDIT_ROTATION).filter(status=CadreStatus.ACTIVE)
    if unit is not None and unit.path:
        rows = rows.in_unit(unit.path, viewer.on)
    found: QuerySet[Cadre] = rows.exclude(pk__in=kept_out_of(plan)).with_position(viewer.on)
    return found


def kept_out_of(plan: RotationPlan) -> set[int]:
    """People in the case and their relatives: whoever writes or judges a plan is not moved by it."""
    members = PlanMember.objects.filter(plan=plan, user__cadre__isnull=False)
    own = set(members.values_list("user__cadre_id", flat=True))
    pairs = KinTie.objects.of(sorted(own)).values_list("cadre_id", "relative_id")
    return own | {pk for pair in pairs for pk in pair}


def people_chosen(
    viewer: Viewer, plan: RotationPlan, *, unit: Unit | None, choice: PeopleChoice, also: Sequence[int] = ()
) -> list[int]:
    found = list(people_in(viewer, plan, unit).values_list("pk", flat=True))
    if choice == PeopleChoice.PRESSING:
        stood = tenures(found, viewer.on)
        found = [pk for pk in found if pk in stood and stood[pk].status in PRESSING]
    named = people_in(viewer, plan, None).filter(pk__in=also).values_list("pk", flat=True)
    return sorted({*(found if choice != PeopleChoice.NAMED else ()), *named})


def posts_chosen(on: date, *, unit: Unit | None, choice: PostChoice, also: Sequence[int] = ()) -> list[int]:
    """Registered posts of the part of the zone, and those named by hand."""
    rows: QuerySet[Post] = open_posts(on)
    named = set(rows.filter(pk__in=also).values_list("pk", flat=True))
    if choice == PostChoice.NAMED:
        return sorted(named)
    if unit is not None and unit.path:
        rows = rows.filter(unit__path__startswith=unit.path)
    if choice == PostChoice.WEIGHTY:
        rows = rows.exclude(post_class=PostClass.GENERAL)
    return sorted(named | set(rows.values_list("pk", flat=True)))


def late_people(ids: Sequence[int], on: date) -> list[int]:
    """Who must be moved by the rule of tenure."""
    return [pk for pk, tenure in tenures(ids, on).items() if tenure.status == TenureState.HARD]
