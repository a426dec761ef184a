"""Classes, credited people and hour rules for tests."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from people.models import Cadre
from training.choices import ClassKind, HourRegime
from training.models import HourRule, Participation, TrainingClass
from training.services.credits import settle_participations

_numbers = count(1)


def make_class(
    name: str = "", *, starts_on: date, ends_on: date | None = None, **values: Any
) -> TrainingClass:
    last = ends_on or starts_on
    days = values.pop("days", (last - starts_on).days + 1)
    return TrainingClass.objects.create(
        name=name or f"第{next(_numbers)}期专题培训班",
        kind=values.pop("kind", ClassKind.TOPICAL),
        organiser=values.pop("organiser", "管委会"),
        starts_on=starts_on,
        ends_on=last,
        days=Decimal(days),
        hours=Decimal(values.pop("hours", Decimal(days) * 8)),
        **values,
    )


def credit(
    cadre: Cadre, found: TrainingClass, hours: Any = None, days: Any = None, **values: Any
) -> Participation:
    """A participation with its entries in the hours ledger."""
    row = Participation.objects.create(
        cadre=cadre,
        training_class=found,
        hours=found.hours if hours is None else Decimal(hours),
        days=found.days if days is None else Decimal(days),
        **values,
    )
    settle_participations(keys=[row.pk], by=None)
    return row


def attend(cadre: Cadre, on: date, hours: Any, days: Any = 1, **values: Any) -> Participation:
    """A class of its own on one day, and the credit for it."""
    return credit(cadre, make_class(starts_on=on, hours=hours, days=days, **values))


AMOUNTS = {
    HourRegime.ANNUAL: (90, 12, 1),
    HourRegime.FIVE_YEAR: (550, 90, 5),
    HourRegime.PARTY: (32, 0, 1),
}


def make_rule(regime: HourRegime = HourRegime.ANNUAL, **values: Any) -> HourRule:
    hours, days, years = AMOUNTS[regime]
    defaults = {
        "required_hours": Decimal(hours),
        "required_days": Decimal(days),
        "cycle_years": years,
        "starts_on": date(2023, 1, 1),
        "source": "测试规则",
    }
    return HourRule.objects.create(regime=regime, **(defaults | values))


def default_rules() -> None:
    """Exactly the usual rules, whatever the migrations put there."""
    HourRule.objects.all().delete()
    for regime in HourRegime:
        make_rule(regime)
