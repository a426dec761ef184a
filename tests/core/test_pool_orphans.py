"""Children of a process that was killed end by themselves."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

PARENT = """
import multiprocessing, time
from core.pdf import pool
pool.warm_up = lambda: None
pool.LOOK_EVERY = 0.1

def items():
    yield from range(3)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    time.sleep(100)

list(pool.work_on_many(lambda item: item, items(), workers=2))
"""


def test_killed_parents_leave_no_children() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as parent:
        children = [Path(f"/proc/{pid}") for pid in parent.stdout.readline().split()]
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert len(children) == 2
    end = time.monotonic() + 10
    while any(child.exists() for child in children):
        assert time.monotonic() < end
        time.sleep(0.05)
