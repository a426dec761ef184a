"""Tasks in the growth file: as of the day, by whoever held them then."""

from datetime import date

import pytest

from core.access import Role
from growth.contracts import Edition, SectionContext, Table
from park.sections import task_records, task_section
from park.services import tasks as services
from tests.factories.park import make_task, moment
from tests.factories.people import TODAY, make_cadre, make_viewer

pytestmark = pytest.mark.django_db
SPRING = date(2026, 3, 2)


def lines(cadre, as_of=TODAY):
    section = task_section(
        SectionContext(cadre, as_of, Edition.ARCHIVE), task_records([cadre], as_of)[cadre.pk]
    )
    if section is None:
        return None
    table = next(block for block in section.blocks if isinstance(block, Table))
    return [(row.cells[0], row.cells[1], row.cells[4]) for row in table.rows]


def test_a_published_task_stands_in_its_owners_file() -> None:
    owner = make_cadre()
    assert lines(owner) is None
    make_task("盘活闲置用地", owner=owner, percent=30, issued_on=SPRING)
    assert lines(owner) == [("盘活闲置用地", "责任人", "办理中，30%")]


def test_the_file_of_an_earlier_day_says_what_was_then() -> None:
    hr, before, after = make_viewer(Role.HR), make_cadre("前任"), make_cadre("接任")
    task = make_task("盘活闲置用地", owner=before, percent=30, issued_on=SPRING)
    services.reassign_task(task=task, owner=after, by=hr, on=TODAY)
    services.report_progress(task=task, percent=90, text="收尾", by=hr, on=TODAY, at=moment(TODAY))
    april = date(2026, 4, 1)
    assert lines(before, april) == [("盘活闲置用地", "责任人", "办理中，30%")]
    assert lines(after, april) is None
    assert lines(after) == [("盘活闲置用地", "责任人", "办理中，90%")]


def test_result_and_delay_of_a_closed_task() -> None:
    hr, owner = make_viewer(Role.HR), make_cadre()
    task = make_task("通路", owner=owner, percent=100, due_on=date(2026, 10, 31), issued_on=SPRING)
    services.apply_for_closing(task=task, reason="完成", by=hr, on=TODAY)
    services.start_review(task=task, by=hr, on=TODAY)
    services.close_task(task=task, by=hr, on=TODAY)
    assert lines(owner) == [("通路", "责任人", "已销号，逾期2天")]


def test_many_cadres_cost_as_many_queries_as_one(django_assert_num_queries) -> None:
    cadres = [make_cadre() for _ in range(3)]
    for cadre in cadres:
        make_task(owner=cadre)
    with django_assert_num_queries(2):
        task_records(cadres[:1], TODAY)
    with django_assert_num_queries(2):
        task_records(cadres, TODAY)
