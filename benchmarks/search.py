"""100,000 cadres in a scratch database: how long the search box takes, against looking through the table.

    .venv/bin/python -m benchmarks.search [--cadres 100000] [--postgres]

What counts is CPU time, of this process and of the database's own: on a machine that others use too, the
clock on the wall measures them. Fails when a question takes more than 50 ms of it in the median, or when
the database reads a whole big table.
"""

import argparse
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

MOST_MS = 50
UNITS, BATCH = 300, 2_000
TODAY = date(2026, 11, 2)
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤"
    "尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华建国文博海涛志远嘉树晓峰雨桐子涵思源梓萱"
    "浩然欣怡俊豪佳琪天宇若曦一鸣诗涵铭泽慧玲国栋学兵春梅玉兰宏伟德胜立新"
)
QUESTIONS = (
    "王",
    "王伟",
    "嘉树",
    "晓峰雨",
    "w",
    "ww",
    "wangwei",
    "jiashu",
    "T050",
    "T050123",
    "zhang wei",
    "没有人",
)
BIG = "people_cadre|core_searchentry|people_appointment"
# SQLite names a table by its alias in the query; a search by the kind alone reads nearly all entries.
SMALL = r"(?! USING COVERING INDEX \S*(?:people_unit|park_actionplan))"  # a few hundred rows
FULL = re.compile(rf"SCAN (?:{BIG}|[UVW]\d+)(?! VIRTUAL){SMALL}|\(kind=\?\)|Seq Scan on (?:{BIG})\b")


def main() -> int:
    options = _options()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="cadre-bench-"))
        if options.postgres:
            from tests.postgres import temporary_postgres

            os.environ["DATABASE_URL"] = stack.enter_context(temporary_postgres())
        _set_up(Path(folder))
        build(options.cadres)
        failed = measure()
        _close()
    return failed


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cadres", type=int, default=100_000)
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

    if "DATABASE_URL" not in os.environ:
        settings.DATABASES["default"]["NAME"] = str(folder / "bench.sqlite3")
        connections["default"].settings_dict["NAME"] = str(folder / "bench.sqlite3")
    call_command("migrate", verbosity=0)
    call_command("check")


def _close() -> None:
    from django.db import connections

    connections.close_all()


# -- data --


def build(count: int) -> None:
    from django.db import connection

    from core import search
    from people.models import Appointment
    from tests.factories.people import make_unit

    started = time.monotonic()
    root = make_unit("示例开发区")
    units = [make_unit(parent=root) for _ in range(UNITS)]
    for cadres in _cadres(count):
        Appointment.objects.bulk_create(
            Appointment(
                cadre=one, unit=units[one.pk % UNITS], title="科员", kind="post", starts_on=date(2020, 1, 1)
            )
            for one in cadres
        )
    between = time.monotonic()
    search.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(
        f"{connection.vendor}: {count:,} cadres in {between - started:.0f} s,"
        f" index in {time.monotonic() - between:.0f} s"
    )


def _cadres(count: int) -> Iterator[list[Any]]:
    from people.models import Cadre
    from people.services.cadres import complete_keys

    names = random.Random(7)  # noqa: S311 - names, not secrets
    for start in range(0, count, BATCH):
        rows = []
        for number in range(start, min(count, start + BATCH)):
            given = "".join(names.choices(GIVEN, k=names.choice((1, 2, 2))))
            cadre = Cadre(name=names.choice(SURNAMES) + given, staff_no=f"T{number:06d}")
            complete_keys(cadre)
            rows.append(cadre)
        yield Cadre.objects.bulk_create(rows)


# -- measuring --


def measure() -> int:
    from core.access import Role
    from people.models import Cadre, Unit
    from tests.factories.people import make_viewer

    some = Unit.objects.order_by("pk")[7]
    viewers = {
        "whole zone": make_viewer(Role.HR, on=TODAY),
        "one of 300 units": make_viewer(Role.DEPARTMENT_HEAD, unit=some, on=TODAY),
        "own record": make_viewer(cadre=Cadre.objects.get(pk=77), on=TODAY),
    }
    failed = 0
    for who, viewer in viewers.items():
        for question in (*QUESTIONS, some.name):
            failed += _one(who, viewer, question)
    return failed


def _one(who: str, viewer: Any, question: str) -> int:
    from core.search import search

    ms, wall, hits = _timed(lambda: sum(len(group.hits) for group in search(viewer, question)))
    plain_ms, _, _ = _timed(lambda: len(_looked_through(viewer, question)), times=3)
    scanned = _scans(lambda: search(viewer, question))
    slow = ms > MOST_MS
    marks = "".join([" SLOW" if slow else "", f" {scanned}" if scanned else ""])
    compared = f"table {plain_ms:7.1f} ms  × {plain_ms / ms:6.1f}"
    print(
        f"{who:18} {question:12} {ms:7.1f} ms CPU  {wall:7.1f} ms  {hits:2} hits  {compared}{marks}",
        flush=True,
    )
    return int(slow or bool(scanned))


def _looked_through(viewer: Any, question: str) -> list[Any]:
    """The same without an index: any part of name, pinyin, initials and number, by icontains."""
    from django.db.models import Q, Value
    from django.db.models.functions import Replace

    from people.models import Cadre

    plain = question.replace(" ", "").lower()
    rows = Cadre.objects.visible_to(viewer).annotate(joined=Replace("name_pinyin", Value(" "), Value("")))
    asked = Q(name__icontains=plain) | Q(joined__icontains=plain) | Q(name_initials__icontains=plain)
    return list(rows.filter(asked | Q(staff_no__icontains=plain)).order_by("name_pinyin")[:6])


def _timed(act: Callable[[], Any], times: int = 15) -> tuple[float, float, Any]:
    """CPU and wall time of one call in ms, and what it answered. The CPU time of PostgreSQL is only known in
    steps of 10 ms, so its mean over all calls is added to the median of this process."""
    answer = act()
    cpu, wall, before = [], [], _database_seconds()
    for _ in range(times):
        started, began = time.perf_counter(), time.process_time()
        answer = act()
        cpu.append((time.process_time() - began) * 1000)
        wall.append((time.perf_counter() - started) * 1000)
    database = (_database_seconds() - before) * 1000 / times
    return statistics.median(cpu) + database, statistics.median(wall), answer


def _database_seconds() -> float:
    """What the server process of this connection has used so far; SQLite works in this process."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _scans(act: Callable[[], Any]) -> str:
    """What of a plan reads a whole big table; "" when nothing does."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        act()
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"{explain} {query['sql']}")
            plan = "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())
        if found := FULL.search(plan):
            return found[0]
    return ""


if __name__ == "__main__":
    sys.exit(main())
