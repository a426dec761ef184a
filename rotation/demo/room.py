"""One rotation plan in each state, made by the services; those in effect have really been applied.

Whoever has an account stays where they are, so that the demo accounts keep their desks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.access import Role, Viewer
from core.errors import DomainError
from park.choices import HandoverState
from park.models import Handover
from park.services.handovers import accept
from people.access import viewer_for
from people.choices import AppointmentKind, CadreStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.models import Appointment, Cadre, KinTie, Post, User
from rotation.choices.decisions import Outcome, Stance
from rotation.choices.plans import CaseDuty, MoveKind, Origin
from rotation.choices.secondments import SecondmentState
from rotation.demo.moments import nine
from rotation.models import (
    Case,
    Decision,
    EffectLine,
    LeaderOpinion,
    Move,
    PlanMember,
    ReadingGrant,
    RotationPlan,
    Secondment,
    Speaker,
    Variant,
)
from rotation.plan_states import PlanAction
from rotation.services.room.cases import mark_absent, open_case
from rotation.services.room.closing import close, record_revisit
from rotation.services.room.deciding import Attendance, Meeting, Ruling, decide
from rotation.services.room.effects import confirm, take_effect
from rotation.services.room.files import prepare_files
from rotation.services.room.notices import announce
from rotation.services.room.opinions import give_opinion, register_written_opinion
from rotation.services.room.reading import grant_reading
from rotation.services.room.stepping import step

A = PlanAction
TO_MEETING = (A.SUBMIT, A.PASS, A.TO_MEETING)
REASONS = ("任现岗位时间较长，按规定轮岗。", "工作需要，充实力量。", "丰富经历，多岗位锻炼。")


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody who may be moved, and the post they hold."""

    cadre: Cadre
    post: Post
    appointment: Appointment


@register(order=960)
def seed_room(context: DemoContext) -> None:
    users = {user.username: user for user in User.objects.filter(username__in=("hr", "vl", "tl"))}
    if len(users) < 3:
        return
    context.say("轮岗方案、议题和决定……")
    _Room(context, users).seed()
    context.filled |= {RotationPlan, Move, Case, LeaderOpinion, ReadingGrant, Decision, EffectLine}


