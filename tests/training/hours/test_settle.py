"""Posting again is harmless; what is no longer right is reversed and posted anew, never changed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.access import Role
from tests.factories.people import make_cadre, make_viewer
from training.choices import ConversionBasis, HourSource, Ledger
from training.conversion import Learner, Learning, Posting, convert
from training.models import ConversionRule, HourEntry
from training.queries import conversion_book
from training.services.ledger import Settled, settle

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 2, tzinfo=UTC)
DAY = date(2026, 2, 2)


def posting(cadre, hours="8", ledger=Ledger.CONCENTRATED):
    return Posting(
        cadre.pk, ledger, Decimal(hours), Decimal(1), DAY, DAY, "党史专题班", how="1 天 × 8 = 8 学时"
    )


def post(*wanted, reason="", at=AT, by=None):
    key = "participation:1"
    return settle(source=HourSource.CLASS, source_key=key, postings=wanted, by=by, at=at, reason=reason)


def facts():
    return list(HourEntry.objects.order_by("pk").values())


def test_posting_again_changes_nothing():
    cadre = make_cadre()
    assert post(posting(cadre), posting(cadre, ledger=Ledger.PARTY)) == Settled(added=2)
    before = facts()
    assert post(posting(cadre, ledger=Ledger.PARTY), posting(cadre)) == Settled(kept=2)
    assert facts() == before


def test_a_correction_reverses_and_posts_anew():
    cadre, by = make_cadre(), make_viewer(Role.HR)
    post(posting(cadre))
    assert post(posting(cadre, "4"), by=by, reason="请假半天") == Settled(added=1, reversed=1)
    old, new = HourEntry.objects.order_by("pk")
    assert (old.hours, old.reversed_at, old.reversed_by, old.reversal_reason) == (8, AT, by.name, "请假半天")
    assert (new.hours, new.reversed_at, new.posted_by) == (4, None, by.name)


def test_what_is_no_longer_wanted_is_reversed_and_can_return():
    cadre = make_cadre()
    post(posting(cadre))
    assert post() == Settled(reversed=1)
    assert post(posting(cadre)) == Settled(added=1)
    assert HourEntry.objects.in_force().count() == 1


def test_nothing_is_posted_for_nothing():
    assert post(replace(posting(make_cadre(), "0"), days=Decimal(0))) == Settled()


def test_two_postings_of_one_slot_are_a_mistake_of_the_caller():
    cadre = make_cadre()
    with pytest.raises(ValueError, match="participation:1"):
        post(posting(cadre), posting(cadre, "4"))


def test_defaults_ship_and_the_rule_is_kept_with_the_entry():
    cadre = make_cadre()
    learning = Learning(HourSource.TEACHING, "讲授招商实务", DAY, DAY, "learning")
    wanted = convert(
        conversion_book(), Learner(cadre.pk), learning, basis=ConversionBasis.HOUR, quantity=Decimal(2)
    )
    settle(source=HourSource.TEACHING, source_key="slot:1", postings=wanted, by=None, at=AT)
    entry = HourEntry.objects.get()
    assert (entry.hours, entry.how) == (10, "2 小时 × 5 = 10 学时")
    assert entry.rule == ConversionRule.objects.get(source="teaching", kind="learning")
