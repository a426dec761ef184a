"""100,000 tasks and 1,000,000 reports in a scratch database: queries, plans and times of the task pages.

    .venv/bin/python -m benchmarks.park [--tasks 100000] [--reports 10] [--postgres]

Fails when a page asks more than 12 queries, or when the database reads a whole big table for one.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

MOST_QUERIES = 11
PLANS, UNITS, CADRES = 10, 60, 2_000
BATCH = 5_000
TODAY = date(2026, 11, 2)
BIG = ("park_task", "park_progressreport", "park_assignment", "park_taskunit", "park_taskevent")
FULL = re.compile(r"(?:SCAN|Seq Scan on) (\w+)(?: (\w+))?")
INDEX = re.compile(r"USING (?:COVERING )?INDEX (\w+)")
NAMED = re.compile(r'"(\w+)" (?:AS )?"?([A-Z]\d+)\b')


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="cadre-bench-") as folder, _database(options.postgres):
        _set_up(Path(folder))
        build(options.tasks, options.reports)
        return measure()


@contextmanager
def _database(postgres: bool) -> Iterator[None]:
    """A server of its own for the run, named in the environment before the settings are read."""
    os.environ.pop("DATABASE_URL", None)
    if not postgres:
        yield
        return
    from tests.postgres import temporary_postgres

    with temporary_postgres() as url:
        os.environ["DATABASE_URL"] = url
        yield
        from django.db import connections

        connections.close_all()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--reports", type=int, default=10, help="reports a task")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    return parser.parse_args()


def _set_up(folder: Path) -> None:
    os.environ["CADRE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    if connections["default"].vendor == "sqlite":
        settings.DATABASES["default"]["NAME"] = str(folder / "bench.sqlite3")
        connections["default"].settings_dict["NAME"] = str(folder / "bench.sqlite3")
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    call_command("check")  # loads every page before the long part begins


# -- data --


def build(tasks: int, reports: int) -> None:
    from tests.factories.park import make_item, make_plan
    from tests.factories.people import make_cadre, make_unit

    started = time.monotonic()
    root = make_unit("示例开发区")
    units = [make_unit(parent=root) for _ in range(UNITS)]
    cadres = [make_cadre(unit=units[n % UNITS]) for n in range(CADRES)]
    plans = [make_plan(year=2026 - n) for n in range(PLANS)]
    heads = {plan.pk: [make_item(plan, f"措施{n}") for n in range(20)] for plan in plans}
    keys = _tasks(tasks, plans, heads, units, cadres)
    _duties(keys, units, cadres)
    _reports(keys, reports, units, cadres)
    from django.db import connection

    with connection.cursor() as cursor:
        # As autovacuum does on a server that has been up for an hour: without it no index answers alone.
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    print(f"{tasks:,} tasks, {tasks * reports:,} reports in {time.monotonic() - started:.0f} s")


def _tasks(
    count: int, plans: list[Any], heads: dict[int, list[Any]], units: list[Any], cadres: list[Any]
) -> list[int]:
    from park.models import Task

    keys: list[int] = []
    for start in range(0, count, BATCH):
        rows = [_task(n, plans, heads, units, cadres) for n in range(start, min(count, start + BATCH))]
        keys += [row.pk for row in Task.objects.bulk_create(rows)]
    return keys


def _task(n: int, plans: list[Any], heads: dict[int, list[Any]], units: list[Any], cadres: list[Any]) -> Any:
    from park.models import Task

    plan = plans[n % PLANS]
    closed = n % 3 == 0
    due_on = TODAY + timedelta(days=n % 400 - 150)
    begin = due_on - timedelta(days=200)
    return Task(
        plan=plan,
        measure=heads[plan.pk][(n // PLANS) % 20],
        position=n // PLANS,
        no=str(n),
        name=f"任务{n}",
        measures="分批推进，逐项落实。",
        lead_official=cadres[n % 12],
        lead_department=units[n % UNITS],
        owner=cadres[n % CADRES],
        starts_on=begin,
        due_on=due_on,
        state="closed" if closed else "running",
        ended_on=due_on if closed else None,
        percent=100 if closed else n % 100,
        reported_on=TODAY - timedelta(days=n % 60),
    )


def _duties(keys: list[int], units: list[Any], cadres: list[Any]) -> None:
    from park.models import Assignment, TaskUnit

    for start in range(0, len(keys), BATCH):
        part = list(enumerate(keys[start : start + BATCH], start=start))
        Assignment.objects.bulk_create(
            Assignment(task_id=k, cadre=cadres[n % CADRES], role="owner", starts_on=date(2026, 1, 5))
            for n, k in part
        )
        TaskUnit.objects.bulk_create(
            TaskUnit(task_id=k, unit=units[n % UNITS], role="lead", starts_on=date(2026, 1, 5))
            for n, k in part
        )


def _reports(keys: list[int], each: int, units: list[Any], cadres: list[Any]) -> None:
    from django.db.models import OuterRef, Subquery

    from park.models import ProgressReport, Task

    for start in range(0, len(keys), BATCH // each):
        part = list(enumerate(keys[start : start + BATCH // each], start=start))
        ProgressReport.objects.bulk_create(
            ProgressReport(
                task_id=key,
                on=TODAY - timedelta(days=30 * (each - turn)),
                percent=min(99, 10 * turn),
                text="已完成阶段目标，资料正在整理。",
                owner=cadres[n % CADRES],
                unit=units[n % UNITS],
            )
            for n, key in part
            for turn in range(each)
        )
    newest = ProgressReport.objects.filter(task=OuterRef("pk")).order_by("-on", "-pk")
    Task.objects.update(latest_report=Subquery(newest.values("pk")[:1]))


# -- measuring --


def measure() -> int:
    failed = 0
    for label, client, url in _pages():
        queries, seconds, size = _asked(client, url)
        scans = [(sql, step) for sql in queries for step in _scans(sql)]
        bad = len(queries) > MOST_QUERIES or bool(scans)
        failed += bad
        verdict = "FAIL" if bad else "ok"
        print(
            f"{verdict:4} {label:34} {len(queries):3} queries {1000 * seconds:7.0f} ms {size / 1024:6.0f} KB"
        )
        for sql, step in scans:
            print(f"     reads a whole table: {step}\n       in {sql[:400]}")
    return 1 if failed else 0


def _pages() -> Iterator[tuple[str, Any, str]]:
    from core.access import Role
    from park.models import Task
    from people.models import Unit

    hr = _client(Role.HR)
    owner = Task.objects.order_by("-pk").first()
    assert owner is not None
    yield "HR: table", hr, "/park/tasks/"
    yield "HR: table, last page", hr, "/park/tasks/?page=last"
    yield "HR: red lights", hr, "/park/tasks/?signal=red"
    yield "HR: board", hr, "/park/tasks/?view=board"
    yield "HR: timeline", hr, "/park/tasks/?view=timeline"
    yield "HR: one task", hr, f"/park/tasks/{owner.pk}/"
    unit = Unit.objects.filter(parent__isnull=False).order_by("pk").first()
    yield "head: table", _client(Role.DEPARTMENT_HEAD, unit=unit), "/park/tasks/"
    yield "head: board", _client(Role.DEPARTMENT_HEAD, unit=unit), "/park/tasks/?view=board"
    yield "cadre: own tasks", _client(cadre=owner.owner), "/park/tasks/"


def _client(*roles: Any, **scope: Any) -> Any:
    from django.test import Client

    from tests.factories.people import make_account

    client = Client()
    client.force_login(make_account(*roles, **scope), backend="people.backends.AccountBackend")
    return client


def _asked(client: Any, url: str) -> tuple[list[str], float, int]:
    """The queries of one request, and the median time of five."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    queries = [query["sql"] for query in captured]  # the next request clears the log
    times = []
    for _ in range(5):
        begun = time.monotonic()
        client.get(url)
        times.append(time.monotonic() - begun)
    return queries, statistics.median(times), len(answer.content)


def _scans(sql: str) -> list[str]:
    """The steps of the plan that read one of the big tables from end to end."""
    from django.db import connection

    if not sql.lstrip().startswith("SELECT"):
        return []
    prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(prefix + sql.replace("%", "%%"))
        steps = [str(row[-1]).strip() for row in cursor.fetchall()]
    # SQLite speaks of a table by the name the query gave it, PostgreSQL by both.
    tables = {alias: table for table, alias in NAMED.findall(sql)}
    found = []
    for n, step in enumerate(steps):
        read = FULL.search(step)
        if read and (_table_of(step) or tables.get(read[1], read[1])) in BIG:
            found.append(" ".join(steps[max(0, n - 1) : n + 3]))
    return found


def _table_of(step: str) -> str:
    """By the index the step reads: several parts of one query may give their tables the same alias."""
    from django.db import connection

    if connection.vendor != "sqlite" or not (index := INDEX.search(step)):
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name FROM sqlite_master WHERE name = %s", [index[1]])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


if __name__ == "__main__":
    sys.exit(main())
