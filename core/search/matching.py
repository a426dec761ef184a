"""The one condition that both databases answer from their index: which entries hold these terms."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, Func

from core.search.tables import INDEX, VECTOR
from core.search.terms import TERM, WHOLE

Term = tuple[str, bool]  # the term, and whether anything may follow


class Question(str):
    """What is asked of the index, told from the other parameters of a compiled query."""

    __slots__ = ()


def worded(terms: Sequence[Term], vendor: str) -> Question:
    """All of the terms, as the index of the database wants to be asked."""
    if vendor == "sqlite":
        return Question(" AND ".join(f'"{term}"{"*" if open_end else ""}' for term, open_end in terms))
    return Question(" & ".join(f"'{term}'{':*' if open_end else ''}" for term, open_end in terms))


class HasTerms(Func):
    """Entries that hold all of the terms; the terms are letters and digits, so nothing has to be escaped."""

    output_field = BooleanField()
    arity = 2

    def __init__(self, terms: Sequence[Term]) -> None:
        self.asked = tuple(terms)
        super().__init__(F("pk"), F("terms"))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        key, _ = compiler.compile(self.source_expressions[0])
        chosen = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s"  # noqa: S608 - a constant
        return f"{key} IN ({chosen})", (worded(self.asked, connection.vendor),)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        terms, _ = compiler.compile(self.source_expressions[1])
        return f"{VECTOR.format(terms=terms)} @@ %s::tsquery", (worded(self.asked, connection.vendor),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HasTerms) and self.asked == other.asked

    def __hash__(self) -> int:
        return hash(self.asked)


def exactly(words: Sequence[str]) -> list[Term]:
    """The whole of some text of the entry; only for a question of one word."""
    return [(f"={words[0][:WHOLE]}", False)]


def beginning(words: Sequence[str]) -> list[Term]:
    """Some text begins with the first word; the others stand anywhere."""
    return [(f"^{words[0][:TERM]}", True), *anywhere(words[1:])]


def anywhere(words: Sequence[str]) -> list[Term]:
    return [(word[:TERM], True) for word in words]
