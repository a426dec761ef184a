"""What the database itself refuses: two secondments of one person at one time, and changes of the log.

PostgreSQL has an exclusion constraint (ranges alone, so that no extension is needed); SQLite a trigger.
"""

from django.db import IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper

OVERLAP = "该干部在这段时间已有挂职，起止日期不能重叠，请先结束或撤销原来的挂职，或调整日期。"
APPEND_ONLY = "rows of this table are append-only"
LOG, TABLE = "rotation_secondmentstep", "rotation_secondment"
EXCLUSION = "secondments_do_not_overlap"
_VOID = "('refused', 'cancelled')"

_REFUSE_UPDATE = f"""
CREATE OR REPLACE FUNCTION rotation_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_EXCLUDE = f"""
ALTER TABLE {TABLE} ADD CONSTRAINT {EXCLUSION} EXCLUDE USING gist (
    int8range(cadre_id, cadre_id, '[]') WITH &&,
    daterange(starts_on, coalesce(ended_on, planned_end_on), '[]') WITH &&
) WHERE (state NOT IN {_VOID})
"""
_OVERLAP_TRIGGER = f"""
CREATE TRIGGER {TABLE}_overlap_{{event}} BEFORE {{when}} ON {TABLE}
WHEN NEW.state NOT IN {_VOID} AND EXISTS (
    SELECT 1 FROM {TABLE} other
    WHERE other.cadre_id = NEW.cadre_id AND other.id IS NOT NEW.id AND other.state NOT IN {_VOID}
    AND other.starts_on <= coalesce(NEW.ended_on, NEW.planned_end_on)
    AND coalesce(other.ended_on, other.planned_end_on) >= NEW.starts_on
)
BEGIN SELECT RAISE(ABORT, '{OVERLAP}'); END
"""  # noqa: S608 - made of our own names alone
_EVENTS = (
    ("insert", "INSERT"),
    ("update", "UPDATE OF cadre_id, starts_on, planned_end_on, ended_on, state"),
)


def is_overlap(error: IntegrityError) -> bool:
    """Whether the database refused because of another secondment of the same person."""
    return EXCLUSION in str(error) or OVERLAP in str(error)


def install(connection: BaseDatabaseWrapper) -> None:
    remove(connection)
    for statement in _statements(connection.vendor):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS {LOG}_no_update" + (f" ON {LOG}" if postgres else ""))
        if postgres:
            cursor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {EXCLUSION}")
            return
        for event, _ in _EVENTS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_overlap_{event}")


def _statements(vendor: str) -> list[str]:
    update = f"CREATE TRIGGER {LOG}_no_update BEFORE UPDATE ON {LOG}"
    if vendor == "postgresql":
        run = f"{update} FOR EACH ROW EXECUTE FUNCTION rotation_refuse_update()"
        return [_REFUSE_UPDATE, run, _EXCLUDE]
    overlap = [_OVERLAP_TRIGGER.format(event=event, when=when) for event, when in _EVENTS]
    return [f"{update} BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END", *overlap]
