from rotation.models.plans import Move, PlanMember, PlanStep, RotationPlan, Variant
from rotation.models.secondments import (
    BroughtHome,
    HostForm,
    MonthlyNote,
    Opinion,
    ReturnPlan,
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
    "HostForm",
    "MonthlyNote",
    "Move",
    "Opinion",
    "PlanMember",
    "PlanStep",
    "PostRequirement",
    "PostSuccessor",
    "ReturnPlan",
    "RotationPlan",
    "Secondment",
    "SecondmentExtension",
    "SecondmentPlan",
    "SecondmentRule",
    "SecondmentStep",
    "TenureExtension",
    "TenureRule",
    "UnitStaffing",
    "Variant",
]
