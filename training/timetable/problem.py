"""What is asked for and what comes of it; everything goes into JSON and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Block:
    """A span of time in which one session may be held."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def day(self) -> str:
        return self.starts_at.date().isoformat()


@dataclass(frozen=True, slots=True)
class Room:
    """`capacity` None: large enough for everybody."""

    name: str
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One session to place. `group` is whose people come (a class); `days` restricts it, () means any day."""

    title: str
    group: str
    lecturer: str = ""
    minutes: int = 0
    room: str = ""
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """Blocks do not overlap. `size`: people per group. `shared`: people two groups have in common.

    `busy`: per group and block, how many are engaged elsewhere. `absent`: lecturer → days on which he cannot
    come. `most_a_day`: sessions of one group on one day. `group_ids`: group → the caller's number for it.
    """

    sessions: tuple[Session, ...]
    blocks: tuple[Block, ...]
    rooms: tuple[Room, ...]
    size: Mapping[str, int] = field(default_factory=dict)
    shared: Mapping[str, int] = field(default_factory=dict)
    busy: Mapping[str, Sequence[int]] = field(default_factory=dict)
    absent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    most_a_day: int = 2
    group_ids: Mapping[str, int] = field(default_factory=dict)

    def common(self, one: str, other: str) -> int:
        """People of both groups."""
        return self.shared.get(pair_key(one, other), 0)

    def busy_at(self, group: str, block: int) -> int:
        rows = self.busy.get(group, ())
        return rows[block] if block < len(rows) else 0

    def fits(self, session: Session, block: Block) -> bool:
        """Whether the block is long enough and on a day on which session and lecturer can be held."""
        if session.minutes > block.minutes or (session.days and block.day not in session.days):
            return False
        return block.day not in self.absent.get(session.lecturer, ())

    def holds(self, session: Session, room: Room) -> bool:
        if session.room and session.room != room.name:
            return False
        return room.capacity is None or self.size.get(session.group, 0) <= room.capacity

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        data["blocks"] = [[b.starts_at.isoformat(), b.ends_at.isoformat()] for b in self.blocks]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Demand":
        rest = {key: data[key] for key in ("size", "shared", "busy", "absent", "most_a_day", "group_ids")}
        return cls(
            sessions=tuple(Session(**{**row, "days": tuple(row["days"])}) for row in data["sessions"]),
            blocks=tuple(Block(*map(datetime.fromisoformat, pair)) for pair in data["blocks"]),
            rooms=tuple(Room(**row) for row in data["rooms"]),
            **rest,
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A session with its block and room (by their places in the demand); `clashes` people cannot come."""

    session: int
    block: int
    room: int
    clashes: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`placed` in order of time; or `conflicts`, sentences that name demands which do not go together."""

    placed: tuple[Placed, ...] = ()
    conflicts: tuple[str, ...] = ()
    clashes: int = 0
    proven: bool = False
    seconds: float = 0.0

    @property
    def feasible(self) -> bool:
        return bool(self.placed)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Answer":
        rows = tuple(Placed(**row) for row in data.get("placed", ()))
        rest = {key: data[key] for key in ("clashes", "proven", "seconds") if key in data}
        return cls(placed=rows, conflicts=tuple(data.get("conflicts", ())), **rest)


def pair_key(one: str, other: str) -> str:
    """JSON keys are text: the two names in order."""
    return "\x1f".join(sorted((one, other)))


def cost_of(demand: Demand, placed: Sequence[Placed]) -> int:
    """People who would have to be in two places: busy elsewhere, or in two sessions at once."""
    total = sum(demand.busy_at(demand.sessions[row.session].group, row.block) for row in placed)
    for place, row in enumerate(placed):
        for other in placed[place + 1 :]:
            if row.block == other.block:
                one, two = demand.sessions[row.session], demand.sessions[other.session]
                total += demand.common(one.group, two.group)
    return total
