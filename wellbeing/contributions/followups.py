"""What follow-ups answer: to the owner that something is due, to rotation a category."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import QuerySet

from core.access import Viewer
from core.asking import asked
from core.notifications import register_kind
from people.contracts import Duty, Link, Obstacle, Transfer, duties, obstacles
from wellbeing.choices.followups import FollowUpCategory, FollowUpState
from wellbeing.models import FollowUp
from wellbeing.queries.talks import open_categories

register_kind("wellbeing.followup", "谈话跟进事项", "list-todo", sealed=True)
# What speaks to a move; a wish for training or a matter of work does not.
WEIGHED = (
    FollowUpCategory.POST,
    FollowUpCategory.FAMILY,
    FollowUpCategory.HEALTH,
    FollowUpCategory.MONEY,
)


def _mine(viewer: Viewer) -> QuerySet[FollowUp]:
    mine = FollowUp.objects.visible_to(viewer).filter(owner_id=viewer.user_id, state=FollowUpState.OPEN)
    return mine.exclude(cadre_id=viewer.cadre_id or 0).order_by("due_on")


@duties.register("wellbeing.followups", order=23, waits=_mine)
def follow_ups_due(*, viewer: Viewer) -> Iterator[Duty]:
    dates = yield from asked(_mine(viewer).values_list("due_on", flat=True))
    if dates:
        yield Duty(
            key="wellbeing.followups",
            title=f"谈话跟进事项 {len(dates)} 项",
            due_on=dates[0],
            link=Link("wellbeing:followups"),
            count=len(dates),
            reason="办理后登记结果并反馈本人。",
        )


@obstacles.register("wellbeing.followups", order=60)
def open_wishes(*, moves: Sequence[Transfer], on: date) -> Iterator[Obstacle]:
    """By category only: what it is about stays between the cadre and the talker."""
    rows = yield from asked(open_categories([move.cadre.pk for move in moves]))
    for cadre_id, category in sorted({(pk, category) for pk, category, _ in rows if category in WEIGHED}):
        label = FollowUpCategory(category).label
        yield Obstacle(
            cadre_id=cadre_id,
            severity="consider",
            code=f"follow_up.{category}",
            message=f"谈心谈话中提出的{label}事项仍在办理，内容不公开，可向谈话人了解。",
            source="谈心谈话",
        )
