"""What should be trained, and the evidence for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from people.contracts.registry import Link, Registry


@dataclass(frozen=True, slots=True)
class NeedSignal:
    """Evidence that a unit, or a cadre of it, should be trained in a theme.

    `theme_code`: party_building, industry, investment, projects, safety, environment, writing, other.
    `unit_id` None speaks for the whole zone. `kind` is a people.choices.NeedKind; `weight` is how strong the
    signal is in itself (1 is usual), to be multiplied by the weight in force for its kind. With a `cadre_id`
    the signal tells on a person: it is shown only where five people or more share it, and neither `reason`
    nor `link` may name the person.
    """

    theme_code: str
    unit_id: int | None
    kind: str
    happened_on: date
    reason: str
    source_label: str
    cadre_id: int | None = None
    weight: Decimal = Decimal(1)
    link: Link | None = None


class NeedsSource(Protocol):
    """Signals of the closed period, each with the unit of its own day; a constant number of queries."""

    def __call__(self, *, since: date, until: date) -> Iterable[NeedSignal]: ...


# What should be trained: the order of the registration is the order of the reasons.
needs: Registry[NeedsSource] = Registry()


def need_signals(*, since: date, until: date) -> list[NeedSignal]:
    """Everything that speaks for training, of events in the closed period."""
    return [signal for c in needs.all() for signal in c.source(since=since, until=until)]
