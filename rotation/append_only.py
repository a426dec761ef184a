"""Triggers that refuse to change or remove what a meeting decided and the log of plans, whoever asks.

The encrypted columns are left out: changing the key rewrites them. That nothing else was written into them
is shown by the digest, which stands in a guarded column (services.room.deciding.is_genuine).
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES: dict[str, tuple[str, ...]] = {
    "rotation_decision": (
        *("id", "uid", "plan_id", "number", "held_on", "place", "chair", "attendance", "minutes_file_id"),
        *("digest", "digest_sm3", "decided_by_id", "decided_at"),
    ),
    "rotation_decidedmove": (
        *(
            "id",
            "decision_id",
            "move_id",
            "cadre_id",
            "kind",
            "from_text",
            "to_post_id",
            "to_text",
            "outcome",
        ),
        *("agree", "against", "defer", "file_id", "file_sha256", "data_digest"),
    ),
    "rotation_planstep": ("id", "plan_id", "action", "state_before", "state_after", "by_id", "at", "note"),
}
REFUSAL = "what was decided is append-only"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION rotation_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table, columns in TABLES.items():
            for statement in _statements(connection.vendor, table, columns):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
            for kind in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{kind}{suffix}")


def _statements(vendor: str, table: str, columns: tuple[str, ...]) -> list[str]:
    act = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    if vendor == "postgresql":
        act = "FOR EACH ROW EXECUTE FUNCTION rotation_refuse()"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {', '.join(columns)} ON {table} {act}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {act}",
    ]
