"""Successors, conditions, minimum staff and extensions of the demo zone, with gaps left to close."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from django.db.models import Count, Q

from core.periods import covers
from people.choices import AppointmentKind, CadreStatus, PostClass
from people.demo.context import DemoContext
from people.demo.registry import register
from people.models import Appointment, Cadre, Post, Unit
from rotation.choices.tenure import Criterion, ExtensionState, Readiness, Strength, TenureState
from rotation.demo.moments import nine
from rotation.models import PostRequirement, PostSuccessor, TenureExtension, UnitStaffing
from rotation.queries.tenure import standing, tenures

MEASURES = ("参加重点项目专班", "分管一项全局性工作", "到乡镇挂职锻炼", "跟班学习半年", "主持一次专题调研")
COMMON = (
    (Strength.HARD, Criterion.PARTY_MEMBER, ""),
    (Strength.HARD, Criterion.EDUCATION_AT_LEAST, "大学"),
    (Strength.HARD, Criterion.AGE_BELOW, "50"),
    (Strength.PREFERRED, Criterion.GRASS_ROOTS_EXPERIENCE, ""),
)
BY_UNIT = (
    ("财政", Strength.PREFERRED, Criterion.SPECIALTY, "会计"),
    ("规划", Strength.PREFERRED, Criterion.SPECIALTY, "规划"),
    ("招商", Strength.PREFERRED, Criterion.POST_CLASS_EXPERIENCE, PostClass.IMPORTANT.label),
    ("组织", Strength.PREFERRED, Criterion.APPRAISAL_COMPETENT, "3"),
)


@register(order=300)
def posts_and_people(context: DemoContext) -> None:
    random = context.random("tenure")
    posts = list(Post.objects.filter(~Q(post_class=PostClass.GENERAL) | ~Q(level="")).select_related("unit"))
    context.insert(PostSuccessor, list(_successors(context, posts, random)))
    context.insert(PostRequirement, list(_requirements(posts)))
    context.insert(UnitStaffing, list(_staffing(context)))
    context.insert(TenureExtension, list(_extensions(context, random)))


def _successors(context: DemoContext, posts: list[Post], random: Random) -> Iterator[PostSuccessor]:
    """Of the unit's own people: none for every fifth post, one for a third, two for the rest."""
    people: dict[int, list[Cadre]] = {}
    held = Appointment.objects.filter(covers(context.on), kind=AppointmentKind.POST, is_main=True)
    held = held.filter(cadre__status=CadreStatus.ACTIVE).select_related("cadre").order_by("pk")
    holders: dict[int, set[int]] = {}
    for row in held:
        people.setdefault(row.unit_id, []).append(row.cadre)
        holders.setdefault(row.post_id, set()).add(row.cadre_id)
    for number, post in enumerate(posts):
        wanted = 0 if number % 5 == 0 else 1 if number % 3 == 0 else 2
        others = [c for c in people.get(post.unit_id, []) if c.pk not in holders.get(post.pk, set())]
        for cadre in random.sample(others, min(wanted, len(others))):
            yield PostSuccessor(
                post=post,
                cadre=cadre,
                readiness=random.choice(Readiness.values),
                note=random.choice(MEASURES),
                starts_on=date(context.on.year, 1, 1),
            )


def _requirements(posts: list[Post]) -> Iterator[PostRequirement]:
    for post in posts:
        rows = list(COMMON)
        rows += [(s, c, v) for name, s, c, v in BY_UNIT if name in post.unit.name]
        for position, (strength, criterion, value) in enumerate(rows):
            yield PostRequirement(
                post=post, strength=strength, criterion=criterion, value=value, position=position
            )


def _staffing(context: DemoContext) -> Iterator[UnitStaffing]:
    """A little below what is there; one unit already lacks somebody."""
    main = covers(context.on, "appointments__") & Q(
        appointments__kind=AppointmentKind.POST, appointments__is_main=True
    )
    units = Unit.objects.annotate(people=Count("appointments", filter=main)).order_by("path")
    for number, unit in enumerate(unit for unit in units if unit.people >= 3):
        minimum = unit.people + 1 if number == 1 else max(2, unit.people - 2)
        yield UnitStaffing(
            unit=unit, minimum=minimum, source="内设机构编制方案", starts_on=date(context.on.year, 1, 1)
        )


def _extensions(context: DemoContext, random: Random) -> Iterator[TenureExtension]:
    """One approved, one waiting, of those over their limit."""
    late = sorted(standing(Cadre.objects.all(), context.on, [TenureState.OVER]))
    chosen = random.sample(late, min(2, len(late)))
    held = tenures(chosen, context.on)
    for number, pk in enumerate(chosen):
        asked = context.on - timedelta(days=40 - 30 * number)
        row = TenureExtension(
            cadre_id=pk,
            post_id=held[pk].post_id,
            until=date(context.on.year + 1, 6, 30),
            reason="承担的重点项目正在收尾，建议延长任职。",
            requested_at=nine(asked),
            requested_by="组织人事",
        )
        if number == 0:
            row.state, row.decided_at = ExtensionState.APPROVED, nine(asked + timedelta(days=5))
            row.decided_by, row.document_no = "主要领导", f"组任〔{context.on.year}〕12号"
        yield row
