"""The one function behind the search box, its page and the API."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from core.access import Viewer
from core.models import SearchEntry
from core.search.matching import HasTerms, Question, Term, anywhere, beginning, exactly, worded
from core.search.sources import AnySource, Source, sources
from core.search.terms import TERM, kind_term, plain, words_of

SHORT_LIST = 5  # hits of a kind among the suggestions
LONG_LIST = 20  # on the page
ONE_KIND = 100  # on the page of one kind


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found; `marks` are the pieces of its title and whether they match what was typed."""

    kind: str
    object_id: int
    title: str
    detail: str
    url: str
    marks: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, the best first. `more`: there are others, of which no number is told."""

    key: str
    label: str
    icon: str
    hits: tuple[Hit, ...]
    more: bool
    list_url: str
    list_query: str = ""


def search(viewer: Viewer, query: str, *, limit: int = SHORT_LIST, kind: str = "") -> list[Group]:
    """What the viewer may know of and that holds every word: names, pinyin, initials, numbers.

    Two queries for all kinds together, however many rows there are, and one for each kind whose details
    depend on the day.
    """
    words = words_of(query)
    asked = [one for one in sources() if one.open_to(viewer) and kind in ("", one.key)]
    if not words or not asked:
        return []
    found = _found(viewer, words, asked, limit + 1)
    return [_group(viewer, one, found[one.key], words, limit) for one in asked if found.get(one.key)]


Entries = dict[str, list[SearchEntry]]


def _found(viewer: Viewer, words: Sequence[str], asked: Sequence[AnySource], wanted: int) -> Entries:
    """Entries by kind. Beginnings come first; only kinds with room left are asked for matches anywhere."""
    best = [beginning(words)] if len(words) > 1 else [exactly(words), beginning(words)]
    found: Entries = {}
    branches = [made for one in asked if not _is_apart(one) and (made := _branch(viewer, one, words, wanted))]
    _collect(found, _union(branches, best, 0), wanted)
    hungry = [branch for branch in branches if len(found.get(branch.source.key, ())) < wanted]
    _collect(found, _union(hungry, [anywhere(words)], len(best)), wanted)
    for one in asked:
        if isinstance(one, Source) and one.apart:
            _collect(found, _alone(viewer, one, words, wanted), wanted)
    return found


def of(source: AnySource) -> Term:
    return kind_term(source.key), False


def _is_apart(source: AnySource) -> bool:
    return isinstance(source, Source) and source.apart


def _alone(viewer: Viewer, source: Source, words: Sequence[str], wanted: int) -> Iterator[Any]:
    """The other way round: the rows that the viewer may know of, among those that the index names."""
    seen = source.visible_to(viewer)
    stages: dict[int, int] = {}
    for stage, terms in enumerate((beginning(words), anywhere(words)), start=1):
        named = _entries(source, words).filter(HasTerms([*terms, of(source)])).values("object_id")
        # Who may see what is dear to ask: not where the index names nothing.
        if len(stages) < wanted and named.exists():
            for pk in seen.filter(pk__in=named).order_by().values_list("pk", flat=True)[:wanted]:
                stages.setdefault(pk, stage)
    if not stages:
        return
    kept = SearchEntry.objects.filter(kind=source.key, object_id__in=list(stages))
    for entry in kept.defer("terms", "text"):
        entry.stage = stages[entry.object_id]  # type: ignore[attr-defined]
        yield entry


def _collect(found: Entries, entries: Iterator[Any], wanted: int) -> None:
    ranked = sorted(entries, key=lambda one: (one.stage, len(one.title), one.title, one.object_id))
    for entry in ranked:
        kept = found.setdefault(entry.kind, [])
        if len(kept) < wanted and entry.object_id not in {one.object_id for one in kept}:
            kept.append(entry)


@dataclass(frozen=True, slots=True)
class _Branch:
    """What the viewer may know of one kind, compiled once: only the question to the index changes."""

    source: AnySource
    sql: str
    params: tuple[Any, ...]
    vendor: str

    def asking(self, terms: Sequence[Term]) -> list[Any]:
        question = worded([*terms, of(self.source)], self.vendor)
        return [question if isinstance(value, Question) else value for value in self.params]


def _branch(viewer: Viewer, source: AnySource, words: Sequence[str], wanted: int) -> _Branch | None:
    """None when the viewer may know of nothing at all."""
    rows = _of_kind(viewer, source, words)
    if rows is None:
        return None
    limited = rows.filter(HasTerms([of(source)])).order_by().defer("terms", "text")[:wanted]
    compiler = limited.query.get_compiler(limited.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return _Branch(source, sql, tuple(params), compiler.connection.vendor)


def _union(branches: Sequence[_Branch], questions: Sequence[Sequence[Term]], first: int) -> Iterator[Any]:
    """One query for all kinds and questions, each limited by itself."""
    asked = [(b, stage, terms) for b in branches for stage, terms in enumerate(questions, start=first)]
    if not asked:
        return iter(())
    parts = (f"SELECT part.*, {stage} AS stage FROM ({b.sql}) AS part" for b, stage, _ in asked)  # noqa: S608
    sql = " UNION ALL ".join(parts)
    return iter(SearchEntry.objects.raw(sql, [value for b, _, terms in asked for value in b.asking(terms)]))


def _of_kind(viewer: Viewer, source: AnySource, words: Sequence[str]) -> QuerySet[SearchEntry] | None:
    """Entries of the kind that the viewer may know of; None when that is nothing at all."""
    rows = _entries(source, words)
    return _known_to(viewer, source, rows) if isinstance(source, Source) else rows


def _entries(source: AnySource, words: Sequence[str]) -> QuerySet[SearchEntry]:
    # Not by the index over kinds: nearly all entries may be of one kind, the terms are what is rare.
    rows = SearchEntry.objects.alias(of_kind=Coalesce("kind", Value(""))).filter(of_kind=source.key)
    for word in words:
        if len(word) > TERM:  # the index knows only its beginning
            rows = rows.filter(text__contains=word)
    return rows


def _known_to(viewer: Viewer, source: Source, rows: QuerySet[SearchEntry]) -> QuerySet[SearchEntry] | None:
    seen = source.visible_to(viewer)
    if seen.query.is_empty():
        return None
    if source.near and (near := source.near(viewer)) is not None:
        rows = rows.filter(near)
    return rows.filter(Exists(seen.filter(pk=OuterRef("object_id"))))


# How hits are shown


def _group(
    viewer: Viewer, source: AnySource, entries: Sequence[SearchEntry], words: Sequence[str], limit: int
) -> Group:
    kept = entries[:limit]
    live = _live(viewer, source, kept)
    hits = tuple(_hit(source, one, live.get(one.object_id, one.detail), words) for one in kept)
    more = len(entries) > limit
    return Group(source.key, source.label, source.icon, hits, more, source.list_url, source.list_query)


def _live(viewer: Viewer, source: AnySource, entries: Sequence[SearchEntry]) -> Mapping[int, str]:
    if not isinstance(source, Source) or source.live is None:
        return {}
    return source.live(viewer, [entry.object_id for entry in entries])


def _hit(source: AnySource, entry: SearchEntry, detail: str, words: Sequence[str]) -> Hit:
    marks = marked(entry.title, entry.reading, words)
    return Hit(source.key, entry.object_id, entry.title, detail, source.url_of(entry), marks)


def marked(title: str, reading: str, words: Sequence[str]) -> tuple[tuple[str, bool], ...]:
    """The title in pieces, each with whether it is what was typed, in characters or in pinyin."""
    places = [index for index, character in enumerate(title) for _ in plain(character)]
    lit: set[int] = set()
    for word in words:
        span = _span(plain(title), reading.split(), word)
        lit.update(places[at] for at in span if at < len(places))
    pieces: list[tuple[str, bool]] = []
    for index, character in enumerate(title):
        if pieces and pieces[-1][1] == (index in lit):
            pieces[-1] = (pieces[-1][0] + character, pieces[-1][1])
        else:
            pieces.append((character, index in lit))
    return tuple(pieces)


def _span(compared: str, syllables: Sequence[str], word: str) -> range:
    """Which of the compared characters the word stands for; nothing when it is found elsewhere."""
    at = compared.find(word)
    if at >= 0:
        return range(at, at + len(word))
    if len(syllables) != len(compared):
        return range(0)
    at = "".join(one[0] for one in syllables).find(word)
    if at >= 0:
        return range(at, at + len(word))
    owner = [index for index, one in enumerate(syllables) for _ in one]
    at = _heard("".join(syllables), owner, word)
    return range(owner[at], owner[at + len(word) - 1] + 1) if at >= 0 else range(0)


def _heard(spoken: str, owner: Sequence[int], word: str) -> int:
    """Where the word is in the pinyin, best at the start of a syllable: anquan is 安全, not 园区安."""
    starts = (at for at in range(len(spoken)) if at == 0 or owner[at] != owner[at - 1])
    return next((at for at in starts if spoken.startswith(word, at)), spoken.find(word))
