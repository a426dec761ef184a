"""Batches as the product makes them: files a second, memory, and what one hostile record costs."""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from benchmarks.growth import machine
from benchmarks.growth.ways import MARK


def rendered(
    snapshots: Sequence[Any], workers: int, seen: Callable[[int], None] = lambda count: None
) -> float:
    """Files a second, warm-up and start of the workers included."""
    from core.pdf.pool import work_on_many
    from growth.render import render_file

    began = time.monotonic()
    for count, (_, made) in enumerate(work_on_many(render_file, snapshots, workers=workers), start=1):
        if isinstance(made, Exception):
            raise made
        seen(count)
    return len(snapshots) / (time.monotonic() - began)


def mostly_unchanged(snapshots: Sequence[Any], workers: int, changed: int) -> float:
    """Files a second when one in `changed` is rendered anew and all are stamped and sealed."""
    from core.pdf.pool import work_on_many
    from growth.render import render_file
    from growth.signing import sign

    kept = [render_file(snapshot).data for snapshot in snapshots[:changed]]
    began = time.monotonic()
    fresh = snapshots[::changed]
    for _ in work_on_many(render_file, fresh, workers=workers):
        pass
    for data in islice(cycle(kept), len(snapshots)):
        sign(data, reason="测量", mark=MARK)
    return len(snapshots) / (time.monotonic() - began)


def memory(snapshots: Sequence[Any], files: int, workers: int, marks: Sequence[int]) -> dict[int, float]:
    """Resident megabytes of the largest worker when so many files had been made in all."""
    found: dict[int, float] = {}

    def look(count: int) -> None:
        if count in marks:
            found[count] = max(
                machine.megabytes(child.pid or 0) for child in multiprocessing.active_children()
            )

    rendered(list(islice(cycle(snapshots), files)), workers, look)
    return found


def hostile(snapshots: Sequence[Any], workers: int) -> tuple[float, float, float]:
    """Median seconds between two other files without and with the record, and its own seconds."""
    from core.pdf.pool import work_on_many
    from growth.render import render_file

    usual = statistics.median(_gaps(work_on_many(render_file, snapshots, workers=workers)))
    monster = _monster(snapshots[0])
    began, alone, others = time.monotonic(), 0.0, []
    last = began
    for snapshot, _ in work_on_many(render_file, [monster, *snapshots], workers=workers):
        now = time.monotonic()
        if snapshot.number == monster.number:
            alone = now - began
        elif not alone:
            others.append(now - last)
        last = now
    return usual, statistics.median(others or [0.0]), alone


def _gaps(results: Iterator[Any]) -> list[float]:
    last, found = time.monotonic(), []
    for _ in results:
        now = time.monotonic()
        found.append(now - last)
        last = now
    return found[1:]


def _monster(snapshot: Any) -> Any:
    """A note of 20,000 characters, a table of 2,000 rows, no photo."""
    from growth.contracts import Column, Paragraph, Row, Section, Table

    columns = (Column("日　期", 20, "date"), Column("内　容", 80, "left"))
    rows = tuple(Row(("2026.06.30", f"第{number}条　" + "很长的内容" * 8)) for number in range(2000))
    section = Section(
        "hostile", "超长记录", 999, (Paragraph("超长的说明文字。" * 2500), Table(columns, rows))
    )
    return replace(snapshot, number="hostile", photo=None, sections=(*snapshot.sections, section))
