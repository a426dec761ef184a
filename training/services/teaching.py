"""授课: who speaks at a held activity earns teaching hours, where a rule for its kind is in force."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core.access import Viewer
from training.choices import ActivityState, ConversionBasis, HourSource
from training.conversion import HOUR_MINUTES, ConversionBook, Learning, Posting, convert
from training.models import AgendaItem, HourEntry, StudyActivity
from training.queries.conversion import conversion_book, learners
from training.queries.self_filed import hours_used
from training.services.ledger import Settled, lock_cadres, settle


@transaction.atomic
def settle_teaching(*, activity: StudyActivity, by: Viewer | None, at: datetime, reason: str = "") -> Settled:
    """Brings the ledger to the agenda as it stands: speakers added, changed or gone. Idempotent."""
    held = activity.state == ActivityState.HELD
    items = list(activity.agenda.filter(speaker__isnull=False).order_by("order", "pk")) if held else []
    wanted = {_key(activity, item.pk): item for item in items}
    lock_cadres(item.speaker_id for item in items if item.speaker_id)
    gone = [key for key in _posted(activity) if key not in wanted]
    found, book = Settled(), conversion_book()
    for key in gone:
        found += settle(source=HourSource.TEACHING, source_key=key, postings=(), by=by, at=at, reason=reason)
    for key, item in wanted.items():  # one by one: each takes its room under the year's cap
        postings = _postings(activity, item, key, minutes_of(activity, item, items), book)
        found += settle(
            source=HourSource.TEACHING, source_key=key, postings=postings, by=by, at=at, reason=reason
        )
    return found


def minutes_of(activity: StudyActivity, item: AgendaItem, items: Iterable[AgendaItem]) -> int:
    """As the agenda says; the only speaker has the whole sitting."""
    if item.minutes:
        return item.minutes
    slot = getattr(activity, "slot", None)
    alone = len({other.speaker_id for other in items}) == 1
    return int((slot.ends_at - slot.starts_at).total_seconds()) // 60 if slot and alone else 0


def _key(activity: StudyActivity, item: int) -> str:
    return f"teaching:{activity.pk}:{item}"


def _posted(activity: StudyActivity) -> list[str]:
    rows = HourEntry.objects.in_force().filter(
        source=HourSource.TEACHING, source_key__startswith=f"teaching:{activity.pk}:"
    )
    return list(rows.values_list("source_key", flat=True).distinct())


def _postings(
    activity: StudyActivity, item: AgendaItem, key: str, minutes: int, book: ConversionBook
) -> list[Posting]:
    if item.speaker_id is None:
        return []
    day = activity.held_on
    used = hours_used(item.speaker_id, HourSource.TEACHING, activity.kind, day.year, besides=[key])
    learning = Learning(
        HourSource.TEACHING, f"{activity.title}：{item.topic}"[:200], day, day, activity.kind, used
    )
    learner = learners([item.speaker_id])[item.speaker_id]
    quantity = Decimal(minutes) / HOUR_MINUTES
    return convert(book, learner, learning, basis=ConversionBasis.HOUR, quantity=quantity)
