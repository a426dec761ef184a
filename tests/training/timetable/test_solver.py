"""The solver against trying everything, on cases small enough to try everything."""

from datetime import datetime, timedelta
from itertools import product
from random import Random

import pytest

from training.timetable import Answer, Block, Demand, Placed, Room, Session, solve
from training.timetable.problem import cost_of, pair_key

MONDAY = datetime(2026, 11, 9, 9)


def blocks(days: int, a_day: int = 2) -> tuple[Block, ...]:
    starts = [MONDAY + timedelta(days=day, hours=5 * part) for day in range(days) for part in range(a_day)]
    return tuple(Block(start, start + timedelta(hours=2)) for start in starts)


def allowed(demand: Demand, placed: list[Placed]) -> bool:
    """The hard demands, said as plainly as possible."""
    for place, row in enumerate(placed):
        session = demand.sessions[row.session]
        if not demand.fits(session, demand.blocks[row.block]) or not demand.holds(
            session, demand.rooms[row.room]
        ):
            return False
        for other in placed[place + 1 :]:
            if row.block == other.block:
                second = demand.sessions[other.session]
                same_lecturer = session.lecturer and session.lecturer == second.lecturer
                if row.room == other.room or session.group == second.group or same_lecturer:
                    return False
        day = demand.blocks[row.block].day
        mates = [o for o in placed if demand.sessions[o.session].group == session.group]
        if sum(demand.blocks[o.block].day == day for o in mates) > demand.most_a_day:
            return False
    return True


def best_by_trying(demand: Demand) -> int | None:
    places = list(product(range(len(demand.blocks)), range(len(demand.rooms))))
    costs = []
    for choice in product(places, repeat=len(demand.sessions)):
        placed = [Placed(s, b, r) for s, (b, r) in enumerate(choice)]
        if allowed(demand, placed):
            costs.append(cost_of(demand, placed))
    return min(costs, default=None)


def small_case(seed: int) -> Demand:
    random = Random(seed)
    groups = ["甲班", "乙班"]
    spans = blocks(2, random.choice([1, 2]))
    return Demand(
        sessions=tuple(
            Session(f"第{n}讲", random.choice(groups), lecturer=random.choice(["", "王", "李"]))
            for n in range(random.choice([2, 3]))
        ),
        blocks=spans,
        rooms=(Room("报告厅"), Room("小会议室", 30))[: random.choice([1, 2])],
        size={"甲班": random.choice([20, 40]), "乙班": 25},
        shared={pair_key("甲班", "乙班"): random.choice([0, 3])},
        busy={group: [random.randint(0, 5) for _ in spans] for group in groups},
        absent={"王": (spans[0].day,)} if random.random() < 0.5 else {},
        most_a_day=random.choice([1, 2]),
    )


@pytest.mark.parametrize("seed", range(12))
def test_as_good_as_trying_everything(seed: int) -> None:
    demand = small_case(seed)
    answer, best = solve(demand), best_by_trying(demand)
    if best is None:
        assert (answer.feasible, bool(answer.conflicts)) == (False, True)
    else:
        assert (answer.clashes, answer.proven) == (best, True)
        assert allowed(demand, list(answer.placed))
        assert all(row.reason for row in answer.placed)


def one_group(sessions: int, **values) -> Demand:
    rest = {"blocks": blocks(2), "rooms": (Room("报告厅"),), "size": {"甲班": 30}} | values
    return Demand(tuple(Session(f"第{n}讲", "甲班", lecturer="王") for n in range(sessions)), **rest)


def test_what_does_not_go_together_is_named() -> None:
    answer = solve(one_group(5))
    assert answer.conflicts[0].startswith("这 5 场排不开：第0讲、第1讲、第2讲、第3讲等 5 项。")
    assert answer.conflicts[-1] == "请增加日期、时段或教室，或减少场次后再试。"


def test_the_daily_limit_is_named_when_it_is_the_limit() -> None:
    answer = solve(one_group(3, most_a_day=1))
    assert "“甲班”每天最多 1 场。" in answer.conflicts


@pytest.mark.parametrize(
    ("session", "words"),
    [
        (Session("实训", "甲班", room="机房"), "“实训”有 30 人参加，指定的教室“机房”都坐不下或没有列出。"),
        (Session("实训", "甲班", minutes=240), "“实训”要 240 分钟，没有这么长的时段。"),
        (Session("实训", "甲班", days=("2026-12-01",)), "“实训”指定的日期里没有可用的时段。"),
        (Session("实训", "甲班", lecturer="外请"), "“实训”可用的日期里，主讲 外请 都不能来。"),
    ],
)
def test_a_session_that_fits_nowhere_says_why(session: Session, words: str) -> None:
    demand = Demand(
        (session,),
        blocks(2),
        (Room("报告厅"),),
        size={"甲班": 30},
        absent={"外请": ("2026-11-09", "2026-11-10")},
    )
    assert solve(demand).conflicts == (words,)


def test_fewest_clashes_come_before_early_days() -> None:
    demand = Demand(
        (Session("一讲", "甲班"),), blocks(2, 1), (Room("报告厅"),), size={"甲班": 30}, busy={"甲班": [2, 0]}
    )
    (row,) = solve(demand).placed
    assert (row.block, row.clashes) == (1, 0)
    assert row.reason == "没有人时间冲突；另有 1 个时段可用，冲突都更多（最少 2 人）。"


def test_whoever_stops_gets_what_was_found_or_leaves() -> None:
    class Stopped(Exception):
        pass

    def leave(seconds: float) -> bool:
        raise Stopped

    with pytest.raises(Stopped):
        solve(one_group(4), watch=leave)
    assert solve(one_group(4), watch=lambda seconds: False).feasible


def test_demand_and_answer_survive_json() -> None:
    demand = small_case(3)
    answer = solve(demand)
    assert Demand.from_json(demand.to_json()).to_json() == demand.to_json()
    assert Answer.from_json(answer.to_json()) == answer
