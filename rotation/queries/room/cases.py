"""Cases: who is in them, whose turn it is, and what each may see of the others' opinions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from core.access import ROLE_PERMISSIONS, Permission, Viewer
from core.periods import covers
from people.choices import AppointmentKind
from people.models import Appointment, KinTie, RoleGrant, User
from rotation.choices.decisions import OPEN_FOR_OPINIONS, Stance
from rotation.models import Candidate, Case, LeaderOpinion, Move, RotationPlan, Speaker


def concerned_users(case: Case, users: Sequence[User]) -> set[int]:
    """Those of the users who are moved by the plan, or related to somebody who is: they must stay out."""
    moved = list(Move.objects.filter(variant__plan=case.plan).values_list("cadre", flat=True))
    of = {user.cadre_id: user.pk for user in users if user.cadre_id}
    ties = KinTie.objects.of(moved).values_list("cadre", "relative")
    related = {pk for pair in ties for pk in pair}
    return {user_id for cadre_id, user_id in of.items() if cadre_id in related or cadre_id in set(moved)}


def speakers_of(case: Case, on: date | None = None) -> list[Speaker]:
    """In the order in which they speak; with the day, `post` is the title each of them has then."""
    rows = Speaker.objects.filter(case=case).select_related("user", "user__cadre")
    if on is not None:
        held = Appointment.objects.filter(
            covers(on), cadre=OuterRef("user__cadre"), kind=AppointmentKind.POST
        ).order_by("-is_main", "-starts_on", "-pk")
        rows = rows.annotate(post=Subquery(held.values("title")[:1]))
    return list(rows.order_by("position", "pk"))


def standing_opinions(case: Case) -> dict[int, LeaderOpinion]:
    """Speaker id → the opinion that stands."""
    rows = LeaderOpinion.objects.filter(case=case).standing()
    return {row.speaker_id: row for row in rows.select_related("choice__cadre")}


def next_speaker(case: Case) -> Speaker | None:
    """Whose turn it is: the first in order who is there and has not spoken; the main leader comes last."""
    spoken = set(standing_opinions(case))
    return _next(speakers_of(case), spoken)


def _next(speakers: Iterable[Speaker], spoken: set[int]) -> Speaker | None:
    waiting = (s for s in speakers if not s.excluded and not s.absence and s.pk not in spoken)
    return next(waiting, None)


@dataclass(frozen=True, slots=True)
class Line:
    """One leader in the list: `opinion` only where the reader may see it."""

    speaker: Speaker
    post: str
    has_spoken: bool
    is_turn: bool
    opinion: LeaderOpinion | None

    @property
    def words(self) -> str:
        """What is said of them where no opinion is shown."""
        if self.speaker.excluded:
            return "回避"
        if self.has_spoken:
            return "已发表意见"
        if self.speaker.absence:
            return f"请假：{self.speaker.absence}"
        return "轮到其发表意见" if self.is_turn else "待发表意见"


@dataclass(frozen=True, slots=True)
class Table:
    """The leaders of a case as one reader may see them."""

    lines: tuple[Line, ...]
    mine: Speaker | None
    my_opinion: LeaderOpinion | None
    my_turn: bool

    @property
    def spoken(self) -> int:
        return sum(line.has_spoken for line in self.lines)

    @property
    def waiting(self) -> int:
        return sum(
            not (line.has_spoken or line.speaker.excluded or line.speaker.absence) for line in self.lines
        )


def table_of(case: Case, viewer: Viewer) -> Table:
    """What others said is shown to a leader once they have spoken, and to the office when all have: nobody
    is to be led, and nobody is to pass it on."""
    speakers, opinions = speakers_of(case, viewer.on), standing_opinions(case)
    mine = next((s for s in speakers if s.user_id == viewer.user_id), None)
    turn = _next(speakers, set(opinions)) if case.closed_at is None else None
    seen = case.closed_at is not None or turn is None or (mine is not None and mine.pk in opinions)
    lines = tuple(
        Line(
            speaker=s,
            post=s.post or "",  # type: ignore[attr-defined]
            has_spoken=s.pk in opinions,
            is_turn=s == turn,
            opinion=opinions.get(s.pk) if seen or s == mine else None,
        )
        for s in speakers
    )
    my_opinion = opinions.get(mine.pk) if mine else None
    return Table(lines, mine, my_opinion, bool(mine and (mine == turn or (mine.absence and not my_opinion))))


@dataclass(frozen=True, slots=True)
class Count:
    agree: int = 0
    against: int = 0
    defer: int = 0

    @property
    def words(self) -> str:
        return f"同意 {self.agree}、不同意 {self.against}、暂缓 {self.defer}"


def counts_of(case: Case) -> dict[int, Count]:
    """Move id → how the leaders who are there spoke of it. Opinions in writing are not votes
    (中国共产党地方委员会工作条例: 未到会的书面意见不计入票数).

    Who agrees to one of several candidates for a post speaks for that one alone.
    """
    opinions = [o for o in standing_opinions(case).values() if not o.in_writing]
    found = {}
    for move_id in Candidate.objects.filter(case=case).values_list("move", flat=True):
        tally = Counter(_stance_on(opinion, move_id) for opinion in opinions)
        found[move_id] = Count(tally[Stance.AGREE], tally[Stance.AGAINST], tally[Stance.DEFER])
    return found


def _stance_on(opinion: LeaderOpinion, move_id: int) -> str:
    if opinion.stance == Stance.AGREE and opinion.choice_id not in (None, move_id):
        return ""
    return opinion.stance


def candidates_of(case: Case) -> list[Candidate]:
    """In the order of 姓氏笔画, never of anything else."""
    rows = Candidate.objects.filter(case=case).select_related(
        "move__cadre", "move__to_post__unit", "move__from_post__unit", "move__variant"
    )
    return list(rows.order_by("move__cadre__name_stroke_key", "move__cadre__pk", "move__variant__letter"))


def cases_waiting_for(viewer: Viewer) -> QuerySet[Any]:
    """Open cases in which it is this viewer's turn; one query."""
    me = Speaker.objects.filter(case=OuterRef("pk"), user=viewer.user_id, excluded=False, absence="").exclude(
        _spoken("pk")
    )
    before = Speaker.objects.filter(
        case=OuterRef("case"), excluded=False, absence="", position__lt=OuterRef("position")
    ).exclude(_spoken("pk"))
    open_cases = Case.objects.visible_to(viewer).filter(
        closed_at__isnull=True, plan__state__in=OPEN_FOR_OPINIONS
    )
    return open_cases.filter(Exists(me.exclude(Exists(before))))


def _spoken(path: str) -> Exists:
    return Exists(LeaderOpinion.objects.filter(speaker=OuterRef(path), withdrawn_at__isnull=True))


def leaders_to_ask(on: date) -> QuerySet[User]:
    """Accounts that may decide on the day."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.DECIDE_ROTATION in held]
    granted = RoleGrant.objects.covering(on).filter(role__in=roles)
    return User.objects.filter(pk__in=granted.values("user"), is_active=True).order_by("name")


def open_plans_of(viewer: Viewer) -> QuerySet[RotationPlan]:
    """Plans that the viewer handles and may lay before the leaders."""
    return RotationPlan.objects.editable_by(viewer).filter(state__in=OPEN_FOR_OPINIONS)
