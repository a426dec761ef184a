"""Plans as pages show them: lists, who is in the case, the board of a variant, variants side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from core.access import Permission, Viewer
from core.periods import covers
from people.choices import AppointmentKind, CadreStatus
from people.models import Cadre, Post, Unit
from rotation.checking import Check, gravest, key_of
from rotation.checks import check_moves
from rotation.choices.plans import CaseDuty, PlanState, Verdict
from rotation.dominoes import Chain, Link, chains_of
from rotation.models import ConsultOpinion, Move, PlanMember, RotationPlan, Variant, VariantEdit, Waiver
from rotation.queries.checks import VariantChecks, facts_of, grouped, wanted_of
from rotation.queries.posts import open_posts

# Verdict → the colour and word of its light, and how grave it is.
LIGHTS = {Verdict.FAILS: "red", Verdict.ATTENTION: "yellow", Verdict.MEETS: "green"}
ACTIVE = CadreStatus.ACTIVE
ORDER = {Verdict.FAILS: 0, Verdict.ATTENTION: 1, Verdict.MEETS: 2}


def plan_list(viewer: Viewer) -> QuerySet[Any]:
    """Plans with `people` of the chosen variant, `variants_n`, and what the viewer is in the case for."""
    mine = PlanMember.objects.filter(plan=OuterRef("pk"), user=viewer.user_id).values("duty")[:1]
    rows: Any = RotationPlan.objects.visible_to(viewer).select_related("chosen", "unit")
    found: QuerySet[Any] = rows.annotate(
        people=Count("chosen__moves", distinct=True),
        variants_n=Count("variants", distinct=True),
        my_duty=Subquery(mine),
    )
    return found


def waiting_for(viewer: Viewer) -> QuerySet[Any]:
    """Plans in which the viewer has to do something now: review, answer, or work on what came back."""
    asked = ConsultOpinion.objects.filter(plan=OuterRef("pk"), user=viewer.user_id, given_at=None)
    reviews = PlanMember.objects.filter(plan=OuterRef("pk"), user=viewer.user_id, duty=CaseDuty.REVIEWER)
    due = Q(Exists(asked), state=PlanState.OPINIONS) | Q(Exists(reviews), state=PlanState.PRECHECK)
    return RotationPlan.objects.visible_to(viewer).filter(due)


def standing_of(viewer: Viewer, path: str) -> dict[str, Any]:
    """What the viewer is in the case for, as parts of one query about rows from which `path` leads to a plan:
    `duty` and whether the viewer `drafts_it`."""
    mine = PlanMember.objects.filter(plan=OuterRef(path), user=viewer.user_id).values("duty")[:1]
    drafted = RotationPlan.objects.editable_by(viewer).filter(pk=OuterRef(path))
    return {"duty": Subquery(mine), "drafts_it": Exists(drafted)}


def workspace_variants(viewer: Viewer, variant_id: int) -> list[Any]:
    """The variant and the others of its plan, each with the words of its `last_edit`."""
    plan = Variant.objects.filter(pk=variant_id).values("plan")
    edits = VariantEdit.objects.filter(variant=OuterRef("pk"), undone_at=None).order_by("-pk")
    rows: Any = Variant.objects.visible_to(viewer).filter(plan__in=plan)
    rows = rows.annotate(last_edit=Subquery(edits.values("words")[:1]), **standing_of(viewer, "plan"))
    return list(rows.select_related("plan__chosen", "plan__unit").order_by("letter"))


def variants_of(viewer: Viewer, plan: RotationPlan) -> QuerySet[Any]:
    rows: QuerySet[Any] = Variant.objects.visible_to(viewer).filter(plan=plan)
    rows = rows.annotate(moves_n=Count("moves"))
    return rows.order_by("letter")


# Checks of several variants at once


@dataclass(frozen=True, slots=True)
class Side:
    """A variant with its moves, its checks and how its moves hang together."""

    variant: Variant
    moves: Sequence[Move]
    checks: VariantChecks
    chains: Sequence[Chain] = ()

    @property
    def red(self) -> int:
        return len(self.checks.failing)

    @property
    def yellow(self) -> int:
        return len(self.checks.attention)

    @property
    def emptied(self) -> list[str]:
        """Names of posts that nobody holds afterwards."""
        facts = self.checks.facts
        return [facts.posts[pk].name for pk in self.emptied_ids if facts and pk in facts.posts]

    @property
    def emptied_ids(self) -> list[int]:
        return [c.post_id for c in self.checks.checks if c.code == "post.emptied" and c.post_id]

    @property
    def without_post(self) -> list[str]:
        return [move.cadre.name for move in self.moves if move.to_post_id is None]


def sides_of(plan: RotationPlan, variants: Sequence[Variant], *, on: date) -> list[Side]:
    """All variants judged by one picture: as many queries for one variant as for ten."""
    rows = Move.objects.filter(variant__in=variants)
    rows = rows.select_related("cadre", "to_post__unit", "from_post__unit").order_by("position", "pk")
    moves = list(rows)
    if not moves:
        return [Side(variant, (), VariantChecks()) for variant in variants]
    facts = facts_of(moves, on=on, effective_on=plan.effective_on)
    sides = []
    for variant in variants:
        own = [move for move in moves if move.variant_id == variant.pk]
        checks = grouped(check_moves(facts, wanted_of(own)), own, facts) if own else VariantChecks()
        sides.append(Side(variant, own, checks, chains_of([link_of(move) for move in own])))
    return sides


def link_of(move: Move) -> Link:
    return Link(
        move.pk,
        move.cadre.name,
        move.from_post_id,
        move.to_post_id,
        move.from_text or "无现职",
        str(move.to_post) if move.to_post else "免去现职",
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One check as the page shows it; `waiver` where somebody gave a reason for what fails."""

    check: Check
    colour: str
    about: str
    key: str
    waiver: Waiver | None = None

    @property
    def words(self) -> str:
        """A condition that is not met says so; the other checks speak for themselves."""
        if not self.check.code.startswith("requirement.") or self.check.verdict == Verdict.MEETS:
            return self.check.message
        return (
            f"{'未达到' if self.check.code == 'requirement.hard' else '优先条件未满足'}：{self.check.message}"
        )


