"""The waiting list: a freed seat goes to its head in the same transaction, and the person is told."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from core.access import Viewer
from core.notifications import notify
from people.models import User
from training.choices import ClassState, ParticipationState
from training.models import Participation, TrainingClass
from training.services.enrolment.steps import Hop, move

KIND = "training.enrolment"
PROMOTED = "有名额空出，按候补顺序递补"
ON_THE_LIST = "您已列入参训名单，请按时参加。"
IN_THE_QUEUE = "名额已满，您在候补名单中。"
# Once the class has begun, only a person can say whether somebody may still join.
PROMOTES = frozenset({ClassState.PUBLISHED, ClassState.ENROLLING, ClassState.CLOSED})


def waiting_list(held: TrainingClass) -> QuerySet[Participation]:
    """In the order in which seats are given."""
    rows = Participation.objects.filter(training_class=held, state=ParticipationState.WAITING)
    return rows.select_related("cadre").order_by("waiting_since", "pk")


def promote_waiting(held: TrainingClass, *, by: Viewer | None, at: datetime) -> list[Participation]:
    """Call it with the class locked, whenever a seat may have become free."""
    promoted: list[Participation] = []
    while held.state in PROMOTES and held.seats_left != 0:
        head = waiting_list(held).first()
        if head is None:
            break
        head.training_class = held
        move(head, ParticipationState.CONFIRMED, Hop(by, at, PROMOTED))
        tell(head, f"候补递补成功：{held}", "您已从候补转为正式学员，请按时参加；不能参加请尽早退出。", at)
        promoted.append(head)
    return promoted


def tell_of_place(row: Participation, at: datetime) -> None:
    """That staff have put the person on the list of a class that is known to everyone."""
    seated = row.state == ParticipationState.CONFIRMED
    tell(row, f"培训通知：{row.training_class}", ON_THE_LIST if seated else IN_THE_QUEUE, at)


def tell(row: Participation, title: str, detail: str, at: datetime) -> None:
    """Tells the person of the row, in the system and through whatever channel is on."""
    accounts = User.objects.filter(cadre_id=row.cadre_id, is_active=True).values_list("pk", flat=True)
    notify(
        recipients=list(accounts),
        kind=KIND,
        title=title,
        key=f"participation:{row.pk}:{row.state}",
        on=timezone.localdate(at),
        url_name="training:enrol",
        detail=detail,
    )
