"""The migrated database, built once per state of the migrations and copied for every run after it.

Migrating takes half a minute of CPU; copying a SQLite file takes milliseconds, filling PostgreSQL from a dump
a second or two.
"""

import fcntl
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core import management
from django.db import connections

from tests.postgres import PostgresMissing, binaries

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".pytest_cache" / "migrated"
KEPT = 4  # states: of a branch or two
migrate_in_full = management.call_command


def copy_instead_of_migrating() -> None:
    """Django's test runner asks for `migrate` by name: it gets the copy, when there is one."""
    management.call_command = call_command


def call_command(name: Any, *arguments: Any, **options: Any) -> Any:
    connection = connections[options.get("database") or "default"]
    if name != "migrate" or not _can_be_copied(connection):
        return migrate_in_full(name, *arguments, **options)
    keep, copy, suffix = WAYS[connection.vendor]
    with _one_at_a_time(suffix):
        template = FOLDER / f"{_state()}.{suffix}"
        if template.exists():
            return copy(template, connection)
        answer: Any = migrate_in_full(name, *arguments, **options)
        draft = template.with_suffix(f".{os.getpid()}.tmp")
        keep(connection, draft)
        draft.replace(template)
        _forget_old(suffix)
    return answer


def _can_be_copied(connection: Any) -> bool:
    """A PostgreSQL of one's own may be of another version than the programs on this machine."""
    if connection.vendor != "postgresql":
        return bool(connection.vendor == "sqlite")
    try:
        programs = binaries()
    except PostgresMissing:
        return False
    return (programs / "pg_dump").exists() and str(connection.pg_version // 10000) in programs.parts


@contextmanager
def _one_at_a_time(suffix: str) -> Iterator[None]:
    """Of the workers of a run one migrates; the others wait for its copy."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{suffix}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old(suffix: str) -> None:
    for old in sorted(FOLDER.glob(f"*.{suffix}"), key=os.path.getmtime)[:-KEPT]:
        old.unlink(missing_ok=True)


def _keep_sqlite(connection: Any, draft: Path) -> None:
    target = sqlite3.connect(draft)
    try:
        connection.connection.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file: readers of the copy leave nothing beside it
    finally:
        target.close()


def _copy_sqlite(template: Path, connection: Any) -> None:
    connection.ensure_connection()
    source = sqlite3.connect(f"file:{template}?mode=ro", uri=True)
    try:
        source.backup(connection.connection)
    finally:
        source.close()


def _keep_postgresql(connection: Any, draft: Path) -> None:
    _run_postgres("pg_dump", "--no-owner", "--no-privileges", "-f", str(draft), of=connection)


def _copy_postgresql(template: Path, connection: Any) -> None:
    _run_postgres("psql", "-qX", "-v", "ON_ERROR_STOP=1", "-1", "-f", str(template), of=connection)


def _run_postgres(program: str, *arguments: str, of: Any) -> None:
    where = of.settings_dict
    address = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}  # noqa: S105
    given = {name: str(where[key]) for name, key in address.items()} | {"PGDATABASE": where["NAME"]}
    subprocess.run(
        [binaries() / program, *arguments],
        env=os.environ | given,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


Way = tuple[Callable[[Any, Path], None], Callable[[Path, Any], None], str]
WAYS: dict[str, Way] = {
    "sqlite": (_keep_sqlite, _copy_sqlite, "sqlite3"),
    "postgresql": (_keep_postgresql, _copy_postgresql, "sql"),
}


def _state() -> str:
    """Of everything that a migrated database depends on."""
    digest = sha256(django.__version__.encode())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for path in sorted(Path(config.path, "migrations").glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:32]
