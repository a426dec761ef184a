"""Growth files: plain WeasyPrint, ours, and ours when nothing changed, in one run, as ratios.

    .venv/bin/python -m benchmarks.growth [--cadres 40] [--rounds 5] [--thousand]

The rounds are interleaved, so that a load that comes and goes meets all of them alike; medians and minima
of CPU seconds are printed. `--thousand` renders 1,000 files in one process and watches its memory.
"""

import argparse
import gc
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Measured = dict[str, list[float]]


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="cadre-bench-") as folder:
        _set_up(Path(folder), options.cadres)
        snapshots = _snapshots()
        _warm(snapshots[0])
        _print_table(_rounds(snapshots, options.rounds), snapshots)
        if options.thousand:
            _memory(snapshots)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cadres", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--thousand", action="store_true")
    return parser.parse_args()


def _set_up(folder: Path, cadres: int) -> None:
    os.environ["CADRE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "cadre_dev.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with Path(os.devnull).open("w") as nowhere:
        call_command("seed_demo", cadres=cadres, no_files=True, stdout=nowhere)


def _snapshots() -> list[Any]:
    from django.utils import timezone

    from growth.contracts import Edition
    from growth.queries import cadres_of, snapshots_of
    from people.models import Cadre

    ids = cadres_of(Cadre.objects.filter(status="active"))
    return list(snapshots_of(ids, edition=Edition.LEADER, as_of=timezone.localdate()))


def _warm(snapshot: Any) -> None:
    from core.pdf import warm_up
    from growth.render import render_file

    warm_up()
    render_file(snapshot)


def _plain(snapshot: Any) -> int:
    """As WeasyPrint is used by whoever just calls it: style sheet read and fonts configured each time."""
    import weasyprint

    from core.pdf.fetcher import LockedFetcher, asset_path
    from core.pdf.result import Blob
    from growth.render import STYLESHEETS, render_html

    blobs = {"photo": Blob(snapshot.photo)} if snapshot.photo else {}
    html = weasyprint.HTML(string=render_html(snapshot), base_url="asset:", url_fetcher=LockedFetcher(blobs))
    sheets = [weasyprint.CSS(filename=str(asset_path(name))) for name in STYLESHEETS]
    return len(html.write_pdf(stylesheets=sheets))


def _ours(snapshot: Any) -> int:
    from growth.render import render_file

    return len(render_file(snapshot).data)


class Unchanged:
    """A file whose data did not change is not rendered again: stamped for its reader and sealed."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def keep(self, snapshot: Any) -> None:
        from growth.render import render_file

        self._kept[snapshot.number] = render_file(snapshot).data

    def __call__(self, snapshot: Any) -> int:
        from core.pdf.stamp import stamp
        from growth.signing import sign

        data = stamp(self._kept[snapshot.number], "张示例　2026-11-24 10:31　查阅号1")
        return len(sign(data, reason="测量"))


def _rounds(snapshots: list[Any], rounds: int) -> Measured:
    unchanged = Unchanged()
    ways: dict[str, Callable[[Any], int]] = {"plain": _plain, "ours": _ours, "unchanged": unchanged}
    found: Measured = {name: [] for name in ways}
    for number in range(rounds):
        snapshot = snapshots[number % len(snapshots)]
        unchanged.keep(snapshot)
        for name, way in ways.items():
            began = time.process_time()
            way(snapshot)
            found[name].append(time.process_time() - began)
        gc.collect()
    return found


def _print_table(found: Measured, snapshots: list[Any]) -> None:
    from growth.render import render_file

    result = render_file(snapshots[0])
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}"
    print(f"{machine}; first file: {result.pages} pages, {len(result.data) / 1024:.0f} KB")
    base = min(found["plain"])
    print("| way | CPU s, median | CPU s, least | spread | × faster than plain (least) |")
    print("|---|---|---|---|---|")
    for name, seconds in found.items():
        spread = f"{min(seconds):.3f}–{max(seconds):.3f}"
        middle = statistics.median(seconds)
        print(f"| {name} | {middle:.3f} | {min(seconds):.3f} | {spread} | {base / min(seconds):.1f} |")


def _memory(snapshots: list[Any]) -> None:
    """1,000 files in one process, as a warm worker makes them: collected every fifth."""
    gc.disable()
    marks = {}
    for number in range(1000):
        _ours(snapshots[number % len(snapshots)])
        if number % 5 == 4:
            gc.collect()
        if number + 1 in (100, 1000):
            marks[number + 1] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    gc.enable()
    growth = 100 * (marks[1000] / marks[100] - 1)
    print(f"memory: {marks[100]:.0f} MB after 100 files, {marks[1000]:.0f} MB after 1,000 ({growth:+.1f} %)")


if __name__ == "__main__":
    raise SystemExit(main())
