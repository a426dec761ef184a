"""What the closed room answers to the common questions; importing a part registers it."""

from wellbeing.contributions import (
    care,
    checkups,
    decisions,
    followups,
    inspections,
    privacy,
    recreation,
    statistics,
    talks,
)

__all__ = [
    "care",
    "checkups",
    "decisions",
    "followups",
    "inspections",
    "privacy",
    "recreation",
    "statistics",
    "talks",
]
