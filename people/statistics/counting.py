"""Counts of people by department and bucket, and the very people behind each number."""

from collections import Counter
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse

from core.access import Permission, Viewer
from people.models import Cadre, Unit
from people.statistics.dimensions import Dimension
from people.statistics.tables import Cell, Line, StatTable, percent, sum_line

OWN_PART = "本级"
Counts = dict[str, Counter[str]]  # path of the unit → bucket → people
NOTHING = "?"  # a path that no unit has


def units_to_count(viewer: Viewer) -> QuerySet[Unit]:
    """Units in which the viewer looks after people, closed ones too: the past has people there."""
    return Unit.objects.visible_to(viewer).in_reach(viewer, Permission.VIEW_CADRE).order_by("path")


def people_on(
    viewer: Viewer, on: date, unit: Unit | None, permission: Permission = Permission.VIEW_CADRE
) -> QuerySet[Cadre]:
    """Cadres the viewer may see today whose main post on the day lay in the unit or below it."""
    rows = Cadre.objects.visible_to(viewer, permission).as_of(on)
    return of_unit(rows, unit) if unit else rows


def of_unit(rows: Any, unit: Unit) -> QuerySet[Cadre]:
    """With all units below it; expects the position of the day."""
    found: QuerySet[Cadre] = rows.filter(unit_path__startswith=unit.path or NOTHING)
    return found


def of_unit_itself(rows: Any, unit: Unit) -> QuerySet[Cadre]:
    found: QuerySet[Cadre] = rows.filter(unit_path=unit.path)
    return found


def in_bucket(rows: QuerySet[Cadre], dimension: Dimension, on: date, value: str) -> QuerySet[Cadre]:
    return rows.alias(bucket=dimension.expression(on)).filter(bucket=value)


def people_table(viewer: Viewer, dimension: Dimension, on: date, unit: Unit) -> StatTable:
    """The departments right below the unit by bucket; two queries."""
    counts = _counted(viewer, dimension, on, unit)
    lines = tuple(_lines(viewer, dimension, on, unit, counts))
    links = list_links(dimension, on, unit)
    columns = ("合计", *(label for _, label in dimension.buckets))
    total = sum_line(lines, len(columns), links)
    return StatTable(dimension.key, f"按{dimension.label}", columns, lines, total)


def _counted(viewer: Viewer, dimension: Dimension, on: date, unit: Unit) -> Counts:
    rows: Any = people_on(viewer, on, unit, dimension.permission).order_by()
    grouped = rows.annotate(bucket=dimension.expression(on)).values_list("unit_path", "bucket")
    counts: Counts = {}
    for path, bucket, number in grouped.annotate(Count("pk")):
        counts.setdefault(path, Counter())[bucket] += number
    return counts


def departments_below(viewer: Viewer, unit: Unit) -> list[Unit]:
    """Asked once for a page, whatever days it compares."""
    below = Unit.objects.visible_to(viewer).filter(parent=unit).order_by("display_order", "path")
    return viewer.remember(f"people.below:{unit.pk}", lambda: list(below))


def _lines(viewer: Viewer, dimension: Dimension, on: date, unit: Unit, counts: Counts) -> list[Line]:
    """The unit itself, then what is below it; a closed department only where it had people."""
    below = departments_below(viewer, unit)
    lines = []
    if own := counts.get(unit.path or NOTHING):
        links = list_links(dimension, on, unit, own=bool(below))
        lines.append(_line(OWN_PART if below else unit.name, dimension, own, links))
    for part in below:
        found = _under(counts, part.path or NOTHING)
        if found or part.closed_on is None:
            lines.append(_line(part.name, dimension, found, list_links(dimension, on, part)))
    return lines


def _under(counts: Counts, path: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for place, numbers in counts.items():
        if place.startswith(path):
            found.update(numbers)
    return found


def _line(label: str, dimension: Dimension, numbers: Counter[str], links: list[str]) -> Line:
    values = [numbers.total(), *(numbers[key] for key, _ in dimension.buckets)]
    return Line(label, tuple(Cell(number, link) for number, link in zip(values, links, strict=True)))


def list_links(dimension: Dimension, on: date, unit: Unit, *, own: bool = False) -> list[str]:
    """Of everyone and of each bucket."""
    where: dict[str, object] = {"on": on.isoformat(), "unit": unit.pk, **({"own": 1} if own else {})}
    by = [{"by": dimension.key, "value": key} for key, _ in dimension.buckets]
    address = reverse("people:statistics_people")
    return [f"{address}?{urlencode(where | part)}" for part in ({"by": dimension.key}, *by)]


def in_words(table: StatTable) -> str:
    """男35人，占58%；女25人，占42%; a range of ages in the words of documents: 36至40岁"""
    everyone = table.total.cells[0].number or 0
    parts = [
        f"{label}{number}{table.counter}，占{percent(number, everyone)}"
        for label, number in table.sums
        if number
    ]
    return "；".join(parts).replace("–", "至")
