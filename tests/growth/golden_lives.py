"""What the golden people learnt, did and were given: every row with its own day, name and recorder."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from core.access import Role, Viewer
from growth.checking import own_lines
from growth.services import ask_correction, confirm_lines
from park.choices import AssignmentRole, RequestKind, RequestState, Satisfaction
from park.models import Enterprise, EnterpriseRequest, LeaderNote, Task, Visit, VisitPerson
from park.services.tasks import apply_for_closing, close_task, report_progress, start_review
from people.access import viewer_for
from people.models import Cadre, Unit
from rotation.choices.secondments import OpinionParty, OpinionStage, SecondmentState
from rotation.models import MonthlyNote, Opinion
from rotation.services.room.effects import take_effect
from tests.factories import care, checkups, park, room, secondments, study, wellbeing
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.training import credit, make_class
from training.choices import Award, ContestKind, ContestState, StudyKind, StudyTheme
from training.models import AgendaItem, Contest, ContestEntry
from wellbeing.choices.checkups import CheckupState
from wellbeing.choices.talks import TalkKind
from wellbeing.models import CheckupMember
from wellbeing.services.care.deciding import approve_case, give_case

CLERK, LEADER, TALKER = "周经办", "高书记", "林主任"
SIGNERS = {
    OpinionParty.SELF: ("", ""),
    OpinionParty.HOST: ("阿依古丽·示例", "镇党委书记"),
    OpinionParty.HOME: ("郑示例", "局长"),
    OpinionParty.ORGANISATION: ("孔示例", "组织人事部门负责人"),
}


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def staff(role: Role, name: str, on: date) -> Viewer:
    return viewer_for(make_account(role, name=name), on=on)


# Learning


def attended(cadre: Cadre, came: Sequence[date], missed: Sequence[date] = ()) -> None:
    """周一学习例会, two hours each, and one film against corruption at the end."""
    study.make_group(cadre, name="第一党支部")
    by = staff(Role.PARTY, CLERK, came[-1])
    for day in sorted((*came, *missed)):
        about = {"title": "周一学习例会", "by": by}
        if day == came[-1]:
            about = {
                "kind": StudyKind.INTEGRITY,
                "theme": StudyTheme.WARNING_FILM,
                "title": "警示教育",
                "by": by,
            }
        found = study.make_activity(day, **about)
        study.hold(found, by=by, **({"came": [cadre]} if day in came else {"absent": [cadre]}))


def spoke(cadre: Cadre, on: date, topic: str) -> None:
    by = staff(Role.PARTY, CLERK, on)
    found = study.make_activity(
        on, title="学习分享会", kind=StudyKind.LEARNING, theme=StudyTheme.SHARING, by=by
    )
    AgendaItem.objects.create(activity=found, topic=topic, speaker=cadre)
    study.hold(found, came=[cadre], by=by)


def competed(cadre: Cadre, published_on: date, title: str, work: str, award: Award | None) -> None:
    found = Contest.objects.create(
        title=title,
        kind=ContestKind.WRITING,
        entries_until=published_on,
        closed_on=published_on,
        state=ContestState.PUBLISHED,
        published_on=published_on,
    )
    ContestEntry.objects.create(
        contest=found,
        cadre=cadre,
        title=work,
        submitted_at=noon(published_on),
        score=Decimal("92.50"),
        rank=1,
        award=award or "",
    )


# Out in the field


def task(cadre: Cadre, unit: Unit, official: Cadre, name: str, *, due_on: date, percent: int) -> Task:
    return park.make_task(name, unit=unit, owner=cadre, official=official, due_on=due_on, percent=percent)


def closed(found: Task, on: date) -> None:
    """Done, checked by the office and closed by a leader."""
    clerk, leader = staff(Role.HR, CLERK, on), staff(Role.TOP_LEADER, LEADER, on)
    report_progress(task=found, percent=100, text="已完成", by=clerk, on=on, at=noon(on))
    apply_for_closing(task=found, reason="全部完成并通过验收", by=clerk, on=on)
    start_review(task=found, by=leader, on=on)
    close_task(task=found, by=leader, on=on)


def moved(found: Task, name: str, unit: str, *, before: int, target: int, latest: int, on: date) -> None:
    park.make_indicator(
        found.plan,
        task=found,
        name=name,
        unit=unit,
        baseline=Decimal(before),
        target=Decimal(target),
        latest=Decimal(latest),
        latest_on=on,
    )


def helps(cadre: Cadre, found: Task, since: date) -> None:
    found.assignments.create(cadre=cadre, role=AssignmentRole.CO_WORKER, starts_on=since)


def visited(cadre: Cadre, enterprise: Enterprise, on: date, situation: str) -> Visit:
    made = Visit.objects.create(
        enterprise=enterprise,
        on=on,
        situation=situation,
        registered_by=make_account(name=CLERK),
        created_at=noon(on),
        client_key=UUID(int=on.toordinal()),
    )
    VisitPerson.objects.create(visit=made, cadre=cadre)
    return made


def asked_for(cadre: Cadre, visit: Visit, unit: Unit, text: str, closed_on: date) -> None:
    EnterpriseRequest.objects.create(
        enterprise=visit.enterprise,
        visit=visit,
        kind=RequestKind.LABOUR,
        text=text,
        state=RequestState.CLOSED,
        raised_on=visit.on,
        department=unit,
        handler=cadre,
        due_on=closed_on,
        assigned_on=visit.on,
        answered_on=closed_on,
        closed_on=closed_on,
        result="已解决",
        satisfaction=Satisfaction.SATISFIED,
    )


def guided(cadre: Cadre, leader: Cadre, quarter: int, text: str) -> None:
    LeaderNote.objects.create(leader=leader, cadre=cadre, year=2026, quarter=quarter, text=text)


# Away, and into another post


def seconded(
    cadre: Cadre,
    state: SecondmentState,
    *,
    notes: Sequence[date] = (),
    said: Mapping[OpinionParty, str] | None = None,
    **values: object,
) -> None:
    """With what was `said` of it at the end; who signed is made up."""
    hr, boss = staff(Role.HR, CLERK, TODAY), staff(Role.TOP_LEADER, LEADER, TODAY)
    row = secondments.make_secondment(state, cadre=cadre, by=hr, leader=boss, **values)
    for month in notes:
        MonthlyNote.objects.create(secondment=row, month=month, text="本月工作", sent_at=noon(month))
    for party, text in (said or {}).items():
        opinion = Opinion.objects.get(secondment=row, stage=OpinionStage.FINAL, party=party)
        opinion.text, (opinion.signer, opinion.signer_title) = text, SIGNERS[party]
        opinion.save()


def compared(unit: Unit, amounts: Sequence[int]) -> None:
    """Others of the same level with hours of this year, so that there is somebody to compare with."""
    for number, hours in enumerate(amounts, start=1):
        other = make_cadre(f"同层次{number}", unit=unit, title="科员", staff_no=f"{unit.code}-{number}")
        credit(other, make_class(f"比较班{number}", starts_on=date(2026, 4, 7), hours=hours))


def rotated(cadre: Cadre, unit: Unit, title: str, effective_on: date) -> None:
    drafter, boss = room.make_drafter(name=CLERK), room.make_leader(LEADER, unit=unit)
    plan = room.make_plan(drafter, effective_on=effective_on)
    move = room.make_move(plan, cadre, room.make_post(title, unit=unit))
    room.make_decided([move], drafter, [boss])
    plan.refresh_from_db()
    take_effect(plan=plan, by=None, at=room.NOW)


# Looked after


def talked(cadre: Cadre, *days: date) -> None:
    talker = make_account(Role.DEPARTMENT_HEAD, name=TALKER)
    for day in days:
        wellbeing.make_talk(cadre, talker=talker, held_on=day, at=noon(day), kind=TalkKind.CARE)


def checked_up(cadre: Cadre, *years: tuple[int, bool]) -> None:
    for year, done in years:
        by = make_account(Role.HR, name=CLERK)
        found = checkups.make_campaign(by, on=date(year, 4, 1))
        if done:
            CheckupMember.objects.filter(campaign=found, cadre=cadre).update(state=CheckupState.DONE)


def cared_for(cadre: Cadre, cause: str, kind: str, on: date, amount: int) -> None:
    care.make_budget(year=on.year)
    by, boss = make_account(Role.PARTY, name=CLERK), make_account(Role.TOP_LEADER, name=LEADER)
    event = care.make_event(cadre, cause, happened_on=on, reported_by=by)
    case = care.start(event, by, on=on, kind=kind, amount=Decimal(amount))
    approve_case(case=case, by=viewer_for(boss, on=on), on=on)
    give_case(case=case, giver="李示例", given_on=on, by=viewer_for(by, on=on), on=on)


def reminded(cadre: Cadre, unit: Unit, outcome: str, on: date, until: date) -> None:
    by = make_account(Role.DISCIPLINE, name="纪检示例")
    found = wellbeing.make_finding(unit, cadre=cadre, by=by, on=on)
    wellbeing.decide(found, by=by, on=on, outcome=outcome, effect_from=on, effect_to=until)


# Said of it by the person


def read_through(cadre: Cadre, on: date, *, wrong: str = "", wanted: str = "") -> None:
    """Every line confirmed but the one that holds `wrong`, of which the cadre says what it should be."""
    own, at = viewer_for(make_account(cadre=cadre, name=cadre.name), on=on), noon(on)
    lines = own_lines(cadre, viewer=own)
    if wrong:
        key = next(line.key for line in lines if wrong in line.text)
        ask_correction(cadre=cadre, key=key, wanted=wanted, by=own, at=at)
    confirm_lines(cadre=cadre, keys=None, by=own, at=at)
