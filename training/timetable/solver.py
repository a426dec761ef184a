"""The timetable as a model for OR-Tools' CP-SAT solver.

One truth value per session, block and room that fit each other. Hard: every session once; a room, a lecturer
and a group in one session at a time; at most so many sessions of a group a day. To be kept small: people who
are engaged elsewhere or are in two groups at the same time; then late days. Each kind of demand hangs on an
assumption, so that an impossible wish names the demands that do not go together.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from training.timetable.problem import Answer, Demand, Placed, cost_of
from training.timetable.reasons import conflict_words, impossible_sessions, with_reasons

WORKERS = 2
LOOK_EVERY = 0.5  # seconds between two looks at whether to stop
Watch = Callable[[float], bool]


def solve(demand: Demand, *, seconds: float = 10.0, watch: Watch | None = None) -> Answer:
    """The best timetable within the time. `watch` hears how long it has taken and says whether to stop."""
    began = time.monotonic()
    if lost := impossible_sessions(demand):
        return Answer(conflicts=tuple(lost), seconds=time.monotonic() - began)
    status, placed = _Model(demand).run(seconds, watch)
    if placed:
        clashes = cost_of(demand, placed)
        rows = with_reasons(demand, sorted(placed, key=lambda row: (row.block, row.room)))
        return Answer(tuple(rows), (), clashes, status == "OPTIMAL", time.monotonic() - began)
    names = _contradiction(demand, seconds) if status == "INFEASIBLE" else []
    conflicts = conflict_words(demand, names, decided=status == "INFEASIBLE")
    return Answer(conflicts=tuple(conflicts), seconds=time.monotonic() - began)


class _Model:
    """The variables and constraints of one demand; `guarded`, each kind of demand can be switched off."""

    def __init__(self, demand: Demand, *, guarded: bool = False) -> None:
        from ortools.sat.python import cp_model  # 180 MB of libraries: only where a timetable is made

        self.cp, self.demand, self.guarded = cp_model, demand, guarded
        self.model: Any = cp_model.CpModel()
        self.guards: dict[str, Any] = {}
        self.x = self._choices()
        self._every_session_once()
        self._one_at_a_time()
        self._not_too_many_a_day()
        if not guarded:
            self.model.minimize(self._cost())

    def _choices(self) -> dict[tuple[int, int, int], Any]:
        demand = self.demand
        return {
            (s, b, r): self.model.new_bool_var("")
            for s, session in enumerate(demand.sessions)
            for b, block in enumerate(demand.blocks)
            if demand.fits(session, block)
            for r, room in enumerate(demand.rooms)
            if demand.holds(session, room)
        }

    def _guard(self, name: str) -> list[Any]:
        if not self.guarded:
            return []
        if name not in self.guards:
            self.guards[name] = self.model.new_bool_var(name)
        return [self.guards[name]]

    def _require(self, name: str, constraint: Any) -> None:
        guard = self._guard(name)
        if guard:
            constraint.only_enforce_if(*guard)

    def _gather(self, key: Callable[[int, int, int], Iterable[Any]]) -> dict[Any, list[Any]]:
        found: dict[Any, list[Any]] = defaultdict(list)
        for (s, b, r), variable in self.x.items():
            for one in key(s, b, r):
                found[one].append(variable)
        return found

    def _every_session_once(self) -> None:
        for s, variables in self._gather(lambda s, b, r: [s]).items():
            self._require(f"session:{s}", self.model.add(sum(variables) == 1))

    def _one_at_a_time(self) -> None:
        sessions = self.demand.sessions
        for (room, _), variables in self._gather(lambda s, b, r: [(r, b)]).items():
            self._require(f"room:{room}", self.model.add(sum(variables) <= 1))
        for (lecturer, _), variables in self._gather(lambda s, b, r: [(sessions[s].lecturer, b)]).items():
            if lecturer:
                self._require(f"lecturer:{lecturer}", self.model.add(sum(variables) <= 1))
        for (group, _), variables in self._gather(lambda s, b, r: [(sessions[s].group, b)]).items():
            self._require(f"group:{group}", self.model.add(sum(variables) <= 1))

    def _not_too_many_a_day(self) -> None:
        sessions, blocks, most = self.demand.sessions, self.demand.blocks, self.demand.most_a_day
        days = self._gather(lambda s, b, r: [(sessions[s].group, blocks[b].day)])
        for (group, _), variables in days.items():
            self._require(f"daily:{group}", self.model.add(sum(variables) <= most))

    def _cost(self) -> Any:
        """One person in two places weighs more than all lateness together."""
        demand, terms = self.demand, []
        days = {day: place for place, day in enumerate(sorted({block.day for block in demand.blocks}))}
        weight = len(demand.sessions) * len(days) + 1
        for (s, b, _), variable in self.x.items():
            busy = demand.busy_at(demand.sessions[s].group, b)
            terms.append(variable * (weight * busy + days[demand.blocks[b].day]))
        return sum(terms) + sum(weight * people * both for people, both in self._shared_pairs())

    def _shared_pairs(self) -> list[tuple[int, Any]]:
        """For groups with people in common: a value that is true when both are in session at once."""
        groups = sorted({session.group for session in self.demand.sessions})
        at = self._gather(lambda s, b, r: [(self.demand.sessions[s].group, b)])
        found = []
        for place, one in enumerate(groups):
            for other in groups[place + 1 :]:
                people = self.demand.common(one, other)
                for b in range(len(self.demand.blocks)) if people else ():
                    both = self.model.new_bool_var("")
                    self.model.add(sum(at[one, b]) + sum(at[other, b]) <= 1 + both)
                    found.append((people, both))
        return found

    def run(self, seconds: float, watch: Watch | None) -> tuple[str, list[Placed]]:
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = WORKERS
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.random_seed = 1
        name = str(solver.status_name(_watched(solver, self.model, watch)))
        if name not in ("OPTIMAL", "FEASIBLE"):
            return name, []
        return name, [Placed(*key) for key, variable in self.x.items() if solver.boolean_value(variable)]


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


def _contradiction(demand: Demand, seconds: float) -> list[str]:
    """Names of demands that do not go together: as few as can be found by leaving one out after the other."""
    model = _Model(demand, guarded=True)
    needed = sorted(model.guards)
    if _possible(demand, needed, seconds):
        return []
    for name in list(needed):
        fewer = [one for one in needed if one != name]
        if not _possible(demand, fewer, seconds):
            needed = fewer
    return needed


def _possible(demand: Demand, names: list[str], seconds: float) -> bool:
    model = _Model(demand, guarded=True)
    for name, guard in model.guards.items():
        model.model.add(guard == (1 if name in names else 0))
    solver = model.cp.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.max_time_in_seconds = seconds
    return str(solver.status_name(solver.solve(model.model))) != "INFEASIBLE"
