"""Who gets which answer at which URL: one row for each, so a new URL without a row fails.

A row names the roles that are let in; every other role gets `denied`, nobody logged in gets `anonymous`.
`ME` stands for a cadre asking for a colleague's record, unless the row says `own=True`. The values of a
URL's parameters are names in the `World` below. Rights on rows inside a page are tested in the apps.
"""

from dataclasses import dataclass, field

from core.access import Role
from people.models import Cadre, Unit, User

SYS, SEC, AUD = Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR
HR, PTY, DH, VL, TL = Role.HR, Role.PARTY, Role.DEPARTMENT_HEAD, Role.VICE_LEADER, Role.TOP_LEADER
ME = Role.CADRE
EVERYONE = frozenset(Role)
STAFF = frozenset({HR, PTY, DH, VL, TL})
VIEW_RESUME = frozenset({HR, DH, VL, TL})


@dataclass(frozen=True)
class Access:
    allowed: frozenset[Role]
    parameters: dict[str, str] = field(default_factory=dict)
    method: str = "get"
    answer: int = 200
    denied: int = 404
    anonymous: int = 302


@dataclass
class World:
    """The rows that URL parameters refer to, by attribute path: `cadre.pk`."""

    unit: Unit
    cadre: Cadre
    own: Cadre
    user: User


def page(allowed: frozenset[Role], answer: int = 200, **parameters: str) -> Access:
    return Access(allowed, parameters, answer=answer)


def form(allowed: frozenset[Role], answer: int = 200, **parameters: str) -> Access:
    """A URL that only takes a POST; `answer` is what an empty form gets."""
    return Access(allowed, parameters, method="post", answer=answer)


def api(allowed: frozenset[Role], **parameters: str) -> Access:
    return Access(allowed, parameters, anonymous=401)


def public(answer: int = 200) -> Access:
    return Access(EVERYONE, answer=answer, anonymous=answer)


# Routes as Django prints them, without the leading slash.
TABLE: dict[str, Access] = {}
