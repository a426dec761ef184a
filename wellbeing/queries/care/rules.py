"""The rules of a day, read once."""

from datetime import date
from typing import Self

from django.db.models import QuerySet

from core.access import Viewer
from wellbeing.choices.care import CareKind
from wellbeing.models import CareBudget, CareRule


class RuleBook:
    """All versions of all kinds; any day can be asked for without another query."""

    def __init__(self, rules: list[CareRule]) -> None:
        self._rules: dict[str, list[CareRule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.kind, []).append(rule)

    @classmethod
    def load(cls) -> Self:
        return cls(list(CareRule.objects.order_by("-starts_on")))

    def of(self, kind: str, day: date) -> CareRule | None:
        """The version in force on the day; None also where it is switched off."""
        found = next((rule for rule in self.versions(kind) if rule.holds(day)), None)
        return found if found and found.is_on else None

    def versions(self, kind: str) -> list[CareRule]:
        return self._rules.get(kind, [])

    def longest_lead(self) -> int:
        return max((rule.lead_days for rules in self._rules.values() for rule in rules), default=0)


def rules_today(viewer: Viewer) -> list[tuple[CareKind, CareRule | None]]:
    """Each kind with what stands in its rule today, also where it is switched off."""
    book = RuleBook(list(CareRule.objects.visible_to(viewer).order_by("-starts_on")))
    found = {kind: next((r for r in book.versions(kind) if r.holds(viewer.on)), None) for kind in CareKind}
    return list(found.items())


def budgets_of(viewer: Viewer, year: int) -> QuerySet[CareBudget]:
    rows: QuerySet[CareBudget] = CareBudget.objects.visible_to(viewer).filter(year=year)
    return rows
