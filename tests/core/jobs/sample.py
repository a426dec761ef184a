"""Jobs that exist for the tests only."""

import time
from pathlib import Path
from typing import Any

from core.errors import DomainError
from core.jobs import JobRun, job


@job("test.count", title="逐项处理", retry_param="items")
def count(run: JobRun, *, items: list[str], bad: list[str] | None = None) -> dict[str, Any]:
    bad = bad or []
    for index, item in enumerate(items, start=1):
        if item in bad:
            run.fail_item(f"第 {item} 项", "缺参加工作时间", ref=item)
        run.progress(index, len(items), f"处理 {item}")
    run.attach("结果.txt", ",".join(item for item in items if item not in bad).encode())
    return {"items": len(items)}


@job("test.refuse", title="拒绝")
def refuse(run: JobRun) -> None:
    raise DomainError("名册里没有人，请先导入。")


@job("test.crash", title="出错")
def crash(run: JobRun) -> None:
    raise ZeroDivisionError


@job("test.slow", title="慢任务")
def slow(run: JobRun, *, trace: str, steps: int, pause: float) -> dict[str, Any]:
    """Notes each step in a file, so that a test sees how far a killed process came."""
    with Path(trace).open("a") as file:
        for step in range(steps):
            file.write(f"{run.attempt}:{step}\n")
            file.flush()
            run.progress(step, steps)
            time.sleep(pause)
    run.progress(steps, steps)
    run.attach("done.txt", f"attempt {run.attempt}".encode())
    return {"attempt": run.attempt}
