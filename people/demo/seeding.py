"""Fills an empty database: `people` first, then what the other apps registered."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from core import search
from core.audit import record
from core.choices import AuditAction
from people.choices import CadreStatus
from people.demo import records
from people.demo.accounts import create_accounts
from people.demo.careers import CareerMaker
from people.demo.context import DemoContext
from people.demo.kinship import tie_relatives
from people.demo.persons import PersonMaker
from people.demo.portraits import draw_portrait
from people.demo.registry import contributions, register
from people.demo.structure import build_zone, places
from people.models import (
    AnnualAppraisal,
    Appointment,
    Cadre,
    Education,
    FamilyMember,
    Honour,
    ResumeEntry,
)
from people.reminders import remind_all
from people.services.cadres import complete_keys
from people.services.kinship import confirm_tie, suggest_ties
from people.services.photos import store_photo

SMALLEST = 20
# Drawing and encrypting pictures is not what a demo of ten thousand is for.
WITH_PHOTO = 60


@transaction.atomic
def seed(
    *, size: int, seed: int, on: date, say: Callable[[str], None], with_files: bool = True
) -> DemoContext:
    """Everything in one transaction, with one audit event beside those of the accounts."""
    autodiscover_modules("demo")
    context = DemoContext(on=on, seed=seed, size=size, say=say, with_files=with_files)
    with _without_collections():
        for contribution in contributions():
            contribution(context)
            _gather_statistics()
    context.count()
    search.rebuild()
    label = f"演示数据：{size} 名干部，种子 {seed}"
    record(action=AuditAction.DEMO_SEEDED, by=None, object_type="people.cadre", label=label)
    return context


def _gather_statistics() -> None:
    """PostgreSQL plans by what it last counted, and counts nothing of an open transaction by itself.

    Planned for empty tables, the reminders of what has just been filled in take minutes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@contextmanager
def _without_collections() -> Iterator[None]:
    """All rows stay alive to the end: looking for garbage among them costs a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@register(order=0)
def seed_people(context: DemoContext) -> None:
    context.say("机构、岗位和干部……")
    wanted = places(context.size)
    posts = build_zone(context, wanted)
    maker, careers = PersonMaker(context), CareerMaker(context)
    context.people = [maker.make(place, number) for number, place in enumerate(wanted, start=1)]
    tie_relatives(context)
    for person in context.people:
        careers.make(person)
    graded = list(records.appraisals(context))
    honoured = list(records.honours(context, graded))
    _store_cadres(context)
    context.say("任职、简历、学历、考核、荣誉和家庭成员……")
    context.insert(Appointment, list(records.appointments(context, posts)))
    _store_resume(context)
    context.insert(Education, list(records.education(context)))
    context.insert(AnnualAppraisal, graded)
    context.insert(Honour, honoured)
    context.insert(FamilyMember, list(records.family(context)))


@register(order=5)
def seed_kinship(context: DemoContext) -> None:
    """What the family lines tell of relatives in the zone; the last one found still waits to be confirmed."""
    at = timezone.make_aware(datetime.combine(context.on, time(9)))
    ties = suggest_ties(by=None, at=at)
    for tie in ties[:-1]:
        confirm_tie(tie=tie, by=None, at=at)


@register(order=900)
def seed_accounts(context: DemoContext) -> None:
    context.say("账号和授权……")
    create_accounts(context)


@register(order=990)
def seed_reminders(context: DemoContext) -> None:
    """What the accounts would have been reminded of today; after everything that makes duties."""
    remind_all(on=context.on)


def _store_cadres(context: DemoContext) -> None:
    random = context.random("portraits")
    for person in context.people:
        complete_keys(person.cadre)
    for person in context.people[:WITH_PHOTO]:
        if person.cadre.status == CadreStatus.ACTIVE and random.random() < 0.85:
            age = person.cadre.age(context.on) or 0
            store_photo(person.cadre, draw_portrait(random, sex=person.cadre.sex, age=age))
    context.insert(Cadre, [person.cadre for person in context.people])


def _store_resume(context: DemoContext) -> None:
    lines = list(records.resume(context))
    context.insert(ResumeEntry, [line for line, _ in lines])
    for line, interludes in lines:
        for interlude in interludes:
            interlude.parent = line
    context.insert(ResumeEntry, [interlude for _, interludes in lines for interlude in interludes])
