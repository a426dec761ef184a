from rotation.models.plans import Move, PlanMember, PlanStep, RotationPlan, Variant
from rotation.models.tenure import (
    PostRequirement,
    PostSuccessor,
    TenureExtension,
    TenureRule,
    UnitStaffing,
)

__all__ = [
    "Move",
    "PlanMember",
    "PlanStep",
    "PostRequirement",
    "PostSuccessor",
    "RotationPlan",
    "TenureExtension",
    "TenureRule",
    "UnitStaffing",
    "Variant",
]
