"""Proposed rotations at the size of the issue: 300 people, 120 posts. No database.

    python -m benchmarks.proposals [--people 300] [--posts 120] [--repeat 3]

Prints how long it takes to frame the problem (every rule against every possible move), to find up to five
proven proposals with the solver in use, and with the other solvers of OR-Tools on the same model, as ratios;
and how far the proposals lie apart (moves of one that another does not make).
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_dev.settings")
django.setup()

from people.choices import KinRelation, PostClass  # noqa: E402 - models need the settings
from rotation.choices.tenure import TenureState  # noqa: E402
from rotation.facts import Facts, Known, Person, PostFacts, Seat, Tie, UnitFacts  # noqa: E402
from rotation.proposer import Answer, Problem, propose, solver  # noqa: E402
from rotation.proposer.framing import Wish, frame  # noqa: E402
from rotation.tenure import Stint, Tenure  # noqa: E402

ON = date(2026, 12, 1)
UNITS = 20
STATES = (TenureState.OK,) * 6 + (TenureState.WARN, TenureState.OVER, TenureState.OVER, TenureState.HARD)
CLASSES = (PostClass.GENERAL, PostClass.GENERAL, PostClass.IMPORTANT, PostClass.KEY)


def zone(people: int, posts: int, seed: int = 7) -> Facts:
    """A zone in which about one person in three holds a post in question, ten couples among them."""
    random = Random(seed)  # noqa: S311 - the same zone every time
    units = {n: UnitFacts(n, f"第{n}局", f"0/{n}/", minimum=5) for n in range(1, UNITS + 1)}
    seats_of = {
        1000 + n: PostFacts(
            1000 + n, f"岗位{n}", 1 + n % UNITS, f"第{1 + n % UNITS}局", random.choice(CLASSES), headcount=1
        )
        for n in range(posts)
    }
    everybody, seats = {}, []
    for n in range(1, people + 1):
        post = 1000 + n - 1 if n <= posts * 9 // 10 else None
        unit = seats_of[post].unit_id if post else 1 + n % UNITS
        stint = Stint(date(2018, 1, 1), None, unit, post, f"第{unit}局", "科员")
        held = Tenure(n, stint, stint.starts_on, random.randint(6, 140), 0, random.choice(STATES))
        everybody[n] = Person(
            n,
            f"干部{n}",
            age=random.randint(25, 57),
            retirement_month=date(2050, 1, 1),
            stints=(stint,),
            tenure=held,
        )
        seats.append(Seat(n, unit, post, "科员"))
    ties = tuple(Tie(n, n + 1, KinRelation.SPOUSE) for n in range(1, 20, 2))
    known = {pk: Known(person.name, person.age) for pk, person in everybody.items()}
    return Facts(ON, everybody, known, tuple(seats), seats_of, units, ties)


def wish_for(facts: Facts) -> Wish:
    late = tuple(pk for pk, p in facts.people.items() if p.tenure and p.tenure.status == TenureState.HARD)
    return Wish(people=tuple(facts.people), posts=tuple(facts.posts), must_move=late[:15])


def timed(work: Callable[[], object], repeat: int) -> tuple[float, float, object]:
    """(median seconds, spread, last result)."""
    took, result = [], None
    for _ in range(repeat):
        began = time.perf_counter()
        result = work()
        took.append(time.perf_counter() - began)
    return statistics.median(took), max(took) - min(took), result


def apart(answer: Answer) -> str:
    """The least share of moves in which one proposal differs from an earlier one."""
    made = [{option.key for option in proposal.options} for proposal in answer.proposals]
    pairs = [(one, other) for place, other in enumerate(made) for one in made[:place]]
    return f"{min(len(one - other) / len(one) for one, other in pairs):.0%}" if pairs else "—"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--posts", type=int, default=120)
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args()
    facts = zone(args.people, args.posts)
    wish = wish_for(facts)
    framing, spread, problem = timed(lambda: frame(facts, wish), args.repeat)
    assert isinstance(problem, Problem)
    options, demands = len(problem.options), len(problem.demands)
    print(f"{args.people} 人 × {args.posts} 岗：{options} 种可行调整，须满足 {demands} 项")
    print(f"建立问题        {framing:6.2f} s（±{spread / 2:.2f}）")
    base = 0.0
    for name in ("highs", "scip", "sat"):
        solver.SOLVER = name
        median, spread, answer = timed(lambda: propose(problem), args.repeat if name == "highs" else 1)
        assert isinstance(answer, Answer)
        base = base or median
        proven = "已证明最优" if answer.proven else "未证明"
        values = "、".join(str(proposal.value) for proposal in answer.proposals)
        took = f"{median:6.2f} s（±{spread / 2:.2f}，{median / base:.1f} 倍）"
        print(
            f"{name:6} {len(answer.proposals)} 套 {took} {proven}，方案值 {values}，至少相差 {apart(answer)}"
        )


if __name__ == "__main__":
    main()
