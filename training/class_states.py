"""Where a class may go from where it stands: a state machine without a database.

草稿 → 已发布 → 报名中 → 报名截止 → 进行中 → 待评定 → 已归档, and 取消 until the class is over. What the clock
moves by itself is `due_move`; everything else is moved by a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices

from training.choices import ClassState


class ClassMove(TextChoices):
    PUBLISH = "publish", "发布班次"
    UNPUBLISH = "unpublish", "撤回发布"
    OPEN = "open", "开始报名"
    CLOSE = "close", "截止报名"
    START = "start", "开班"
    END = "end", "结课"
    ARCHIVE = "archive", "归档"
    CANCEL = "cancel", "取消班次"


S, M = ClassState, ClassMove
ARROWS: dict[ClassMove, tuple[frozenset[ClassState], ClassState]] = {
    M.PUBLISH: (frozenset({S.DRAFT}), S.PUBLISHED),
    M.UNPUBLISH: (frozenset({S.PUBLISHED}), S.DRAFT),
    M.OPEN: (frozenset({S.PUBLISHED, S.CLOSED}), S.ENROLLING),
    M.CLOSE: (frozenset({S.ENROLLING}), S.CLOSED),
    M.START: (frozenset({S.PUBLISHED, S.ENROLLING, S.CLOSED}), S.RUNNING),
    M.END: (frozenset({S.RUNNING}), S.ASSESSING),
    M.ARCHIVE: (frozenset({S.ASSESSING}), S.ARCHIVED),
    M.CANCEL: (frozenset({S.DRAFT, S.PUBLISHED, S.ENROLLING, S.CLOSED, S.RUNNING}), S.CANCELLED),
}
# The one move that the page of a class offers first.
NEXT_MOVE = {
    S.DRAFT: M.PUBLISH,
    S.PUBLISHED: M.OPEN,
    S.ENROLLING: M.CLOSE,
    S.CLOSED: M.START,
    S.RUNNING: M.END,
    S.ASSESSING: M.ARCHIVE,
}
LIGHTS: Mapping[str, str] = {
    S.DRAFT: "grey",
    S.PUBLISHED: "blue",
    S.ENROLLING: "green",
    S.CLOSED: "yellow",
    S.RUNNING: "blue",
    S.ASSESSING: "yellow",
    S.ARCHIVED: "green",
    S.CANCELLED: "grey",
}
BEFORE_START = frozenset({S.DRAFT, S.PUBLISHED, S.ENROLLING, S.CLOSED})
# People may be put on the list: before the class, and on its first days for those who come late.
TAKES_PEOPLE = frozenset({S.PUBLISHED, S.ENROLLING, S.CLOSED, S.RUNNING})
# Staff draw up the list with the draft, so that it can be checked for clashes before it is published.
STAFF_ADDS_TO = TAKES_PEOPLE | {S.DRAFT}
UNDER_WAY = TAKES_PEOPLE | {S.ASSESSING}


@dataclass(frozen=True, slots=True)
class Clock:
    """The moments that move a class; without an opening somebody opens it by hand."""

    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime
    ends_at: datetime


def target(state: ClassState, move: ClassMove) -> ClassState | None:
    """Where the move leads from the state; None where there is no such arrow."""
    sources, goal = ARROWS[move]
    return goal if state in sources else None


def moves_from(state: ClassState) -> list[ClassMove]:
    return [move for move in ClassMove if target(state, move) is not None]


def due_move(state: ClassState, clock: Clock, at: datetime) -> ClassMove | None:
    """What the clock asks for next; asked again after each move until it asks for nothing."""
    if state in (S.PUBLISHED, S.ENROLLING, S.CLOSED) and at >= clock.starts_at:
        return M.START
    if state == S.RUNNING:
        return M.END if at >= clock.ends_at else None
    if state == S.ENROLLING:
        return M.CLOSE if clock.closes_at and at >= clock.closes_at else None
    open_now = clock.opens_at and clock.opens_at <= at and (clock.closes_at is None or at < clock.closes_at)
    return M.OPEN if state == S.PUBLISHED and open_now else None
