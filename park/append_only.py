"""Triggers that refuse to overwrite progress reports, readings of indicators and steps through the states."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("park_progressreport", "park_indicatorreading", "park_taskevent")
REFUSAL = "rows of this table are append-only"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION park_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in TABLES:
            cursor.execute(_create(connection.vendor, table))


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update{suffix}")


def _create(vendor: str, table: str) -> str:
    name = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
    if vendor == "postgresql":
        return f"{name} FOR EACH ROW EXECUTE FUNCTION park_refuse_update()"
    return f"{name} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
