"""The office that the pages are measured in: the demo zone with all its work, grown to any number of cadres.

Beside the demo's own rows every cadre holds a post and went to ten classes; there is a class for ten cadres
and a task for two. One seed gives the same rows each time.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from benchmarks.search import GIVEN, SURNAMES

BATCH = 2_000
CLASSES_EACH = 10


def build(count: int, on: date) -> None:
    """Fills an empty database; `count` cadres in all."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from core import search
    from people.models import Cadre

    call_command("seed_demo", no_files=True, on=on)
    with transaction.atomic():
        _more_cadres(count - Cadre.objects.count(), on)
        _more_classes(count // 10, on)
        _more_tasks(count // 2, on)
        search.rebuild()
    with connection.cursor() as cursor:
        # As autovacuum does on a server that has been up for an hour.
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


# -- people --


def _more_cadres(count: int, on: date) -> None:
    from people.models import Appointment, Cadre, Unit

    units = list(Unit.objects.filter(closed_on=None).values_list("pk", flat=True))
    draw = random.Random(7)  # noqa: S311 - names, not secrets
    for start in range(0, count, BATCH):
        rows = [_cadre(draw, number, on) for number in range(start, min(count, start + BATCH))]
        Appointment.objects.bulk_create(
            Appointment(
                cadre=cadre,
                unit_id=draw.choice(units),
                title="科员",
                starts_on=on - timedelta(days=draw.randrange(30, 3000)),
            )
            for cadre in Cadre.objects.bulk_create(rows)
        )


def _cadre(draw: random.Random, number: int, on: date) -> Any:
    from people.choices import PoliticalStatus, Sex, StaffType
    from people.models import Cadre
    from people.ranks import CIVIL_RANKS
    from people.services.cadres import complete_keys

    given = "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2))))
    cadre = Cadre(
        name=draw.choice(SURNAMES) + given,
        staff_no=f"T{number:06d}",
        sex=draw.choice(Sex.values),
        birth_month=date(on.year - draw.randrange(24, 59), draw.randrange(1, 13), 1),
        political_status=draw.choice(PoliticalStatus.values),
        staff_type=draw.choice(StaffType.values),
        rank=draw.choice(list(CIVIL_RANKS)),
        work_started_on=date(on.year - draw.randrange(1, 20), 7, 1),
        ethnicity="汉族",
        native_place="示例省示例市",
        display_order=1_000 + number,
    )
    complete_keys(cadre)
    return cadre


# -- training --


def _more_classes(count: int, on: date) -> None:
    from people.models import Cadre
    from training.models import TrainingClass

    draw = random.Random(8)  # noqa: S311
    people = list(Cadre.objects.order_by("pk").values_list("pk", flat=True))
    rows = [_class(draw, number, on) for number in range(count)]
    made = TrainingClass.objects.bulk_create(rows, batch_size=BATCH)
    each = CLASSES_EACH * len(people) // max(count, 1)
    for start in range(0, len(made), BATCH // each or 1):
        _take_part(made[start : start + (BATCH // each or 1)], draw, people, each)


def _class(draw: random.Random, number: int, on: date) -> Any:
    from training.choices import ClassKind, Theme
    from training.models import TrainingClass

    starts_on = on - timedelta(days=draw.randrange(10, 1_000))
    days = draw.randrange(1, 6)
    return TrainingClass(
        name=f"第{number + 1}期示例专题培训班",
        kind=draw.choice(ClassKind.values),
        theme=draw.choice(Theme.values),
        organiser="示例开发区管委会",
        place="示例会议中心",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days - 1),
        days=Decimal(days),
        hours=Decimal(8 * days),
    )


def _take_part(classes: Sequence[Any], draw: random.Random, people: Sequence[int], each: int) -> None:
    from django.utils import timezone

    from training.models import HourEntry, Participation

    parts = [
        Participation(training_class=one, cadre_id=pk, hours=one.hours, days=one.days)
        for one in classes
        for pk in draw.sample(people, each)
    ]
    at = timezone.now()
    HourEntry.objects.bulk_create(
        HourEntry(
            cadre_id=part.cadre_id,
            source="class",
            source_key=f"participation:{part.pk}",
            kind=part.training_class.kind,
            title=part.training_class.name,
            ledger=part.training_class.ledger,
            hours=part.hours,
            days=part.days,
            starts_on=part.training_class.starts_on,
            ends_on=part.training_class.ends_on,
            posted_at=at,
        )
        for part in Participation.objects.bulk_create(parts)
    )


# -- tasks --


def _more_tasks(count: int, on: date) -> None:
    from park.models import Task

    for rows in _tasks(count, on):
        _duties(Task.objects.bulk_create(rows), on)


def _tasks(count: int, on: date) -> Iterator[list[Any]]:
    from park.models import ActionPlan
    from people.models import Cadre, Unit

    plan = ActionPlan.objects.order_by("pk")[0]
    units = list(Unit.objects.filter(closed_on=None, parent__isnull=False).order_by("pk"))
    people = list(Cadre.objects.order_by("pk")[:2_000])
    for start in range(0, count, BATCH):
        numbers = range(start, min(count, start + BATCH))
        yield [
            _task(plan, n, units[n % len(units)], people[n % len(people)], people[n % 12], on)
            for n in numbers
        ]


def _task(plan: Any, n: int, unit: Any, owner: Any, official: Any, on: date) -> Any:
    """One in ten is still open, and due within half a year."""
    from park.models import Task

    is_open = n % 10 == 0
    due_on = on + timedelta(days=n % 180) if is_open else on - timedelta(days=n % 600)
    return Task(
        plan=plan,
        position=1_000 + n,
        no=f"{n}",
        name=f"示例任务{n}",
        measures="分批推进，逐项落实。",
        lead_official=official,
        lead_department=unit,
        owner=owner,
        starts_on=due_on - timedelta(days=200),
        due_on=due_on,
        state="running" if is_open else "closed",
        ended_on=None if is_open else due_on,
        percent=50 if is_open else 100,
        reported_on=on - timedelta(days=n % 20),
    )


def _duties(tasks: Sequence[Any], on: date) -> None:
    from park.models import Assignment, ProgressReport, Task, TaskUnit

    starts_on = on - timedelta(days=900)
    Assignment.objects.bulk_create(
        Assignment(task=task, cadre=task.owner, role="owner", starts_on=starts_on) for task in tasks
    )
    TaskUnit.objects.bulk_create(
        TaskUnit(task=task, unit=task.lead_department, role="lead", starts_on=starts_on) for task in tasks
    )
    reports = ProgressReport.objects.bulk_create(
        ProgressReport(
            task=task,
            on=task.reported_on,
            percent=task.percent,
            text="已完成阶段目标，资料正在整理。",
            owner=task.owner,
            unit=task.lead_department,
        )
        for task in tasks
    )
    for task, report in zip(tasks, reports, strict=True):
        task.latest_report = report
    Task.objects.bulk_update(tasks, ["latest_report"], batch_size=500)