def lines_of(side: Side, waivers: Sequence[Waiver] = ()) -> list[Line]:
    """The checks of a variant, the gravest first."""
    given = {(waiver.key, waiver.message): waiver for waiver in waivers}
    checks = sorted(side.checks.checks, key=lambda c: (ORDER[c.verdict], c.code))
    return [
        Line(c, LIGHTS[c.verdict], _about(c, side), key_of(c), given.get((key_of(c), c.message[:300])))
        for c in checks
    ]


def _about(check: Check, side: Side) -> str:
    facts = side.checks.facts
    if facts is None:
        return ""
    if check.cadre_id:
        return facts.name_of(check.cadre_id)
    if post := facts.posts.get(check.post_id or 0):
        return post.name
    unit = facts.units.get(check.unit_id or 0)
    return unit.name if unit else ""


# The board


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody on a post of the board. `move` is how they come or go; `state` is "", "in" or "out"."""

    cadre_id: int
    name: str
    state: str = ""
    move: Move | None = None
    colour: str = ""
    is_main: bool = True

    @property
    def words(self) -> str:
        if self.move is None:
            return ""
        if self.state == "in":
            return f"来自{self.move.from_text or '无现职'}"
        return f"调往{self.move.to_post}" if self.move.to_post else "免职"


@dataclass(frozen=True, slots=True)
class Slot:
    post: Post
    cards: Sequence[Card] = ()

    @property
    def then(self) -> int:
        return sum(1 for card in self.cards if card.state != "out")

    @property
    def words(self) -> str:
        most = self.post.headcount
        return f"{self.then}/{most}" if most is not None else f"{self.then} 人"

    @property
    def colour(self) -> str:
        if self.post.headcount is not None and self.then > self.post.headcount:
            return "red"
        return "yellow" if self.then == 0 else ""


@dataclass(frozen=True, slots=True)
class Column:
    unit: Unit
    slots: Sequence[Slot] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """Posts by unit with their holders, as they would be after the moves; `units` to choose from."""

    columns: Sequence[Column] = ()
    units: Sequence[Unit] = ()
    unit_id: int | None = None
    unplaced: Sequence[Card] = field(default=())


def board_units(viewer: Viewer, plan: RotationPlan) -> list[Unit]:
    """Units of the plan's part of the tree within the viewer's reach."""
    rows = Unit.objects.in_reach(viewer, Permission.EDIT_ROTATION) | Unit.objects.in_reach(
        viewer, Permission.DECIDE_ROTATION
    )
    rows = rows.open().order_by("path")
    return list(rows.under(plan.unit.path or "") if plan.unit else rows)


def board_of(viewer: Viewer, plan: RotationPlan, side: Side, unit_id: int | None) -> Board:
    """The unit asked for with what lies below it, and every post that a move touches."""
    units = board_units(viewer, plan)
    chosen = next((unit for unit in units if unit.pk == unit_id), None)
    if chosen is None:
        chosen = next((unit for unit in units if unit.parent_id), units[0] if units else None)
    shown = [u for u in units if chosen and (u.path or "").startswith(chosen.path or "")]
    touched = {pk for move in side.moves for pk in (move.to_post_id, move.from_post_id) if pk}
    posts = _held(open_posts(viewer.on).filter(Q(unit__in=shown) | Q(pk__in=touched)), viewer.on)
    slots = [Slot(post, _cards(post, held, side)) for post, held in posts]
    by_unit = groupby(slots, key=lambda slot: slot.post.unit_id)
    columns = [Column(own[0].post.unit, own) for _, rows in by_unit if (own := list(rows))]
    return Board(columns, units, chosen.pk if chosen else None, _unplaced(side))


def _held(posts: Any, on: date) -> list[tuple[Post, list[tuple[int, str, bool]]]]:
    """The posts, each with its active holders on the day (id, name, whether it is their main post)."""
    held = covers(on, "appointments__") & Q(appointments__kind=AppointmentKind.POST)
    rows = posts.select_related("unit").annotate(
        held=FilteredRelation("appointments", condition=held),
        holder_id=F("held__cadre"),
        holder=F("held__cadre__name"),
        holder_status=F("held__cadre__status"),
        holder_main=F("held__is_main"),
    )
    rows = rows.order_by("unit__path", "display_order", "pk", "held__starts_on", "held__pk")
    grouped_rows = (list(own) for _, own in groupby(rows, key=lambda post: post.pk))
    return [(own[0], [_holder(row) for row in own if row.holder_status == ACTIVE]) for own in grouped_rows]


def _holder(row: Any) -> tuple[int, str, bool]:
    return row.holder_id, row.holder, row.holder_main


def _cards(post: Post, held: Sequence[tuple[int, str, bool]], side: Side) -> list[Card]:
    leaving = {move.cadre_id: move for move in side.moves}
    cards = [
        Card(pk, name, "out" if main and pk in leaving else "", leaving.get(pk) if main else None, "", main)
        for pk, name, main in held
    ]
    coming = [move for move in side.moves if move.to_post_id == post.pk]
    return cards + [Card(m.cadre_id, m.cadre.name, "in", m, colour_of(side, m)) for m in coming]


def colour_of(side: Side, move: Move) -> str:
    return LIGHTS[gravest(side.checks.by_move.get(move.pk, ()))]


def _unplaced(side: Side) -> list[Card]:
    return [
        Card(m.cadre_id, m.cadre.name, "out", m, colour_of(side, m)) for m in side.moves if not m.to_post_id
    ]


# Names typed into forms


def people_like(viewer: Viewer, text: str, on: date, most: int = 12) -> list[Any]:
    """Active people in reach whose name, initials or number begins so."""
    text = text.strip()
    if not text:
        return []
    reach = Cadre.objects.visible_to(viewer, Permission.EDIT_ROTATION).filter(status=ACTIVE)
    like = Q(name__startswith=text) | Q(name_initials__istartswith=text) | Q(staff_no__istartswith=text)
    return list(reach.filter(like).with_position(on).order_by("name_pinyin", "pk")[:most])


def posts_like(viewer: Viewer, text: str, on: date, most: int = 12) -> list[Any]:
    """Posts in reach whose full name holds the text."""
    text = text.strip()
    if not text:
        return []
    units = Unit.objects.in_reach(viewer, Permission.EDIT_ROTATION)
    rows: Any = open_posts(on).filter(unit__in=units).select_related("unit")
    words = Q(title__icontains=text) | Q(unit__name__icontains=text) | Q(unit__short_name__icontains=text)
    return list(rows.filter(words | _split_like(text))[:most])


def _split_like(text: str) -> Q:
    """“招商局局长” names a unit and a title at once."""
    found = Q(pk__in=())
    for cut in range(2, len(text)):
        found |= Q(unit__name__endswith=text[:cut], title__startswith=text[cut:])
        found |= Q(unit__short_name=text[:cut], title__startswith=text[cut:])
    return found


# Side by side


@dataclass(frozen=True, slots=True)
class Row:
    """One person across the variants; `differs` where they do not agree."""

    cadre: Cadre
    now: str
    cells: Sequence[tuple[Move | None, str]]

    @property
    def differs(self) -> bool:
        return len({move.to_post_id if move else -1 for move, _ in self.cells}) > 1


def side_by_side(sides: Sequence[Side]) -> list[Row]:
    """Everybody whom any variant moves, in the order of the first that does."""
    people: dict[int, Move] = {}
    for side in sides:
        for move in side.moves:
            people.setdefault(move.cadre_id, move)
    return [Row(move.cadre, move.from_text or "无现职", _cells(pk, sides)) for pk, move in people.items()]


def _cells(cadre_id: int, sides: Sequence[Side]) -> list[tuple[Move | None, str]]:
    cells: list[tuple[Move | None, str]] = []
    for side in sides:
        move = next((m for m in side.moves if m.cadre_id == cadre_id), None)
        cells.append((move, colour_of(side, move) if move else ""))
    return cells
