"""One account per role. Their one-time passwords are shown once and stored only as hashes."""

from collections.abc import Callable
from datetime import timedelta

from core.access import Role
from people.choices import CadreStatus
from people.demo.context import DemoAccount, DemoContext
from people.demo.shapes import Grade, Person
from people.models import Unit
from people.services.accounts import create_account, grant_role

GRANTED_FOR = timedelta(days=400)
REASON = "演示数据"
# The departments that one vice leader is in charge of.
UNDER_VICE_LEADER = ("YX03", "YX04", "YX09")


def create_accounts(context: DemoContext) -> None:
    _Accounts(context).create()


class _Accounts:
    def __init__(self, context: DemoContext) -> None:
        self.context = context
        self._taken: set[int | None] = set()

    def create(self) -> None:
        staff, heads = Grade.STAFF, Grade.HEAD
        self._for_cadre("hr", Role.HR, lambda p: p.place.unit == "YX02" and p.place.grade >= staff)
        self._for_cadre("hr2", Role.HR, lambda p: p.place.unit == "YX02")
        self._for_cadre("party", Role.PARTY, lambda p: p.place.unit == "YX01" and p.place.grade >= staff)
        head_of = self.context.units["YX03"]
        self._for_cadre(
            "dh", Role.DEPARTMENT_HEAD, lambda p: p.place.unit == "YX03" and p.place.grade == heads, head_of
        )
        charge = [self.context.units[code] for code in UNDER_VICE_LEADER]
        self._for_cadre("vl", Role.VICE_LEADER, lambda p: p.place.grade == Grade.VICE, *charge)
        self._for_cadre("tl", Role.TOP_LEADER, lambda p: p.place.grade == Grade.CHIEF)
        self._for_cadre("jj", Role.DISCIPLINE, lambda p: p.place.unit == "YX01" and p.place.grade >= staff)
        self._for_cadre("cadre", Role.CADRE, lambda p: p.place.unit[:4] == "YX03" and p.place.grade >= staff)
        for username, role in (("sys", Role.SYSADMIN), ("sec", Role.SECADMIN), ("aud", Role.AUDITOR)):
            self._create(username, role, None)

    def _for_cadre(self, username: str, role: Role, fits: Callable[[Person], bool], *units: Unit) -> None:
        """The first fitting cadre without an account; small demo zones take whoever is left."""
        free = [
            person
            for person in self.context.people
            if person.cadre.pk not in self._taken and person.cadre.status == CadreStatus.ACTIVE
        ]
        person = next(filter(fits, free), free[-1])
        self._taken.add(person.cadre.pk)
        self._create(username, role, person, *units)

    def _create(self, username: str, role: Role, person: Person | None, *units: Unit) -> None:
        name = person.cadre.name if person else role.label
        user, password = create_account(
            username=username, name=name, cadre=person.cadre if person else None, by=None
        )
        held = [(role, unit) for unit in units or (None,)]
        if person and role != Role.CADRE:
            held.append((Role.CADRE, None))
        for one, unit in held:
            starts_on = self.context.on - GRANTED_FOR
            grant_role(user=user, role=one, starts_on=starts_on, unit=unit, by=None, reason=REASON)
        self.context.accounts.append(DemoAccount(username, password, role.label, name))
