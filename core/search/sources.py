"""What can be found: each app says it in its contributions, and the search knows only these shapes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from core.access import Permission, Viewer
from core.models import SearchEntry
from core.search.terms import kind_term, plain, reading_of, spoken, terms_of
from core.templatetags.ui import cn_date

FAR = "__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Rows of one model. Everything in the index comes from the fields named here, so that a test can hold
    them against their classification: sensitive fields are never indexed.

    Fields may lead over relations ("unit__name"). `title` joins its fields; `names` are further words by
    which a row is found, `codes` its numbers, `detail` what stands beside the title. `reading` names a field
    with the pinyin of the title; without one it is read from the dictionary.
    `rows` gives what the viewer may know of (by default `visible_to`). `near` is for models of which some
    viewers know little: a condition on the entries, quick to find, that all of it fulfils; None for those who
    know nearly all. `live` words the details as of the viewer's day.
    `list_url` is a list that takes `?q=`. `apart`: who may see a row is a question of so many levels that
    SQLite cannot take it inside another; it is asked by itself.
    """

    key: str
    label: str
    icon: str
    order: int
    model: type[Model]
    url_name: str
    title: tuple[str, ...]
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    reading: str = ""
    permission: Permission | tuple[Permission, ...] | None = None
    rows: Callable[[Viewer], QuerySet[Any]] | None = None
    near: Callable[[Viewer], Q | None] | None = None
    live: Callable[[Viewer, Sequence[int]], Mapping[int, str]] | None = None
    list_url: str = ""
    list_query: str = ""
    apart: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        reading = (self.reading,) if self.reading else ()
        return (*self.title, *self.names, *self.codes, *self.detail, *reading)

    def open_to(self, viewer: Viewer) -> bool:
        if self.permission is None:
            return True
        wanted = self.permission if isinstance(self.permission, tuple) else (self.permission,)
        return any(viewer.can(one) for one in wanted)

    def visible_to(self, viewer: Viewer) -> QuerySet[Any]:
        if self.rows is not None:
            return self.rows(viewer)
        model: Any = self.model
        seen: QuerySet[Any] = model.objects.visible_to(viewer)
        return seen

    def all_rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.order_by("pk")
        related = sorted({name.rpartition(FAR)[0] for name in self.fields if FAR in name})
        return rows.select_related(*related) if related else rows

    def entry(self, row: Any) -> SearchEntry:
        title = " ".join(part for part in (shown(row, name) for name in self.title) if part)
        reading = shown(row, self.reading) if self.reading else reading_of(title)
        texts = [title, *(shown(row, name) for name in (*self.names, *self.codes))]
        detail = "，".join(part for part in (shown(row, name) for name in self.detail) if part)
        return make_entry(self.key, row.pk, title, detail, texts, reading)

    def url_of(self, entry: SearchEntry) -> str:
        return reverse(self.url_name, args=[entry.object_id])


@dataclass(frozen=True, slots=True)
class Document:
    """A text that everyone logged in may read, such as a part of the manual; `number` is its own for good."""

    number: int
    title: str
    link: str
    body: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSource:
    """Texts that stand in files, not in tables. They are read when the index is made anew."""

    key: str
    label: str
    icon: str
    order: int
    documents: Callable[[], Iterable[Document]]
    list_url: str = ""
    list_query: str = ""

    def open_to(self, viewer: Viewer) -> bool:
        return True

    def entries(self) -> Iterable[SearchEntry]:
        for one in self.documents():
            texts = [one.title, one.body]
            reading = reading_of(one.title)
            yield make_entry(self.key, one.number, one.title, one.detail, texts, reading, one.link)

    def url_of(self, entry: SearchEntry) -> str:
        return entry.link


AnySource = Source | DocumentSource
_sources: dict[str, AnySource] = {}


def register(source: AnySource) -> None:
    """Registering a key again replaces it, so reloads are harmless."""
    _sources[source.key] = source


def sources() -> list[AnySource]:
    return sorted(_sources.values(), key=lambda source: (source.order, source.key))


def source_of(model: type[Model]) -> Source | None:
    """Where rows of the model are found; None for most models."""
    known = (one for one in _sources.values() if isinstance(one, Source))
    return next((one for one in known if one.model is model), None)


def make_entry(
    kind: str, number: int, title: str, detail: str, texts: Iterable[str], reading: str, link: str = ""
) -> SearchEntry:
    compared = [text for text in (plain(text) for text in texts) if text]
    return SearchEntry(
        kind=kind,
        object_id=number,
        title=title[:200],
        detail=detail[:200],
        link=link[:200],
        reading=reading[:1000],
        text="\n".join([*compared, *spoken(reading)]),
        terms=f"{kind_term(kind)} {terms_of(compared, reading)}".strip(),
    )


def shown(row: Any, path: str) -> str:
    """The value at the end of a path as it is read: the label of a choice, a date in words."""
    *way, name = path.split(FAR)
    for step in way:
        row = getattr(row, step)
        if row is None:
            return ""
    label = getattr(row, f"get_{name}_display", None)
    value = label() if label else getattr(row, name)
    if isinstance(value, date):
        return cn_date(value)
    return "" if value is None else str(value)
