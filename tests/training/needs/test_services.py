"""Needs: who files what, the ranking with its reasons, small cells, and the figures before and after."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from core.access import Role
from core.errors import DomainError
from people.access import viewer_for
from people.choices import NeedKind
from people.contracts import NeedSignal, Registry
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer
from tests.factories.reading import make_need, noon, seat
from tests.factories.training import make_class
from training.choices import ClassKind, NeedMoment, Theme
from training.models import NeedReading, NeedWeight, Programme, TrainingNeed
from training.queries import needs as queries
from training.queries.needs import board, comparisons, shareable
from training.services.needs import (
    change_need,
    close_need,
    file_need,
    found_programme,
    open_weight_version,
    take_due_readings,
    take_reading,
    wish_need,
)

pytestmark = pytest.mark.django_db
VALUES = {"theme": Theme.SAFETY, "topic": "责任清单怎么编", "reason": "", "people": 12, "wanted_by": None}
YEAR = timedelta(days=365)


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


@pytest.fixture
def zone():
    return make_unit("开发区")


@pytest.fixture
def office(zone):
    return make_unit("党政办公室", parent=zone)


@pytest.fixture
def section(office):
    return make_unit("文秘科", parent=office)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[NeedSignal]:
    """The registry with one source, whose signals the test writes."""
    found: list[NeedSignal] = []
    registry: Registry = Registry()

    @registry.register("test")
    def source(*, since, until) -> Iterator[NeedSignal]:
        yield from (signal for signal in found if since <= signal.happened_on <= until)

    def signals(*, since, until):
        return [signal for c in registry.all() for signal in c.source(since=since, until=until)]

    monkeypatch.setattr(queries, "need_signals", signals)
    monkeypatch.setattr("training.services.needs.need_signals", signals)
    return found


def signal(unit, kind=NeedKind.FINDING, *, theme="safety", cadre=None, on=TODAY, **values):
    return NeedSignal(
        theme_code=theme,
        unit_id=unit.pk if unit else None,
        kind=kind,
        happened_on=on,
        reason=values.pop("reason", "消防通道堵塞"),
        source_label="督查",
        cadre_id=cadre,
        **values,
    )


def seen(found):
    return {
        (row.theme.value, cell.unit.name if cell.unit else ""): (cell.count, cell.score, cell.hidden)
        for row in found.rows
        for cell in row.cells
        if cell.count or cell.hidden
    }


# Filing


def test_a_department_files_for_itself_alone(office):
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=office)
    need = file_need(unit=office, values=VALUES, by=head, on=TODAY)
    assert (need.origin, need.people, need.filed_by_name) == ("unit", 12, head.name)
    with pytest.raises(DomainError) as refusal:
        file_need(unit=make_unit(), values=VALUES, by=head, on=TODAY)
    assert refusal.value.field == "unit"
    with pytest.raises(DomainError) as refusal:
        file_need(unit=office, values=VALUES, by=head, on=TODAY)
    assert "不必重复填报" in refusal.value.message


def test_a_wish_counts_for_the_cadres_department(section):
    viewer = viewer_for(make_account(cadre=make_cadre(unit=section)), on=TODAY)
    need = wish_need(values=VALUES, by=viewer, on=TODAY)
    assert (need.unit, need.cadre_id, need.people) == (section, viewer.cadre_id, 1)
    homeless = viewer_for(make_account(cadre=make_cadre()), on=TODAY)
    with pytest.raises(DomainError) as refusal:
        wish_need(values=VALUES, by=homeless, on=TODAY)
    assert refusal.value.code == "no_unit"


def test_needs_are_seen_by_their_units_and_their_cadres(office, section, hr):
    mine = make_cadre(unit=section)
    wish, filed = make_need(section, cadre=mine), make_need(make_unit())
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=office)
    own = viewer_for(make_account(cadre=mine), on=TODAY)
    other = viewer_for(make_account(cadre=make_cadre(unit=section)), on=TODAY)
    for viewer, rows in ((hr, {wish, filed}), (head, {wish}), (own, {wish}), (other, set())):
        assert set(TrainingNeed.objects.visible_to(viewer)) == rows


def test_changing_and_closing(office, hr):
    need = make_need(office)
    change_need(need=need, values={"topic": "新内容"}, by=hr)
    with pytest.raises(DomainError) as refusal:
        close_need(need=need, reason=" ", by=hr, on=TODAY)
    assert refusal.value.message == "请写明办结说明。"
    need.refresh_from_db()
    close_need(need=need, reason="已办班", by=hr, on=TODAY)
    with pytest.raises(DomainError):
        change_need(need=need, values={"topic": "再改"}, by=hr)
    with pytest.raises(DomainError):
        change_need(need=make_need(make_unit()), values={"topic": "越权"}, by=make_viewer(Role.PARTY))


def test_a_programme_names_its_needs(office, hr):
    needs = [make_need(office), make_need(office)]
    values = {"name": "安全班", "year": TODAY.year, "kind": ClassKind.TOPICAL, "theme": Theme.SAFETY}
    programme = found_programme(values=values, needs=needs, by=hr)
    assert set(Programme.objects.get().needs.all()) == set(needs)
    assert list(needs[0].programmes.all()) == [programme]


# The ranking


def test_filed_needs_are_ranked_by_weight(office, section, hr):
    make_need(office, theme=Theme.WRITING, topic="甲")
    make_need(section, cadre=make_cadre(unit=section), theme=Theme.SAFETY, topic="乙")
    make_need(office, theme=Theme.SAFETY, topic="办完", closed_on=TODAY, close_reason="已办")
    make_need(office, theme=Theme.INDUSTRY, topic="旧", filed_on=TODAY - 2 * YEAR)
    found = board(hr, since=TODAY - YEAR, until=TODAY)
    assert seen(found) == {
        ("writing", "党政办公室"): (1, Decimal(3), False),
        ("safety", "党政办公室"): (1, Decimal(1), False),
    }
    assert [row.theme for row in found.rows][:2] == [Theme.WRITING, Theme.SAFETY]


def test_reasons_are_gathered_with_their_number_and_score(office, section, hr, answers):
    answers += [signal(office), signal(section), signal(office, reason="别的问题")]
    found = board(hr, since=TODAY - YEAR, until=TODAY)
    cell = found.cell("safety", office.pk)
    assert [(r.words, r.count, r.score, r.kind_words) for r in cell.reasons] == [
        ("消防通道堵塞", 2, Decimal(6), "督查问题"),
        ("别的问题", 1, Decimal(3), "督查问题"),
    ]


def test_an_unknown_theme_is_other_and_the_zone_has_its_own_column(hr, zone, answers):
    answers += [signal(None, theme="cooking")]
    assert seen(board(hr, since=TODAY, until=TODAY)) == {("other", ""): (1, Decimal(3), False)}


def test_evidence_of_fewer_than_five_people_is_not_shown(office, hr, answers):
    answers += [signal(office, NeedKind.QUIZ_MISS, cadre=number) for number in range(4)]
    answers += [signal(office, NeedKind.QUIZ_MISS, cadre=1) for _ in range(4)]  # the same people again
    assert seen(board(hr, since=TODAY, until=TODAY)) == {("safety", "党政办公室"): (0, Decimal(0), True)}
    answers.append(signal(office, NeedKind.QUIZ_MISS, cadre=99))
    assert seen(board(hr, since=TODAY, until=TODAY)) == {("safety", "党政办公室"): (9, Decimal("4.5"), False)}


def test_totals_hold_nothing_that_is_hidden(office, zone, hr, answers):
    other = make_unit("财政局", parent=zone)
    answers += [signal(office, NeedKind.QUIZ_MISS, cadre=number) for number in range(5)]
    answers += [signal(other, NeedKind.QUIZ_MISS, cadre=number) for number in range(10, 14)]
    row = next(row for row in board(hr, since=TODAY, until=TODAY).rows if row.theme == "safety")
    assert (row.count, row.score) == (5, Decimal("2.5"))


def test_kinds_are_counted_apart(office):
    """Four by quiz and one by talk are not five who may be shown."""
    few = [signal(office, NeedKind.QUIZ_MISS, cadre=number) for number in range(4)]
    kept, hidden = shareable([*few, signal(office, NeedKind.TALK_WISH, cadre=9)])
    assert (kept, hidden) == ([], True)


def test_a_head_sees_the_own_department_and_what_holds_for_all(office, zone, answers):
    other = make_unit("财政局", parent=zone)
    answers += [signal(office), signal(other), signal(None)]
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=office)
    assert set(seen(board(head, since=TODAY, until=TODAY))) == {("safety", "党政办公室"), ("safety", "")}


# Weights


def test_a_new_weight_ends_the_one_in_force(hr):
    later = TODAY + timedelta(days=30)
    open_weight_version(kind=NeedKind.FILED, values={"weight": Decimal(5), "starts_on": later}, by=hr)
    rows = NeedWeight.objects.filter(kind=NeedKind.FILED).order_by("starts_on")
    assert [(row.weight, row.ends_on) for row in rows] == [(3, later - timedelta(days=1)), (5, None)]
    with pytest.raises(DomainError) as refusal:
        open_weight_version(kind=NeedKind.FILED, values={"weight": Decimal(6), "starts_on": later}, by=hr)
    assert refusal.value.field == "starts_on"


# Before and after


def test_the_figure_before_and_after_a_class(office, zone, hr, answers):
    other = make_unit("财政局", parent=zone)
    people = [make_cadre(unit=office) for _ in range(5)] + [make_cadre(unit=other) for _ in range(2)]
    found = make_class(starts_on=TODAY, ends_on=TODAY + timedelta(days=1), theme=Theme.SAFETY)
    seat(found, *people)
    before, after = TODAY - timedelta(days=60), TODAY + timedelta(days=61)
    answers += [signal(office, on=before), signal(office, on=TODAY - timedelta(days=1))]
    answers += [signal(other, on=before), signal(office, on=after)]
    answers += [signal(office, on=before - timedelta(days=1)), signal(office, on=TODAY)]  # outside both
    answers += [signal(office, on=before, theme="writing")]
    assert take_due_readings(at=noon(TODAY)) == 1
    assert take_due_readings(at=noon(TODAY + timedelta(days=61))) == 0  # the sixtieth day is not over
    assert take_due_readings(at=noon(TODAY + timedelta(days=62))) == 1
    rows = comparisons(found, hr)
    assert [(row.unit, row.people, row.before.score, row.after.score, row.change) for row in rows] == [
        (None, 7, Decimal(9), Decimal(3), Decimal(-6)),
        (office, 5, Decimal(6), Decimal(3), None),
        (other, 2, Decimal(3), Decimal(0), None),
    ]
    assert [row.is_shown for row in rows] == [True, False, False]  # one alone would follow from the total


def test_a_reading_is_taken_once(office, answers):
    found = make_class(starts_on=TODAY, theme=Theme.SAFETY)
    seat(found, make_cadre(unit=office))
    assert len(take_reading(training_class=found, moment=NeedMoment.BEFORE, at=noon(TODAY))) == 2
    assert take_reading(training_class=found, moment=NeedMoment.BEFORE, at=noon(TODAY)) == []
    assert NeedReading.objects.count() == 2


def test_classes_without_a_theme_or_entered_late_are_not_read(answers):
    make_class(starts_on=TODAY, theme=Theme.OTHER)
    make_class(starts_on=TODAY - timedelta(days=31), theme=Theme.SAFETY)
    make_class(starts_on=TODAY + timedelta(days=1), theme=Theme.SAFETY)
    make_class(starts_on=TODAY, theme=Theme.SAFETY, state="cancelled")
    assert take_due_readings(at=noon(TODAY)) == 0


def test_a_head_compares_the_own_department_only(office, zone, answers):
    other = make_unit("财政局", parent=zone)
    found = make_class(starts_on=TODAY, theme=Theme.SAFETY)
    seat(found, make_cadre(unit=office), make_cadre(unit=other))
    take_reading(training_class=found, moment=NeedMoment.BEFORE, at=noon(TODAY))
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=office)
    assert [row.unit for row in comparisons(found, head)] == [None, office]
