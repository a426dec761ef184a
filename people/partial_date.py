"""A date of which only the month may be known, as personnel papers write it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PartialDate:
    """`day` is the first of the month when only the month was written (`exact` is False)."""

    day: date
    exact: bool = False

    @property
    def month(self) -> date:
        return self.day.replace(day=1)

    def __str__(self) -> str:
        return f"{self.day:%Y.%m.%d}" if self.exact else f"{self.day:%Y.%m}"
