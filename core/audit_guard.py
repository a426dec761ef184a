"""Triggers that refuse to change the audit log, whoever asks the database."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "core_auditevent"
REFUSAL = "audit log is append-only"

# INSERT OR REPLACE would delete the old row without firing its delete trigger.
_SQLITE = {
    "audit_no_update": f"BEFORE UPDATE ON {TABLE}",
    "audit_no_delete": f"BEFORE DELETE ON {TABLE}",
    "audit_no_replace": f"BEFORE INSERT ON {TABLE} WHEN NEW.seq IN (SELECT seq FROM {TABLE})",  # noqa: S608
}
_POSTGRESQL = {
    "audit_no_change": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW",
    "audit_no_truncate": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT",
}
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for statement in _install_statements(connection.vendor):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """For undoing the migration, and for tests whose database is emptied by DELETE or TRUNCATE."""
    suffix = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _triggers(connection.vendor):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that should be there and are not."""
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in _triggers(connection.vendor) if name not in present]


def _triggers(vendor: str) -> dict[str, str]:
    return _POSTGRESQL if vendor == "postgresql" else _SQLITE


def _install_statements(vendor: str) -> list[str]:
    if vendor == "postgresql":
        act = "EXECUTE FUNCTION audit_refuse()"
        return [_FUNCTION, *(f"CREATE TRIGGER {n} {when} {act}" for n, when in _POSTGRESQL.items())]
    act = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [f"CREATE TRIGGER {n} {when} {act}" for n, when in _SQLITE.items()]
