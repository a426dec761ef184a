"""The search box: any part of a name, of its pinyin, of its initials, of a number; only what one may know."""

from datetime import date

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import search
from core.access import Role
from core.models import SearchEntry
from core.search.finding import marked
from core.search.terms import plain, reading_of, words_of
from people.models import Cadre, Unit
from people.services.cadres import create_cadre, update_cadre
from tests.factories.people import make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db


def found(viewer, words, kind="people.cadre"):
    return [hit.title for group in search.search(viewer, words) if group.key == kind for hit in group.hits]


@pytest.fixture
def zone():
    root = make_unit("示例开发区")
    planning, finance = make_unit("规划建设局", parent=root), make_unit("财政金融局", parent=root)
    make_cadre("单示例", unit=planning, staff_no="A00731")
    make_cadre("欧阳样品", unit=finance, staff_no="B00552")
    make_cadre("阿依古丽·示例", unit=finance, staff_no="C00016")
    search.rebuild()
    return planning, finance


NAMES = {"单示例": "A00731", "欧阳样品": "B00552", "阿依古丽·示例": "C00016"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_part_finds_the_person(zone, data) -> None:
    name = data.draw(st.sampled_from(sorted(NAMES)))
    cadre = Cadre.objects.get(name=name)
    whole = data.draw(
        st.sampled_from(
            [plain(name), cadre.name_pinyin.replace(" ", ""), cadre.name_initials, plain(NAMES[name])]
        )
    )
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start + 1, len(whole)))
    assert name in found(make_viewer(Role.HR), whole[start:end])


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.text(alphabet="单示例欧阳样品dshiliouyang0123AB ·'\"*^=&|:\\()", max_size=8))
def test_nobody_finds_what_they_may_not_know(zone, words) -> None:
    """A head of department sees the own department, whatever signs are typed."""
    planning, _ = zone
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=planning)
    assert set(found(head, words)) <= {"单示例"}
    assert set(found(make_viewer(Role.AUDITOR), words)) == set()


def test_nothing_typed_finds_nothing(zone) -> None:
    assert search.search(make_viewer(Role.HR), " ·/ ") == []


def test_a_cadre_finds_the_own_record_and_no_colleague(zone) -> None:
    own = Cadre.objects.get(name="单示例")
    viewer = make_viewer(cadre=own)
    assert found(viewer, "示例") == ["单示例"]


def test_staff_do_not_find_more_about_themselves_by_their_role(zone) -> None:
    """R2: the own record is reached as a cadre, not as staff."""
    own = Cadre.objects.get(name="欧阳样品")
    assert found(make_viewer(Role.HR, cadre=own), "欧阳") == ["欧阳样品"]


def test_the_whole_name_stands_first_then_beginnings() -> None:
    unit = make_unit()
    for name in ("李王伟", "王伟强", "王伟"):
        make_cadre(name, unit=unit)
    search.rebuild()
    assert found(make_viewer(Role.HR), "王伟") == ["王伟", "王伟强", "李王伟"]
    assert found(make_viewer(Role.HR), "wangwei")[0] == "王伟"


def test_several_words_all_have_to_match(zone) -> None:
    hr = make_viewer(Role.HR)
    assert found(hr, "ou yang") == ["欧阳样品"]
    assert found(hr, "样品 B005") == ["欧阳样品"]
    assert found(hr, "样品 A007") == []


def test_more_is_said_without_a_number() -> None:
    unit = make_unit()
    for number in range(8):
        make_cadre(f"赵样{'甲乙丙丁戊己庚辛'[number]}", unit=unit)
    search.rebuild()
    group = search.search(make_viewer(Role.HR), "赵", limit=5)[0]
    assert (len(group.hits), group.more) == (5, True)
    everyone = search.search(make_viewer(Role.HR), "赵", limit=8)[0]
    assert (len(everyone.hits), everyone.more) == (8, False)


def test_the_cost_does_not_grow_with_the_kinds(zone, django_assert_num_queries) -> None:
    hr = make_viewer(Role.HR)
    with django_assert_num_queries(5):  # beginnings, anywhere, where they work today; twice for growth files
        search.search(hr, "示例")


def test_a_long_title_is_found_by_any_part_of_it() -> None:
    name = "关于推进高质量发展专题的第一期科级干部能力提升培训班筹备工作专班"
    make_unit(name)
    search.rebuild()
    hr = make_viewer(Role.HR)
    for part in (name, name[3:20], name[-1], "keji", "kjgb", name[10:]):
        assert found(hr, part, "people.unit") == [name]
    assert found(hr, name[:13] + "培", "people.unit") == []


