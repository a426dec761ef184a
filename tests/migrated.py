"""The migrated SQLite database, built once per state of the migrations and copied for every run after it.

Migrating takes half a minute of CPU; copying takes milliseconds. PostgreSQL is migrated in full each time.
"""

import os
import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core import management
from django.db import connections

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".pytest_cache" / "migrated"
migrate_in_full = management.call_command


def copy_instead_of_migrating() -> None:
    """Django's test runner asks for `migrate` by name: it gets the copy, when there is one."""
    management.call_command = call_command


def call_command(name: Any, *arguments: Any, **options: Any) -> Any:
    connection = connections[options.get("database") or "default"]
    if name != "migrate" or connection.vendor != "sqlite":
        return migrate_in_full(name, *arguments, **options)
    template = FOLDER / f"{_state()}.sqlite3"
    if template.exists():
        return _copy(template, connection)
    answer: Any = migrate_in_full(name, *arguments, **options)
    _keep(connection, template)
    return answer


def _copy(template: Path, connection: Any) -> None:
    connection.ensure_connection()
    source = sqlite3.connect(f"file:{template}?mode=ro", uri=True)
    try:
        source.backup(connection.connection)
    finally:
        source.close()


def _keep(connection: Any, template: Path) -> None:
    """All or nothing: of two workers that migrate side by side the last one's copy stays."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in sorted(FOLDER.glob("*.sqlite3"), key=os.path.getmtime)[:-4]:
        old.unlink(missing_ok=True)
    draft = template.with_suffix(f".{os.getpid()}.tmp")
    target = sqlite3.connect(draft)
    try:
        connection.connection.backup(target)
    finally:
        target.close()
    draft.replace(template)


def _state() -> str:
    """Of everything that a migrated database depends on."""
    digest = sha256(django.__version__.encode())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for path in sorted(Path(config.path, "migrations").glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:32]
