"""`python -m tests`: every test on SQLite, then what hangs on the database on a real PostgreSQL.

Arguments go to pytest. The databases differ where it hurts (locking, types, collation). The browser
journeys do not, and tests that touch no database cannot (tests/conftest.py marks them): these run once.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from tempfile import TemporaryDirectory
from types import FrameType

from tests.postgres import PostgresMissing, temporary_postgres

NOTHING_SELECTED = 5
ONCE = "not e2e and not crawl and not pure"
WORKERS = str(min(4, os.cpu_count() or 1))


def pytest(title: str, arguments: Sequence[str], **environment: str) -> int:
    """Runs pytest to its end; an interrupt reaches it first, so that it can clean up."""
    print(f"==> {title}", file=sys.stderr, flush=True)
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-n", WORKERS, *arguments], env=inherited | environment
    )
    try:
        return process.wait()
    except BaseException:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        raise


def terminate(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, terminate)
    try:
        # Whatever a test process leaves behind, also one that was killed, goes with this folder.
        with TemporaryDirectory(prefix="cadre-tests-", ignore_cleanup_errors=True) as folder:
            on_sqlite = pytest("SQLite", arguments, TMPDIR=folder)
            with temporary_postgres() as url:
                on_postgres = pytest("PostgreSQL", ["-m", ONCE, *arguments], TMPDIR=folder, DATABASE_URL=url)
    except PostgresMissing as error:
        print(f"错误：{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    results = {on_sqlite, on_postgres}
    # A selection may be empty on one of the two (only browser journeys chosen), not on both.
    return max(results - {NOTHING_SELECTED}, default=NOTHING_SELECTED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
