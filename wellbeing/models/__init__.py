"""What the closed room keeps. No other app imports these, except rotation; see docs/architecture.md."""

from wellbeing.models.breakglass import EmergencyAccess
from wellbeing.models.care import (
    CareAllowance,
    CareBudget,
    CareCase,
    CareEvent,
    CareFestival,
    CareRule,
)
from wellbeing.models.checkups import (
    CheckupCampaign,
    CheckupMember,
    CheckupReport,
    CheckupRule,
    CheckupSlot,
)
from wellbeing.models.decisions import DecisionNotice
from wellbeing.models.followups import FollowUp
from wellbeing.models.inspections import Finding, FindingFile, Inspection
from wellbeing.models.keys import CadreKey
from wellbeing.models.privacy import Consent, LegalHold, RetentionRule
from wellbeing.models.recreation import Activity, ActivitySignUp
from wellbeing.models.supports import CareSupport, CareVisit
from wellbeing.models.talks import Talk, TalkContent, TalkCorrection, TalkFile, TalkSlot
from wellbeing.models.triggers import TalkDuty, TalkRule

__all__ = [
    "Activity",
    "ActivitySignUp",
    "CadreKey",
    "CareAllowance",
    "CareBudget",
    "CareCase",
    "CareEvent",
    "CareFestival",
    "CareRule",
    "CareSupport",
    "CareVisit",
    "CheckupCampaign",
    "CheckupMember",
    "CheckupReport",
    "CheckupRule",
    "CheckupSlot",
    "Consent",
    "DecisionNotice",
    "EmergencyAccess",
    "Finding",
    "FindingFile",
    "FollowUp",
    "Inspection",
    "LegalHold",
    "RetentionRule",
    "Talk",
    "TalkContent",
    "TalkCorrection",
    "TalkDuty",
    "TalkFile",
    "TalkRule",
    "TalkSlot",
]