class _Room:
    def __init__(self, context: DemoContext, users: dict[str, User]) -> None:
        self.context, self.on = context, context.on
        self.hr, self.leader, self.chief = (users[name] for name in ("hr", "vl", "tl"))
        self.passwords = {account.username: account.password for account in context.accounts}
        self.random = context.random("rotation room")
        self.free = self._free()
        self.numbers = iter(range(1, 100))

    def seed(self) -> None:
        """Each part takes two people who hold posts in different departments; a small zone has fewer."""
        makers = (
            self.closed,
            self.handing_over,
            self.in_effect,
            self.on_notice,
            self.decided,
            self.at_the_meeting,
            self.asked,
            self.being_checked,
            self.draft,
            self.given_up,
        )
        for make in makers:
            pair = self._pair()
            if pair is None:
                return
            make(pair)

    # -- states --

    def draft(self, pair: Sequence[Held]) -> None:
        plan = self._plan("下一批中层干部轮岗（酝酿中）", self.on + timedelta(days=60), pair)
        second = self._variant(plan, "B", "只动一人", Origin.MACHINE)
        self._move(second, pair[0], pair[1].post, MoveKind.ROTATION, Origin.MACHINE)

    def being_checked(self, pair: Sequence[Held]) -> None:
        self._plan("重点岗位轮岗", self.on + timedelta(days=50), pair, A.SUBMIT)

    def asked(self, pair: Sequence[Held]) -> None:
        """Open for the leaders: the vice leader's turn."""
        plan = self._plan("业务骨干交流轮岗", self.on + timedelta(days=30), pair, A.SUBMIT, A.PASS)
        case = self._case(plan, self.on - timedelta(days=1), self.on + timedelta(days=5))
        self._lend(case, make=self.context.with_files)

    def at_the_meeting(self, pair: Sequence[Held]) -> None:
        """For one post, with several put forward; all leaders have spoken."""
        post = pair[0].post
        others = [held for held in (self._next(), self._next()) if held and held.post.pk != post.pk]
        plan = self._plan(f"{post}人选", self.on + timedelta(days=25), (), *TO_MEETING)
        for letter, held in zip("ABC", (pair[1], *others), strict=False):
            self._move(self._variant(plan, letter), held, post, MoveKind.ROTATION)
        self._move(self._variant(plan, "A"), pair[0], pair[1].post, MoveKind.ROTATION)
        day = self.on - timedelta(days=3)
        case = self._case(plan, day, self.on + timedelta(days=1), post=post)
        self._lend(case)
        chosen = next(c.move for c in case.candidates.all() if c.move.variant.letter == "A")
        self._speak(case, day, choice=chosen)

    def decided(self, pair: Sequence[Held]) -> None:
        self._decided("轮岗交流（已研究）", pair, self.on + timedelta(days=20), self.on - timedelta(days=5))

    def on_notice(self, pair: Sequence[Held]) -> None:
        start = self.on - timedelta(days=2)
        plan = self._decided(
            "任前公示中的调整", pair, self.on + timedelta(days=15), self.on - timedelta(days=8)
        )
        announce(plan=plan, starts_on=start, by=self._hr(start), at=nine(start))

    def in_effect(self, pair: Sequence[Held]) -> None:
        day = self.on - timedelta(days=1)
        plan = self._decided("刚刚生效的轮岗", pair, day, self.on - timedelta(days=15))
        take_effect(plan=plan, by=None, at=nine(day))

    def handing_over(self, pair: Sequence[Held]) -> None:
        self._confirmed("正在交接的轮岗", pair, self.on - timedelta(days=82))

    def closed(self, pair: Sequence[Held]) -> None:
        day = self.on - timedelta(days=130)
        plan, last = self._confirmed("年初轮岗", pair, day), day + timedelta(days=95)
        cadres = [held.cadre for held in pair]
        offered = Handover.objects.filter(assignment__cadre__in=cadres, state=HandoverState.OFFERED)
        for row in offered.select_related("assignment", "to"):
            accept(handover=row, by=None, on=day + timedelta(days=10))
        for line in EffectLine.objects.filter(effect__plan=plan):
            words = "已熟悉情况，与班子配合顺畅，希望多参加业务培训。"
            record_revisit(line=line, held_on=last, words=words, by=self._hr(last), at=nine(last))
        try:
            close(plan=plan, by=self._hr(last), at=nine(last))
        except DomainError as refusal:  # something of theirs has nobody to take it yet: it stays at 交接
            self.context.say(f"方案未办结：{refusal.message}")

    def given_up(self, pair: Sequence[Held]) -> None:
        self._plan("已终止的调整", self.on + timedelta(days=40), pair, A.SUBMIT, A.PASS, A.CANCEL)

    # -- steps --

    def _confirmed(self, title: str, pair: Sequence[Held], day: date) -> RotationPlan:
        plan = self._decided(title, pair, day, day - timedelta(days=14))
        take_effect(plan=plan, by=None, at=nine(day))
        later = day + timedelta(days=2)
        confirm(plan=plan, by=self._hr(later), at=nine(later))
        return plan

    def _decided(self, title: str, pair: Sequence[Held], effective_on: date, held_on: date) -> RotationPlan:
        plan = self._plan(title, effective_on, pair, *TO_MEETING)
        case = self._case(plan, held_on, held_on)
        self._speak(case, held_on)
        people = [s for s in case.speakers.select_related("user") if not s.excluded]
        seats = tuple(Attendance(s.user.name, s.user_id, not s.absence, s.absence) for s in people)
        number, present = next(self.numbers), sum(seat.present for seat in seats)
        rulings = {c.move_id: Ruling(Outcome.PASSED, agree=present) for c in case.candidates.all()}
        decide(
            plan=plan,
            meeting=Meeting(
                number=f"党工委会议〔{held_on.year}〕{number}次",
                held_on=held_on,
                chair=self.chief.name,
                place="第一会议室",
                attendance=seats,
                minutes="会议听取了组织人事部门的汇报，逐一研究，依次发表意见，形成决定。",
            ),
            rulings=rulings,
            by=self._hr(held_on),
            at=nine(held_on),
            document_no=f"云党任〔{effective_on.year}〕{number}号",
            on_paper="会上查阅纸质档案",
        )
        plan.refresh_from_db()
        return plan

    def _case(self, plan: RotationPlan, day: date, due: date, post: Post | None = None) -> Case:
        """The vice leader, one who is on leave, and the chief, who speaks last."""
        others = User.objects.filter(grants__role=Role.VICE_LEADER, is_active=True)
        away = others.exclude(pk=self.leader.pk).order_by("username").distinct().first()
        leaders = [user for user in (self.leader, away) if user]
        case = open_case(
            plan=plan,
            leaders=leaders,
            main=self.chief,
            opinions_due_on=due,
            by=self._hr(day),
            at=nine(day),
            post=post,
        )
        row = Speaker.objects.filter(case=case, user=away, excluded=False).first() if away else None
        if row is not None:
            mark_absent(speaker=row, reason="外出招商", by=self._hr(day))
        return case

    def _speak(self, case: Case, day: date, choice: Move | None = None) -> None:
        for speaker in case.speakers.filter(excluded=False).select_related("user", "case__plan"):
            values: dict[str, Any] = {
                "stance": Stance.AGREE,
                "choice": choice,
                "words": "同意。",
                "at": nine(day),
            }
            if speaker.absence:
                register_written_opinion(speaker=speaker, by=self._hr(day), **values)
            elif password := self.passwords.get(speaker.user.username):
                by = viewer_for(speaker.user, on=day)
                give_opinion(case=case, password=password, by=by, **values)

    def _lend(self, case: Case, *, make: bool = False) -> None:
        """Permits to read; the files themselves for one case, because making them takes time."""
        by = self._hr(self.on)
        if make:
            try:
                prepare_files(case=case, by=by, at=nine(self.on))
            except DomainError as refusal:  # no layout libraries or fonts
                self.context.say(f"跳过上会档案：{refusal.message}")
        for speaker in case.speakers.filter(excluded=False, absence=""):
            grant_reading(case=case, reader=speaker.user, purpose="研究人选", days=7, by=by, at=nine(self.on))

    def _hr(self, day: date) -> Viewer:
        return viewer_for(self.hr, on=day)

    # -- rows --

    def _plan(
        self, title: str, effective_on: date, pair: Sequence[Held], *actions: PlanAction
    ) -> RotationPlan:
        plan = RotationPlan.objects.create(
            uid=demo_uid(self.random), title=title, effective_on=effective_on, created_by=self.hr
        )
        for user, duty in ((self.hr, CaseDuty.DRAFTER), (self.chief, CaseDuty.DECIDER)):
            PlanMember.objects.create(plan=plan, user=user, duty=duty, added_by=self.hr)
        variant = self._variant(plan, "A", "互换岗位" if pair else "")
        if pair:
            self._move(variant, pair[0], pair[1].post, MoveKind.ROTATION)
            self._move(variant, pair[1], pair[0].post, MoveKind.ROTATION)
        start = min(self.on, effective_on) - timedelta(days=30)
        for number, action in enumerate(actions):
            day = start + timedelta(days=number)
            step(plan=plan, action=action, by=self._hr(day), at=nine(day))
        return plan

    @staticmethod
    def _variant(plan: RotationPlan, letter: str, title: str = "", origin: Origin = Origin.PERSON) -> Variant:
        values = {"title": title, "origin": origin}
        return Variant.objects.get_or_create(plan=plan, letter=letter, defaults=values)[0]

    def _move(
        self, variant: Variant, held: Held, to: Post, kind: MoveKind, origin: Origin = Origin.PERSON
    ) -> Move:
        return Move.objects.create(
            uid=demo_uid(self.random),
            variant=variant,
            position=variant.moves.count() + 1,
            cadre=held.cadre,
            from_appointment=held.appointment,
            from_post=held.post,
            from_text=str(held.appointment),
            to_post=to,
            kind=kind,
            origin=origin,
            reason=self.random.choice(REASONS),
        )

    # -- people --

    def _free(self) -> Iterator[Held]:
        """Deputies and staff without an account, not away and related to nobody, in the roster's order."""
        tied = {pk for pair in KinTie.objects.values_list("cadre", "relative") for pk in pair}
        away = Secondment.objects.exclude(state__in=(SecondmentState.RETURNED, SecondmentState.KEPT))
        rows = Appointment.objects.filter(
            kind=AppointmentKind.POST,
            is_main=True,
            ends_on__isnull=True,
            post__isnull=False,
            starts_on__lt=self.on - timedelta(days=400),
            cadre__status=CadreStatus.ACTIVE,
            cadre__account__isnull=True,
        ).exclude(cadre__in=[*tied, *away.values_list("cadre", flat=True)])
        found = rows.select_related("cadre", "post__unit", "unit").order_by("starts_on", "pk")
        return iter([Held(row.cadre, row.post, row) for row in found])

    def _next(self) -> Held | None:
        return next(self.free, None)

    def _pair(self) -> tuple[Held, Held] | None:
        first = self._next()
        kept: list[Held] = []
        while first is not None and (second := self._next()) is not None:
            if second.post.unit_id != first.post.unit_id:
                self.free = iter([*kept, *self.free])
                return first, second
            kept.append(second)
        return None
