"""What the closed room answers to the common questions; importing a part registers it."""

from wellbeing.contributions import (
    bulk,
    care,
    checkups,
    decisions,
    followups,
    inspections,
    months,
    own_data,
    privacy,
    recreation,
    statistics,
    talks,
)

__all__ = [
    "bulk",
    "care",
    "checkups",
    "decisions",
    "followups",
    "inspections",
    "months",
    "own_data",
    "privacy",
    "recreation",
    "statistics",
    "talks",
]
