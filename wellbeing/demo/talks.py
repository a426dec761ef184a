"""About a year of talks, with duties, times on offer, follow-ups and one emergency access."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from core import vault
from people.choices import CadreStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.demo.shapes import Person
from people.models import Cadre, User
from wellbeing.choices.followups import FollowUpCategory, FollowUpState
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.choices.talks import GlassReason, GlassState, GlassVerdict, TalkKind, TalkState
from wellbeing.choices.triggers import DutyState, TalkerRelation, TriggerCode
from wellbeing.demo.leaders import fill_leaders
from wellbeing.demo.words import CORRECTIONS, MATTERS, REMARKS, RESULTS, marked, texts_for
from wellbeing.models import (
    Consent,
    EmergencyAccess,
    FollowUp,
    Talk,
    TalkContent,
    TalkCorrection,
    TalkDuty,
    TalkFile,
    TalkSlot,
)
from wellbeing.purposes import consent_version
from wellbeing.queries.organisation import Organisation, Placements
from wellbeing.sealing.cipher import seal_bytes
from wellbeing.sealing.keys import key_for, seal_row
from wellbeing.services.door import context_of, path_of
from wellbeing.services.duties import raise_talk_duties

MOST_PEOPLE = 200  # a demo of ten thousand needs no more talks than this
BACK = 380  # days
RELATIONS = (TalkerRelation.DIRECT, TalkerRelation.HEAD, TalkerRelation.VICE, TalkerRelation.OFFICE)
ROUNDS = (300, 200, 140, 80, 40, 20, 0)  # days before today on which the rules were run
ANSWERED = 0.7
KIND_OF = {
    TriggerCode.JOINED: TalkKind.FIRST,
    TriggerCode.PROMOTED: TalkKind.ENCOURAGE,
    TriggerCode.COMMENDED: TalkKind.ENCOURAGE,
    TriggerCode.APPRAISED: TalkKind.FEEDBACK,
    TriggerCode.ABSENCES: TalkKind.REMINDER,
    TriggerCode.KEY_TASK_OVERDUE: TalkKind.REMINDER,
    TriggerCode.SECONDMENT_BEFORE: TalkKind.SECONDMENT,
    TriggerCode.SECONDMENT_MID: TalkKind.SECONDMENT,
    TriggerCode.SECONDMENT_END: TalkKind.SECONDMENT,
    TriggerCode.RETIRING: TalkKind.RETIREMENT,
}
KINDS = (TalkKind.DAILY, TalkKind.DAILY, TalkKind.CARE, TalkKind.ENCOURAGE, TalkKind.FEEDBACK)


@register(order=920)
def seed_talks(context: DemoContext) -> None:
    context.say("谈心谈话、应谈事项和跟进……")
    fill_leaders(context)
    people = [p for p in context.people if p.cadre.status == CadreStatus.ACTIVE][:MOST_PEOPLE]
    talks = [*_talks(context, people), *_owed_talks(context)]
    random = context.random("talk-parts")
    _follow_ups(random, context.on, talks)
    _attachment(random, context, talks)
    _emergency(random, talks)
    _slots(context)
    _consents(context.on, people)


def _owed_talks(context: DemoContext) -> Iterator[Talk]:
    """Duties as they would have been raised in the past months; most of them were answered, some late."""
    random = context.random("duties")
    for back in ROUNDS:
        day = context.on - timedelta(days=back)
        raise_talk_duties(on=day, quietly=back > 0)
        open_ones = TalkDuty.objects.filter(state=DutyState.OPEN, talker__isnull=False, raised_on=day)
        for duty in open_ones.select_related("cadre").order_by("due_on", "cadre_id", "code"):
            last = min(duty.due_on, context.on - timedelta(days=1))
            if last > day and random.random() < ANSWERED:
                yield _answered(random, context.on, duty, day + (last - day) * random.random())


def _answered(random: Random, on: date, duty: TalkDuty, day: date) -> Talk:
    talk = _talk(random, on, duty.cadre, duty.talker_id or 0, day, duty.unit_id, TriggerCode(duty.code))
    if talk.state != TalkState.DRAFT:
        TalkDuty.objects.filter(pk=duty.pk).update(state=DutyState.DONE, done_on=day, talk=talk)
    return talk


def _at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _talks(context: DemoContext, people: Sequence[Person]) -> Iterator[Talk]:
    random = context.random("talks")
    organisation, places = Organisation.on(context.on), Placements([p.cadre.pk for p in people])
    for person in people:
        pk = person.cadre.pk
        for _ in range(random.choice((0, 1, 1, 2))):
            day = context.on - timedelta(days=random.randint(1, BACK))
            place = places.on(pk, day)
            talker = organisation.talker_for(random.choice(RELATIONS), cadre_id=pk, unit_path=place.path)
            if talker is not None and place.unit_id is not None:
                yield _talk(random, context.on, person.cadre, talker, day, place.unit_id)


def _talk(
    random: Random,
    on: date,
    cadre: Cadre,
    talker_id: int,
    day: date,
    unit_id: int | None,
    reason: TriggerCode = TriggerCode.OTHER,
) -> Talk:
    state = _state(random, (on - day).days)
    at, later = _at(day), _at(min(on, day + timedelta(days=3)), 15)
    released = state == TalkState.SIGNING or (state == TalkState.ARCHIVED and random.random() < 0.7)
    talk = Talk.objects.create(
        uid=demo_uid(random),
        cadre=cadre,
        talker_id=talker_id,
        unit_id=unit_id,
        kind=KIND_OF.get(reason) or random.choice(KINDS),
        reason=reason,
        place="谈心室",
        held_on=day,
        state=state,
        created_by_id=talker_id,
        finalised_at=None if state == TalkState.DRAFT else at,
        released_at=at if released else None,
        signed_at=later if released and state == TalkState.ARCHIVED else None,
        archived_at=later if state == TalkState.ARCHIVED else None,
    )
    _content(random, talk, at)
    return talk


def _state(random: Random, days_ago: int) -> TalkState:
    """Old talks are archived; the last weeks still hold some of each."""
    if days_ago > 40:
        return TalkState.ARCHIVED
    return random.choice((TalkState.DRAFT, TalkState.FINAL, TalkState.SIGNING, TalkState.ARCHIVED))


def _content(random: Random, talk: Talk, at: datetime) -> None:
    content = TalkContent(uid=demo_uid(random), talk=talk, version=1, saved_at=at)
    texts = texts_for(random, content.uid)
    if talk.signed_at:
        texts["remark"] = marked(random.choice(REMARKS), content.uid, "remark")
    key = key_for(talk.cadre)
    seal_row(content, key, texts)
    content.save(force_insert=True)
    if talk.state == TalkState.ARCHIVED and random.random() < 0.15:
        row = TalkCorrection(uid=demo_uid(random), talk=talk, at=at, by_id=talk.talker_id)
        seal_row(row, key, {"text": marked(random.choice(CORRECTIONS), row.uid, "text")})
        row.save(force_insert=True)


def _follow_ups(random: Random, on: date, talks: Sequence[Talk]) -> None:
    final = [talk for talk in talks if talk.finalised_at]
    for talk in random.sample(final, min(len(final), 14)):
        _follow_up(random, on, talk)


def _follow_up(random: Random, on: date, talk: Talk) -> None:
    category = random.choice(sorted(MATTERS))
    opened = talk.held_on or on
    due = opened + timedelta(days=30)
    closed = due < on and random.random() < 0.8
    row = FollowUp(
        uid=demo_uid(random),
        cadre=talk.cadre,
        talk=talk,
        category=FollowUpCategory(category),
        owner_id=talk.talker_id,
        opened_on=opened,
        due_on=due,
        state=FollowUpState.DONE if closed else FollowUpState.OPEN,
        closed_at=_at(due) if closed else None,
        closed_by_id=talk.talker_id if closed else None,
    )
    texts = {"matter": marked(MATTERS[category], row.uid, "matter")}
    if closed:
        texts["result"] = marked(random.choice(RESULTS), row.uid, "result")
        if random.random() < 0.7:
            row.told_at, row.told_by_id = row.closed_at, talk.talker_id
    seal_row(row, key_for(talk.cadre), texts)
    row.save(force_insert=True)


def _attachment(random: Random, context: DemoContext, talks: Sequence[Talk]) -> None:
    """One, where files are wanted: its name and its bytes carry their marks as well."""
    archived = [talk for talk in talks if talk.state == TalkState.ARCHIVED]
    if not context.with_files or not archived:
        return
    talk = random.choice(archived)
    row = TalkFile(uid=demo_uid(random), talk=talk, kept_at=_at(context.on), kept_by_id=talk.talker_id)
    key = key_for(talk.cadre)
    name = f"{marked('家访情况', row.uid, 'name')}.txt"
    seal_row(row, key, {"name": name, "content_type": "text/plain"})
    row.save(force_insert=True)
    data = marked("家访时间、人员和情况。", row.uid, "data").encode()
    vault.write(path_of(row), seal_bytes(key, data, context=context_of(row)), context=context_of(row))


def _emergency(random: Random, talks: Sequence[Talk]) -> None:
    accounts = {user.username: user for user in User.objects.filter(username__in=("tl", "vl", "aud"))}
    old = [
        talk
        for talk in talks
        if talk.state == TalkState.ARCHIVED and talk.talker_id not in {user.pk for user in accounts.values()}
    ]
    if len(accounts) < 3 or not old:
        return
    talk = random.choice(old)
    asked = (talk.archived_at or timezone.now()) + timedelta(days=1)
    EmergencyAccess.objects.create(
        uid=demo_uid(random),
        talk=talk,
        category=GlassReason.HANDOVER,
        reason="谈话人调离后无法联系，接续工作急需了解本人提出的事项。",
        state=GlassState.REVIEWED,
        asked_by=accounts["tl"],
        asked_at=asked,
        decided_by=accounts["vl"],
        decided_at=asked + timedelta(minutes=20),
        expires_at=asked + timedelta(minutes=50),
        opened_at=asked + timedelta(minutes=25),
        openings=1,
        reviewed_by=accounts["aud"],
        reviewed_at=asked + timedelta(days=2),
        verdict=GlassVerdict.PROPER,
    )


def _slots(context: DemoContext) -> None:
    """Times in the coming days: of the accounts people log in with."""
    for place, user in enumerate(User.objects.filter(username__in=("dh", "vl", "hr")).order_by("username")):
        for step in (2, 4):
            start = _at(context.on + timedelta(days=step + place), 15)
            TalkSlot.objects.create(
                talker=user, starts_at=start, ends_at=start + timedelta(minutes=40), place="谈心室"
            )


def _consents(on: date, people: Sequence[Person]) -> None:
    purpose = ConsentPurpose.TALK_FOLLOW_UP
    for person in people[::3]:
        Consent.objects.create(
            cadre=person.cadre,
            purpose=purpose,
            text_version=consent_version(purpose),
            given_at=_at(on - timedelta(days=30)),
        )
