from rotation.models.plans import Move, PlanMember, PlanStep, RotationPlan, Variant

__all__ = ["Move", "PlanMember", "PlanStep", "RotationPlan", "Variant"]
