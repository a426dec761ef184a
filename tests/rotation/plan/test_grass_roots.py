"""基层工作经历: times that overlap count once, gaps not at all, whatever the order they are entered in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.models import ResumeEntry
from rotation.grass_roots import Spell, months_of, rooted, spells_in_words, split_words
from rotation.queries.facts import load_facts
from tests.factories.people import TODAY, make_cadre
from tests.rotation.tenure.test_move_rules import open_rule

ON = date(2026, 11, 2)
ONE_DAY = timedelta(days=1)
days = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@st.composite
def spells(draw):
    first = draw(days)
    return Spell(first, draw(st.none() | st.dates(first, date(2031, 12, 31))), "某镇")


def days_within(found):
    """The days themselves, one by one."""
    return {
        day
        for spell in found
        for day in range(spell.starts_on.toordinal(), min(spell.ends_on or ON, ON).toordinal() + 1)
    }


@given(st.lists(spells(), max_size=6))
def test_as_long_as_the_days_that_any_of_them_covers(found):
    covered = len(days_within(found))
    months = months_of(found, ON)
    assert covered // 31 <= months + 1
    assert months <= covered // 28
    if covered == 0:
        assert months == 0


@given(st.lists(spells(), max_size=6), st.randoms())
def test_neither_order_nor_repeating_changes_it(found, random):
    mixed = [*found, *found]
    random.shuffle(mixed)
    assert months_of(mixed, ON) == months_of(found, ON)


@given(spells(), st.integers(1, 4000))
def test_one_time_cut_in_two_is_as_long(whole, length):
    cut = whole.starts_on + timedelta(days=length)
    if whole.ends_on is not None and cut > whole.ends_on:
        return
    parts = [Spell(whole.starts_on, cut - ONE_DAY, "某镇"), Spell(cut, whole.ends_on, "某镇")]
    assert months_of(parts, ON) == months_of([whole], ON)


def test_which_times_count_and_how_they_are_told():
    town = Spell(date(2018, 3, 1), date(2020, 3, 1), "某镇人民政府科员")
    village = Spell(date(2020, 3, 1), date(2020, 9, 1), "某村第一书记")
    hall = Spell(date(2012, 1, 1), None, "县财政局科员")
    later = Spell(date(2027, 1, 1), None, "某镇镇长")
    found = rooted([hall, village, town, town, later], split_words("乡、镇，村"), ON)
    assert found == (town, village)
    assert months_of(found, ON) == 30
    assert spells_in_words(found, ON) == (
        "合计2年6个月：2018-03至2020-03某镇人民政府科员；2020-03至2020-09某村第一书记"
    )
    bureaus = [Spell(date(2010, 1, 1), None, text) for text in ("县城乡建设局科员", "县农业农村局科员")]
    assert len(rooted(bureaus, split_words("乡、村"), ON)) == 2
    assert rooted(bureaus, split_words("乡、村"), ON, split_words("城乡、农村")) == ()
    posted = Spell(date(2010, 1, 1), None, "县农业农村局驻村第一书记")
    assert rooted([posted], split_words("村"), ON, split_words("农村")) == (posted,)
    assert spells_in_words((), ON) == "简历和任职中没有找到基层工作经历"
    assert "起止未登记，未计" in spells_in_words((Spell(None, None, "某镇"),), ON)


@pytest.mark.django_db
def test_the_words_are_those_of_the_rule_in_force():
    cadre = make_cadre("王甲")
    for position, text in enumerate(("某镇科员", "某矿区指挥部驻点干部")):
        ResumeEntry.objects.create(
            cadre=cadre,
            position=position,
            starts_on=date(2010 + position, 1, 1),
            ends_on=date(2011 + position, 1, 1),
            text=text,
        )

    def counted():
        return [
            s.text for s in load_facts(cadre_ids=[cadre.pk], post_ids=[], on=TODAY).people[cadre.pk].rooted
        ]

    assert counted() == ["某镇科员"]
    open_rule(grass_roots_words="镇、驻点")
    assert counted() == ["某镇科员", "某矿区指挥部驻点干部"]
