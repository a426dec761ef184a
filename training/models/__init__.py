from training.models.amounts import hours_field
from training.models.catalogue import ClassQuota, Programme, TrainingClass
from training.models.enrolment import Participation, ParticipationStep
from training.models.ledger import ConversionRule, HourEntry, HourRule
from training.models.makeup import MakeUp
from training.models.slots import Attendance, Slot
from training.models.study import (
    ActivityFile,
    AgendaItem,
    CalendarDay,
    FrequencyRule,
    GroupMembership,
    StudyActivity,
    StudyGroup,
    StudyRule,
    StudySeries,
)

__all__ = [
    "ActivityFile",
    "AgendaItem",
    "Attendance",
    "CalendarDay",
    "ClassQuota",
    "ConversionRule",
    "FrequencyRule",
    "GroupMembership",
    "HourEntry",
    "HourRule",
    "MakeUp",
    "Participation",
    "ParticipationStep",
    "Programme",
    "Slot",
    "StudyActivity",
    "StudyGroup",
    "StudyRule",
    "StudySeries",
    "TrainingClass",
    "hours_field",
]
