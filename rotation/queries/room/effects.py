"""What keeps a decision from taking effect, what its movers hand over, and whose roles must follow."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.access import Role
from core.asking import Steps, answered, asked, asked_all, result_of
from core.periods import covers
from core.templatetags.ui import cn_date
from park.choices import HandoverState
from park.models import Handover
from park.queries.assignments import held_by
from people.choices import AppointmentKind, CadreStatus
from people.models import Appointment, Post, RoleGrant, Unit, User
from rotation.choices.decisions import IN_EFFECT, EffectState, ObjectionState, Outcome
from rotation.choices.plans import MoveKind, PlanState
from rotation.models import DecidedMove, Effect, EffectLine, Objection, RotationPlan
from rotation.queries.rules import thresholds_on

ONE_DAY = timedelta(days=1)
RIGHT_OF_HEADS = Role.DEPARTMENT_HEAD
HEAD_WORDS = re.compile(r"(?:主任|局长|部长|处长|科长|大队长|队长|所长|站长|院长|校长|负责人)$")
DEPUTY_WORDS = re.compile(r"副|助理")


def passed_moves(plan: RotationPlan) -> list[DecidedMove]:
    return list(passed_rows(plan))


def passed_rows(plan: RotationPlan) -> QuerySet[DecidedMove]:
    """Those who take office: passed, and no objection was upheld."""
    upheld = Objection.objects.filter(decided=OuterRef("pk"), state=ObjectionState.UPHELD)
    rows = DecidedMove.objects.filter(~Exists(upheld), decision__plan=plan, outcome=Outcome.PASSED)
    related = ("cadre", "to_post__unit", "move__from_appointment", "move__from_post__unit")
    return rows.select_related(*related).order_by("pk")


def plans_due(on: date) -> QuerySet[RotationPlan]:
    """Decided plans whose day has come; one that was taken back waits for somebody to say so again."""
    taken_back = Effect.objects.filter(plan=OuterRef("pk"), state=EffectState.REVERTED)
    passed = DecidedMove.objects.filter(decision__plan=OuterRef("pk"), outcome=Outcome.PASSED)
    return RotationPlan.objects.filter(
        ~Exists(taken_back),
        Exists(passed),
        state__in=(PlanState.DECIDED, PlanState.NOTICE),
        effective_on__lte=on,
    ).order_by("effective_on", "pk")


def in_the_way(plan: RotationPlan, moves: list[DecidedMove], on: date) -> list[str]:
    """Whole sentences, each with the way out; nothing while it can take effect. `on` is today."""
    return answered(way_steps(plan, moves, on))[0]


def way_steps(plan: RotationPlan, moves: list[DecidedMove], on: date) -> Steps[None]:
    """As `in_the_way`, together with what others ask; one round for any number of movers."""
    day = plan.effective_on
    going = [move.cadre_id for move in moves]
    posts, staying, doubts = yield from asked_all(
        _main_posts(going, day),
        _staying([move.to_post_id for move in moves if move.to_post_id], going, day),
        Objection.objects.filter(decided__decision__plan=plan, state=ObjectionState.OPEN)[:1],
    )
    if day > on:
        yield f"任职日期是{cn_date(day)}，还没有到。"
    if not moves:
        yield "没有通过的人员可以任职，请终止方案。"
    yield from _notice(plan, moves)
    if doubts:
        yield "公示反映的问题还在核查，请办结后再任职。"
    held: dict[int, Appointment] = {}
    for row in posts:
        held.setdefault(row.cadre_id, row)
    for decided in moves:
        yield from _changed(decided, held.get(decided.cadre_id), day)
    yield from _full_posts(moves, dict(staying), day)


def _notice(plan: RotationPlan, moves: list[DecidedMove]) -> Iterator[str]:
    if any(move.kind == MoveKind.PROMOTION for move in moves) and plan.notice_to is None:
        days = thresholds_on(plan.effective_on).notice_days
        yield f"提任人员须先公示不少于 {days} 个工作日，请先办理任前公示。"
    if plan.notice_to is not None and plan.effective_on <= plan.notice_to:
        yield f"公示到{cn_date(plan.notice_to)}才期满，任职日期须在其后，请改任职日期。"


def _changed(decided: DecidedMove, held: Appointment | None, day: date) -> Iterator[str]:
    """The person is no longer where the decision saw them."""
    cadre = decided.cadre
    if cadre.status != CadreStatus.ACTIVE:
        yield f"{cadre}已{cadre.get_status_display()}，不能任职；请终止其任命或重新研究。"
        return
    expected = decided.move.from_appointment_id
    lost = expected is None and bool(decided.from_text)
    if lost or (held.pk if held else None) != expected:
        now = str(held) if held else "没有任职"
        yield (
            f"{cadre}现在是“{now}”，与研究时的“{decided.from_text or '没有任职'}”不同，"
            "请核对其任职记录，或重新研究。"
        )
    elif held is not None and held.starts_on >= day:
        yield f"{cadre}的现任职务从{cn_date(held.starts_on)}开始，不早于任职日期，请改任职日期。"


def main_post(cadre_id: int, day: date) -> Appointment | None:
    return _main_posts([cadre_id], day).first()


def _main_posts(cadre_ids: Sequence[int], day: date) -> QuerySet[Appointment]:
    held = {"cadre__in": cadre_ids, "kind": AppointmentKind.POST, "is_main": True}
    rows: QuerySet[Appointment] = Appointment.objects.filter(covers(day), **held).select_related("unit")
    return rows


def _staying(post_ids: Sequence[int], going: Sequence[int], day: date) -> QuerySet[Appointment, Any]:
    """(post, how many people hold it on the day besides those who go)."""
    rows = Appointment.objects.filter(covers(day), post__in=post_ids, kind=AppointmentKind.POST)
    counted = rows.exclude(cadre__in=going).order_by().values_list("post")
    found: QuerySet[Appointment, Any] = counted.annotate(Count("cadre", distinct=True))
    return found


def _full_posts(moves: list[DecidedMove], staying: dict[int, int], day: date) -> Iterator[str]:
    for post in {move.to_post for move in moves if move.to_post}:
        if post.abolished_on and post.abolished_on <= day:
            yield f"{post}已撤销，不能任职。"
        coming = sum(move.to_post_id == post.pk for move in moves)
        number = staying.get(post.pk, 0)
        if post.headcount is not None and number + coming > post.headcount:
            yield f"{post}职数 {post.headcount}，现有 {number} 人，再任 {coming} 人就超职数了；请先腾出职数。"


# -- 交接 --


@dataclass(frozen=True, slots=True)
class HandoverItem:
    """One thing that a mover still holds or has handed over since."""

    subject: str
    role: str
    to: str
    state: str
    is_open: bool
    handover: Handover | None = None

    @property
    def colour(self) -> str:
        return "yellow" if self.is_open else "green"


@dataclass(frozen=True, slots=True)
class Giver:
    line: EffectLine
    items: tuple[HandoverItem, ...]

    @property
    def open(self) -> int:
        return sum(item.is_open for item in self.items)


def givers_of(effect: Effect, on: date) -> list[Giver]:
    """Each mover with everything they hand over, whatever has become of it."""
    lines = list(effect.lines.select_related("decided__cadre").order_by("decided__cadre__name_stroke_key"))
    ids = [line.decided.cadre_id for line in lines]
    subjects = ("assignment__task", "assignment__project", "assignment__enterprise")
    rows = Handover.objects.filter(assignment__cadre__in=ids, offered_on__gte=effect.effective_on).exclude(
        state=HandoverState.WITHDRAWN
    )
    offered = list(rows.select_related("to", "assignment__cadre", *subjects).order_by("pk"))
    asked = {row.assignment_id for row in offered if row.state != HandoverState.DECLINED}
    left = [
        row
        for row in held_by(_leavers(effect), on)
        if row.starts_on < effect.effective_on and row.pk not in asked
    ]
    return [
        Giver(
            line,
            (
                *(_offered(row) for row in offered if row.assignment.cadre_id == line.decided.cadre_id),
                *(_unplaced(row) for row in left if row.cadre_id == line.decided.cadre_id),
            ),
        )
        for line in lines
    ]


def _leavers(effect: Effect) -> list[int]:
    """Movers who are in another department now: the others keep what they hold."""
    lines = effect.lines.select_related("decided__move__from_post", "decided__to_post")
    return [line.decided.cadre_id for line in lines if leaves_department(line.decided)]


def leaves_department(decided: DecidedMove) -> bool:
    before = decided.move.from_appointment or decided.move.from_post
    return before is not None and (decided.to_post is None or decided.to_post.unit_id != before.unit_id)


def _offered(row: Handover) -> HandoverItem:
    held = row.assignment
    waiting = row.state in (HandoverState.OFFERED, HandoverState.DECLINED)
    return HandoverItem(
        str(held.subject), held.get_role_display(), str(row.to), row.get_state_display(), waiting, row
    )


def _unplaced(row: Any) -> HandoverItem:
    return HandoverItem(str(row.subject), row.get_role_display(), "", "尚未指定接收人", True)


# -- roles follow the post --


@dataclass(frozen=True, slots=True)
class RoleGap:
    """A right that no longer fits the post: the security administrator gives or takes it."""

    user_id: int
    name: str
    unit: Unit
    give: bool
    since: date

    @property
    def words(self) -> str:
        act = "授予" if self.give else "收回"
        return f"{act}{self.name}“{RIGHT_OF_HEADS.label}”（{self.unit.name}）"


def role_gaps(on: date) -> list[RoleGap]:
    return result_of(gap_steps(on))


def gap_steps(on: date) -> Steps[list[RoleGap]]:
    """Of everybody moved in the last year by a decision: heads without the right, and the right without."""
    lines = EffectLine.objects.filter(
        effect__state__in=(EffectState.APPLIED, EffectState.CONFIRMED),
        effect__effective_on__range=(on - timedelta(days=366), on),
    )
    related = ("decided__to_post__unit", "decided__move__from_post__unit", "effect")
    rows = yield from asked(lines.select_related(*related))
    users = yield from asked(User.objects.filter(cadre__in=[row.decided.cadre_id for row in rows]))
    accounts = {user.cadre_id: user for user in users}
    held = set((yield from asked(_rights([user.pk for user in users], on))))
    gaps = (
        gap for row in rows if (user := accounts.get(row.decided.cadre_id)) for gap in _gaps(row, user, held)
    )
    return sorted(gaps, key=lambda gap: (gap.since, gap.user_id, gap.give))


def _rights(user_ids: Sequence[int], on: date) -> QuerySet[RoleGrant, Any]:
    rows = RoleGrant.objects.covering(on).filter(user__in=user_ids, role=RIGHT_OF_HEADS)
    return rows.values_list("user_id", "unit_id")


def _gaps(row: EffectLine, user: User, held: set[tuple[int, int | None]]) -> Iterator[RoleGap]:
    since, to, left = row.effect.effective_on, row.decided.to_post, row.decided.move.from_post
    stays = to is not None and left is not None and to.unit_id == left.unit_id and is_head(to)
    if to is not None and is_head(to) and (user.pk, to.unit_id) not in held:
        yield RoleGap(user.pk, user.name, to.unit, True, since)
    if left is not None and not stays and (user.pk, left.unit_id) in held:
        yield RoleGap(user.pk, user.name, left.unit, False, since)


def is_head(post: Post) -> bool:
    """Whether the post leads its unit: the first in the register's order, by the words of its title."""
    return bool(HEAD_WORDS.search(post.title)) and not DEPUTY_WORDS.search(post.title)


def movers_in_effect(cadre_ids: list[int], until: date) -> QuerySet[Any]:
    """What took effect for these cadres up to the day, the latest first."""
    rows = DecidedMove.objects.in_effect().filter(
        Q(decision__plan__state__in=IN_EFFECT),
        cadre__in=cadre_ids,
        effect_line__effect__effective_on__lte=until,
    )
    related = ("decision__plan", "effect_line__effect", "move")
    return rows.select_related(*related).order_by("-effect_line__effect__effective_on", "-pk")
