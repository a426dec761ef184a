"""Growth files: plain WeasyPrint, ours, ours when nothing changed, and the peers, in one run, as ratios.

    .venv/bin/python -m benchmarks.growth [--rounds 5] [--batch 40] [--workers 2] [--memory 0] [--write]

The rounds are interleaved, so that a load that comes and goes meets all of them alike; CPU seconds of each
process and its children are measured. The peers Typst and ReportLab come with
`uv pip install -r pyproject.toml --extra bench`, Chromium is the one of the tests; one that is missing is
left out and named. `--memory 1000`
watches the workers over 1,000 files; `--write` puts the tables into docs/performance.md.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.growth import batches, machine
from benchmarks.growth.ways import WAYS, Runner

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- growth: begin -->", "<!-- growth: end -->"
NAMES = {
    "plain": "WeasyPrint，照常调用",
    "ours": "本系统（PDF/A-3a，内嵌数据）",
    "unchanged": "本系统，数据未变（加水印、签名）",
    "chromium": "Chromium 打印（常驻）",
    "reportlab": "ReportLab（无图表）",
    "typst": "Typst（PDF/A-3a）",
}
MARKS = (100, 500, 1000)


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="cadre-bench-") as folder:
        fonts = _set_up(Path(folder), options)
        snapshots = _snapshots()
        lines = [*_head(snapshots), *_ways(snapshots, fonts, options.rounds), *_batches(snapshots, options)]
        print("\n".join(lines))
        if options.write:
            _write(lines)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cadres", type=int, default=24, help="demo cadres to take files from")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, each way once in each")
    parser.add_argument("--batch", type=int, default=40, help="files of a batch")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--memory", type=int, default=0, help="files over which memory is watched, such as 1000"
    )
    parser.add_argument(
        "--pack", type=Path, default=ROOT / "data" / "fonts" / "pack", help="a font pack that is built"
    )
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    return parser.parse_args()


def _set_up(folder: Path, options: argparse.Namespace) -> Path:
    """A scratch database with demo cadres; the font pack is taken from `--pack`, else built."""
    os.environ["CADRE_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "cadre_dev.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from core.pdf.fonts import pack_dir

    with _quiet():
        if options.pack.is_dir() and any(options.pack.iterdir()):
            pack_dir().parent.mkdir(parents=True, exist_ok=True)
            pack_dir().symlink_to(options.pack.resolve())
        else:
            call_command("build_fonts")
        call_command("migrate", verbosity=0)
        call_command("seed_demo", cadres=options.cadres, no_files=True)
    os.environ["FONTCONFIG_FILE"] = str(_fontconfig())
    return pack_dir()


@contextmanager
def _quiet() -> Iterator[None]:
    with Path(os.devnull).open("w") as nowhere:
        kept, sys.stdout = sys.stdout, nowhere
        try:
            yield
        finally:
            sys.stdout = kept


def _fontconfig() -> Path:
    from core.pdf.fonts import use_private_fontconfig

    return use_private_fontconfig()


def _snapshots() -> list[Any]:
    from django.utils import timezone

    from growth.contracts import Edition
    from growth.queries import cadres_of, snapshots_of
    from people.models import Cadre

    ids = cadres_of(Cadre.objects.filter(status="active"))
    return list(snapshots_of(ids, edition=Edition.LEADER, as_of=timezone.localdate()))


def _head(snapshots: list[Any]) -> list[str]:
    from growth.render import render_file

    results = [render_file(snapshot) for snapshot in snapshots[:5]]
    pages = statistics.mean(result.pages for result in results)
    size = statistics.mean(len(result.data) for result in results) / 1024
    now = datetime.now().astimezone()
    return [
        f"{now:%Y-%m-%d %H:%M}，{machine.described()}，Python {platform.python_version()}。",
        f"命令：`python -m benchmarks.growth {' '.join(_shown_arguments())}`。"
        f"平均每份 {pages:.1f} 页，{size:.0f} KB。",
        "",
    ]


def _shown_arguments() -> list[str]:
    """Without the place of the font pack, which differs from machine to machine."""
    given = sys.argv[1:]
    if "--pack" in given:
        place = given.index("--pack")
        del given[place : place + 2]
    return given


def _ways(snapshots: list[Any], fonts: Path, rounds: int) -> list[str]:
    runners = [Runner(name, fonts) for name in WAYS]
    ready = [runner for runner in runners if not runner.missing]
    seconds: dict[str, list[float]] = {runner.name: [] for runner in ready}
    sizes: dict[str, list[int]] = {runner.name: [] for runner in ready}
    for number in range(rounds + 1):  # the first round only warms
        snapshot = snapshots[number % len(snapshots)]
        for runner in ready:
            if runner.name == "unchanged":
                runner.make(snapshot)  # has it made once
            taken, size = runner.make(snapshot)
            if number:
                seconds[runner.name].append(taken)
                sizes[runner.name].append(size)
    lines = list(_table(seconds, sizes, {runner.name: runner.megabytes for runner in ready}))
    for runner in runners:
        runner.stop()
    return [*lines, *(f"{NAMES[r.name]}：{r.missing}" for r in runners if r.missing), ""]


def _table(
    seconds: dict[str, list[float]], sizes: dict[str, list[int]], memory: dict[str, float]
) -> Iterator[str]:
    base = statistics.median(seconds["plain"])
    yield "| 方式 | CPU 秒，中位 | 最小—最大 | 比照常调用快 | KB | 内存 MB |"
    yield "|---|---|---|---|---|---|"
    for name, taken in seconds.items():
        middle = max(statistics.median(taken), 0.001)
        spread = f"{min(taken):.2f}—{max(taken):.2f}"
        size = statistics.mean(sizes[name]) / 1024
        cells = (
            NAMES[name],
            f"{middle:.2f}",
            spread,
            f"{base / middle:.1f} ×",
            f"{size:.0f}",
            f"{memory[name]:.0f}",
        )
        yield f"| {' | '.join(cells)} |"


def _batches(snapshots: list[Any], options: argparse.Namespace) -> Iterator[str]:
    many = (snapshots * (options.batch // len(snapshots) + 1))[: options.batch]
    yield "| 批量 | 结果 |"
    yield "|---|---|"
    speed = batches.rendered(many, options.workers)
    yield f"| {len(many)} 份全部重新排版，{options.workers} 个进程 | 每秒 {speed:.2f} 份（含启动） |"
    speed = batches.mostly_unchanged(many, options.workers, 10)
    yield f"| {len(many)} 份，其中一成有变化，逐份加水印、签名 | 每秒 {speed:.2f} 份 |"
    usual, beside, alone = batches.hostile(many[:12], options.workers)
    yield (
        f"| 12 份，另有一份超长（2 万字说明、2000 行表） | 它自己 {alone:.1f} 秒；"
        f"其余每份相隔 {beside:.2f} 秒（没有它时 {usual:.2f} 秒，{options.workers} 个进程） |"
    )
    if options.memory:
        marks = [mark for mark in MARKS if mark <= options.memory]
        found = batches.memory(snapshots, options.memory, options.workers, marks)
        shown = "，".join(f"{mark} 份后 {found[mark]:.0f} MB" for mark in marks)
        yield f"| 每个进程的内存（共 {options.memory} 份，{options.workers} 个进程） | {shown} |"


def _write(lines: list[str]) -> None:
    text = DOCUMENT.read_text()
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}")


if __name__ == "__main__":
    raise SystemExit(main())
