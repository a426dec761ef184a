"""What the closed room answers to the common questions; importing a part registers it."""

from wellbeing.contributions import followups, inspections, privacy, talks

__all__ = ["followups", "inspections", "privacy", "talks"]
