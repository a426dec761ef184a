"""Reads of contests: the catalogue, what a judge still has to score, a cadre's own entries."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.access import Permission, Viewer
from core.asking import Steps, asked, result_of
from people.models import Cadre, User
from training.choices import ContestState
from training.models import Contest, ContestEntry, ContestJudge, ContestScore

ENTERED = Q(entries__withdrawn_at__isnull=True)


def contest_list(viewer: Viewer) -> QuerySet[Any]:
    """Contests with the number of entries that stand."""
    return Contest.objects.visible_to(viewer).annotate(entered=Count("entries", filter=ENTERED))


def entries_for(contest: Contest, viewer: Viewer) -> QuerySet[Any]:
    """Entries that the viewer may see, in the order of the ranking, with the own score as a judge."""
    rows = ContestEntry.objects.visible_to(viewer).filter(contest=contest, withdrawn_at__isnull=True)
    rows = rows.select_related("cadre", "unit").annotate(file_count=Count("files"))
    return rows.order_by("rank", "submitted_at", "pk")


def points_by(judge: ContestJudge) -> dict[int, Decimal]:
    """Entry → what the judge gave."""
    return dict(ContestScore.objects.filter(judge=judge).values_list("entry_id", "points"))


def judging_of(contest: Contest, viewer: Viewer) -> ContestJudge | None:
    return ContestJudge.objects.filter(contest=contest, user=viewer.user_id).first()


def to_score(viewer: Viewer) -> QuerySet[Any]:
    """Contests in which the viewer still has to score, with how many entries as `left`; one query."""
    given = ContestScore.objects.filter(entry=OuterRef("pk"), judge__user=viewer.user_id)
    mine = ContestEntry.objects.filter(
        contest__state=ContestState.JUDGING,
        contest__judges__user=viewer.user_id,
        withdrawn_at__isnull=True,
    ).exclude(Exists(given))
    if viewer.cadre_id:
        mine = mine.exclude(cadre=viewer.cadre_id)
    found = Contest.objects.filter(entries__in=mine).annotate(
        left=Count("entries", filter=Q(entries__in=mine))
    )
    return found.order_by("judging_until", "pk")


def open_for(viewer: Viewer) -> QuerySet[Contest]:
    """Contests that the viewer may enter and has not."""
    if viewer.cadre_id is None or not viewer.on_own_record(Permission.SIGN_UP):
        return Contest.objects.none()
    entered = ContestEntry.objects.filter(
        contest=OuterRef("pk"), cadre=viewer.cadre_id, withdrawn_at__isnull=True
    )
    running = Contest.objects.filter(state=ContestState.OPEN, entries_until__gte=viewer.on)
    return running.exclude(Exists(entered)).order_by("entries_until", "pk")


def published_entries(cadres: Sequence[Cadre], as_of: date) -> dict[int, list[ContestEntry]]:
    """Entries of published contests by cadre, the latest first; one query."""
    return result_of(published_entry_steps(cadres, as_of))


def published_entry_steps(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, list[ContestEntry]]]:
    """As `published_entries`, together with what others ask."""
    rows = ContestEntry.objects.filter(
        cadre__in=[cadre.pk for cadre in cadres],
        contest__published_on__lte=as_of,
        withdrawn_at__isnull=True,
    ).select_related("contest")
    found: dict[int, list[ContestEntry]] = {}
    for row in (yield from asked(rows.order_by("-contest__published_on", "pk"))):
        found.setdefault(row.cadre_id, []).append(row)
    return found


def accounts_named(words: str) -> list[User]:
    """Accounts of exactly this name or login, for whoever appoints judges."""
    plain = words.strip()
    return list(User.objects.filter(Q(name=plain) | Q(username=plain), is_active=True).order_by("username"))


def cadres_named(words: str, within: QuerySet[Cadre]) -> list[Cadre]:
    plain = words.strip()
    return list(within.filter(Q(name=plain) | Q(staff_no=plain)).order_by("pk"))
