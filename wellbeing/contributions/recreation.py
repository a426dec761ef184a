"""What activities answer: when somebody is busy, and where they stand in the navigation."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from core.access import Permission
from core.asking import asked
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from people.contracts import Engagement, Link, engagements
from wellbeing.queries.recreation import seated_at

register(
    MenuItem(
        "内强素质·关爱",
        65,
        "文体活动",
        "party-popper",
        "wellbeing:activities",
        (Permission.EDIT_CARE, Permission.OWN_WELLBEING),
    )
)
register_kind("wellbeing.activity", "文体活动", "party-popper")


@engagements.register("wellbeing.activities", order=42)
def at_an_activity(
    *, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime
) -> Iterator[Engagement]:
    for row in (yield from asked(seated_at(cadre_ids, starts_at, ends_at))):
        yield Engagement(
            cadre_id=row.cadre_id,
            starts_at=row.activity.starts_at,
            ends_at=row.activity.ends_at,
            kind="文体活动",
            title=row.activity.title,
            place=row.activity.place,
            link=Link("wellbeing:activity", (row.activity_id,)),
        )
