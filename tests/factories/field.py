"""Projects, enterprises and who holds them, for tests."""

from datetime import date
from itertools import count
from typing import Any

from park.choices import AssignmentRole, ProjectKind
from park.credit_code import check_character
from park.models import Assignment, Enterprise, Project
from park.services.enterprises import create_enterprise
from park.services.projects import create_project
from people.models import Cadre
from tests.factories.people import TODAY

_numbers = count(1)
SPRING = date(2026, 3, 2)


def credit_code(number: int = 1) -> str:
    """A code with a right check character and the unassigned area 999999."""
    first = f"91999999{number:09d}"
    return first + check_character(first)


def make_project(name: str = "", **values: Any) -> Project:
    values.setdefault("kind", ProjectKind.INFRASTRUCTURE)
    return create_project(values={"name": name or f"第{next(_numbers)}号路网项目", **values}, by=None)


def make_enterprise(name: str = "", **values: Any) -> Enterprise:
    number = next(_numbers)
    values.setdefault("credit_code", credit_code(number))
    values.setdefault("entered_on", date(2020, 1, 1))
    name = name or f"第{number}号电子有限公司"
    return create_enterprise(values={"name": name, **values}, by=None, on=TODAY)


def hold(
    cadre: Cadre,
    subject: Project | Enterprise,
    official: Cadre | None = None,
    since: date = SPRING,
    **values: Any,
) -> Assignment:
    """The cadre holds it since spring, guided by the leader."""
    name = "project" if isinstance(subject, Project) else "enterprise"
    values.setdefault("role", AssignmentRole.STEWARD)
    return Assignment.objects.create(
        cadre=cadre, lead_official=official, starts_on=since, **{name: subject}, **values
    )
