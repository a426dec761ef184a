"""Study activities: who is expected, how often, in which series, what was on the agenda."""

from training.models.study.activities import (
    NTH,
    WEEKDAYS,
    ActivityFile,
    AgendaItem,
    StudyActivity,
    StudySeries,
)
from training.models.study.groups import GroupMembership, StudyGroup
from training.models.study.leave import StudyLeave
from training.models.study.rules import CalendarDay, FrequencyRule, StudyRule

__all__ = [
    "NTH",
    "WEEKDAYS",
    "ActivityFile",
    "AgendaItem",
    "CalendarDay",
    "FrequencyRule",
    "GroupMembership",
    "StudyActivity",
    "StudyGroup",
    "StudyLeave",
    "StudyRule",
    "StudySeries",
]
