"""Who could answer for a task: leaders of the zone, heads of departments, people by name."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.periods import covers
from people.choices import AppointmentKind, CadreStatus, LeadershipLevel, UnitKind
from people.models import Appointment, Cadre

LEADS = (
    LeadershipLevel.BUREAU_CHIEF,
    LeadershipLevel.BUREAU_DEPUTY,
    LeadershipLevel.COUNTY_CHIEF,
    LeadershipLevel.COUNTY_DEPUTY,
)
_HEAD = re.compile(r"(?:主任|局长|部长|处长|科长|队长|所长|站长|院长|校长|经理|负责人|书记)$")
_DEPUTY = re.compile(r"副|助理|代理负责")


def lead_officials(on: date) -> QuerySet[Cadre]:
    """Leaders who may lead a task: by their level, or by a post in the zone's own leadership."""
    in_zone = Appointment.objects.filter(
        covers(on), cadre=OuterRef("pk"), kind=AppointmentKind.POST, unit__kind=UnitKind.ZONE
    )
    leading = Q(leadership_level__in=LEADS) | Exists(in_zone)
    return Cadre.objects.filter(leading, status=CadreStatus.ACTIVE)


def heads_of(unit_ids: Iterable[int], on: date) -> dict[int, Cadre]:
    """The head of each department on the day: 部门负责人是第一责任人. One without a head is left out."""
    posts = Appointment.objects.filter(
        covers(on), kind=AppointmentKind.POST, unit__in=list(unit_ids), cadre__status=CadreStatus.ACTIVE
    )
    found: dict[int, Cadre] = {}
    for post in posts.select_related("cadre", "post").order_by(
        "-is_main", "post__display_order", "starts_on"
    ):
        title = post.title or (post.post.title if post.post else "")
        if post.unit_id and _HEAD.search(title) and not _DEPUTY.search(title):
            found.setdefault(post.unit_id, post.cadre)
    return found


def by_names(names: Sequence[str]) -> dict[str, list[Cadre]]:
    """Active cadres by name or staff number: each word with everyone it may mean."""
    wanted = [name.strip() for name in names if name.strip()]
    found: dict[str, list[Cadre]] = {name: [] for name in wanted}
    known = Cadre.objects.filter(Q(name__in=wanted) | Q(staff_no__in=wanted), status=CadreStatus.ACTIVE)
    for cadre in known:
        for word in {cadre.name, cadre.staff_no or ""} & set(wanted):
            found[word].append(cadre)
    return found
