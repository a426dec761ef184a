"""Study activities over HTTP; each part in its own module."""

from training.api.study.activities import ActivityViewSet
from training.api.study.groups import GroupViewSet, MembershipViewSet, SeriesViewSet
from training.api.study.leaves import StudyLeaveViewSet
from training.api.study.makeup import MakeUpViewSet
from training.api.study.rules import CalendarDayViewSet, FrequencyViewSet, ObligationViewSet

__all__ = [
    "ActivityViewSet",
    "CalendarDayViewSet",
    "FrequencyViewSet",
    "GroupViewSet",
    "MakeUpViewSet",
    "MembershipViewSet",
    "ObligationViewSet",
    "SeriesViewSet",
    "StudyLeaveViewSet",
]
