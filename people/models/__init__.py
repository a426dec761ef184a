from people.models.accounts import PasswordHistory, RoleGrant, User
from people.models.appointments import Appointment
from people.models.cadres import Cadre, CadreQuerySet
from people.models.imports import ImportBatch, ImportChange
from people.models.kinship import KinDismissal, KinTie
from people.models.records import (
    AnnualAppraisal,
    AppointmentForm,
    Education,
    FamilyMember,
    Honour,
    ResumeEntry,
)
from people.models.reminders import ReminderRule
from people.models.units import Post, Unit

__all__ = [
    "AnnualAppraisal",
    "Appointment",
    "AppointmentForm",
    "Cadre",
    "CadreQuerySet",
    "Education",
    "FamilyMember",
    "Honour",
    "ImportBatch",
    "ImportChange",
    "KinDismissal",
    "KinTie",
    "PasswordHistory",
    "Post",
    "ReminderRule",
    "ResumeEntry",
    "RoleGrant",
    "Unit",
    "User",
]
