"""The rotation as a linear model with whole numbers, solved by HiGHS through OR-Tools.

One truth value per permitted move. Hard: a person moves once; seats, kept posts, minimum staff, people who
may not be together. Demands of the office count before everything else, so that one which cannot be met is
named instead of leaving nothing. Then the weighted sum of `problem.score`. After each answer the next must
differ from all before in about a third of its moves. The problem is nearly an assignment: on 300 people and
120 posts HiGHS proves its optimum in about a second, where CP-SAT did not in 25 (benchmarks/rotation.py).
"""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from rotation.proposer.problem import (
    Answer,
    Criterion,
    Demand,
    DemandKind,
    Option,
    Problem,
    Proposal,
    score,
    unmet,
)
from rotation.proposer.reasons import given_up, nothing_better, too_slow, unmeetable_words

# Hears before each search how many proposals there are already; may raise to stop.
Watch = Callable[[int], None]
MOST_PROPOSALS = 5
SOLVER = "highs"
DIFFERENT = 3  # one move in so many must be another


def propose(problem: Problem, *, seconds: float = 25.0, watch: Watch | None = None) -> Answer:
    """The best rotations within the time, each really different from the others, the best first."""
    began = time.monotonic()
    model, proven = _Model(problem), True
    found: list[list[Option]] = []
    while len(found) < MOST_PROPOSALS:
        if watch:
            watch(len(found))
        left = seconds - (time.monotonic() - began)
        if left <= 0:
            proven = False
            break
        moves, best = model.solve(left)
        proven &= best
        if not moves:
            break
        found.append(moves)
        model.must_differ_from(moves)
    return _answer(problem, found, proven, time.monotonic() - began)


def _answer(problem: Problem, found: list[list[Option]], proven: bool, seconds: float) -> Answer:
    ranked = sorted(found, key=lambda moves: (len(unmet(problem, moves)), -score(problem, moves)))
    proposals = tuple(_proposal(problem, moves) for moves in ranked)
    if not found and not proven:
        return Answer((), (too_slow(),), proven, seconds)
    words = unmeetable_words(_never_met(problem, ranked))
    if not words and not proposals:
        words = [nothing_better(problem)]
    return Answer(proposals, tuple(words), proven, seconds)


def _proposal(problem: Problem, moves: list[Option]) -> Proposal:
    return Proposal(
        options=tuple(sorted(moves, key=lambda option: option.key)),
        value=score(problem, moves),
        unmet=tuple(unmet(problem, moves)),
        gives_up=tuple(given_up(problem, moves)),
    )


def _never_met(problem: Problem, found: list[list[Option]]) -> list[Demand]:
    left_open = [unmet(problem, moves) for moves in found or [[]]]
    return [demand for demand in problem.demands if all(demand in open_ for open_ in left_open)]


