"""Training needs by theme and department with every reason; and the same figure before and after a class.

Evidence about single people is counted only where five or more share it in a cell: below that neither the
number nor its part of the score is shown, and totals are sums of what is shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from core.access import Permission, Viewer
from core.periods import covers
from people.choices import NeedKind
from people.contracts import Link, NeedSignal, need_signals
from people.models import Unit
from training.choices import NeedMoment, NeedOrigin, Theme
from training.hours import ONE_DAY, ZERO
from training.models import NeedReading, NeedWeight, TrainingClass, TrainingNeed

FEWEST = 5
SPAN_DAYS = 60


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a theme is wanted: the same words gathered, with how often and what they add to the score."""

    kind: str
    words: str
    source: str
    count: int
    score: Decimal
    last_on: date
    link: Link | None = None

    @property
    def kind_words(self) -> str:
        return str(NeedKind(self.kind).label)


@dataclass(slots=True)
class Cell:
    """One theme in one department; `hidden` says that evidence of fewer than five people was left out."""

    theme: str
    unit: Unit | None
    reasons: list[Reason] = field(default_factory=list)
    hidden: bool = False

    @property
    def count(self) -> int:
        return sum(reason.count for reason in self.reasons)

    @property
    def score(self) -> Decimal:
        return sum((reason.score for reason in self.reasons), ZERO)


def key_of(unit: Unit | None) -> int | None:
    return unit.pk if unit else None


@dataclass(slots=True)
class ThemeRow:
    theme: Theme
    cells: list[Cell]

    @property
    def count(self) -> int:
        return sum(cell.count for cell in self.cells)

    @property
    def score(self) -> Decimal:
        return sum((cell.score for cell in self.cells), ZERO)


@dataclass(slots=True)
class Board:
    """Themes, the most wanted first; `units` are the departments of the columns, None the whole zone."""

    units: list[Unit | None]
    rows: list[ThemeRow]
    departments: "Departments"

    @property
    def is_empty(self) -> bool:
        return not any(row.count for row in self.rows)

    @property
    def hidden(self) -> bool:
        return any(cell.hidden for row in self.rows for cell in row.cells)

    def cell(self, theme: str, unit_id: int | None) -> Cell | None:
        cells = (cell for row in self.rows if row.theme == theme for cell in row.cells)
        return next((cell for cell in cells if key_of(cell.unit) == unit_id), None)


@dataclass(frozen=True, slots=True)
class Departments:
    """Which department a unit belongs to: the units right below the zone, or the first ones where none is."""

    by_path: dict[str, Unit]
    path_of: dict[int, str]
    depth: int

    @classmethod
    def load(cls) -> "Departments":
        units = list(Unit.objects.order_by("path"))
        roots = [unit for unit in units if unit.parent_id is None]
        depth = 2 if len(roots) == 1 and len(units) > 1 else 1
        paths = {unit.pk: unit.path or "" for unit in units}
        return cls({unit.path or "": unit for unit in units}, paths, depth)

    def unit(self, unit_id: int) -> Unit | None:
        """The unit itself."""
        return self.by_path.get(self.path_of.get(unit_id, ""))

    def of(self, unit_id: int) -> Unit | None:
        steps = self.path_of.get(unit_id, "").split("/")[: self.depth]
        return self.by_path.get("/".join(step for step in steps if step) + "/")


def weights_on(on: date) -> dict[str, Decimal]:
    return dict(NeedWeight.objects.filter(covers(on)).values_list("kind", "weight"))


def board(viewer: Viewer, *, since: date, until: date) -> Board:
    """What speaks for training in the viewer's units, of events in the period."""
    departments, weights = Departments.load(), weights_on(until)
    seen = _in_reach(need_signals(since=since, until=until), viewer, departments)
    cells: dict[tuple[str, int | None], list[NeedSignal]] = defaultdict(list)
    columns: dict[int | None, Unit | None] = {}
    for signal in seen:
        unit = departments.of(signal.unit_id) if signal.unit_id else None
        key = key_of(unit)
        columns[key] = unit
        cells[_theme(signal), key].append(signal)
    units = sorted(columns.values(), key=lambda unit: (unit is not None, unit.path or "" if unit else ""))
    rows = [
        ThemeRow(
            theme, [_cell(theme, unit, cells[theme, unit.pk if unit else None], weights) for unit in units]
        )
        for theme in Theme
    ]
    ordered = sorted(rows, key=lambda row: (-row.score, -row.count, list(Theme).index(row.theme)))
    return Board(units, ordered, departments)


def _in_reach(
    signals: Iterable[NeedSignal], viewer: Viewer, departments: Departments
) -> Iterator[NeedSignal]:
    paths = viewer.paths(Permission.VIEW_TRAINING)
    for signal in signals:
        path = departments.path_of.get(signal.unit_id, "") if signal.unit_id else ""
        if signal.unit_id is None or any(path.startswith(prefix) for prefix in paths):
            yield signal


