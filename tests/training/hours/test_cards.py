"""Cards reckoned by hand: Python, SQL and the statement say the same as the table."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from people.models import Cadre
from tests.factories.hours import post
from tests.factories.people import make_cadre
from training.choices import Ledger
from training.queries import RuleBook, hours_for, hours_gap, hours_of, hours_status, party_status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
LEDGERS = {"集中": Ledger.CONCENTRATED, "网络": Ledger.ONLINE, "党员": Ledger.PARTY}


@dataclass
class Card:
    name: str
    rank: str
    politics: str
    on: date
    entries: list = field(default_factory=list)
    expected: list = field(default_factory=list)


def cells(line):
    return [cell.strip() for cell in line.split("|")]


def cards():
    found = []
    for line in Path(__file__).with_name("cards.txt").read_text().splitlines():
        if line.startswith("="):
            name, rank, politics, on = cells(line[1:])
            found.append(Card(name, rank, politics, date.fromisoformat(on)))
        elif line.startswith(">"):
            found[-1].expected = cells(line[1:])
        elif line.strip() and not line.startswith("#"):
            found[-1].entries.append(cells(line))
    return found


CARDS = cards()


def test_there_are_at_least_forty():
    assert len({card.name for card in CARDS}) == len(CARDS) >= 40
    assert all(card.expected for card in CARDS)


def numbers(text):
    return [Decimal(part) for part in text.split("/")]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_the_card_is_as_reckoned_by_hand(card):
    cadre = make_cadre(rank=card.rank, political_status=card.politics)
    for title, days, amounts, ledger in card.entries:
        first, last = map(date.fromisoformat, days.split(".."))
        hours, counted = numbers(amounts)
        post(cadre, first, hours, ends_on=last, days=counted, title=title, ledger=LEDGERS[ledger])
    counted, required, missing, status, party, online = card.expected
    hours, days = numbers(counted)
    statement = hours_of(cadre, on=card.on)
    summary = statement.summary
    assert (summary.hours, summary.days, summary.earned.online_hours) == (hours, days, Decimal(online))
    assert (summary.required_hours, summary.gap_hours) == (Decimal(required), Decimal(missing))
    assert summary.status == status
    assert party == ("-" if statement.party is None else f"{statement.party.hours.normalize():f}")
    assert hours_for([cadre.pk], on=card.on)[cadre.pk] == summary
    book = RuleBook.load()
    row = Cadre.objects.annotate(
        standing=hours_status(card.on, book),
        gap=hours_gap(card.on, book),
        party_standing=party_status(card.on, book),
    ).get()
    assert (row.standing, Decimal(row.gap) / 100) == (status, summary.gap_hours)
    assert row.party_standing == (statement.party.status if statement.party else "no_rule")
