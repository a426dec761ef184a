"""Who reaches the limit and who retires in the years to come, if nobody moves; four queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from people.spans import add_months
from rotation.choices.tenure import TenureState
from rotation.queries.tenure import candidates, retiring_between, tenures, terms_in_force

YEARS = 5
Step = Literal["quarter", "year"]
MONTHS: dict[Step, int] = {"quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Named:
    cadre_id: int
    name: str
    day: date
    place: str


@dataclass(slots=True)
class Bucket:
    """A quarter or a year, first and last day included."""

    label: str
    first: date
    last: date
    due: list[Named] = field(default_factory=list)
    retiring: list[Named] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Forecast:
    """`late` are over the limit on the day itself and stand in no bucket."""

    buckets: Sequence[Bucket]
    late: Sequence[Named]


def forecast(cadres: Any, on: date, step: Step) -> Forecast:
    """`cadres`: a queryset `with_position` of the day."""
    buckets = periods(on, step)
    last = buckets[-1].last
    rules = terms_in_force(on)
    near = {pk: (name, place) for pk, name, place in _named(candidates(cadres, last, rules))}
    late = []
    for pk, tenure in tenures(list(near), on, rules).items():
        name, place = near[pk]
        if tenure.status in (TenureState.OVER, TenureState.HARD):
            late.append(Named(pk, name, tenure.due_on or on, place))
        elif tenure.due_on and tenure.due_on <= last:
            _bucket(buckets, tenure.due_on).due.append(Named(pk, name, tenure.due_on, place))
    retiring: Any = retiring_between(cadres, on.replace(day=1), last).order_by("retirement_month", "pk")
    for pk, name, place, month in retiring.values_list("pk", "name", "unit_name", "retirement_month"):
        day = max(month, on)
        _bucket(buckets, day).retiring.append(Named(pk, name, day, place or ""))
    for bucket in buckets:
        bucket.due.sort(key=lambda one: (one.day, one.cadre_id))
    return Forecast(buckets, sorted(late, key=lambda one: (one.day, one.cadre_id)))


def periods(on: date, step: Step) -> list[Bucket]:
    """From the quarter or year of the day, five years long."""
    months = MONTHS[step]
    first = date(on.year, (on.month - 1) // months * months + 1, 1)
    starts = [add_months(first, months * number) for number in range(YEARS * 12 // months)]
    return [
        Bucket(_label(start, step), start, add_months(start, months) - timedelta(days=1)) for start in starts
    ]


def _label(start: date, step: Step) -> str:
    return f"{start.year}年" if step == "year" else f"{start.year}年{(start.month - 1) // 3 + 1}季度"


def _bucket(buckets: Sequence[Bucket], day: date) -> Bucket:
    return next(bucket for bucket in reversed(buckets) if bucket.first <= day or bucket is buckets[0])


def _named(cadres: Any) -> Any:
    return cadres.values_list("pk", "name", "unit_name")
