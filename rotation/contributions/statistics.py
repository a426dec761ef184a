"""Secondments that began in the year, and those that run, for the statistics."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse

from core.access import Permission, Viewer
from people.models import Unit
from people.statistics.sources import Chapter, report_chapters, statistics
from people.statistics.tables import Cell, Line, StatTable, sum_line
from rotation.choices.secondments import Direction, PartnerKind
from rotation.filters.secondments import GROUPS, of_unit
from rotation.models import Secondment

SEES = Permission.VIEW_SECONDMENT
BEGUN, RUNNING = "real", "live"  # groups of states that the list can be asked for


@statistics.register("rotation.secondments", order=40, permission=SEES, label="挂职")
def secondment_tables(*, viewer: Viewer, on: date, unit: Unit) -> Iterator[StatTable]:
    """Who runs today is known for today only; a person's department is that of today, as in the list."""
    if not viewer.paths(SEES):
        return
    year = {"state": BEGUN, "year": on.year}
    begun = _rows(viewer, unit, BEGUN).filter(starts_on__year=on.year)
    yield _table("begun", f"{on.year}年开始的挂职", begun, {**year, "unit": unit.pk})
    if on == viewer.on:
        running = _rows(viewer, unit, RUNNING)
        yield _table("running", "目前在挂", running, {"state": RUNNING, "unit": unit.pk})


def _rows(viewer: Viewer, unit: Unit, group: str) -> QuerySet[Any]:
    rows = Secondment.objects.visible_to(viewer).filter(state__in=GROUPS[group][1])
    return of_unit(rows, unit, viewer.on)


def _table(key: str, title: str, rows: QuerySet[Any], asked: dict[str, object]) -> StatTable:
    grouped = rows.order_by().values_list("partner_kind", "direction").annotate(Count("pk"))
    counts = Counter({(kind, way): number for kind, way, number in grouped})
    lines = tuple(_line(kind, counts, asked) for kind in PartnerKind)
    columns = ("合计", *(way.label for way in Direction))
    total = sum_line(lines, len(columns), _links(asked))
    return StatTable(key, title, columns, lines, total, corner="单位类别", counter="人次")


def _line(kind: PartnerKind, counts: Counter[tuple[str, str]], asked: dict[str, object]) -> Line:
    numbers = [counts[kind, way] for way in Direction]
    links = _links(asked | {"partner_kind": kind.value})
    return Line(kind.label, tuple(Cell(n, u) for n, u in zip([sum(numbers), *numbers], links, strict=True)))


def _links(asked: dict[str, object]) -> list[str]:
    address = reverse("rotation:secondments")
    ways = ("", *(way.value for way in Direction))
    return [f"{address}?{urlencode(asked | ({'direction': way} if way else {}))}" for way in ways]


@report_chapters.register("rotation.report", order=40, permission=SEES)
def secondment_chapter(*, viewer: Viewer, on: date, unit: Unit) -> Chapter | None:
    tables = list(secondment_tables(viewer=viewer, on=on, unit=unit))
    if not tables or not tables[0].total.cells[0].number:
        return None
    every, out, came = (cell.number or 0 for cell in tables[0].total.cells)
    kinds = "、".join(
        f"{line.label}{line.cells[0].number}人次" for line in tables[0].lines if line.cells[0].number
    )
    paragraph = (
        f"{on.year}年新开始挂职{every}人次，其中派出{out}人次、来区{came}人次；按对方单位分，{kinds}。"
    )
    return Chapter("挂职锻炼", (paragraph,))
