"""Projects reach stages in order; enterprises are known by their code, graded and put in order."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from park.choices import GOVERNMENT_STAGES, ProjectStage
from park.credit_code import ALPHABET, check_character, fault_of, normal
from park.models import BeautyCheck, GradeLabel
from park.services import enterprises, projects
from tests.factories.documents import photo_upload
from tests.factories.field import credit_code, hold, make_enterprise, make_project
from tests.factories.park import make_task, moment
from tests.factories.people import TODAY, make_cadre

pytestmark = pytest.mark.django_db
_S = ProjectStage


def reach(project, stage, day, **values):
    return projects.set_stage(project=project, stage=stage, reached_on=day, by=None, on=TODAY, **values)


def test_a_project_repeats_the_furthest_stage():
    project = make_project()
    assert (project.stage, project.stage_on) == (GOVERNMENT_STAGES[0], None)
    reach(project, _S.APPROVED, date(2026, 3, 1))
    reach(project, _S.LISTED, date(2026, 2, 1))
    projects.set_stage(project=project, stage=_S.STARTED, planned_on=date(2026, 12, 1), by=None, on=TODAY)
    assert (project.stage, project.stage_on) == (_S.APPROVED, date(2026, 3, 1))
    projects.set_stage(project=project, stage=_S.APPROVED, by=None, on=TODAY)  # entered by mistake
    assert (project.stage, project.stage_on) == (_S.LISTED, date(2026, 2, 1))


@pytest.mark.parametrize(
    ("stage", "day", "field"),
    [
        (_S.SIGNED, TODAY, "stage"),  # a stage of 招商
        (_S.STARTED, TODAY + timedelta(days=1), "reached_on"),
        (_S.STARTED, date(2026, 2, 28), "reached_on"),  # before it was approved
    ],
)
def test_stages_out_of_place_are_refused(stage, day, field):
    project = make_project()
    reach(project, _S.APPROVED, date(2026, 3, 1))
    with pytest.raises(DomainError) as refusal:
        reach(project, stage, day)
    assert refusal.value.field == field


def test_the_kind_changes_only_while_no_stage_of_it_is_reached():
    project = make_project()
    reach(project, _S.STARTED, TODAY)  # both kinds have it
    projects.update_project(project=project, values={"kind": "investment"}, by=None)
    reach(project, _S.SIGNED, date(2026, 1, 1))
    with pytest.raises(DomainError):
        projects.update_project(project=project, values={"kind": "carrier"}, by=None)


def test_an_ended_project_frees_its_people_and_follows_its_task():
    task = make_task()
    project = make_project(task=task)
    assert project.plan_id == task.plan_id
    row = hold(make_cadre(), project)
    with pytest.raises(DomainError):
        projects.set_project_state(project=project, state="dropped", by=None, on=TODAY)
    projects.set_project_state(project=project, state="dropped", by=None, on=TODAY, reason="选址调整")
    row.refresh_from_db()
    assert (row.ends_on, row.end_reason, project.ended_on) == (TODAY, "closed", TODAY)
    with pytest.raises(DomainError):
        reach(project, _S.LISTED, TODAY)


def test_bond_used_stays_within_its_amount():
    with pytest.raises(DomainError):
        make_project(bond_amount=100, bond_used=101)


# -- codes --


# The first draw builds the pattern's alphabet: on a machine under load that alone looks slow.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(ALPHABET, min_size=2, max_size=2),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.text(ALPHABET, min_size=9, max_size=9),
    st.integers(0, 16),
    st.integers(1, 30),
)
def test_any_single_slip_in_a_code_is_noticed(head, area, body, place, shift):
    first = f"{head}{area}{body}"[:17]
    code = first + check_character(first)
    assert fault_of(code) == ""
    wrong = ALPHABET[(ALPHABET.index(code[place]) + shift) % 31]
    assert fault_of(code[:place] + wrong + code[place + 1 :]) != ""


def test_known_codes_and_how_they_are_written():
    assert fault_of("91350100M000100Y43") == ""  # the example of GB 32100-2015
    assert normal(" ９135 0100-m000100y43 ") == "91350100M000100Y43"
    assert "18 位" in fault_of("9135")
    assert "I、O、S、V、Z" in fault_of("91350100M000100O43")
    assert fault_of("91٣50100M000100Y43") != ""  # a digit of another script


def test_one_code_is_one_enterprise():
    make_enterprise(credit_code=credit_code(7))
    with pytest.raises(DomainError) as refusal:
        make_enterprise(credit_code=credit_code(7).lower())
    assert refusal.value.field == "credit_code"
    assert make_enterprise(credit_code="").credit_code is None
    assert make_enterprise(credit_code="").credit_code is None


# -- what is known of an enterprise --


def test_the_grade_of_a_year_is_one_row():
    enterprise = make_enterprise()
    a, b = GradeLabel.objects.get(code="A"), GradeLabel.objects.get(code="B")
    for grade in (b, a):
        enterprises.set_grade(enterprise=enterprise, year=2025, values={"grade": grade}, by=None, on=TODAY)
    assert [(row.year, row.grade) for row in enterprise.grades.all()] == [(2025, a)]
    with pytest.raises(DomainError):
        enterprises.set_grade(enterprise=enterprise, year=2027, values={"grade": a}, by=None, on=TODAY)


def test_a_new_hired_service_ends_the_one_before():
    enterprise = make_enterprise()
    for name, day in (("甲安全", date(2025, 1, 1)), ("乙安全", date(2026, 1, 1))):
        values = {"kind": "safety", "provider": name, "starts_on": day}
        enterprises.add_service(enterprise=enterprise, values=values, by=None)
    rows = enterprise.services.order_by("starts_on").values_list("provider", "ends_on")
    assert list(rows) == [("甲安全", date(2025, 12, 31)), ("乙安全", None)]
    with pytest.raises(DomainError):
        enterprises.add_service(
            enterprise=enterprise,
            values={"kind": "safety", "provider": "丙", "starts_on": date(2026, 1, 1)},
            by=None,
        )


def test_a_point_of_the_checklist_is_done_with_a_photo():
    enterprise = make_enterprise()
    enterprises.add_checks(enterprise=enterprise, texts=["车棚规整", "绿化补植", "车棚规整"], by=None)
    assert [row.text for row in enterprise.beauty_checks.all()] == ["车棚规整", "绿化补植"]
    check = enterprise.beauty_checks.first()
    values = {"check": check, "by": None, "on": TODAY, "at": moment(TODAY)}
    with pytest.raises(DomainError) as refusal:
        enterprises.mark_check(done_on=TODAY, **values)
    assert refusal.value.field == "after"
    enterprises.mark_check(before=photo_upload(), **values)
    enterprises.mark_check(done_on=TODAY, after=photo_upload(), **values)
    check = BeautyCheck.objects.get(pk=check.pk)
    assert (check.done_on, bool(check.before_id), bool(check.after_id)) == (TODAY, True, True)
    with pytest.raises(DomainError):
        enterprises.drop_check(check=check, by=None)
    enterprises.drop_check(check=enterprise.beauty_checks.last(), by=None)
    assert enterprise.beauty_checks.count() == 1
