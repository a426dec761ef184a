"""Posts as of a day: who holds them, who is prepared to take over, what they ask for, what units need."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.periods import covers
from people.choices import AppointmentKind, CadreStatus, PostClass
from people.models import Appointment, Post
from rotation.choices.tenure import Criterion, Readiness, Situation, Strength
from rotation.models import PostRequirement, PostSuccessor, UnitStaffing
from rotation.requirements import Requirement


@dataclass(frozen=True, slots=True)
class Holder:
    cadre_id: int
    name: str
    since: date
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class Successor:
    cadre_id: int
    name: str
    readiness: Readiness
    note: str = ""
    row_id: int | None = None


@dataclass(frozen=True, slots=True)
class PostSituation:
    """One post on a day. `headcount` None: how many may hold it is not fixed, so it is never overfilled."""

    post_id: int
    unit_id: int
    unit_name: str
    title: str
    post_class: PostClass
    level: str
    headcount: int | None
    holders: tuple[Holder, ...] = ()
    successors: tuple[Successor, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.unit_name}{self.title}"

    @property
    def vacancies(self) -> int:
        """Free places; a post without a fixed number has one where nobody holds it."""
        wanted = 1 if self.headcount is None else self.headcount
        return max(0, wanted - len(self.holders))

    @property
    def is_vacant(self) -> bool:
        return self.vacancies > 0

    @property
    def over(self) -> int:
        """How many hold the post beyond its number."""
        return 0 if self.headcount is None else max(0, len(self.holders) - self.headcount)

    @property
    def single_successor(self) -> bool:
        return len(self.successors) == 1

    @property
    def ready(self) -> tuple[Successor, ...]:
        return tuple(s for s in self.successors if s.readiness == Readiness.NOW)


def open_posts(on: date) -> QuerySet[Post]:
    return Post.objects.filter(Q(abolished_on=None) | Q(abolished_on__gt=on))


def post_situations(on: date, post_ids: Iterable[int] | None = None) -> list[PostSituation]:
    """Posts that exist on the day, in the order of the register; three queries."""
    posts = open_posts(on).select_related("unit")
    if post_ids is not None:
        posts = posts.filter(pk__in=list(post_ids))
    found = list(posts)
    ids = [post.pk for post in found] if post_ids is not None else None
    held, prepared = holders_of(on, ids), successors_of(on, ids)
    return [situation_of(post, held.get(post.pk, ()), prepared.get(post.pk, ())) for post in found]


def situation_of(post: Post, holders: Sequence[Holder], successors: Sequence[Successor]) -> PostSituation:
    return PostSituation(
        post_id=post.pk,
        unit_id=post.unit_id,
        unit_name=post.unit.name,
        title=post.title,
        post_class=PostClass(post.post_class),
        level=post.level,
        headcount=post.headcount,
        holders=tuple(holders),
        successors=tuple(successors),
    )


def holders_of(on: date, post_ids: Iterable[int] | None = None) -> dict[int, list[Holder]]:
    """Post id → who holds it on the day; one query."""
    rows = _held(on)
    if post_ids is not None:
        rows = rows.filter(post_id__in=list(post_ids))
    found: dict[int, list[Holder]] = defaultdict(list)
    columns = ("post_id", "cadre_id", "cadre__name", "starts_on", "is_main")
    for post_id, *rest in rows.order_by("starts_on", "pk").values_list(*columns):
        found[post_id].append(Holder(*rest))
    return found


def successors_of(on: date, post_ids: Iterable[int] | None = None) -> dict[int, list[Successor]]:
    """Post id → who is prepared for it on the day, the readiest first; one query."""
    rows = PostSuccessor.objects.covering(on)
    if post_ids is not None:
        rows = rows.filter(post_id__in=list(post_ids))
    order = {value: place for place, value in enumerate(Readiness.values)}
    found: dict[int, list[Successor]] = defaultdict(list)
    columns = ("post_id", "cadre_id", "cadre__name", "readiness", "note", "pk")
    for post_id, cadre_id, name, readiness, note, pk in rows.values_list(*columns):
        found[post_id].append(Successor(cadre_id, name, Readiness(readiness), note, pk))
    for ready in found.values():
        ready.sort(key=lambda s: (order[s.readiness], s.row_id or 0))
    return found


def requirements_of(post_ids: Iterable[int]) -> dict[int, list[Requirement]]:
    """Post id → its conditions, the hard ones first; one query."""
    rows = PostRequirement.objects.filter(post_id__in=list(post_ids))
    found: dict[int, list[Requirement]] = defaultdict(list)
    for row in rows.order_by("post", "strength", "position", "pk"):
        found[row.post_id].append(
            Requirement(
                id=row.pk,
                post_id=row.post_id,
                strength=Strength(row.strength),
                criterion=Criterion(row.criterion),
                value=row.value,
                note=row.note,
            )
        )
    return found


def staffing_minimums(on: date) -> dict[int, int]:
    """Unit id → how many of its own people it needs at least; one query."""
    rows = UnitStaffing.objects.covering(on)
    return dict(rows.order_by("starts_on").values_list("unit_id", "minimum"))


# Lists


def with_situation(posts: Any, on: date) -> Any:
    """Posts with `holder_count`, `wanted` and `successor_count` of the day."""
    held = _held(on).filter(post=OuterRef("pk")).order_by().values("post").annotate(n=Count("pk"))
    ready = PostSuccessor.objects.covering(on).filter(post=OuterRef("pk")).order_by()
    ready = ready.values("post").annotate(n=Count("pk"))
    return posts.annotate(
        holder_count=Coalesce(Subquery(held.values("n"), output_field=IntegerField()), 0),
        successor_count=Coalesce(Subquery(ready.values("n"), output_field=IntegerField()), 0),
        wanted=Coalesce(F("headcount"), 1),
    )


def in_situation(posts: Any, situation: Situation) -> Any:
    """Those of the posts `with_situation` that are in it. Successors are asked of key and leading posts."""
    leading = ~Q(post_class=PostClass.GENERAL) | ~Q(level="")
    conditions = {
        Situation.VACANT: Q(holder_count__lt=F("wanted")),
        Situation.OVER_HEADCOUNT: Q(headcount__isnull=False, holder_count__gt=F("wanted")),
        Situation.NO_SUCCESSOR: leading & Q(successor_count=0),
        Situation.SINGLE_SUCCESSOR: leading & Q(successor_count=1),
    }
    return posts.filter(conditions[situation])


def with_staffing(units: Any, on: date) -> Any:
    """Units with the number of `people` whose main post is in the unit itself, and the `minimum` in force."""
    held = _main(on).filter(unit=OuterRef("pk")).order_by().values("unit").annotate(n=Count("pk"))
    asked = UnitStaffing.objects.covering(on).filter(unit=OuterRef("pk")).order_by("-starts_on")
    return units.annotate(
        people=Coalesce(Subquery(held.values("n"), output_field=IntegerField()), 0),
        minimum=Subquery(asked.values("minimum")[:1], output_field=IntegerField()),
    )


def _main(on: date) -> Any:
    """Main posts of active people on the day."""
    rows = Appointment.objects.filter(covers(on), kind=AppointmentKind.POST, is_main=True)
    return rows.filter(cadre__status=CadreStatus.ACTIVE)


def _held(on: date) -> Any:
    return Appointment.objects.filter(covers(on), kind=AppointmentKind.POST, post__isnull=False)
