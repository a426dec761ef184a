"""The lights as the database reckons them, so that a list can be counted and filtered by them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from django.db.models import Case, CharField, DateField, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThan

from core.asking import Steps, asked, result_of
from park.choices import ENDED_STATES, Signal, TaskState
from park.models import SignalRule
from park.signals import SignalTerms


class DaysBetween(Func):
    """Whole days from the second date to the first, on both databases without a call into Python."""

    output_field = IntegerField()
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(
            compiler,
            connection,
            template="CAST(julianday(%(expressions)s) AS INTEGER)",
            arg_joiner=") - julianday(",
            **extra,
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **extra)


@dataclass(frozen=True, slots=True)
class SignalBook:
    """Every version of the rule; one query to load, none to ask."""

    versions: tuple[SignalRule, ...]

    @classmethod
    def load(cls) -> Self:
        return result_of(cls.steps())

    @classmethod
    def steps(cls) -> Steps[Self]:
        return cls(tuple((yield from asked(SignalRule.objects.order_by("-starts_on")))))

    def rule(self, on: date) -> SignalRule | None:
        return next((rule for rule in self.versions if rule.holds(on)), None)

    def terms(self, on: date) -> SignalTerms:
        return terms_of(self.rule(on))


def terms_of(rule: SignalRule | None) -> SignalTerms:
    if rule is None:
        return SignalTerms()
    return SignalTerms(rule.due_soon_days, rule.behind_margin, rule.silent_days)


def signal_on(on: date, terms: SignalTerms) -> Case:
    """Expression: the light of a task on the day."""
    day = Value(on, output_field=DateField())
    elapsed, total = DaysBetween(day, F("starts_on")), DaysBetween(F("due_on"), F("starts_on"))
    allowed = (F("percent") + Value(terms.behind_margin)) * total
    return Case(
        When(Q(state__in=(TaskState.DRAFT, *ENDED_STATES)) | Q(due_on__isnull=True), then=_is(Signal.GREY)),
        When(due_on__lt=on, then=_is(Signal.RED)),
        When(GreaterThan(elapsed * Value(100), allowed), then=_is(Signal.YELLOW)),
        *_silent(on, terms),
        When(due_on__lte=on + timedelta(days=terms.due_soon_days), then=_is(Signal.BLUE)),
        default=_is(Signal.GREEN),
        output_field=CharField(),
    )


def _is(signal: Signal) -> Value:
    return Value(signal.value)


def _silent(on: date, terms: SignalTerms) -> list[When]:
    if terms.silent_days is None:
        return []
    heard_on = Coalesce(F("reported_on"), F("starts_on"))
    limit = Value(on - timedelta(days=terms.silent_days), output_field=DateField())
    return [When(LessThan(heard_on, limit), then=_is(Signal.YELLOW))]


def with_signal(rows: QuerySet[Any], on: date, terms: SignalTerms) -> QuerySet[Any]:
    """Adds `signal`: "red", "yellow", "blue", "green" or "grey"."""
    lit: QuerySet[Any] = rows.annotate(signal=signal_on(on, terms))
    return lit
