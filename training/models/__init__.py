from training.models.amounts import hours_field
from training.models.catalogue import ClassQuota, Programme, TrainingClass
from training.models.enrolment import Participation, ParticipationStep
from training.models.ledger import ConversionRule, HourEntry, HourRule
from training.models.slots import Attendance, Slot
from training.models.study import (
    AgendaItem,
    CalendarDay,
    FrequencyRule,
    GroupMembership,
    StudyActivity,
    StudyGroup,
    StudySeries,
)

__all__ = [
    "AgendaItem",
    "Attendance",
    "CalendarDay",
    "ClassQuota",
    "ConversionRule",
    "FrequencyRule",
    "GroupMembership",
    "HourEntry",
    "HourRule",
    "Participation",
    "ParticipationStep",
    "Programme",
    "Slot",
    "StudyActivity",
    "StudyGroup",
    "StudySeries",
    "TrainingClass",
    "hours_field",
]
