"""A duty goes with the event that set it off: 已撤销, as long as nobody has begun to answer it.

An event is no more when its source no longer reports it (a plan of rotation reverted, an appointment or an
award entered in error). Should the source report it again, the same duty is open again: one event, one duty.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from wellbeing.choices.triggers import EVENT_CODES, DutyState, WaiveReason
from wellbeing.models import TalkDuty
from wellbeing.queries.happenings import Happening, happenings

Event = tuple[str, int, str]
# An event whose date was corrected is still the same event: it is looked for so much further back.
CORRECTED = timedelta(days=366)
AS_RAISED = ("occasion_on", "unit_id", "relation", "talker_id", "raised_on", "due_on")


def event_of(duty: TalkDuty) -> Event:
    return str(duty.code), duty.cadre_id, duty.occasion_key


def known_states(cadre_ids: Sequence[int]) -> dict[Event, str]:
    """The state of the duty of each event that ever raised one."""
    rows = TalkDuty.objects.filter(cadre_id__in=cadre_ids)
    found = rows.values_list("code", "cadre_id", "occasion_key", "state")
    return {(code, cadre_id, key): state for code, cadre_id, key, state in found}


def revoke(
    cadre_ids: Sequence[int], events: Iterable[Happening], *, since: date, until: date
) -> list[TalkDuty]:
    """Ends the open duties without an event; `events` are those of the period, the rest are asked for.

    A duty for which a talk is arranged or held stays: whoever has begun decides what becomes of it.
    """
    seen = _named(events)
    rows = TalkDuty.objects.filter(cadre_id__in=cadre_ids, state=DutyState.OPEN, code__in=EVENT_CODES)
    doubtful = [duty for duty in rows if event_of(duty) not in seen]
    if not doubtful:
        return []
    earliest = min(since, *(duty.occasion_on for duty in doubtful)) - CORRECTED
    cadres = sorted({duty.cadre_id for duty in doubtful})
    known = _named(happenings(cadres, since=earliest, until=until))
    return [duty for duty in doubtful if event_of(duty) not in known and _end(duty)]


def _named(events: Iterable[Happening]) -> set[Event]:
    return {(str(event.code), event.cadre_id, event.key) for event in events}


def _end(duty: TalkDuty) -> bool:
    """False when somebody has begun to answer it at this moment."""
    untouched = TalkDuty.objects.filter(pk=duty.pk, state=DutyState.OPEN)
    ended = untouched.update(state=DutyState.REVOKED, waive_reason=WaiveReason.EVENT_GONE)
    return bool(ended)


def reopen(duties: Iterable[TalkDuty]) -> list[TalkDuty]:
    """The duties as they would be raised today, in the rows that were revoked."""
    return [duty for duty in duties if _open_again(duty)]


def _open_again(duty: TalkDuty) -> bool:
    code, cadre_id, key = event_of(duty)
    row = TalkDuty.objects.filter(code=code, cadre_id=cadre_id, occasion_key=key, state=DutyState.REVOKED)
    values = {name: getattr(duty, name) for name in AS_RAISED}
    return bool(row.update(state=DutyState.OPEN, waive_reason="", **values))
