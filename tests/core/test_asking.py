"""Questions put together: answers are those of the querysets, in as many statements as there are rounds."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Count, Max, Min, Value
from django.test.utils import CaptureQueriesContext

from core.asking import answered, asked, asked_all, counted, gathered, once, reckoned, result_of, together
from core.models import Job
from people.models import Appointment, Cadre, Unit, User
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer
from tests.factories.training import attend
from training.models import HourEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    unit = make_unit("综合办公室")
    return [make_cadre(name, unit=unit) for name in ("李示例", "王示例", "张示例")]


def statements(parts):
    with CaptureQueriesContext(connection) as queries:
        found = together(parts)
    return found, len(queries)


def test_what_comes_back_is_what_the_querysets_give(people):
    attend(people[0], date(2026, 3, 2), 7)
    job = Job.objects.create(key="example", title="示例", params={"a": [1, "二"], "b": 0.5})
    rows = [
        Cadre.objects.order_by("-pk"),
        Cadre.objects.order_by("pk")[1:2],
        Appointment.objects.select_related("unit", "cadre").order_by("pk"),
        HourEntry.objects.values_list("hours", "days", "starts_on", "posted_at"),
        Unit.objects.values("name").annotate(people=Count("appointments")),
        User.objects.none(),
        Cadre.objects.filter(name__contains="100%示例").values_list("uid", flat=True),
        Cadre.objects.order_by("pk").values_list("uid", flat=True),
        Job.objects.filter(pk=job.pk),
    ]
    expected = [list(one) for one in rows]
    answers = result_of(asked_all(*rows))
    assert [list(one) for one in answers] == expected
    assert answers[2][0].unit.name == "综合办公室"
    assert answers[8][0].params == {"a": [1, "二"], "b": 0.5}
    assert [type(value) for value in answers[3][0]] == [type(value) for value in expected[3][0]]
    assert vars(answers[0][0]).keys() == vars(expected[0][0]).keys()


def test_related_rows_come_along_without_a_further_query(people):
    rows = result_of(asked_all(Appointment.objects.select_related("unit"), Cadre.objects.all()))[0]
    with CaptureQueriesContext(connection) as queries:
        assert {row.unit.name for row in rows} == {"综合办公室"}
    assert len(queries) == 0


def test_parts_are_asked_in_rounds(people):
    def part(name):
        first = yield from asked(Cadre.objects.filter(name=name))
        yield name
        return (yield from counted(Appointment.objects.filter(cadre__in=first)))

    found, number = statements({name: part(name) for name in ("李示例", "王示例", "谁")} | {"plain": ["x"]})
    assert found == {
        "李示例": (["李示例"], 1),
        "王示例": (["王示例"], 1),
        "谁": (["谁"], 0),
        "plain": (["x"], None),
    }
    assert number == 2


def test_parts_within_a_part_share_its_rounds(people):
    def inner(cadre):
        return (yield from counted(Appointment.objects.filter(cadre=cadre)))

    def outer():
        rows = yield from asked(Cadre.objects.order_by("pk"))
        found = yield from gathered({row.pk: inner(row) for row in rows})
        return [number for _, number in found.values()]

    found, number = statements({"one": outer(), "two": outer()})
    assert [returned for _, returned in found.values()] == [[1, 1, 1]] * 2
    assert number == 2


def test_what_several_parts_need_is_found_out_once(people):
    viewer, begun = make_viewer(), []

    def steps():
        begun.append(1)
        return len((yield from asked(Cadre.objects.all())))

    def part():
        return (yield from once(viewer, "people", steps))

    found, number = statements({"a": part(), "b": part(), "c": part()})
    assert ([returned for _, returned in found.values()], begun, number) == ([3, 3, 3], [1], 1)
    assert result_of(part()) == 3
    assert begun == [1]


def test_somebody_who_asks_in_between_does_not_wait_for_ever(people):
    viewer = make_viewer()

    def steps():
        return len((yield from asked(Cadre.objects.all())))

    def part():
        return (yield from once(viewer, "people", steps))

    def hasty():
        yield from counted(Cadre.objects.all())
        return result_of(part())  # asks by itself while the others are under way

    def slow():
        yield from counted(Unit.objects.all())
        return (yield from part())

    assert {key: returned for key, (_, returned) in together({"s": slow(), "h": hasty()}).items()} == {
        "s": 3,
        "h": 3,
    }


def test_sums_are_those_of_aggregate(people):
    for rows in (Appointment.objects.all(), Appointment.objects.filter(pk=0), Appointment.objects.none()):
        sums = {"n": Count("pk"), "first": Min("starts_on"), "last": Max("starts_on")}
        expected = rows.aggregate(**sums)
        assert result_of(reckoned(rows, **sums)) == expected
        assert together({1: reckoned(rows, **sums), 2: counted(User.objects.all())})[1][1] == expected


def test_what_fails_fails_as_the_queryset_does(people):
    with pytest.raises(ValueError, match="Cannot query"):
        answered(asked(Cadre.objects.filter(appointments=people[0])))


def test_one_question_alone_is_the_plain_query(people):
    make_account()
    with CaptureQueriesContext(connection) as queries:
        assert result_of(asked(Cadre.objects.annotate(one=Value(1)).order_by("pk"))) == people
    assert "json" not in queries[0]["sql"]
