"""A year of study activities of every kind: most were held, some people missed some, one period is open."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from people.choices import AppointmentKind, CadreStatus, PoliticalStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.demo.shapes import Grade, Person
from people.models import Appointment
from training.choices import (
    ActivityState,
    AttendanceSource,
    AttendanceState,
    GroupKind,
    HourSource,
    LeaveReason,
    LeaveState,
    MakeUpState,
    StudyKind,
)
from training.conversion import Learning, Posting, convert_minutes
from training.demo.study_plan import Plan, by_hand, of_series, series_rows
from training.models import (
    AgendaItem,
    Attendance,
    GroupMembership,
    MakeUp,
    Slot,
    StudyActivity,
    StudyGroup,
    StudyLeave,
    StudySeries,
)
from training.queries.conversion import conversion_book, learners
from training.queries.study import day_book
from training.services.ledger import settle_all
from training.services.study.hours import activity_key
from training.streaks import CAME

BACK, AHEAD = timedelta(days=360), timedelta(days=50)
PARTY = (PoliticalStatus.PARTY_MEMBER, PoliticalStatus.PROBATIONARY)
BRANCHES = ("机关", "经济", "建设", "服务")
SMALLEST_BRANCH = 12
SPEECHES = ("招商引资实务体会", "项目服务一线见闻", "产业链研究心得", "驻企服务工作方法", "营商环境对标学习")
MINUTES = "会议传达学习有关文件，与会人员围绕主题交流研讨，结合岗位谈认识、提建议。"
DECISIONS = "一是把学习内容落实到重点任务清单；二是下次会议前反馈落实情况。"
REFLECTION = "通过补学，进一步理解了会议精神和工作要求，下一步结合本职岗位逐项落实，按月报告进展。"
# Out of a hundred: on time, late, on leave, absent.
USUAL, CARELESS, ALWAYS = (90, 3, 5, 2), (35, 10, 5, 50), (1, 0, 0, 0)


@dataclass
class Zone:
    """What the activities are made from."""

    context: DemoContext
    random: Random
    units: dict[int, list[tuple[date, date | None, int | None]]] = field(default_factory=dict)
    away: dict[int, list[tuple[date, date | None, str]]] = field(default_factory=dict)
    members: dict[int, list[Person]] = field(default_factory=dict)
    careless: set[int] = field(default_factory=set)

    @property
    def active(self) -> list[Person]:
        return [person for person in self.context.people if person.cadre.status == CadreStatus.ACTIVE]


@register(order=110)
def seed_study(context: DemoContext) -> None:
    context.say("学习组和一年的学习活动……")
    zone = Zone(context, context.random("study"))
    _read_posts(zone)
    zone.careless = {person.cadre.pk for person in zone.random.sample(zone.active, 2)}
    groups = _groups(zone)
    branches = [group for group in groups if group.kind == GroupKind.BRANCH]
    since = (context.on - BACK).replace(day=1)
    series = context.insert(StudySeries, series_rows(branches, since))
    plans = list(_plans(zone, groups, series, since))
    activities = _store(zone, plans)
    _settle(zone, [activity for activity in activities if activity.state == ActivityState.HELD])
    _leaves(zone)


def _read_posts(zone: Zone) -> None:
    rows = Appointment.objects.filter(cadre__in=[person.cadre.pk for person in zone.active])
    for row in rows:
        if row.kind == AppointmentKind.POST and row.is_main:
            zone.units.setdefault(row.cadre_id, []).append((row.starts_on, row.ends_on, row.unit_id))
        elif row.kind in (AppointmentKind.SECONDMENT, AppointmentKind.LOAN):
            words = f"{row.get_kind_display()}：{row.organisation}{row.title}"
            zone.away.setdefault(row.cadre_id, []).append((row.starts_on, row.ends_on, words))


# Groups


def _groups(zone: Zone) -> list[StudyGroup]:
    """Branches over the departments, each with its committee and two party groups, and the centre group."""
    party = [person for person in zone.active if person.cadre.political_status in PARTY]
    count = max(1, min(len(BRANCHES), len(party) // SMALLEST_BRANCH))
    codes = sorted({person.place.unit[:4] for person in party})
    parts: list[list[Person]] = [[] for _ in range(count)]
    for person in party:
        parts[codes.index(person.place.unit[:4]) * count // len(codes)].append(person)
    groups = [
        group for name, part in zip(BRANCHES, parts, strict=False) for group in _branch(zone, name, part)
    ]
    leaders = [person for person in party if person.place.grade <= Grade.HEAD][:12]
    centre = _group(
        zone, "党工委理论学习中心组", GroupKind.CENTRE, leaders, roles=("组长", "副组长", "学习秘书")
    )
    return [*groups, centre]


def _branch(zone: Zone, name: str, people: list[Person]) -> list[StudyGroup]:
    if not people:
        return []
    ranked = sorted(people, key=lambda person: person.place.grade)
    roles = ("书记", "组织委员", "宣传委员")
    branch = _group(zone, f"{name}党支部", GroupKind.BRANCH, people)
    committee = _group(zone, f"{name}党支部委员会", GroupKind.COMMITTEE, ranked[:3], branch, roles)
    halves = (people[::2], people[1::2]) if len(people) > SMALLEST_BRANCH else (people,)
    teams = [
        _group(zone, f"{name}党支部第{'一二'[place]}党小组", GroupKind.PARTY_GROUP, half, branch, ("组长",))
        for place, half in enumerate(halves)
    ]
    return [branch, committee, *teams]


def _group(
    zone: Zone,
    name: str,
    kind: GroupKind,
    people: Sequence[Person],
    parent: StudyGroup | None = None,
    roles: Sequence[str] = (),
) -> StudyGroup:
    [group] = zone.context.insert(StudyGroup, [StudyGroup(name=name, kind=kind, parent=parent)])
    since = (zone.context.on - BACK).replace(day=1)
    rows = [
        GroupMembership(
            group=group,
            cadre=person.cadre,
            role=roles[place] if place < len(roles) else "",
            starts_on=max(
                since, min((first for first, _, _ in zone.units.get(person.cadre.pk, ())), default=since)
            ),
        )
        for place, person in enumerate(people)
    ]
    zone.context.insert(GroupMembership, rows)
    zone.members[group.pk] = list(people)
    return group


def _joined(zone: Zone, cadre_id: int, otherwise: date) -> date:
    return min((first for first, _, _ in zone.units.get(cadre_id, ())), default=otherwise)


# Activities


def _plans(
    zone: Zone, groups: Sequence[StudyGroup], series: Sequence[StudySeries], since: date
) -> Iterator[Plan]:
    """Everything of the year, less what the zone forgot: that is what the obligation clock shows."""
    last = zone.context.on + AHEAD
    book = day_book(since - AHEAD, last + AHEAD)
    wanted = [plan for one in series for plan in of_series(one, since, last, book)]
    wanted += by_hand(groups, since, last)
    forgotten = _forgotten(zone, wanted)
    yield from (plan for plan in sorted(wanted, key=lambda plan: plan.day) if plan not in forgotten)


def _forgotten(zone: Zone, plans: Sequence[Plan]) -> list[Plan]:
    """One bimonthly learning of the year, and one meeting of a group in the last quarter."""
    on = zone.context.on
    past = [plan for plan in plans if on.year == plan.day.year and plan.day < on - timedelta(days=62)]
    learnings = [plan for plan in past if plan.kind == StudyKind.LEARNING]
    meetings = [plan for plan in past if plan.kind == StudyKind.GROUP_MEETING]
    return learnings[-1:] + meetings[-1:]


def _store(zone: Zone, plans: Sequence[Plan]) -> list[StudyActivity]:
    context = zone.context
    activities = context.insert(StudyActivity, [_activity(zone, plan) for plan in plans])
    slots = context.insert(
        Slot, [_slot(zone, one, plan) for one, plan in zip(activities, plans, strict=True)]
    )
    rows = [row for one, slot in zip(activities, slots, strict=True) for row in _expected(zone, one, slot)]
    came = _by_slot(context.insert(Attendance, rows))
    context.insert(AgendaItem, [item for one in activities for item in _agenda(zone, one, came[one.slot.pk])])
    missed = [row for one in activities for row in came[one.slot.pk] if _to_make_up(one, row)]
    context.insert(MakeUp, [_make_up(zone, row) for row in missed])
    return activities


def _activity(zone: Zone, plan: Plan) -> StudyActivity:
    held = plan.day < zone.context.on
    chair = zone.members[plan.group.pk][0].cadre.name if plan.group and zone.members[plan.group.pk] else ""
    return StudyActivity(
        uid=demo_uid(zone.random),
        kind=plan.kind,
        theme=plan.theme,
        title=plan.title,
        series=plan.series,
        planned_for=plan.planned_for,
        group=plan.group,
        state=ActivityState.HELD if held else ActivityState.PLANNED,
        held_on=plan.day,
        chair=chair or zone.active[0].cadre.name,
        recorder=zone.active[-1].cadre.name,
        form="集中学习" if plan.kind != StudyKind.INTEGRITY else "现场教育",
        minutes=MINUTES if held else "",
        decisions=DECISIONS if held and plan.group else "",
    )


def _slot(zone: Zone, activity: StudyActivity, plan: Plan) -> Slot:
    starts_at = _moment(plan.day, plan.at)
    return Slot(
        uid=demo_uid(zone.random),
        activity=activity,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=plan.minutes),
        place=plan.place,
    )


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _expected(zone: Zone, activity: StudyActivity, slot: Slot) -> Iterator[Attendance]:
    people = zone.members[activity.group_id] if activity.group_id else zone.active
    day = activity.held_on
    for person in people:
        unit = _unit_on(zone, person.cadre.pk, day)
        if unit:
            yield _row(zone, activity, slot, person.cadre.pk, unit)


def _unit_on(zone: Zone, cadre_id: int, day: date) -> int | None:
    spans = zone.units.get(cadre_id, ())
    return next((unit for first, last, unit in spans if first <= day and (last is None or day <= last)), None)


def _row(zone: Zone, activity: StudyActivity, slot: Slot, cadre_id: int, unit: int) -> Attendance:
    row = Attendance(slot=slot, cadre_id=cadre_id, unit_id=unit)
    gone = zone.away.get(cadre_id, ())
    day = activity.held_on
    place = next((words for first, last, words in gone if first <= day and (last is None or day <= last)), "")
    if place:
        row.state, row.note = AttendanceState.EXCUSED, place[:200]
    elif activity.state == ActivityState.HELD:
        _mark(zone, row, slot)
    return row


def _mark(zone: Zone, row: Attendance, slot: Slot) -> None:
    chairs = row.cadre_id == zone.active[0].cadre.pk  # whoever chairs is there
    weights = ALWAYS if chairs else CARELESS if row.cadre_id in zone.careless else USUAL
    states = (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.LEAVE, AttendanceState.ABSENT)
    row.state = zone.random.choices(states, weights)[0]
    row.source = AttendanceSource.MANUAL
    if row.state == AttendanceState.LEAVE:
        row.leave_reason = zone.random.choice([LeaveReason.DUTY, LeaveReason.DUTY, LeaveReason.SICK])
    if row.state == AttendanceState.PRESENT:
        row.source = AttendanceSource.QR
        row.checked_in_at = slot.starts_at - timedelta(minutes=zone.random.randint(1, 20))


def _by_slot(rows: Sequence[Attendance]) -> dict[int, list[Attendance]]:
    found: dict[int, list[Attendance]] = defaultdict(list)
    for row in rows:
        found[row.slot_id].append(row)
    return found


def _agenda(zone: Zone, activity: StudyActivity, rows: Sequence[Attendance]) -> Iterator[AgendaItem]:
    """The Monday meeting has its reader, the bimonthly activity two speakers from among those who came."""
    if activity.kind not in (StudyKind.LEARNING, StudyKind.CENTRE_GROUP):
        return
    came = [row.cadre_id for row in rows if row.state in CAME]
    speakers = zone.random.sample(came, min(2, len(came)))
    for order, speaker in enumerate(speakers, start=1):
        topic = zone.random.choice(SPEECHES)
        yield AgendaItem(activity=activity, order=order, topic=topic, speaker_id=speaker, minutes=20)


def _to_make_up(activity: StudyActivity, row: Attendance) -> bool:
    important = activity.kind in (StudyKind.LEARNING, StudyKind.CENTRE_GROUP, StudyKind.INTEGRITY)
    return important and row.state in (AttendanceState.ABSENT, AttendanceState.LEAVE)


def _make_up(zone: Zone, row: Attendance) -> MakeUp:
    """Old ones are done; of the last weeks some wait to be read, some are still to be written."""
    slot = row.slot
    assigned = slot.ends_at + timedelta(hours=2)
    made = MakeUp(
        attendance=row,
        material_text=f"请自学“{slot.activity}”的材料：会议讲话要点和配套文件。",
        assigned_at=assigned,
        assigned_by="演示数据",
        due_on=timezone.localdate(assigned) + timedelta(days=14),
    )
    if made.due_on < zone.context.on and zone.random.random() < 0.9:
        made.state, made.reflection = MakeUpState.ACCEPTED, REFLECTION
        made.submitted_at = assigned + timedelta(days=5)
        made.decided_at, made.decided_by = assigned + timedelta(days=6), "演示数据"
    elif zone.random.random() < 0.5 and assigned + timedelta(days=2) < _moment(zone.context.on, time(0)):
        made.state, made.reflection = MakeUpState.SUBMITTED, REFLECTION
        made.submitted_at = assigned + timedelta(days=2)
    return made


# Leave


def _leaves(zone: Zone) -> None:
    """From what comes next: two have asked, a third has been granted leave."""
    context, random = zone.context, zone.context.random("study leave")
    ahead = Attendance.objects.filter(
        slot__activity__state=ActivityState.PLANNED,
        slot__starts_at__gt=_moment(context.on + timedelta(days=1), time(0)),
        state=AttendanceState.EXPECTED,
    )
    rows = list(ahead.select_related("slot").order_by("slot__starts_at", "cadre_id")[:60])
    asked_at = _moment(context.on, time(8, 30))
    words = ((LeaveReason.DUTY, "赴市里参加招商对接会"), (LeaveReason.PERSONAL, ""), (LeaveReason.SICK, ""))
    leaves = [
        StudyLeave(attendance=row, reason=reason, note=note, requested_at=asked_at)
        for row, (reason, note) in zip(random.sample(rows, min(3, len(rows))), words, strict=False)
    ]
    for leave in leaves[2:]:
        leave.state, leave.decided_at, leave.decided_by = LeaveState.GRANTED, asked_at, "演示数据"
        row = leave.attendance
        row.state, row.leave_reason, row.source = AttendanceState.LEAVE, leave.reason, AttendanceSource.MANUAL
        row.save(update_fields=["state", "leave_reason", "source"])
    context.insert(StudyLeave, leaves)


# Hours


def _settle(zone: Zone, activities: Sequence[StudyActivity]) -> None:
    """Everything that was earned, posted as the product posts it."""
    book, people = conversion_book(), learners([person.cadre.pk for person in zone.active])
    rows = Attendance.objects.filter(slot__activity__in=[one.pk for one in activities], state__in=CAME)
    came: dict[int, list[int]] = defaultdict(list)
    for slot_id, cadre_id in rows.order_by("pk").values_list("slot_id", "cadre_id"):
        came[slot_id].append(cadre_id)
    wanted: dict[str, list[Posting]] = {}
    for one in activities:
        slot, day = one.slot, one.held_on
        minutes = int((slot.ends_at - slot.starts_at).total_seconds()) // 60
        learning = Learning(HourSource.ACTIVITY, one.title, day, day, one.kind)
        wanted[activity_key(one)] = [
            posting
            for pk in came[slot.pk]
            for posting in convert_minutes(book, people[pk], learning, minutes=minutes)
        ]
    at = _moment(zone.context.on, time(8))
    settle_all(source=HourSource.ACTIVITY, wanted=wanted, by=None, at=at)
