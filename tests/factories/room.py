"""Plans that lie before the leaders, decided or in effect; every person is invented."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

from django.utils import timezone

from core.access import Role, Viewer
from core.pdf import PdfResult
from growth.contracts import Edition
from growth.queries import snapshot_of
from growth.services import store_file
from people.access import viewer_for
from people.models import Appointment, Cadre, Post, User
from rotation.choices.decisions import Outcome, Stance
from rotation.choices.plans import CaseDuty, MoveKind, PlanState
from rotation.models import Case, Decision, Move, PlanMember, RotationPlan, Speaker, Variant
from rotation.services.room.cases import open_case
from rotation.services.room.deciding import Attendance, Meeting, Ruling, decide
from rotation.services.room.files import keep_case_file
from rotation.services.room.opinions import give_opinion
from tests.factories.documents import blank_pdf
from tests.factories.people import TODAY, make_account, make_appointment, make_cadre, make_unit

NOW = timezone.make_aware(datetime(2026, 11, 2, 10, 0))
PASSWORD = "Right-Horse-7"
EFFECTIVE = date(2026, 11, 2)
_numbers = count(1)


def at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def make_drafter(**values: Any) -> User:
    return make_account(Role.HR, name=values.pop("name", "承办人"), **values)


def seen_by(user: User, on: date = TODAY) -> Viewer:
    return viewer_for(user, on=on)


def make_post(title: str = "科长", *, unit: Any = None, **values: Any) -> Post:
    return Post.objects.create(unit=unit or make_unit(), title=title, **values)


def make_plan(drafter: User, *, state: PlanState = PlanState.MEETING, **values: Any) -> RotationPlan:
    number = next(_numbers)
    values.setdefault("effective_on", EFFECTIVE)
    plan = RotationPlan.objects.create(
        title=values.pop("title", f"第{number}批调整"), state=state, created_by=drafter, **values
    )
    PlanMember.objects.create(plan=plan, user=drafter, duty=CaseDuty.DRAFTER, added_by=drafter)
    Variant.objects.create(plan=plan, letter="A")
    return plan


def holder_of(post: Post, name: str = "", *, since: date = date(2021, 3, 1), **values: Any) -> Cadre:
    cadre = make_cadre(name, **values)
    make_appointment(cadre, unit=post.unit, post=post, title=post.title, starts_on=since)
    return cadre


def make_move(
    plan: RotationPlan,
    cadre: Cadre,
    to: Post | None,
    *,
    kind: MoveKind = MoveKind.ROTATION,
    letter: str = "A",
    reason: str = "工作需要",
) -> Move:
    """From the main post that the cadre holds."""
    variant, _ = Variant.objects.get_or_create(plan=plan, letter=letter)
    held = Appointment.objects.filter(cadre=cadre, is_main=True, ends_on__isnull=True).first()
    return Move.objects.create(
        variant=variant,
        position=variant.moves.count() + 1,
        cadre=cadre,
        from_appointment=held,
        from_post=held.post if held else None,
        from_text=str(held) if held else "",
        to_post=to,
        kind=MoveKind.REMOVAL if to is None else kind,
        reason=reason,
    )


def make_leader(name: str, role: Role = Role.VICE_LEADER, **values: Any) -> User:
    return make_account(role, name=name, password=PASSWORD, **values)


def make_case(
    plan: RotationPlan, drafter: User, leaders: Sequence[User], *, main: User | None = None, **values: Any
) -> Case:
    return open_case(
        plan=plan,
        leaders=leaders,
        main=main,
        opinions_due_on=values.pop("opinions_due_on", TODAY),
        by=seen_by(drafter),
        at=NOW,
        **values,
    )


def show_files(case: Case, drafter: User) -> None:
    """Files as the job keeps them; their one page is blank, so that nothing is rendered."""
    viewer = seen_by(drafter)
    for cadre in Cadre.objects.filter(pk__in=case.candidates.values("move__cadre")):
        snapshot = snapshot_of(cadre, edition=Edition.LEADER, as_of=TODAY, viewer=viewer)
        file = store_file(cadre=cadre, snapshot=snapshot, result=PdfResult(blank_pdf(), 1), by=viewer)
        keep_case_file(case=case, file=file, by=viewer, at=NOW)


def speak(case: Case, *leaders: User, stance: Stance = Stance.AGREE, words: str = "", **values: Any) -> None:
    for leader in leaders:
        give_opinion(
            case=case, stance=stance, words=words, password=PASSWORD, by=seen_by(leader), at=NOW, **values
        )


def speaker(case: Case, user: User) -> Speaker:
    return case.speakers.get(user=user)


def meeting_of(case: Case, **values: Any) -> Meeting:
    """Everybody who is not kept out is there."""
    people = [s for s in case.speakers.select_related("user") if not s.excluded]
    values.setdefault("attendance", tuple(Attendance(s.user.name, s.user_id) for s in people))
    return Meeting(
        number=values.pop("number", "党工委会议〔2026〕15次"),
        held_on=values.pop("held_on", TODAY),
        chair="高书记",
        place="第一会议室",
        minutes="会议听取了汇报，进行了讨论。",
        **values,
    )


def make_decided(
    moves: Sequence[Move], drafter: User, leaders: Sequence[User], **outcomes: Outcome
) -> Decision:
    """All pass with every vote, but those named by `m<pk>`; the case and its files are made on the way."""
    plan = moves[0].variant.plan
    case = make_case(plan, drafter, leaders)
    show_files(case, drafter)
    votes = len([s for s in case.speakers.all() if not s.excluded])
    rulings = {}
    for move in moves:
        outcome = outcomes.get(f"m{move.pk}", Outcome.PASSED)
        passed = outcome == Outcome.PASSED
        rulings[move.pk] = Ruling(outcome, agree=votes if passed else 0, against=0 if passed else votes)
    return decide(
        plan=plan,
        meeting=meeting_of(case),
        rulings=rulings,
        by=seen_by(drafter),
        at=NOW,
        document_no="云党任〔2026〕9号",
    )
