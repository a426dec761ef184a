"""The to-do list of the home page: what is due, gathered by kind, the most urgent kind first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from core.access import Viewer
from people.contracts import Contribution, Duty, DutySource, Press, duties, in_order

FIRST = 5  # lines that are shown in full
BRIEF = 5  # lines after them; what is more folds away
NAMED = 2  # of a kind with several, so many are named in its line
# What a duty belongs to: the first part of its key, as the office says it.
FIELDS = {
    "training": "培训",
    "park": "任务",
    "rotation": "轮岗",
    "wellbeing": "关爱",
    "growth": "档案",
    "people": "名册",
    "core": "系统",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What one source has to say: a duty, or several of the same kind gathered."""

    field: str
    label: str
    duties: tuple[Duty, ...]
    listed: str

    @property
    def first(self) -> Duty:
        return self.duties[0]

    @property
    def alone(self) -> bool:
        return len(self.duties) == 1

    @property
    def title(self) -> str:
        return self.first.title if self.alone else f"{self.label} {len(self.duties)} 项"

    @property
    def reason(self) -> str:
        if self.alone:
            return self.first.reason
        named = "；".join(duty.title for duty in self.duties[:NAMED])
        return f"{named} 等" if len(self.duties) > NAMED else named

    @property
    def url(self) -> str:
        return self.first.link.url if self.alone else self.listed

    @property
    def press(self) -> Press | None:
        return self.first.press if self.alone else None


@dataclass(frozen=True, slots=True)
class Chip:
    """One field of work with how many duties it has."""

    key: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ToDo:
    lines: tuple[Line, ...]
    chips: tuple[Chip, ...]
    on: date

    @classmethod
    def of(cls, viewer: Viewer, found: Mapping[str, Sequence[Duty]], chosen: str) -> Self:
        """`chosen` is a field of work; one with nothing due shows all."""
        every = _lines(viewer, found)
        lines = tuple(line for line in every if line.field == chosen) or tuple(every)
        return cls(lines, tuple(_chips(every, chosen)), viewer.on)

    @property
    def urgent(self) -> tuple[Line, ...]:
        return self.lines[:FIRST]

    @property
    def others(self) -> tuple[Line, ...]:
        return self.lines[FIRST : FIRST + BRIEF]

    @property
    def rest(self) -> tuple[Line, ...]:
        """Folded away on the whole list; of one field of work everything stands open."""
        return self.lines[FIRST + BRIEF :]

    @property
    def number(self) -> int:
        return sum(len(line.duties) for line in self.lines)

    @property
    def late(self) -> int:
        return sum(bool(duty.due_on and duty.due_on < self.on) for duty in self._duties())

    @property
    def today(self) -> int:
        return sum(duty.due_on == self.on for duty in self._duties())

    def _duties(self) -> list[Duty]:
        return [duty for line in self.lines for duty in line.duties]


def _lines(viewer: Viewer, found: Mapping[str, Sequence[Duty]]) -> list[Line]:
    """The line with the most urgent duty first."""
    lines = []
    for asked in duties.for_viewer(viewer):
        several = in_order([found.get(f"duty:{asked.key}", ())])
        lines.extend(_lines_of(asked, several))
    return sorted(lines, key=lambda line: (line.first.due_on or date.max, line.first.key))


def _lines_of(asked: Contribution[DutySource], several: Sequence[Duty]) -> list[Line]:
    field = asked.key.partition(".")[0]
    if asked.label and asked.listed and len(several) > 1:
        return [Line(field, asked.label, tuple(several), asked.listed.url)]
    return [Line(field, asked.label, (duty,), "") for duty in several]


def _chips(lines: Sequence[Line], chosen: str) -> list[Chip]:
    counts: Counter[str] = Counter()
    for line in lines:
        counts[line.field] += len(line.duties)
    known = [Chip(key, label, counts[key], key == chosen) for key, label in FIELDS.items() if counts[key]]
    return known if len(known) > 1 else []
