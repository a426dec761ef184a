"""The candidates of a case side by side: facts and checks row by row, in the order of 姓氏笔画.

No row is a score, and no order says who is better; what differs can be asked for, and is never the default.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from people.choices import AppraisalGrade
from rotation import facts
from rotation.checking import Check, gravest
from rotation.choices.plans import Verdict
from rotation.models import Case, Move
from rotation.queries.room.checks import HARD, PREFERRED, Group, group_of, judged, label_of
from rotation.tenure import Tenure, tenure_of

YEARS_OF_APPRAISAL = 3
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    """`verdict` is "" for a plain fact."""

    text: str
    note: str = ""
    verdict: str = ""

    @property
    def verdict_words(self) -> str:
        return Verdict(self.verdict).label if self.verdict else ""


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]
    source: str = ""

    @property
    def differs(self) -> bool:
        return len({(cell.text, cell.verdict) for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class RowGroup:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A column: the person, what is proposed, and how many conditions are met of how many. That is a count
    of the rows below it, not a score: it orders nobody."""

    move_id: int
    cadre_id: int
    name: str
    post: str
    facts: str
    to: str
    hard: str
    preferred: str


@dataclass(frozen=True, slots=True)
class Comparison:
    people: tuple[Person, ...]
    groups: tuple[RowGroup, ...]
    on: date

    def only_different(self) -> "Comparison":
        kept = (RowGroup(g.title, tuple(r for r in g.rows if r.differs)) for g in self.groups)
        return Comparison(self.people, tuple(group for group in kept if group.rows), self.on)

    def cards(self) -> list[tuple[Person, list[tuple[str, list[tuple[str, Cell]]]]]]:
        """Each person's facts below one another, for a narrow screen."""
        return [
            (person, [(g.title, [(row.label, row.cells[place]) for row in g.rows]) for g in self.groups])
            for place, person in enumerate(self.people)
        ]

    def as_data(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            **{name: _listed(asdict(self)[name]) for name in ("people", "groups")},
        }


def comparison_from(data: Mapping[str, Any]) -> Comparison:
    """As a decision kept it: what the leaders saw, whatever is true by now."""
    groups = tuple(
        RowGroup(
            group["title"],
            tuple(
                Row(row["label"], tuple(Cell(**cell) for cell in row["cells"]), row["source"])
                for row in group["rows"]
            ),
        )
        for group in data["groups"]
    )
    people = tuple(Person(**person) for person in data["people"])
    return Comparison(people, groups, date.fromisoformat(data["on"]))


def _listed(value: Any) -> Any:
    """Tuples as lists, as JSON will have them."""
    if isinstance(value, dict):
        return {name: _listed(inner) for name, inner in value.items()}
    return [_listed(inner) for inner in value] if isinstance(value, list | tuple) else value


def comparison_of(case: Case, *, on: date) -> Comparison:
    """A constant number of queries, however many candidates."""
    found = judged(case, on=on)
    columns = [Column(move, found.facts.people[move.cadre_id], on) for move in found.moves]
    checks = [found.checks[move.pk] for move in found.moves]
    people = tuple(_person(column, of_move) for column, of_move in zip(columns, checks, strict=True))
    known = tuple(row for row in _facts(columns) if _is_known(row))
    return Comparison(people, (RowGroup("基本情况", known), *_groups(checks)), on)


@dataclass(frozen=True, slots=True)
class Column:
    """Somebody put forward, as they stand on the day of asking."""

    move: Move
    person: facts.Person
    on: date

    @property
    def tenure(self) -> Tenure | None:
        """The time held so far; the facts have that of the day to come."""
        return tenure_of(self.person.id, self.person.stints, (), self.on)

    @property
    def post(self) -> str:
        held = self.tenure
        return f"{held.stint.place}{held.stint.title}" if held else self.move.from_text or "无现职"


def _is_known(row: Row) -> bool:
    """Whether the row says anything of anybody."""
    return any(cell.text != NOTHING for cell in row.cells)


def _person(column: Column, checks: Sequence[Check]) -> Person:
    move = column.move
    age = move.cadre.age(column.on)
    parts = (f"{age}岁" if age is not None else "", column.person.education)
    return Person(
        move_id=move.pk,
        cadre_id=move.cadre_id,
        name=move.cadre.name,
        post=column.post,
        facts="·".join(filter(None, parts)),
        to=str(move.to_post or "免职"),
        hard=_met(checks, HARD),
        preferred=_met(checks, PREFERRED),
    )


def _met(checks: Iterable[Check], group: Group) -> str:
    of_group = [check for check in checks if group_of(check) == group]
    met = sum(check.verdict == Verdict.MEETS for check in of_group)
    return f"{met}/{len(of_group)}" if of_group else ""


def _facts(columns: Sequence[Column]) -> Iterator[Row]:
    moves, tenures = [c.move for c in columns], [c.tenure for c in columns]
    yield Row("拟任", tuple(Cell(str(m.to_post or "免职"), m.get_kind_display()) for m in moves))
    yield Row("任现岗时间", tuple(_months(t.months if t else None) for t in tenures))
    yield Row("任现层次时间", tuple(_months(_at_level(t)) for t in tenures))
    yield Row(f"近{YEARS_OF_APPRAISAL}年考核", tuple(Cell(_grades(c.person)) for c in columns))
    yield Row("到龄时间", tuple(_month(m.cadre.retirement_month) for m in moves))


def _at_level(tenure: Tenure | None) -> int | None:
    """None for whoever holds no leading post."""
    return tenure.level_months if tenure and tenure.level else None


def _months(months: int | None) -> Cell:
    if months is None:
        return Cell(NOTHING)
    years, rest = divmod(months, 12)
    return Cell(f"{years}年{rest}个月" if years and rest else f"{years}年" if years else f"{rest}个月")


def _month(day: date | None) -> Cell:
    return Cell(f"{day.year}年{day.month}月" if day else NOTHING)


def _grades(person: facts.Person) -> str:
    """Of the last years that have any, the earliest first."""
    latest = reversed(person.appraisals[:YEARS_OF_APPRAISAL])
    return "，".join(f"{year}年{AppraisalGrade(grade).label}" for year, grade in latest) or NOTHING


def _groups(columns: Sequence[Sequence[Check]]) -> Iterable[RowGroup]:
    """Rows by what is checked; who was not asked about it has a dash."""
    for group in Group:
        labels = list(
            dict.fromkeys(label_of(c) for checks in columns for c in checks if group_of(c) == group)
        )
        rows = tuple(_row(label, group, columns) for label in labels)
        if rows:
            yield RowGroup(group.label, rows)


def _row(label: str, group: Group, columns: Sequence[Sequence[Check]]) -> Row:
    of_label = [[c for c in checks if group_of(c) == group and label_of(c) == label] for checks in columns]
    source = next((check.source for found in of_label for check in found if check.source), "")
    return Row(label, tuple(_cell(found, label) for found in of_label), source)


def _cell(checks: Sequence[Check], label: str) -> Cell:
    if not checks:
        return Cell(NOTHING)
    verdict = gravest(checks)
    worst = [check for check in checks if check.verdict == verdict]
    evidence = "；".join(dict.fromkeys(check.evidence for check in worst if check.evidence))
    message = "；".join(dict.fromkeys(c.message for c in worst if c.message != label))
    return Cell(message or evidence or verdict.label, evidence if message else "", str(verdict))
