"""What an app says when the growth file asks: "what of yours belongs in this cadre's file, as of this day?"

A section is plain data; how it looks is the renderer's business, so the same section can become a page,
a PDF or JSON. Register in the app's `contributions.py`:

    @register_section("training", order=40, load=ledgers_of)
    def training_section(context: SectionContext, ledger: Ledger | None) -> Section | None: ...

`load(cadres, as_of)` reads for many cadres in a constant number of queries and returns a mapping from
cadre id, or the steps to it (core.asking): then it is asked together with the other sections. The section
function then writes for one cadre and asks the database nothing.
"""

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import TextChoices
from django.utils.safestring import SafeString

from core.asking import Steps, together
from core.charts import Lane

if TYPE_CHECKING:
    from django.db.models import Model

    from core.access import Viewer
    from people.models import Cadre

MAX_ROWS = 500  # of one table: layout time grows with cells; a longer list is cut and says so
PAPER_WIDTH = 604.0  # the type area of 160 mm in CSS pixels: the width of a chart on paper

SUMMARY_CHART = 108.0  # height of a chart on the one-page summary

Align = Literal["center", "left", "right", "date"]  # a date is centred and never broken


class Edition(TextChoices):
    """Who the file is written for; each section leaves out what that reader may not know."""

    SELF = "self", "本人版"
    LEADER = "leader", "领导版"
    ARCHIVE = "archive", "归档版"


class Chapter(TextChoices):
    """The chapters that hold several sections; any other section is a chapter of its own."""

    TRAINING = "教育培训", "教育培训"
    PRACTICE = "实践锻炼", "实践锻炼"
    TASKS = "承担任务与实绩", "承担任务与实绩"
    MERIT = "考核奖惩", "考核奖惩"
    CARE = "关心关爱", "关心关爱"


class Output(TextChoices):
    """How the files of a batch are handed over."""

    ZIP = "zip", "每人一份，打成压缩包"
    BOOK = "book", "合订成一个 PDF，按人加书签"


class Order(TextChoices):
    """In which order the files of a batch lie."""

    ROSTER = "roster", "名册顺序"
    UNIT = "unit", "按部门"
    STROKES = "strokes", "按姓氏笔画"


class Name(str):
    """A person's name: never broken across lines and set whole in one face."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Source:
    """The record behind a line: what makes it provable, numbered in the appendix (佐证附录).

    `key` is the same for the same record everywhere in the file, such as "people.honour:12"; a key of that
    form is looked up in the imports and the audit log for who entered it when, unless `recorder` says so.
    `text` says what the record proves where the line's own words would not. A figure that was reckoned
    names the records it came from as `parts`.
    """

    label: str
    key: str
    on: date | None = None
    recorder: str = ""
    text: str = ""
    parts: tuple["Source", ...] = ()

    def __post_init__(self) -> None:
        if ":" not in self.key:  # a bare row number is the same for a class and a speech
            raise ValueError(f"the key of a source names its kind: {self.label} {self.key}")


def sum_of(key: str, text: str, parts: Iterable[Source]) -> Source | None:
    """The source of a figure that was reckoned from other records; none where there is nothing to add up."""
    found = tuple(parts)
    return Source("汇总", key, text=text, parts=found) if found else None


def source_of(row: "Model", label: str, on: date | None = None, *, text: str = "") -> Source:
    """The source that a row of the database is."""
    return Source(label, f"{row._meta.label_lower}:{row.pk}", on, text=text)


@dataclass(frozen=True, slots=True)
class Column:
    """`share` is the column's part of the width: the shares of a table need not add up to anything."""

    title: str
    share: int
    align: Align = "center"


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[str, ...]
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of a printed form; `photo` holds the cadre's picture instead of text."""

    text: str = ""
    span: int = 1
    down: int = 1
    label: bool = False
    align: Align = "center"
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A grid in the manner of the 任免审批表; `shares` are the widths of its columns."""

    shares: tuple[int, ...]
    rows: tuple[tuple[FormCell, ...], ...]
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class ResumeLine:
    period: str
    text: str
    interludes: tuple[tuple[str, str], ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    lines: tuple[ResumeLine, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure worth seeing at a glance, with what it is measured against."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    items: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """An image from core.charts; the words inside it come from escaped text only."""

    svg: SafeString
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section: （一）（二） in a chapter of its own, 1. 2. where it shares a chapter."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


Block = Facts | Form | Table | Chart | Paragraph | Heading | Resume | Figures


@dataclass(frozen=True, slots=True)
class SummaryLane:
    """A lane of the growth lanes; lower orders stand higher."""

    order: int
    lane: Lane


@dataclass(frozen=True, slots=True)
class Summary:
    """What of a section belongs on the one-page summary; `facts` stand beside the name.

    `points` are what is still open on the day: hours to learn, a task overdue, an appraisal that is owed.
    """

    facts: tuple[Fact, ...] = ()
    figures: tuple[Figure, ...] = ()
    lanes: tuple[SummaryLane, ...] = ()
    charts: tuple[Chart, ...] = ()
    lines: tuple[Fact, ...] = ()
    points: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the file; one without blocks only contributes to the summary.

    Sections of one `chapter` follow each other by their orders and stand under its heading; the one whose
    title is the chapter's own begins it without a heading of its own.
    """

    key: str
    title: str
    order: int
    blocks: tuple[Block, ...]
    summary: Summary = field(default_factory=Summary)
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class SectionContext:
    """For whom and as of which day a section is written. `viewer` None means: for the office's own use."""

    cadre: "Cadre"
    as_of: date
    edition: Edition
    viewer: "Viewer | None" = None


