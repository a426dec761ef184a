"""The conversion rules as pure values, all read at once, and who is a member of the party."""

from collections.abc import Sequence

from people.choices import PoliticalStatus
from people.models import Cadre
from training.choices import ConversionBasis, HourSource, Ledger
from training.conversion import Conversion, ConversionBook, Learner
from training.models import ConversionRule

IN_PARTY = (PoliticalStatus.PARTY_MEMBER, PoliticalStatus.PROBATIONARY)


def conversion_of(rule: ConversionRule) -> Conversion:
    return Conversion(
        source=HourSource(rule.source),
        basis=ConversionBasis(rule.basis),
        hours=rule.hours,
        days=rule.days,
        kind=rule.kind,
        cap_per_item=rule.cap_per_item,
        cap_per_year=rule.cap_per_year,
        ledger=Ledger(rule.ledger),
        also_party=rule.also_party,
        reference=rule.reference,
        starts_on=rule.starts_on,
        ends_on=rule.ends_on,
        rule_id=rule.pk,
    )


def conversion_book() -> ConversionBook:
    """One query."""
    return ConversionBook(tuple(conversion_of(rule) for rule in ConversionRule.objects.order_by("starts_on")))


def learners(cadre_ids: Sequence[int]) -> dict[int, Learner]:
    """One query."""
    rows = Cadre.objects.filter(pk__in=cadre_ids).values_list("pk", "political_status")
    return {pk: Learner(pk, status in IN_PARTY) for pk, status in rows}
