from rotation.models.appraisals import BroughtHome, HostForm, Opinion, ReturnPlan
from rotation.models.cases import Candidate, Case, CaseFile, LeaderOpinion, ReadingGrant, Speaker
from rotation.models.decisions import DecidedMove, Decision, Effect, EffectLine, Objection
from rotation.models.drafting import ConsultOpinion, VariantEdit, Waiver
from rotation.models.plans import Move, PlanMember, PlanStep, RotationPlan, Variant
from rotation.models.rules import MoveRule
from rotation.models.secondments import (
    MonthlyNote,
    Secondment,
    SecondmentExtension,
    SecondmentPlan,
    SecondmentRule,
    SecondmentStep,
)
from rotation.models.tenure import (
    PostRequirement,
    PostSuccessor,
    TenureExtension,
    TenureRule,
    UnitStaffing,
)

__all__ = [
    "BroughtHome",
    "Candidate",
    "Case",
    "CaseFile",
    "ConsultOpinion",
    "DecidedMove",
    "Decision",
    "Effect",
    "EffectLine",
    "HostForm",
    "LeaderOpinion",
    "MonthlyNote",
    "Move",
    "MoveRule",
    "Objection",
    "Opinion",
    "PlanMember",
    "PlanStep",
    "PostRequirement",
    "PostSuccessor",
    "ReadingGrant",
    "ReturnPlan",
    "RotationPlan",
    "Secondment",
    "SecondmentExtension",
    "SecondmentPlan",
    "SecondmentRule",
    "SecondmentStep",
    "Speaker",
    "TenureExtension",
    "TenureRule",
    "UnitStaffing",
    "Variant",
    "VariantEdit",
    "Waiver",
]
