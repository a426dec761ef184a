"""Bring an installation up to date before it starts; cheap when there is nothing to do."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

# Pages that are not routed: a second viewer of the API schema (it links a font service), DRF's own pages.
NOT_COLLECTED = ("redoc", "rest_framework", "*-4.js", "*-4.min.js")


class Command(BaseCommand):
    help = "准备数据库、静态文件，首次启动时建立演示数据"
    requires_system_checks = ()  # migrate runs the checks that matter here

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--empty", action="store_true", help="不建立演示数据")

    def handle(self, *args: Any, empty: bool, **options: Any) -> None:
        try:
            migrate_if_behind()
        except DatabaseError as error:
            raise CommandError(f"数据库不能使用，请检查 DATABASE_URL 和数据目录的权限：{error}") from error
        collect_static_if_changed()
        if not empty:
            call_command("seed_demo", if_empty=True, stdout=self.stdout)
        elif not get_user_model().objects.exists():
            # Not made here: a service manager would keep the one-time passwords in its log.
            self.stderr.write("系统中还没有账号，请在另一个窗口执行：./dev manage setup_accounts")


def migrate_if_behind() -> None:
    """Asking for the plan costs a tenth of an empty migrate, which rebuilds permissions each time."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def collect_static_if_changed() -> None:
    mark = Path(settings.STATIC_ROOT) / ".fingerprint"
    wanted = static_fingerprint()
    if mark.exists() and mark.read_text() == wanted:
        return
    call_command(
        "collectstatic", clear=True, interactive=False, verbosity=0, ignore_patterns=list(NOT_COLLECTED)
    )
    mark.write_text(wanted)


def static_fingerprint() -> str:
    """Changes when any source file does, also one inside an installed package."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
