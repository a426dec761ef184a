"""When a task's light turns, as arithmetic: overdue red, behind yellow, due soon blue, else green."""

from dataclasses import dataclass
from datetime import date

from park.choices import ENDED_STATES, Signal, TaskState


@dataclass(frozen=True, slots=True)
class SignalTerms:
    """The rule in force on a day; `silent_days` None means that silence turns no light."""

    due_soon_days: int = 7
    behind_margin: int = 10
    silent_days: int | None = None

    @property
    def text(self) -> str:
        """The rule as it is printed beside the lights."""
        behind = f"进度比序时进度低 {self.behind_margin} 个百分点以上"
        silent = f"，或超过 {self.silent_days} 天没有反馈" if self.silent_days else ""
        return f"红灯：过时限未销号。黄灯：{behind}{silent}。蓝灯：{self.due_soon_days} 天内到期。其余绿灯。"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a light depends on, of one task on one day."""

    state: str
    starts_on: date
    due_on: date | None
    percent: int
    reported_on: date | None


def scheduled_percent(starts_on: date, due_on: date, on: date) -> int:
    """序时进度: the elapsed part of the time, in whole percent."""
    total = (due_on - starts_on).days
    elapsed = (on - starts_on).days
    if total <= 0:
        return 100 if elapsed >= 0 else 0
    return max(0, min(100, 100 * elapsed // total))


def signal_of(standing: Standing, on: date, terms: SignalTerms) -> Signal:
    if standing.state in (TaskState.DRAFT, *ENDED_STATES) or standing.due_on is None:
        return Signal.GREY
    left = (standing.due_on - on).days
    if left < 0:
        return Signal.RED
    if _behind(standing, standing.due_on, on, terms) or _silent(standing, on, terms):
        return Signal.YELLOW
    return Signal.BLUE if left <= terms.due_soon_days else Signal.GREEN


def _behind(standing: Standing, due_on: date, on: date, terms: SignalTerms) -> bool:
    """Exact, without rounding the elapsed part."""
    elapsed, total = (on - standing.starts_on).days, (due_on - standing.starts_on).days
    return 100 * elapsed > (standing.percent + terms.behind_margin) * total


def _silent(standing: Standing, on: date, terms: SignalTerms) -> bool:
    if terms.silent_days is None:
        return False
    heard_on = standing.reported_on or standing.starts_on
    return (on - heard_on).days > terms.silent_days


def signal_words(signal: Signal, state: str, due_on: date | None, on: date) -> str:
    """Beside the light: 逾期 2 天, 剩 15 天, 已销号."""
    if signal is Signal.GREY or due_on is None:
        return TaskState(state).label
    left = (due_on - on).days
    if signal is Signal.RED:
        return f"逾期 {-left} 天"
    when = "今天到期" if left == 0 else f"剩 {left} 天"
    return f"滞后，{when}" if signal is Signal.YELLOW else when
