"""Real rows for tests, made the way the product makes them. Every person is invented."""

from datetime import date
from itertools import count
from typing import Any

from core.access import Role, Viewer
from people.access import viewer_for
from people.choices import AppointmentKind
from people.identity import check_character
from people.models import Appointment, Cadre, RoleGrant, Unit, User
from people.services.cadres import complete_keys
from people.services.units import path_of

TODAY = date(2026, 11, 2)
_numbers = count(1)


def make_unit(name: str = "", *, parent: Unit | None = None, **values: Any) -> Unit:
    number = next(_numbers)
    unit = Unit.objects.create(
        code=values.pop("code", f"U{number:04d}"), name=name or f"第{number}局", parent=parent, **values
    )
    unit.path = path_of(unit)
    unit.save(update_fields=["path"])
    return unit


def make_cadre(name: str = "", *, unit: Unit | None = None, title: str = "科员", **values: Any) -> Cadre:
    """A cadre; with `unit`, also the main post held there since `post_since` (2020-01-01)."""
    number = next(_numbers)
    post_since = values.pop("post_since", date(2020, 1, 1))
    cadre = Cadre(name=name or f"王示例{number}", staff_no=values.pop("staff_no", f"T{number:05d}"), **values)
    complete_keys(cadre)
    cadre.save()
    if unit is not None:
        make_appointment(cadre, unit=unit, title=title, starts_on=post_since)
    return cadre


def make_appointment(cadre: Cadre, **values: Any) -> Appointment:
    values.setdefault("kind", AppointmentKind.POST)
    values.setdefault("starts_on", date(2020, 1, 1))
    return Appointment.objects.create(cadre=cadre, **values)


def make_account(
    *roles: Role, unit: Unit | None = None, cadre: Cadre | None = None, password: str = "", **values: Any
) -> User:
    """An account that may log in at once, with the roles granted since long ago."""
    number = next(_numbers)
    user = User(
        username=values.pop("username", f"user{number}"),
        name=values.pop("name", f"用户{number}"),
        cadre=cadre,
        must_change_password=values.pop("must_change_password", False),
        **values,
    )
    user.set_password(password) if password else user.set_unusable_password()
    user.save()
    for role in {*roles, *([Role.CADRE] if cadre else [])}:
        part = None if role == Role.CADRE else unit
        RoleGrant.objects.create(user=user, role=role, unit=part, starts_on=date(2020, 1, 1))
    return user


def make_viewer(
    *roles: Role, unit: Unit | None = None, cadre: Cadre | None = None, on: date = TODAY
) -> Viewer:
    return viewer_for(make_account(*roles, unit=unit, cadre=cadre), on=on)


def identity_number(born_on: date = date(1985, 3, 12), sequence: int = 1) -> str:
    """A number with a valid check character and the unassigned area code 999999; odd sequence is male."""
    first = f"999999{born_on:%Y%m%d}{sequence:03d}"
    return first + check_character(first)