# Keeping up


def test_a_service_tells_the_search_in_its_own_transaction() -> None:
    hr = make_viewer(Role.HR)
    cadre = create_cadre(values={"name": "钱样本", "staff_no": "Z9"}, by=hr)
    assert found(hr, "qyb") == ["钱样本"]
    update_cadre(cadre=cadre, values={"name": "孙样本"}, by=hr)
    assert found(hr, "钱") == []
    assert found(hr, "sunyang") == ["孙样本"]


def test_an_unchanged_row_is_written_once(django_assert_num_queries) -> None:
    cadre = make_cadre("周样本")
    search.index(cadre)
    with django_assert_num_queries(3):  # a savepoint around one look
        search.index(cadre)


def test_rows_written_in_bulk_are_told_of() -> None:
    unit = Unit.objects.create(code="X1", name="新设机构", path="/x/")
    search.index_rows(Unit, [unit.pk])
    assert found(make_viewer(Role.HR), "xsjg", "people.unit") == ["新设机构"]


def test_the_night_puts_right_what_slipped_through() -> None:
    cadre, gone = make_cadre("吴样本"), make_cadre("郑样本")
    search.rebuild()
    Cadre.objects.filter(pk=cadre.pk).update(name="冯样本", name_pinyin="feng yang ben")
    new = make_cadre("陈样本")
    Cadre.objects.filter(pk=gone.pk).delete()
    drift = search.rebuild()
    assert (drift.added, drift.changed, drift.removed) == (1, 1, 1)
    assert not search.rebuild().any
    assert found(make_viewer(Role.HR), "样本") == ["冯样本", new.name]


def test_a_row_that_is_gone_is_not_found_even_before_the_night() -> None:
    cadre = make_cadre("褚样本")
    search.rebuild()
    Cadre.objects.filter(pk=cadre.pk).delete()
    assert found(make_viewer(Role.HR), "褚") == []
    assert SearchEntry.objects.filter(title="褚样本").exists()


def test_the_command_says_what_it_did(capsys) -> None:
    make_cadre("卫样本")
    call_command("rebuild_search")
    assert "干部：核对 1 条，新增 1，更新 0，清除 0" in capsys.readouterr().out


# Words and marks


def test_the_words_of_a_question() -> None:
    assert words_of(" 王 ＷＡＮＧ-Wei　第1期 ") == ["王", "wangwei", "第1期"]
    assert reading_of("重庆A区") == "chong qing a qu"
    assert reading_of("ABC") == ""


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["示例"], "阿依古丽·[示例]"),
        (["gulishi"], "阿依[古丽]·[示]例"),
        (["gl"], "阿依[古丽]·示例"),
        (["c00016"], "阿依古丽·示例"),
    ],
)
def test_what_matched_is_marked(words, shown) -> None:
    pieces = marked("阿依古丽·示例", "a yi gu li shi li", words)
    merged = "".join(f"[{text}]" if lit else text for text, lit in pieces)
    assert merged.replace("][", "") == shown


def test_hits_of_people_say_where_they_work_on_the_day(zone) -> None:
    hit = search.search(make_viewer(Role.HR, on=date(2026, 11, 2)), "欧阳样品")[0].hits[0]
    assert hit.detail == "财政金融局科员，B00552"


def test_what_is_longer_than_a_term_is_compared_in_full(zone) -> None:
    hr = make_viewer(Role.HR)
    assert found(hr, "ouyangyangpin") == ["欧阳样品"]
    assert found(hr, "ouyangyangpan") == []


def test_staff_with_a_record_of_their_own_in_a_part_of_the_tree() -> None:
    """The deepest question of all: SQLite refuses one that is nested too far."""
    root = make_unit("示例开发区")
    own = make_cadre("何示例", unit=make_unit("党政办公室", parent=root))
    make_cadre("何样本", unit=root)
    search.rebuild()
    leader = make_viewer(Role.HR, Role.PARTY, Role.VICE_LEADER, Role.TOP_LEADER, unit=root, cadre=own)
    assert set(found(leader, "he")) == {"何示例", "何样本"}


def test_marks_begin_with_a_syllable_where_they_can() -> None:
    assert marked("园区安全", "yuan qu an quan", ["anquan"]) == (("园区", False), ("安全", True))
