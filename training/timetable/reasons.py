"""Why a session stands where it stands, and what does not go together, in sentences for planners."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from training.timetable.problem import Block, Demand, Placed, Session

WEEKDAYS = "一二三四五六日"
MOST_NAMED = 4


def when(block: Block) -> str:
    """3月12日（周四）09:00–11:30."""
    start = block.starts_at
    day = f"{start.month}月{start.day}日（周{WEEKDAYS[start.weekday()]}）"
    return f"{day}{start:%H:%M}–{block.ends_at:%H:%M}"


def with_reasons(demand: Demand, placed: Sequence[Placed]) -> list[Placed]:
    return [
        replace(row, clashes=clashes_at(demand, placed, row), reason=why(demand, placed, row))
        for row in placed
    ]


def clashes_at(demand: Demand, placed: Sequence[Placed], row: Placed) -> int:
    """People of the session who are engaged elsewhere or wanted in another session of the block."""
    group = demand.sessions[row.session].group
    others = (demand.sessions[other.session].group for other in placed if other.block == row.block)
    return demand.busy_at(group, row.block) + sum(
        demand.common(group, other) for other in others if other != group
    )


def why(demand: Demand, placed: Sequence[Placed], row: Placed) -> str:
    """How the block compares with the others that would have been possible for this session alone."""
    session = demand.sessions[row.session]
    here = clashes_at(demand, placed, row)
    others = free_blocks(demand, placed, row)
    if not others:
        return f"{_people(here)}；其余时段没有空的教室，或主讲、学员另有安排。"
    best = min(demand.busy_at(session.group, block) for block in others)
    own = demand.busy_at(session.group, row.block)
    if own < best:
        return f"{_people(here)}；另有 {len(others)} 个时段可用，冲突都更多（最少 {best} 人）。"
    if own == best:
        return f"{_people(here)}；冲突同样少的时段中取较早的。"
    return f"{_people(here)}；冲突更少的时段让给了更难安排的场次。"


def free_blocks(demand: Demand, placed: Sequence[Placed], row: Placed) -> list[int]:
    """Blocks to which this session alone could move, everything else staying where it is."""
    session = demand.sessions[row.session]
    rest = [other for other in placed if other.session != row.session]
    return [
        b
        for b, block in enumerate(demand.blocks)
        if b != row.block and demand.fits(session, block) and _room_left(demand, rest, session, b)
    ]


def _room_left(demand: Demand, rest: Iterable[Placed], session: Session, block: int) -> bool:
    there = [other for other in rest if other.block == block]
    sessions = [demand.sessions[other.session] for other in there]
    if any(s.group == session.group or (s.lecturer and s.lecturer == session.lecturer) for s in sessions):
        return False
    taken = {other.room for other in there}
    return any(demand.holds(session, room) for r, room in enumerate(demand.rooms) if r not in taken)


def _people(number: int) -> str:
    return f"{number} 人时间冲突" if number else "没有人时间冲突"


# What cannot be


def impossible_sessions(demand: Demand) -> list[str]:
    """Sessions that fit nowhere even if they were the only ones, with what stands in the way."""
    return [words for session in demand.sessions if (words := _impossible(demand, session))]


def _impossible(demand: Demand, session: Session) -> str:
    rooms = [room for room in demand.rooms if demand.holds(session, room)]
    if not rooms:
        size = demand.size.get(session.group, 0)
        where = f"指定的教室“{session.room}”" if session.room else "所有教室"
        return f"“{session.title}”有 {size} 人参加，{where}都坐不下或没有列出。"
    long_enough = [block for block in demand.blocks if session.minutes <= block.minutes]
    if not long_enough:
        return f"“{session.title}”要 {session.minutes} 分钟，没有这么长的时段。"
    on_days = [block for block in long_enough if not session.days or block.day in session.days]
    if not on_days:
        return f"“{session.title}”指定的日期里没有可用的时段。"
    if not any(demand.fits(session, block) for block in on_days):
        return f"“{session.title}”可用的日期里，主讲 {session.lecturer} 都不能来。"
    return ""


def conflict_words(demand: Demand, names: Sequence[str], *, decided: bool) -> list[str]:
    """The contradiction as one sentence per kind of demand; without names nothing was proven."""
    if not decided:
        return ["在规定的时间内没有排出来。请增加可用的日期、时段或教室后再试。"]
    kinds: dict[str, list[str]] = {}
    for name in names:
        kind, _, value = name.partition(":")
        kinds.setdefault(kind, []).append(value)
    sentences = [_sentence(demand, kind, values) for kind, values in kinds.items() if kind != "session"]
    titles = [demand.sessions[int(value)].title for value in kinds.get("session", ())]
    head = f"这 {len(titles)} 场排不开：{_listed(titles)}。" if titles else "这些要求不能同时满足。"
    return [head, *sentences, "请增加日期、时段或教室，或减少场次后再试。"]


def _sentence(demand: Demand, kind: str, values: Sequence[str]) -> str:
    if kind == "room":
        return f"教室“{_listed([demand.rooms[int(value)].name for value in values])}”同一时间只能用一场。"
    if kind == "lecturer":
        return f"主讲 {_listed(values)} 同一时间只能讲一场。"
    if kind == "daily":
        return f"“{_listed(values)}”每天最多 {demand.most_a_day} 场。"
    return f"“{_listed(values)}”的学员同一时间只能上一场。"


def _listed(words: Sequence[str]) -> str:
    shown = "、".join(words[:MOST_NAMED])
    return f"{shown}等 {len(words)} 项" if len(words) > MOST_NAMED else shown