class _Model:
    """Variables and constraints of one problem; answers already given are kept away from the next."""

    def __init__(self, problem: Problem) -> None:
        # 180 MB of libraries: only where proposals are made
        from ortools.linear_solver.python import model_builder

        self.lib: Any = model_builder
        self.problem, self.model = problem, self.lib.Model()
        self.x = {option.key: self.model.new_bool_var("") for option in problem.options}
        self.options = {option.key: option for option in problem.options}
        self.stays = self._staying()
        self.there = self._occupancy()
        self.empty = self._emptiness()
        self._seats()
        self._apart()
        self._minimum()
        if problem.most_moves is not None:
            self._at_most(list(self.x.values()), problem.most_moves)
        self.met = self._demands()
        self.model.maximize(self._worth())

    def _at_most(self, terms: list[Any], most: int) -> None:
        """People who stay count as 1 each, moves as their truth values: numbers alone need no rule."""
        if any(not isinstance(term, int) for term in terms):
            self.model.add(sum(terms) <= most)

    def _at_least(self, terms: list[Any], least: int) -> None:
        if any(not isinstance(term, int) for term in terms):
            self.model.add(sum(terms) >= least)

    def _staying(self) -> dict[int, Any]:
        """Person → 1 when not moved."""
        moves: dict[int, list[Any]] = defaultdict(list)
        for (person, _), variable in self.x.items():
            moves[person].append(variable)
        for variables in moves.values():
            self._at_most(variables, 1)
        return {person.id: 1 - sum(moves[person.id]) for person in self.problem.people}

    def _occupancy(self) -> dict[int, list[Any]]:
        there: dict[int, list[Any]] = {place.id: [] for place in self.problem.places}
        for (_, place), variable in self.x.items():
            there[place].append(variable)
        for person in self.problem.people:
            if person.place in there:
                there[person.place].append(self.stays[person.id])
        return there

    def _emptiness(self) -> dict[int, Any]:
        """Place → 1 when nobody holds it; places that others hold are never empty.

        Nothing is gained by an empty place, so that "empty or held" is all that has to be said.
        """
        found = {}
        for place in self.problem.places:
            if not place.held_outside:
                found[place.id] = self.model.new_bool_var("")
                self.model.add(sum(self.there[place.id]) + found[place.id] >= 1)
        return found

    def _seats(self) -> None:
        holders: dict[int | None, int] = defaultdict(int)
        for person in self.problem.people:
            holders[person.place] += 1
        for place in self.problem.places:
            occupied, now = self.there[place.id], holders[place.id]
            if place.seats is not None:
                self._at_most(occupied, max(place.seats, now))
            if place.keep_held and now and not place.held_outside:
                self._at_least(occupied, 1)

    def _apart(self) -> None:
        for one, other in self.problem.apart:
            if one in self.x and other in self.x:
                self.model.add(self.x[one] + self.x[other] <= 1)
        for key, staying in self.problem.apart_staying:
            if key in self.x:
                self.model.add(self.x[key] + self.stays[staying] <= 1)

    def _minimum(self) -> None:
        unit_of = {place.id: place.unit for place in self.problem.places}
        for unit, least in self.problem.minimum.items():
            inside = [self.stays[p.id] for p in self.problem.people if p.unit == unit]
            coming = [variable for (_, place), variable in self.x.items() if unit_of[place] == unit]
            self._at_least([*inside, *coming], min(least, len(inside)))

    def _demands(self) -> list[Any]:
        """1 for each demand that is met, 0 else."""
        return [
            1 - (self.stays[d.subject] if d.kind == DemandKind.MOVE else self.empty[d.subject])
            for d in self.problem.demands
            if d.kind == DemandKind.MOVE or d.subject in self.empty
        ]

    def _worth(self) -> Any:
        """One demand more counts for more than all that can be gained or lost otherwise."""
        problem = self.problem
        values = {key: problem.value_of(option) for key, option in self.options.items()}
        vacancy = problem.weight(Criterion.VACANCY)
        largest: dict[int, int] = defaultdict(int)
        for (person, _), value in values.items():
            largest[person] = max(largest[person], abs(value))
        bound = 1 + sum(largest.values()) + vacancy * len(self.empty)
        worth = sum(values[key] * variable for key, variable in self.x.items())
        return bound * sum(self.met) + worth - vacancy * sum(self.empty.values())

    def must_differ_from(self, moves: list[Option]) -> None:
        """The next answer leaves some of these moves and makes others instead, and meets as many demands."""
        made = {option.key for option in moves}
        others = [variable for key, variable in self.x.items() if key not in made]
        apart = -(-len(made) // DIFFERENT)
        self.model.add(sum(self.x[key] for key in made) <= len(made) - apart)
        self.model.add(sum(others) >= apart if others else sum(self.x.values()) >= len(self.x) + 1)
        reached = len(self.met) - len(unmet(self.problem, moves))
        self._at_least(self.met, reached)

    def solve(self, seconds: float) -> tuple[list[Option] | None, bool]:
        """The moves, and whether they are proven to be the best; None where there are none."""
        solver = self.lib.Solver(SOLVER)
        if SOLVER == "highs":  # or it greets on standard output
            solver.set_solver_specific_parameters("output_flag=false")
        solver.set_time_limit_in_seconds(seconds)
        status, known = solver.solve(self.model), self.lib.SolveStatus
        if status not in (known.OPTIMAL, known.FEASIBLE):
            return None, bool(status == known.INFEASIBLE)
        made = [self.options[key] for key, variable in self.x.items() if solver.value(variable) > 0.5]
        return made, bool(status == known.OPTIMAL)
