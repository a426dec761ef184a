"""Searching with OR-Tools where somebody may want to stop it, and where every office gets the same answer."""

import threading
import time
from collections.abc import Callable
from typing import Any

WORKERS = 2
LOOK_EVERY = 0.5  # seconds between two looks at whether to stop
# Hears how many seconds the search has taken, and says whether to stop.
Watch = Callable[[float], bool]


def run(solver: Any, model: Any, *, seconds: float, watch: Watch | None = None) -> str:
    """Solves within the time; gives the name of the outcome (OPTIMAL, FEASIBLE, INFEASIBLE, UNKNOWN)."""
    solver.parameters.num_workers = WORKERS
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.random_seed = 1
    return str(solver.status_name(_watched(solver, model, watch)))


def _watched(solver: Any, model: Any, watch: Watch | None) -> Any:
    """The solver works in a thread of its own, so that this one can look whether somebody wants to stop."""
    if watch is None:
        return solver.solve(model)
    answer: list[Any] = []
    worker = threading.Thread(target=lambda: answer.append(solver.solve(model)), daemon=True)
    began = time.monotonic()
    worker.start()
    try:
        while worker.is_alive():
            worker.join(LOOK_EVERY)
            if watch(time.monotonic() - began):
                solver.stop_search()
    finally:  # whoever stops by an exception does not leave the solver running
        solver.stop_search()
        worker.join()
    return answer[0]
