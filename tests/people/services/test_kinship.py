"""Ties between relatives: found in family lines, settled by the office."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from core.access import Role
from core.errors import DomainError
from people.choices import KinRelation
from people.kinship import BY_WORD, INVERSE, relation_of
from people.models import FamilyMember, KinDismissal, KinTie
from people.services.kinship import add_tie, confirm_tie, dismiss_tie, suggest_ties
from tests.factories.people import make_cadre, make_unit, make_viewer

NOW = timezone.make_aware(datetime(2026, 11, 2, 10, 0))
K = KinRelation


@pytest.mark.parametrize(
    ("word", "relation"),
    [
        ("妻子", K.SPOUSE),
        ("丈夫", K.SPOUSE),
        ("父亲", K.PARENT),
        ("长子", K.CHILD),
        ("次女", K.CHILD),
        ("外祖母", K.GRANDPARENT),
        ("外孙女", K.GRANDCHILD),
        ("兄", K.SIBLING),
        ("二姐", K.SIBLING),
        ("舅舅", K.UNCLE_AUNT),
        ("外甥", K.NEPHEW_NIECE),
        ("表弟", K.COUSIN),
        ("岳父", K.PARENT_IN_LAW),
        ("公公", K.PARENT_IN_LAW),
        ("儿媳", K.CHILD_IN_LAW),
        ("女婿", K.CHILD_IN_LAW),
        ("小舅子", K.SPOUSE_SIBLING),
        ("嫂", K.SIBLING_SPOUSE),
        ("姐夫", K.SIBLING_SPOUSE),
        ("连襟", K.SPOUSE_SIBLING_SPOUSE),
        ("亲家", K.CHILD_SPOUSE_PARENT),
        ("舅妈", K.COLLATERAL_SPOUSE),
        ("内侄", K.SPOUSE_COLLATERAL),
        ("同事", None),
        ("", None),
    ],
)
def test_words_name_relations(word, relation):
    assert relation_of(word) == relation


def test_every_relation_has_words_and_an_inverse_that_leads_back():
    assert set(BY_WORD.values()) == set(KinRelation)
    assert all(INVERSE[INVERSE[relation]] == relation for relation in KinRelation)


def line(cadre, relation, name, **values):
    return FamilyMember.objects.create(cadre=cadre, relation=relation, name=name, **values)


def ties():
    return [(t.cadre.name, t.relation, t.relative.name, t.confirmed_at) for t in KinTie.objects.all()]


@pytest.mark.django_db
class TestSuggesting:
    @pytest.fixture
    def hr(self):
        return make_viewer(Role.HR)

    def test_by_name_and_month_once_from_either_side(self, hr):
        man = make_cadre("王甲", birth_month=date(1980, 5, 1))
        wife = make_cadre("李乙", birth_month=date(1982, 3, 1))
        make_cadre("李乙", birth_month=date(1990, 1, 1))
        line(man, "妻子", "李乙", birth_month=date(1982, 3, 15))
        line(wife, "丈夫", "王甲", birth_month=date(1980, 5, 1))
        suggest_ties(by=hr, at=NOW)
        assert ties() == [("王甲", "spouse", "李乙", None)]
        assert suggest_ties(by=hr, at=NOW) == []

    def test_by_workplace_where_the_month_is_missing(self, hr):
        unit = make_unit("招商发展局")
        man = make_cadre("王甲")
        make_cadre("王丙", unit=unit)
        line(man, "堂弟", "王丙", workplace="云溪经开区招商发展局科员")
        line(man, "表弟", "王丁", workplace="外地")
        suggest_ties(by=hr, at=NOW)
        assert ties() == [("王甲", "cousin", "王丙", None)]

    def test_neither_a_namesake_nor_an_unknown_word_nor_oneself(self, hr):
        man = make_cadre("王甲", birth_month=date(1980, 5, 1))
        make_cadre("李乙", birth_month=date(1982, 3, 1))
        line(man, "妻子", "李乙", birth_month=date(1983, 3, 1))
        line(man, "同事", "李乙", birth_month=date(1982, 3, 1))
        line(man, "兄", "王甲", birth_month=date(1980, 5, 1))
        assert suggest_ties(by=hr, at=NOW) == []

    def test_what_was_dismissed_is_not_asked_again(self, hr):
        man, other = make_cadre("王甲"), make_cadre("李乙", birth_month=date(1982, 3, 1))
        line(man, "妻子", "李乙", birth_month=date(1982, 3, 1))
        (tie,) = suggest_ties(by=hr, at=NOW)
        with pytest.raises(DomainError) as caught:
            dismiss_tie(tie=tie, reason=" ", by=hr, at=NOW)
        assert caught.value.code == "reason"
        dismiss_tie(tie=tie, reason="同名同姓", by=hr, at=NOW)
        assert suggest_ties(by=hr, at=NOW) == []
        assert KinDismissal.objects.get().relative == other
        add_tie(cadre=other, relative=man, relation=K.SPOUSE, by=hr, at=NOW)
        assert not KinDismissal.objects.exists()

    def test_confirmed_once_and_never_for_oneself(self, hr):
        man, wife = make_cadre("王甲"), make_cadre("李乙")
        tie = add_tie(cadre=man, relative=wife, relation=K.SPOUSE, by=hr, at=NOW)
        for code, act in (
            ("confirmed", lambda: confirm_tie(tie=tie, by=hr, at=NOW)),
            ("known", lambda: add_tie(cadre=wife, relative=man, relation=K.SPOUSE, by=hr, at=NOW)),
        ):
            with pytest.raises(DomainError) as caught:
                act()
            assert caught.value.code == code
        me = make_viewer(Role.HR, cadre=wife)
        with pytest.raises(DomainError) as caught:
            dismiss_tie(tie=tie, reason="x", by=me, at=NOW)
        assert caught.value.code == "own_case"
