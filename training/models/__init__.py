from training.models.amounts import hours_field
from training.models.articles import Article, Reading
from training.models.catalogue import ClassQuota, ClassStep, Programme, TrainingClass
from training.models.certificates import Certificate, CertificateSeries
from training.models.checkin import CheckInAttempt, SlotRule
from training.models.contests import Contest, ContestEntry, ContestJudge, ContestScore, EntryFile
from training.models.enrolment import Participation, ParticipationStep
from training.models.evaluation import (
    Evaluation,
    EvaluationAnswer,
    EvaluationMark,
    EvaluationQuestion,
    EvaluationSheet,
    EvaluationTemplate,
)
from training.models.leave import LeaveRequest
from training.models.ledger import ConversionRule, HourEntry, HourRule
from training.models.makeup import MakeUp
from training.models.materials import ClassFile
from training.models.needs import NeedReading, NeedWeight, TrainingNeed
from training.models.planning import AcceptedClash, CalendarFeed, Timetable
from training.models.quiz import Question, Quiz, QuizAnswer, QuizAttempt, QuizQuestion
from training.models.self_filed import OnlineLesson, SelfFiledStep, SelfFiledStudy
from training.models.slots import Attendance, Slot
from training.models.study import (
    ActivityFile,
    AgendaItem,
    CalendarDay,
    FrequencyRule,
    GroupMembership,
    StudyActivity,
    StudyGroup,
    StudyLeave,
    StudyRule,
    StudySeries,
)
from training.models.visits import StudyVisit, VisitLesson, VisitStop

__all__ = [
    "AcceptedClash",
    "ActivityFile",
    "AgendaItem",
    "Article",
    "Attendance",
    "CalendarDay",
    "CalendarFeed",
    "Certificate",
    "CertificateSeries",
    "CheckInAttempt",
    "ClassFile",
    "ClassQuota",
    "ClassStep",
    "Contest",
    "ContestEntry",
    "ContestJudge",
    "ContestScore",
    "ConversionRule",
    "EntryFile",
    "Evaluation",
    "EvaluationAnswer",
    "EvaluationMark",
    "EvaluationQuestion",
    "EvaluationSheet",
    "EvaluationTemplate",
    "FrequencyRule",
    "GroupMembership",
    "HourEntry",
    "HourRule",
    "LeaveRequest",
    "MakeUp",
    "NeedReading",
    "NeedWeight",
    "OnlineLesson",
    "Participation",
    "ParticipationStep",
    "Programme",
    "Question",
    "Quiz",
    "QuizAnswer",
    "QuizAttempt",
    "QuizQuestion",
    "Reading",
    "SelfFiledStep",
    "SelfFiledStudy",
    "Slot",
    "SlotRule",
    "StudyActivity",
    "StudyGroup",
    "StudyLeave",
    "StudyRule",
    "StudySeries",
    "StudyVisit",
    "Timetable",
    "TrainingClass",
    "TrainingNeed",
    "VisitLesson",
    "VisitStop",
    "hours_field",
]
