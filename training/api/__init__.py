"""What this app adds to /api/v1/: (prefix, viewset, basename)."""

from rest_framework.viewsets import GenericViewSet

from training.api.catalogue import ClassViewSet, HoursViewSet, ParticipationViewSet
from training.api.hours import ConversionViewSet, EntryViewSet, FilingViewSet
from training.api.programmes import CertificateViewSet, ProgrammeViewSet
from training.api.reading import (
    ArticleViewSet,
    AttemptViewSet,
    ContestEntryViewSet,
    ContestViewSet,
    EvaluationViewSet,
    NeedViewSet,
    QuizViewSet,
    ReadingViewSet,
)
from training.api.slots import AttendanceViewSet, CheckInViewSet, SlotViewSet
from training.api.study import (
    ActivityViewSet,
    CalendarDayViewSet,
    FrequencyViewSet,
    GroupViewSet,
    MakeUpViewSet,
    MembershipViewSet,
    ObligationViewSet,
    SeriesViewSet,
    StudyLeaveViewSet,
)

ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = (
    ("classes", ClassViewSet, "api-classes"),
    ("participations", ParticipationViewSet, "api-participations"),
    ("programmes", ProgrammeViewSet, "api-programmes"),
    ("certificates", CertificateViewSet, "api-certificates"),
    ("hours", HoursViewSet, "api-hours"),
    ("slots", SlotViewSet, "api-slots"),
    ("attendances", AttendanceViewSet, "api-attendances"),
    ("check-ins", CheckInViewSet, "api-check-ins"),
    ("hour-entries", EntryViewSet, "api-hour-entries"),
    ("conversion-rules", ConversionViewSet, "api-conversion-rules"),
    ("self-filed", FilingViewSet, "api-self-filed"),
    ("articles", ArticleViewSet, "api-articles"),
    ("readings", ReadingViewSet, "api-readings"),
    ("training-needs", NeedViewSet, "api-training-needs"),
    ("contests", ContestViewSet, "api-contests"),
    ("contest-entries", ContestEntryViewSet, "api-contest-entries"),
    ("quizzes", QuizViewSet, "api-quizzes"),
    ("quiz-attempts", AttemptViewSet, "api-quiz-attempts"),
    ("evaluations", EvaluationViewSet, "api-evaluations"),
    ("study-groups", GroupViewSet, "api-study-groups"),
    ("study-members", MembershipViewSet, "api-study-members"),
    ("study-series", SeriesViewSet, "api-study-series"),
    ("study-activities", ActivityViewSet, "api-study-activities"),
    ("study-leaves", StudyLeaveViewSet, "api-study-leaves"),
    ("study-frequencies", FrequencyViewSet, "api-study-frequencies"),
    ("study-obligations", ObligationViewSet, "api-study-obligations"),
    ("make-ups", MakeUpViewSet, "api-make-ups"),
    ("calendar-days", CalendarDayViewSet, "api-calendar-days"),
)
