"""The hour rules as pure terms, all read at once: there are a handful."""

from dataclasses import dataclass, field
from datetime import date
from typing import Self

from core.asking import Steps, asked, result_of
from training.choices import HourRegime
from training.hours import Span, Terms, in_force
from training.models import HourRule


def terms_of(rule: HourRule) -> Terms:
    return Terms(
        regime=HourRegime(rule.regime),
        required_hours=rule.required_hours,
        required_days=rule.required_days,
        cycle_starts_in=rule.cycle_starts_in,
        cycle_years=rule.cycle_years,
        hours_per_day=rule.hours_per_day,
        online_counts=rule.online_counts,
        source=rule.source,
        starts_on=rule.starts_on,
        ends_on=rule.ends_on,
        rule_id=rule.pk,
    )


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Every version of every rule; one query to load, none to ask.

    Whoever reckons by the book notes there which entries a day cuts in two, so that a page asks once.
    """

    versions: tuple[Terms, ...]
    cuts: dict[date, list[Span]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def load(cls) -> Self:
        return result_of(cls.steps())

    @classmethod
    def steps(cls) -> Steps[Self]:
        rules = yield from asked(HourRule.objects.order_by("starts_on"))
        return cls(tuple(terms_of(rule) for rule in rules))

    def of(self, regime: HourRegime) -> list[Terms]:
        return [terms for terms in self.versions if terms.regime == regime]

    def terms(self, regime: HourRegime, on: date) -> Terms:
        """The version in force on the day; a change within a period holds for all of it from then on."""
        return in_force(self.of(regime), on) or Terms(regime)
