"""The index over `SearchEntry.terms`: FTS5 on SQLite, GIN on PostgreSQL (ADR 0015).

SQLite keeps a table of its own, which triggers hold in step. A later migration that rebuilds the entries'
table on SQLite (AlterField does) loses the triggers: it must end with `install` again.
"""

from typing import Any

TABLE = "core_searchentry"
INDEX = "core_search_terms"

# The same words as in core.search.matching: PostgreSQL uses the index for exactly this expression.
VECTOR = "array_to_tsvector(string_to_array({terms}, ' '))"

_FORGET = "INSERT INTO $index($index, rowid, terms) VALUES ('delete', old.id, old.terms);"
_LEARN = "INSERT INTO $index(rowid, terms) VALUES (new.id, new.terms);"
_ANEW = "INSERT INTO $index($index) VALUES ('rebuild')"
_SQLITE = (
    "CREATE VIRTUAL TABLE $index USING fts5(terms, content='$table', content_rowid='id', detail=none,"
    " columnsize=0, prefix='1 2 3 4', tokenize=\"unicode61 remove_diacritics 0 tokenchars '^='\")",
    f"CREATE TRIGGER $index_insert AFTER INSERT ON $table BEGIN {_LEARN} END",
    f"CREATE TRIGGER $index_delete AFTER DELETE ON $table BEGIN {_FORGET} END",
    f"CREATE TRIGGER $index_update AFTER UPDATE OF terms ON $table BEGIN {_FORGET} {_LEARN} END",
    _ANEW,
)
_POSTGRESQL = (
    f"CREATE INDEX $index ON $table USING gin (({VECTOR.format(terms='terms')})) WITH (fastupdate = off)",
)


def _named(statement: str) -> str:
    return statement.replace("$index", INDEX).replace("$table", TABLE)


def install(connection: Any) -> None:
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(_named(statement))


def remove(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
            return
        for act in ("insert", "delete", "update"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {INDEX}_{act}")
        cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")


def refresh(connection: Any) -> None:
    """Makes SQLite's own table anew from the entries; PostgreSQL keeps its index by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(_named(_ANEW))
