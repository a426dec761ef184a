"""What participations in classes earn, as postings of the hours ledger."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.access import Viewer
from training.choices import HourSource, ParticipationState
from training.conversion import ConversionBook, Learner, Learning, Posting, credited
from training.models import Participation, TrainingClass
from training.queries import conversion_book, learners
from training.services.ledger import Settled, settle_all

BATCH = 500
REMOVED = "已移出名单"


@transaction.atomic
def settle_participations(
    *, keys: Iterable[int], by: Viewer | None, at: datetime | None = None, reason: str = ""
) -> Settled:
    """Brings the ledger to what these participations are credited with; those that are gone earn nothing.

    Only a completed participation earns its hours and days; whoever moves it to another state calls this.
    """
    ids = sorted(set(keys))
    found = Settled()
    for start in range(0, len(ids), BATCH):
        found += _settle(ids[start : start + BATCH], by=by, at=at or timezone.now(), reason=reason)
    return found


def settle_class(
    *, training_class: TrainingClass, by: Viewer | None, at: datetime | None = None, reason: str = ""
) -> Settled:
    """As above for everyone in the class: its name, kind and dates stand in every entry."""
    keys = training_class.participations.values_list("pk", flat=True)
    return settle_participations(keys=keys, by=by, at=at, reason=reason)


def _settle(ids: Sequence[int], *, by: Viewer | None, at: datetime, reason: str) -> Settled:
    rows = Participation.objects.filter(pk__in=ids).select_related("training_class")
    wanted: dict[str, Sequence[Posting]] = {f"participation:{pk}": [] for pk in ids}
    return settle_all(source=HourSource.CLASS, wanted=wanted | postings_of(rows), by=by, at=at, reason=reason)


def postings_of(rows: QuerySet[Participation]) -> dict[str, Sequence[Posting]]:
    """By source key; the rows come with their class."""
    found = list(rows.filter(Q(hours__gt=0) | Q(days__gt=0), state=ParticipationState.COMPLETED))
    people, book = learners([row.cadre_id for row in found]), conversion_book()
    return {row.source_key: _postings(row, people[row.cadre_id], book) for row in found}


def _postings(row: Participation, learner: Learner, book: ConversionBook) -> list[Posting]:
    held = row.training_class
    learning = Learning(HourSource.CLASS, held.name, held.starts_on, held.ends_on, held.kind)
    return credited(book, learner, learning, hours=row.hours, days=row.days)
