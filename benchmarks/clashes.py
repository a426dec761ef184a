"""How long the clash radar and the timetable take: `python -m benchmarks.clashes`, on a database of its own.

Prints times, the growth from one size to ten times it, and how many clashes were found of those planted.
Figures of a busy machine: read the ratios.
"""

import os
import tempfile
import time
from datetime import datetime, timedelta
from typing import Any

PEOPLE, SLOTS, MEETINGS = 1_000, 50, 50
SESSIONS, GROUPS, MEMBERS = 20, 5, 60


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CADRE_DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_dev.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for people in (PEOPLE // 10, PEOPLE):
            radar(people)
        timetable()


def radar(people: int) -> None:
    """A year of weekly slots against a year of meetings; every fifth meeting is planted on a slot."""
    from training.queries.clashes import clashes_of

    slots, planted, cadres = planted_year(people)
    began, cpu = time.perf_counter(), time.process_time()
    report = clashes_of(slots, [cadre.pk for cadre in cadres], on=slots[0].starts_at.date())
    seconds, own = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"radar: {people} people x {SLOTS} slots x {MEETINGS} meetings: "
        f"{seconds:.2f} s, processor {own:.2f} s, "
        f"{len(report.clashes)} clashes found of {planted} planted"
    )


def planted_year(people: int) -> tuple[list[Any], int, list[Any]]:
    from django.utils import timezone

    from people.models import Appointment, Cadre, Unit
    from training.models import Attendance, Slot, StudyActivity, TrainingClass

    for model in (Attendance, Slot, StudyActivity, TrainingClass, Appointment, Cadre, Unit):
        model.objects.all().delete()  # type: ignore[attr-defined]
    units = Unit.objects.bulk_create(
        Unit(code=f"B{n}", name=f"第{n}局", path=f"/{n}/") for n in range(people // 20)
    )
    cadres = Cadre.objects.bulk_create(Cadre(name=f"示例{n}", staff_no=f"B{n:05d}") for n in range(people))
    since = datetime(2020, 1, 1).date()
    Appointment.objects.bulk_create(
        Appointment(cadre=cadre, unit=units[place % len(units)], title="科员", starts_on=since)
        for place, cadre in enumerate(cadres)
    )
    first = timezone.make_aware(datetime(2027, 1, 5, 9))
    held = TrainingClass.objects.create(
        name="年度班", kind="topical", starts_on=first.date(), ends_on=first.date(), days=1, hours=8
    )
    weeks = [first + timedelta(weeks=week) for week in range(SLOTS)]
    slots = Slot.objects.bulk_create(
        Slot(training_class=held, starts_at=week, ends_at=week + timedelta(hours=2)) for week in weeks
    )
    rows, planted = [], 0
    for place in range(MEETINGS):
        meets = place % 5 == 0
        start = weeks[place] + timedelta(hours=1 if meets else 4)
        activity = StudyActivity.objects.create(kind="monday", title=f"例会{place}", held_on=start.date())
        slot = Slot.objects.create(activity=activity, starts_at=start, ends_at=start + timedelta(hours=2))
        rows += [Attendance(slot=slot, cadre=cadre) for cadre in cadres]
        planted += people if meets else 0
    Attendance.objects.bulk_create(rows, batch_size=2000)
    return slots, planted, cadres


def timetable() -> None:
    """Twenty sessions of five classes, three hundred people, ten days of three blocks, four rooms."""
    from training.timetable import Block, Demand, Room, Session, solve
    from training.timetable.problem import pair_key

    monday = datetime(2027, 3, 1, 9)
    starts = [monday + timedelta(days=day, hours=3 * part) for day in range(10) for part in range(3)]
    groups = [f"第{n}班" for n in range(GROUPS)]
    demand = Demand(
        sessions=tuple(
            Session(f"第{n}讲", groups[n % GROUPS], lecturer=f"主讲{n % 7}") for n in range(SESSIONS)
        ),
        blocks=tuple(Block(start, start + timedelta(hours=2)) for start in starts),
        rooms=tuple(Room(f"教室{n}", 50 + 10 * n) for n in range(4)),
        size=dict.fromkeys(groups, MEMBERS),
        shared={pair_key(a, b): 7 for a in groups for b in groups if a < b},
        busy={group: [(7 * b + 3 * g) % 11 for b in range(len(starts))] for g, group in enumerate(groups)},
    )
    answer = solve(demand, seconds=10)
    print(
        f"timetable: {SESSIONS} sessions x {GROUPS * MEMBERS} people: {answer.seconds:.2f} s, "
        f"{answer.clashes} clashes, {'proven best' if answer.proven else 'best within the time'}"
    )


if __name__ == "__main__":
    main()
