"""The candidates of a case side by side: facts and checks row by row, in the order of 姓氏笔画.

No row is a score, and no order says who is better; what differs can be asked for, and is never the default.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from people.models import AnnualAppraisal, Cadre
from rotation.checking import Check, gravest
from rotation.choices.plans import Verdict
from rotation.models import Candidate, Case
from rotation.queries.room.cases import candidates_of
from rotation.queries.room.checks import HARD, PREFERRED, Group, checks_of, group_of, label_of
from rotation.queries.tenure import tenures
from rotation.tenure import Tenure

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
    candidates = candidates_of(case)
    ids = [candidate.move.cadre_id for candidate in candidates]
    cadres = {
        c.pk: c for c in Cadre.objects.with_position(on).filter(pk__in=ids).prefetch_related("education")
    }
    held, graded = tenures(ids, on), _appraisals(ids)
    checks = checks_of([candidate.move for candidate in candidates], on=on)
    people = tuple(_person(c, cadres[c.move.cadre_id], checks[c.move_id], on) for c in candidates)
    known = (row for row in _facts(candidates, cadres, held, graded, on) if _is_known(row))
    facts = RowGroup("基本情况", tuple(known))
    groups = (facts, *_groups([checks[c.move_id] for c in candidates]))
    return Comparison(people, groups, on)


def _is_known(row: Row) -> bool:
    """Whether the row says anything of anybody."""
    return any(cell.text != NOTHING for cell in row.cells)


def _person(candidate: Candidate, cadre: Any, checks: Sequence[Check], on: date) -> Person:
    age = cadre.age(on)
    parts = (f"{age}岁" if age is not None else "", education_of(cadre))
    return Person(
        move_id=candidate.move_id,
        cadre_id=cadre.pk,
        name=cadre.name,
        post=f"{cadre.unit_name or ''}{cadre.post_title or ''}" or candidate.move.from_text or "无现职",
        facts="·".join(filter(None, parts)),
        to=str(candidate.move.to_post or "免职"),
        hard=_met(checks, HARD),
        preferred=_met(checks, PREFERRED),
    )


def _met(checks: Iterable[Check], group: Group) -> str:
    of_group = [check for check in checks if group_of(check) == group]
    met = sum(check.verdict == Verdict.MEETS for check in of_group)
    return f"{met}/{len(of_group)}" if of_group else ""


def education_of(cadre: Cadre) -> str:
    levels = [row.level for row in cadre.education.all() if row.level]
    return levels[-1] if levels else ""


def _facts(
    candidates: Sequence[Candidate],
    cadres: Mapping[int, Cadre],
    held: Mapping[int, Tenure],
    graded: Mapping[int, list[str]],
    on: date,
) -> Iterable[Row]:
    ids = [candidate.move.cadre_id for candidate in candidates]
    yield Row(
        "拟任", tuple(Cell(str(c.move.to_post or "免职"), c.move.get_kind_display()) for c in candidates)
    )
    yield Row("任现岗时间", tuple(_months(held[pk].months if pk in held else None) for pk in ids))
    yield Row("任现层次时间", tuple(_months(_at_level(held.get(pk))) for pk in ids))
    years = f"近{YEARS_OF_APPRAISAL}年考核"
    yield Row(years, tuple(Cell("，".join(graded.get(pk, [])) or NOTHING) for pk in ids))
    yield Row("到龄时间", tuple(_month(cadres[pk].retirement_month) for pk in ids))


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


def _appraisals(ids: Sequence[int]) -> dict[int, list[str]]:
    """Grades of the last three years that have any, the earliest first."""
    found: dict[int, list[str]] = {}
    for row in AnnualAppraisal.objects.filter(cadre__in=ids).order_by("-year"):
        grades = found.setdefault(row.cadre_id, [])
        if len(grades) < YEARS_OF_APPRAISAL:
            grades.insert(0, f"{row.year}年{row.get_grade_display()}")
    return found


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
