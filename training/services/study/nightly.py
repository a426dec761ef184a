"""What the clock does for study activities; each series and each list on its own."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from core.periods import overlaps
from training.choices import ActivityState
from training.models import StudyActivity, StudySeries
from training.services.study.roster import sync_roster
from training.services.study.series import plan_series


@dataclass(frozen=True, slots=True)
class Kept:
    made: int = 0
    added: int = 0
    removed: int = 0


def keep_planned(*, until: date, on: date) -> Kept:
    """Series that still run are planned to `until`; lists of activities ahead are read anew."""
    made = 0
    for series in StudySeries.objects.filter(overlaps(on, until)).select_related("group", "unit"):
        made += len(plan_series(series=series, until=until, by=None, on=on).made)
    people: Counter[str] = Counter()
    ahead = StudyActivity.objects.filter(state=ActivityState.PLANNED, held_on__gt=on, held_on__lte=until)
    for activity in ahead.select_related("slot", "group", "unit"):
        synced = sync_roster(activity=activity, by=None)
        people["added"] += synced.added
        people["removed"] += synced.removed
    return Kept(made, people["added"], people["removed"])