def _theme(signal: NeedSignal) -> str:
    return signal.theme_code if signal.theme_code in Theme.values else Theme.OTHER


def _cell(theme: str, unit: Unit | None, signals: Sequence[NeedSignal], weights: dict[str, Decimal]) -> Cell:
    kept, hidden = shareable(signals)
    grouped: dict[tuple[str, str, str], list[NeedSignal]] = defaultdict(list)
    for signal in kept:
        grouped[signal.kind, signal.reason, signal.source_label].append(signal)
    reasons = [_reason(key, found, weights) for key, found in grouped.items()]
    return Cell(theme, unit, sorted(reasons, key=lambda r: (-r.score, -r.count, r.words)), hidden)


def shareable(signals: Sequence[NeedSignal]) -> tuple[list[NeedSignal], bool]:
    """What may be shown of a cell, and whether something was left out for telling on fewer than five."""
    people: dict[str, set[int]] = defaultdict(set)
    for signal in signals:
        if tells_on_a_person(signal):
            people[signal.kind].add(signal.cadre_id or 0)
    few = {kind for kind, found in people.items() if len(found) < FEWEST}
    kept = [signal for signal in signals if not (tells_on_a_person(signal) and signal.kind in few)]
    return kept, bool(few)


def tells_on_a_person(signal: NeedSignal) -> bool:
    """A wish was handed in to be read; anything else about one person is not."""
    return signal.cadre_id is not None and signal.kind != NeedKind.WISHED


def _reason(key: tuple[str, str, str], signals: Sequence[NeedSignal], weights: dict[str, Decimal]) -> Reason:
    kind, words, source = key
    links = {signal.link for signal in signals}
    return Reason(
        kind,
        words,
        source,
        len(signals),
        sum((strength(signal, weights) for signal in signals), ZERO),
        max(signal.happened_on for signal in signals),
        links.pop() if len(links) == 1 else None,
    )


def strength(signal: NeedSignal, weights: dict[str, Decimal]) -> Decimal:
    return signal.weight * weights.get(signal.kind, ZERO)


def filed_signals(*, since: date, until: date) -> Iterator[NeedSignal]:
    """Needs filed in the period and not closed by its end."""
    rows = TrainingNeed.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=until), filed_on__gte=since, filed_on__lte=until
    )
    for row in rows:
        by_unit = row.origin == NeedOrigin.UNIT
        yield NeedSignal(
            theme_code=row.theme,
            unit_id=row.unit_id,
            kind=NeedKind.FILED if by_unit else NeedKind.WISHED,
            happened_on=row.filed_on,
            reason=row.topic,
            source_label=f"部门填报，{row.people} 人" if by_unit else "本人提出",
            cadre_id=row.cadre_id,
            link=Link("training:need", (row.pk,)) if by_unit else None,
        )


# Before and after


@dataclass(frozen=True, slots=True)
class Comparison:
    """One department (None: all participants) before and after; figures are None below five people."""

    unit: Unit | None
    people: int
    before: NeedReading | None
    after: NeedReading | None
    is_shown: bool

    @property
    def change(self) -> Decimal | None:
        if not self.is_shown or self.before is None or self.after is None:
            return None
        return self.after.score - self.before.score


def comparisons(training_class: TrainingClass, viewer: Viewer) -> list[Comparison]:
    """All participants first, then their departments as far as the viewer may see them."""
    rows = NeedReading.objects.visible_to(viewer).filter(training_class=training_class)
    by_unit: dict[int | None, dict[str, NeedReading]] = defaultdict(dict)
    units: dict[int | None, Unit | None] = {}
    for row in rows.select_related("unit"):
        by_unit[row.unit_id][row.moment] = row
        units[row.unit_id] = row.unit
    found = [
        Comparison(
            units[key],
            max(reading.people for reading in both.values()),
            both.get(NeedMoment.BEFORE),
            both.get(NeedMoment.AFTER),
            is_shown=max(reading.people for reading in both.values()) >= FEWEST,
        )
        for key, both in by_unit.items()
    ]
    ordered = sorted(found, key=lambda one: (one.unit is not None, one.unit.path or "" if one.unit else ""))
    return _without_differences(ordered)


def _without_differences(rows: list[Comparison]) -> list[Comparison]:
    """One hidden department would be the total less the others: then the smallest of those is hidden too."""
    units = [row for row in rows if row.unit]
    shown = [row for row in units if row.is_shown]
    if len(units) - len(shown) != 1 or not shown:
        return rows
    smallest = min(shown, key=lambda row: row.people)
    return [replace(row, is_shown=False) if row is smallest else row for row in rows]


def span_of(training_class: TrainingClass, moment: str) -> tuple[date, date]:
    """The 60 days before the first day of the class, or after its last one."""
    if moment == NeedMoment.BEFORE:
        return training_class.starts_on - SPAN_DAYS * ONE_DAY, training_class.starts_on - ONE_DAY
    return training_class.ends_on + ONE_DAY, training_class.ends_on + SPAN_DAYS * ONE_DAY