Loader = Callable[[Sequence["Cadre"], date], Mapping[int, Any] | Steps[Mapping[int, Any]]]
Writer = Callable[[SectionContext, Any], Section | None]


@dataclass(frozen=True, slots=True)
class Provider:
    key: str
    order: int
    write: Writer
    load: Loader | None
    title: str = ""
    editions: tuple[Edition, ...] = tuple(Edition)


_providers: dict[str, Provider] = {}


def register_section(
    key: str,
    *,
    order: int,
    load: Loader | None = None,
    title: str = "",
    editions: tuple[Edition, ...] = tuple(Edition),
) -> Callable[[Writer], Writer]:
    """Make a function the writer of a section. A key registered again replaces the first one.

    One with a `title` is a part of the record that cadres may be asked to check (growth.campaigns). For
    other `editions` than these nothing is even read.
    """

    def decorate(write: Writer) -> Writer:
        _providers[key] = Provider(key, order, write, load, title, editions)
        return write

    return decorate


Editor = Callable[[int, int], str]  # (row, cadre) -> address of the page where the row is changed

_editors: dict[str, Editor] = {}


def register_editor(model_label: str) -> Callable[[Editor], Editor]:
    """Say where a record of this model is put right, for whoever decides on a correction."""

    def decorate(address: Editor) -> Editor:
        _editors[model_label] = address
        return address

    return decorate


def editor_of(key: str, cadre_id: int) -> str:
    """The address of the page that changes the record behind a source key; "" when there is none."""
    model, _, pk = key.rpartition(":")
    return _editors[model](int(pk), cadre_id) if model in _editors and pk.isdigit() else ""


@dataclass(frozen=True, slots=True)
class RecorderFields:
    """Which fields of a record say who entered it, and when; `who` is text or leads to it."""

    who: str
    when: str


_recorders: dict[str, RecorderFields] = {}


def register_recorder(model_label: str, *, who: str, when: str) -> None:
    """For records that are written in bulk without an event of their own but carry who wrote them."""
    _recorders[model_label] = RecorderFields(who, when)


def recorder_of(model_label: str) -> RecorderFields | None:
    return _recorders.get(model_label)


def checkable_parts() -> list[tuple[str, str]]:
    """(key, title) of the parts of a record, in the order of the file."""
    return [(provider.key, provider.title) for provider in _in_order() if provider.title]


def _in_order() -> list[Provider]:
    return sorted(_providers.values(), key=lambda p: (p.order, p.key))


def sections_for_many(
    contexts: Sequence[SectionContext], only: Collection[str] | None = None
) -> dict[int, tuple[Section, ...]]:
    """Sections by cadre id, in order; all contexts are as of one day and of one edition.

    Each loader runs once. `only` names the sections wanted, where the whole file would be read in vain.
    """
    if not contexts:
        return {}
    cadres, as_of, edition = [c.cadre for c in contexts], contexts[0].as_of, contexts[0].edition
    providers = [one for one in _in_order() if edition in one.editions and (only is None or one.key in only)]
    loaded = _loaded(providers, cadres, as_of)
    return {context.cadre.pk: tuple(_written(context, loaded)) for context in contexts}


def _loaded(
    providers: Sequence[Provider], cadres: Sequence["Cadre"], as_of: date
) -> list[tuple[Provider, Mapping[int, Any]]]:
    """What each provider reads; those that ask in rounds (core.asking) are asked together."""
    found = together({one.key: _read_by(one, cadres, as_of) for one in providers})
    return [(one, found[one.key][1]) for one in providers]


def _read_by(provider: Provider, cadres: Sequence["Cadre"], as_of: date) -> Steps[Mapping[int, Any]]:
    read = provider.load(cadres, as_of) if provider.load else {}
    return (yield from read) if isinstance(read, Generator) else read


def sections_for(context: SectionContext) -> tuple[Section, ...]:
    return sections_for_many([context])[context.cadre.pk]


def _written(context: SectionContext, loaded: list[tuple[Provider, Mapping[int, Any]]]) -> list[Section]:
    written = (provider.write(context, data.get(context.cadre.pk)) for provider, data in loaded)
    return [section for section in written if section is not None]


def amount(value: Decimal) -> str:
    """Hours and days as people write them: 40.00 is 40, 12.50 is 12.5."""
    return f"{value.normalize():f}"
