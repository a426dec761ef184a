"""What held activities and make-up study earn: postings by the conversion rules, settled with the ledger."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from core.access import Viewer
from training.choices import ActivityState, HourSource, MakeUpState
from training.conversion import SITTING, Conversion, Learning, Posting, convert_minutes
from training.hours import ZERO
from training.models import Attendance, HourEntry, MakeUp, Slot, StudyActivity
from training.queries.conversion import conversion_book, learners
from training.services.ledger import Settled, settle
from training.services.teaching import settle_teaching
from training.streaks import CAME


def activity_key(activity: StudyActivity) -> str:
    return f"activity:{activity.pk}"


def make_up_key(make_up: MakeUp) -> str:
    return f"make_up:{make_up.pk}"


def settle_activity(*, activity: StudyActivity, by: Viewer | None, at: datetime, reason: str = "") -> Settled:
    """Posts what everyone who came or spoke has earned; nothing while the activity is not held. Idempotent.

    Whoever changes attendance at a study activity calls this in the same transaction.
    """
    held = activity.state == ActivityState.HELD
    came = Attendance.objects.filter(slot__activity=activity, state__in=CAME) if held else []
    ids = [row.cadre_id for row in came]
    postings = _postings(HourSource.ACTIVITY, activity, activity.slot, ids, activity_key(activity))
    came_in = settle(
        source=HourSource.ACTIVITY,
        source_key=activity_key(activity),
        postings=postings,
        by=by,
        at=at,
        reason=reason,
    )
    return came_in + settle_teaching(activity=activity, by=by, at=at, reason=reason)


def settle_make_up(*, make_up: MakeUp, by: Viewer | None, at: datetime, reason: str = "") -> Settled:
    """An accepted make-up earns by its own rule; the activity itself stays missed."""
    slot = make_up.attendance.slot
    ids = [make_up.attendance.cadre_id] if make_up.state == MakeUpState.ACCEPTED else []
    activity = slot.activity
    postings = _postings(HourSource.MAKE_UP, activity, slot, ids, make_up_key(make_up)) if activity else []
    return settle(
        source=HourSource.MAKE_UP,
        source_key=make_up_key(make_up),
        postings=postings,
        by=by,
        at=at,
        reason=reason,
    )


def _postings(
    source: HourSource, activity: StudyActivity, slot: Slot, cadre_ids: Sequence[int], key: str
) -> list[Posting]:
    if not cadre_ids:
        return []
    book, people = conversion_book(), learners(cadre_ids)
    minutes = int((slot.ends_at - slot.starts_at).total_seconds()) // 60
    used = _used(book.rule(source, activity.held_on, activity.kind, *SITTING), activity, cadre_ids, key)
    found: list[Posting] = []
    for pk in cadre_ids:
        learning = _learning(source, activity, used.get(pk, ZERO))
        found += convert_minutes(book, people[pk], learning, minutes=minutes)
    return found


def _learning(source: HourSource, activity: StudyActivity, used: Decimal) -> Learning:
    day = activity.held_on
    return Learning(source, activity.title, day, day, activity.kind, used)


def _used(
    rule: Conversion | None, activity: StudyActivity, cadre_ids: Sequence[int], key: str
) -> dict[int, Decimal]:
    """Hours of the year under the same capped rule from other records, by cadre; no query without a cap."""
    if rule is None or rule.cap_per_year is None:
        return {}
    entries = HourEntry.objects.in_force().filter(
        cadre__in=cadre_ids, rule=rule.rule_id, ledger=rule.ledger, starts_on__year=activity.held_on.year
    )
    sums = entries.exclude(source_key=key).order_by().values_list("cadre_id").annotate(total=Sum("hours"))
    return dict(sums)
