"""Whatever happens to a ledger, a card is what its entries in force say; new rules leave the past alone."""

import json
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import Role
from people.models import Cadre
from tests.factories.hours import AT, filing_values, make_filing
from tests.factories.people import make_cadre, make_viewer
from tests.factories.training import attend
from training.choices import ConversionBasis, HourSource, Ledger
from training.conversion import Posting
from training.hours import Amounts, part_in, total, year_span
from training.models import ConversionRule, HourEntry, Participation, TrainingClass
from training.queries import hours_by_year, hours_for, hours_of, statements_for
from training.services import approve_filing, reverse_entry, settle, settle_participations
from training.services.conversions import open_conversion
from training.services.self_filed import settle_filing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

quarters = st.integers(0, 200).map(lambda n: Decimal(n) / 4)
steps = st.tuples(
    st.integers(0, 1),  # which cadre
    st.integers(0, 3),  # which source record
    st.sampled_from(list(Ledger)),
    quarters,
    quarters,
    st.dates(date(2025, 11, 1), date(2026, 12, 31)),
    st.integers(0, 20),
    st.sampled_from(["post", "post", "post", "drop", "reverse"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=14))
def test_a_card_is_the_sum_of_its_entries(history):
    HourEntry.objects.all().delete()
    cadres = list(Cadre.objects.order_by("pk")) or [
        make_cadre(rank=rank, political_status="party_member") for rank in ("一级科员", "四级调研员")
    ]
    model: dict[tuple[int, str, str], Posting] = {}
    withheld: dict[tuple[int, str, str], Posting] = {}
    by = make_viewer(Role.HR)
    for who, record, ledger, hours, days, first, length, act in history:
        key, cadre = f"test:{who}:{record}", cadres[who]
        last = first + timedelta(days=length)
        slot, wanted = (who, key, ledger), Posting(cadre.pk, ledger, hours, days, first, last, "随机入账")
        if act == "reverse":
            entry = HourEntry.objects.in_force().filter(source_key=key, cadre=cadre, ledger=ledger).first()
            if entry:
                reverse_entry(entry=entry, reason="抽查", by=by, at=AT)
                withheld[slot] = model.pop(slot)
            continue
        postings = [wanted] if act == "post" else []
        settle(source=HourSource.ACTIVITY, source_key=key, postings=postings, by=by, at=AT)
        again = settle(source=HourSource.ACTIVITY, source_key=key, postings=postings, by=by, at=AT)
        assert (again.added, again.reversed) == (0, 0)
        for other in [s for s in model if s[1] == key]:
            del model[other]
        if act == "post" and not wanted.is_empty and withheld.get(slot) != wanted:
            model[slot] = wanted
            withheld.pop(slot, None)
    _compare(cadres, model)


def _compare(cadres, model):
    on = date(2026, 12, 31)
    expected = defaultdict(Amounts)
    for (who, _, ledger), p in model.items():
        span = hours_of(cadres[who], on=on).period
        inside = [part_in(value, p.starts_on, p.ends_on, span) for value in (p.hours, p.days)]
        expected[cadres[who].pk] += Amounts.of(ledger, *inside)
    statements = statements_for(cadres, on=on)
    for cadre in cadres:
        found = statements[cadre.pk]
        lines = [*found.lines, *(line for line in found.party_lines if found.summary.is_annual)]
        assert found.summary.earned == expected[cadre.pk] == hours_for([cadre.pk], on=on)[cadre.pk].earned
        if found.summary.is_annual:
            assert total(Amounts.of(x.ledger, x.hours, x.days) for x in lines) == found.summary.earned


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quarters, quarters, st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 800))
def test_the_years_of_an_entry_add_up_to_it(hours, days, first, length):
    cadre = Cadre.objects.first() or make_cadre()
    last = first + timedelta(days=length)
    posting = Posting(cadre.pk, Ledger.CONCENTRATED, hours, days, first, last, "跨年")
    settle(source=HourSource.CLASS, source_key="test:1", postings=[posting], by=None, at=AT)
    table = hours_by_year([cadre.pk], range(first.year, last.year + 1))[cadre.pk]
    assert sum(year.hours for year in table.values()) == hours
    assert sum(year.days for year in table.values()) == days
    assert table[first.year].hours == part_in(hours, first, last, year_span(first.year))


def six_hours_from(day):
    return {"starts_on": day, "hours": Decimal(6), "days": Decimal(1), "reference": "新办法"}


def snapshot():
    rows = HourEntry.objects.order_by("pk").values()
    return json.dumps(list(rows), cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def test_a_rule_for_next_year_leaves_this_year_byte_identical():
    hr, own = make_viewer(Role.HR), make_viewer(cadre=make_cadre(political_status="party_member"))
    attend(Cadre.objects.get(pk=own.cadre_id), date(2026, 3, 1), 8)
    study = make_filing(own)
    approve_filing(study=study, by=hr, at=AT)
    before, cards = snapshot(), statements_for(list(Cadre.objects.all()), on=date(2026, 12, 31))
    for source, kind in ((HourSource.CLASS, ""), (HourSource.SELF_FILED, "continuing")):
        values = {
            "starts_on": date(2027, 1, 1),
            "hours": Decimal(6),
            "days": Decimal(1),
            "reference": "新办法",
        }
        open_conversion(source=source, kind=kind, basis=ConversionBasis.DAY, values=values, by=hr)
    settle_participations(keys=Participation.objects.values_list("pk", flat=True), by=hr, at=AT)
    settle_filing(study=study, by=hr, at=AT)
    assert snapshot() == before
    assert statements_for(list(Cadre.objects.all()), on=date(2026, 12, 31)) == cards
    assert ConversionRule.objects.filter(source="class", kind="", basis="day").count() == 2


def test_from_the_day_on_the_new_rule_counts():
    hr = make_viewer(Role.HR)
    values = six_hours_from(date(2026, 3, 1))
    rule = open_conversion(
        source=HourSource.SELF_FILED, kind="continuing", basis=ConversionBasis.DAY, values=values, by=hr
    )
    own = make_viewer(cadre=make_cadre())
    for first in (date(2026, 2, 26), date(2026, 3, 2)):
        changed = filing_values(starts_on=first, ends_on=first, quantity=Decimal(1))
        approve_filing(study=make_filing(own, **changed), by=hr, at=AT)
    old, new = HourEntry.objects.order_by("starts_on")
    assert (old.hours, new.hours, new.rule) == (8, 6, rule)
    assert old.rule.ends_on == date(2026, 2, 28)
    assert TrainingClass.objects.count() == 0
