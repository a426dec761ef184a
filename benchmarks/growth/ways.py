"""Each way to make a file, in a process of its own that stays warm: none of them warms or fattens another."""

import gc
import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.growth import machine

Way = Callable[[Any], int]
MARK = "张示例　2026-11-24 10:31　查阅号1"  # a reader's, of usual length


def plain(fonts: Path) -> Way:
    """As whoever just calls WeasyPrint: system fonts, style sheet read and fonts set up each time."""
    from django.conf import settings

    settings.FONT_DIR = fonts.parent / "none"
    from core.pdf import load_engine

    weasyprint = load_engine()
    from core.pdf.fetcher import LockedFetcher, asset_path
    from core.pdf.result import Blob
    from growth.render import STYLESHEETS, render_html

    def make(snapshot: Any) -> int:
        blobs = {"photo": Blob(snapshot.photo)} if snapshot.photo else {}
        fetcher = LockedFetcher(blobs)
        html = weasyprint.HTML(string=render_html(snapshot), base_url="asset:", url_fetcher=fetcher)
        sheets = [weasyprint.CSS(filename=str(asset_path(name))) for name in STYLESHEETS]
        return len(html.write_pdf(stylesheets=sheets))

    return make


def ours(fonts: Path) -> Way:
    """The product's own call, PDF/A-3a with the data inside, collected every fifth file as in a worker."""
    from core.pdf import warm_up
    from core.pdf.pool import COLLECT_EVERY
    from growth.render import render_file

    warm_up()
    gc.disable()
    made = 0

    def make(snapshot: Any) -> int:
        nonlocal made
        made += 1
        size = len(render_file(snapshot).data)
        if made % COLLECT_EVERY == 0:
            gc.collect()
        return size

    return make


def unchanged(fonts: Path) -> Way:
    """A file whose data did not change is not rendered again: found by its digest, stamped and sealed."""
    from growth.render import render_file
    from growth.signing import sign

    kept: dict[str, bytes] = {}

    def make(snapshot: Any) -> int:
        digest = snapshot.digest
        if digest not in kept:
            kept[digest] = render_file(snapshot).data
        return len(sign(kept[digest], reason="测量", mark=MARK))

    return make


def _peer(name: str) -> Callable[[Path], Way]:
    def prepare(fonts: Path) -> Way:
        from benchmarks.growth import peers

        made: Way = getattr(peers, name)(fonts)
        return made

    return prepare


WAYS: dict[str, Callable[[Path], Way]] = {
    "plain": plain,
    "ours": ours,
    "unchanged": unchanged,
    "chromium": _peer("chromium"),
    "reportlab": _peer("reportlab"),
    "typst": _peer("typst"),
}


class Runner:
    """A process that makes files one way. `missing` says why it cannot."""

    def __init__(self, name: str, fonts: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self.name = name
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(name, fonts, theirs), daemon=False)
        self.process.start()
        theirs.close()
        self.missing: str = self._answer()

    def make(self, snapshot: Any) -> tuple[float, int]:
        """CPU seconds of the process and its children, and the size of the file."""
        before = machine.cpu_seconds(self.process.pid or 0)
        self.pipe.send(snapshot)
        size = self._answer()
        if isinstance(size, str):
            raise RuntimeError(f"{self.name}: {size}")
        return machine.cpu_seconds(self.process.pid or 0) - before, size

    def _answer(self) -> Any:
        return self.pipe.recv()

    @property
    def megabytes(self) -> float:
        return machine.megabytes(self.process.pid or 0)

    def stop(self) -> None:
        self.pipe.close()
        self.process.join(timeout=10)
        if self.process.is_alive():
            self.process.kill()


def _serve(name: str, fonts: Path, pipe: Connection) -> None:
    import django

    django.setup()
    try:
        make = WAYS[name](fonts)
    except (ImportError, OSError) as missing:
        pipe.send(f"没有安装（{missing}）")
        os._exit(0)
    pipe.send("")
    while True:
        try:
            snapshot = pipe.recv()
        except EOFError:
            break
        try:
            pipe.send(make(snapshot))
        except Exception as failure:  # told to whoever measures
            pipe.send(f"{type(failure).__name__}: {failure}")
    _end_children()
    os._exit(0)


def _end_children() -> None:
    """A browser would outlive the process that started it."""
    for pid in machine.tree(os.getpid())[1:]:
        os.kill(pid, 9)
