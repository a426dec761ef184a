"""The ordinary pages over 10,000 cadres: CPU time, queries and size, beside bare Django over the same rows.

    .venv/bin/python -m benchmarks.pages [--cadres 10000] [--rounds 9] [--only 名册] [--data FOLDER]
                                         [--postgres] [--write]

What counts is CPU time, of this process and of the database's own: on a machine that others use too, the
clock on the wall measures them. The rounds are interleaved, so that a load that comes and goes meets all
pages alike. The requests pass the whole WSGI application (middleware, session, rights, page), no network.
`--data` keeps the seeded folder for the next run; `--write` puts the table into docs/performance.md.
Fails when a page asks more than 12 queries; that one is slower than its goal is only said.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.growth import machine
from benchmarks.pages.asking import Browser, Measured, Page, database_seconds, milliseconds, weigh

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "performance.md"
MOST_QUERIES = 12
EVERY = 5  # dear pages are asked in one of so many rounds


def main() -> int:
    options = _options()
    with ExitStack() as stack:
        folder = options.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cadre-bench-")))
        if options.postgres:
            from tests.postgres import temporary_postgres

            os.environ["DATABASE_URL"] = stack.enter_context(temporary_postgres())
        _set_up(folder, options.cadres)
        pages = [page for page in _pages() if options.only in page.label]
        found = _measure(pages, options.rounds)
        _close()
    lines = [*_head(options), *_table(found)]
    print("\n".join(lines))
    if options.write:
        _write("pages-postgres" if options.postgres else "pages", lines)
    return int(any(measured.queries > MOST_QUERIES for measured, _ in found.values()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cadres", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9, help="rounds, each page once in each")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--data", type=Path, help="a data folder to keep; seeded when it is empty")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    return parser.parse_args()


def _set_up(folder: Path, cadres: int) -> None:
    """As in service: the real settings, collected static files, templates read once."""
    os.environ["CADRE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "cadre_dev.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from benchmarks.pages.data import build
    from people.models import User

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not User.objects.exists():
        build(cadres, timezone.localdate())


def _close() -> None:
    from django.db import connections

    connections.close_all()


def _pages() -> Iterator[Page]:
    from park.models import Task
    from people.models import Cadre
    from training.models import TrainingClass

    cadre = Cadre.objects.order_by("display_order", "pk")[20].pk
    held = TrainingClass.objects.order_by("pk")[3].pk
    task = Task.objects.order_by("-pk")[0].pk
    yield Page("登录页", "", "/login/", 5)
    yield Page("首页，组织人事", "hr", "/", 60)
    yield Page("首页，部门负责人", "dh", "/", 60)
    yield Page("首页，主要领导", "tl", "/", 60)
    yield Page("首页，干部", "cadre", "/", 60)
    yield Page("干部名册，第 1 页", "hr", "/cadres/", 35, "/cadres/")
    yield Page("干部名册，查找", "hr", "/cadres/?q=%E7%8E%8B", 40)
    yield Page("干部名册，第 200 页", "hr", "/cadres/?page=200", 40, "/cadres/?page=200")
    yield Page("干部名册，部门负责人", "dh", "/cadres/", 35)
    yield Page("干部页面", "hr", f"/cadres/{cadre}/", 30, f"/cadres/{cadre}/")
    yield Page("培训班次", "hr", "/training/classes/", 40)
    yield Page("一个班次", "hr", f"/training/classes/{held}/", 40)
    yield Page("任务分解表", "hr", "/park/tasks/", 40)
    yield Page("一项任务", "hr", f"/park/tasks/{task}/", 40)
    yield Page("接口，50 名干部", "hr", "/api/v1/cadres/", 20, "/api/")
    yield Page("接口，一名干部", "hr", f"/api/v1/cadres/{cadre}/", 10, f"/api/{cadre}/")
    yield Page("导出全部干部，csv", "hr", "/cadres/?export=csv&status=any", 250, "/cadres.csv", dear=True)
    yield Page("导出全部干部，xlsx", "hr", "/cadres/?export=xlsx&status=any", 1000, dear=True)


Found = dict[Page, tuple[Measured, Measured | None]]


def _measure(pages: list[Page], rounds: int) -> Found:
    from cadre_dev.wsgi import application

    bare = _bare_django()
    browsers = {name: Browser(application, name) for name in {page.account for page in pages}}
    below = {name: Browser(bare, name) for name in {page.account for page in pages if page.floor}}
    found: Found = {
        page: (
            weigh(browsers[page.account], page.path),
            weigh(below[page.account], page.floor) if page.floor else None,
        )
        for page in pages
    }
    for turn in range(rounds):
        for page, (ours, floor) in found.items():
            if not page.dear or turn % EVERY == 0:
                _ask(ours, browsers[page.account], page.path)
                if floor:
                    _ask(floor, below[page.account], page.floor)
    return found


def _bare_django() -> Any:
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings

    from benchmarks.pages import floor

    with override_settings(MIDDLEWARE=floor.MIDDLEWARE):
        return WSGIHandler()


def _ask(into: Measured, browser: Browser, path: str) -> None:
    before = database_seconds()
    into.cpu.append(milliseconds(lambda: browser.get(path)))
    into.server.append((database_seconds() - before) * 1000)


def _head(options: argparse.Namespace) -> list[str]:
    from django.db import connection

    now = datetime.now().astimezone()
    return [
        f"{now:%Y-%m-%d %H:%M}，{machine.described()}，Python {platform.python_version()}，"
        f"{'PostgreSQL' if connection.vendor == 'postgresql' else 'SQLite'}，{options.cadres:,} 名干部，"
        f"{options.rounds} 轮。",
        "",
    ]


def _table(found: Found) -> Iterator[str]:
    yield "| 页面 | CPU 毫秒，中位 | 最小—最大 | 目标 | 裸 Django | 比值 | 查询 | gzip 后 KB |"
    yield "|---|---|---|---|---|---|---|---|"
    for page, (ours, floor) in found.items():
        beside = (f"{floor.median:.1f}", f"{ours.median / floor.median:.1f} ×") if floor else ("", "")
        cells = (
            page.label,
            f"**{ours.median:.1f}**" if ours.median > page.goal else f"{ours.median:.1f}",
            f"{min(ours.cpu):.1f}—{max(ours.cpu):.1f}",
            f"{page.goal:g}",
            *beside,
            f"{ours.queries}",
            f"{ours.kilobytes:.1f}",
        )
        yield f"| {' | '.join(cells)} |"


def _write(block: str, lines: list[str]) -> None:
    begin, end = f"<!-- {block}: begin -->", f"<!-- {block}: end -->"
    before, _, rest = DOCUMENT.read_text().partition(begin)
    after = rest.partition(end)[2]
    DOCUMENT.write_text(f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}{after}")


if __name__ == "__main__":
    sys.exit(main())
