"""Accounts of the heads and vice leaders that the common demo leaves without one.

A zone in which one head and one vice leader hold talks has nobody for most of its people. Nobody logs in with
these: their passwords are drawn and thrown away.
"""

from datetime import timedelta

from core.access import Role
from people.choices import CadreStatus
from people.demo.accounts import GRANTED_FOR, REASON, UNDER_VICE_LEADER
from people.demo.context import DemoContext
from people.demo.shapes import Grade, Person
from people.models import Unit, User

DEPARTMENT = 4  # length of a department's code


def fill_leaders(context: DemoContext) -> None:
    taken = set(User.objects.exclude(cadre=None).values_list("cadre_id", flat=True))
    free = [
        person
        for person in context.people
        if person.cadre.status == CadreStatus.ACTIVE and person.cadre.pk not in taken
    ]
    for person in (p for p in free if p.place.grade == Grade.HEAD):
        unit = context.units[person.place.unit]
        _account(context, person, Role.DEPARTMENT_HEAD, [unit])
    vices = [person for person in free if person.place.grade == Grade.VICE]
    for person, units in zip(vices, _shares(context, len(vices)), strict=True):
        _account(context, person, Role.VICE_LEADER, units)


def _shares(context: DemoContext, count: int) -> list[list[Unit]]:
    """The departments that are nobody's yet, dealt out to the vice leaders."""
    departments = [unit for code, unit in sorted(context.units.items()) if len(code) == DEPARTMENT]
    left = [unit for unit in departments if unit.code not in UNDER_VICE_LEADER]
    return [left[place::count] for place in range(count)]


def _account(context: DemoContext, person: Person, role: Role, units: list[Unit]) -> None:
    user = User(username=f"demo-{person.cadre.staff_no}".lower(), name=person.cadre.name, cadre=person.cadre)
    user.set_unusable_password()
    user.save()
    starts_on = context.on - timedelta(days=GRANTED_FOR.days)
    for held, unit in [(role, unit) for unit in units] + [(Role.CADRE, None)]:
        user.grants.create(role=held, unit=unit, starts_on=starts_on, reason=REASON)
