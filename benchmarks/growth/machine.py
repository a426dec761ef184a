"""What a process and all its children have used, read from /proc: browsers and workers count whole."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(pid: int) -> list[int]:
    """The process and everything it started."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(_stat(int(path.name))[1])
        except (OSError, IndexError):
            continue  # it ended while we looked
        children.setdefault(parent, []).append(int(path.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def cpu_seconds(pid: int) -> float:
    return sum(_of(one, lambda stat: (int(stat[11]) + int(stat[12])) / TICK) for one in tree(pid))


def megabytes(pid: int) -> float:
    """Resident memory; pages that processes share count once in each."""
    return sum(_of(one, lambda stat: int(stat[21]) * PAGE / 2**20) for one in tree(pid))


def _of(pid: int, read):  # type: ignore[no-untyped-def]
    try:
        return read(_stat(pid))
    except (OSError, IndexError):
        return 0.0


def _stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat from the state on; the name before it may hold blanks."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def described() -> str:
    memory = Path("/proc/meminfo").read_text().split()[1]
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} 核，内存 {int(memory) / 2**20:.0f} GiB，测量开始时负载 {load:.1f}"
