"""Invented talks, checkups and care for the demo zone; importing a part registers it."""

from wellbeing.demo import inspections, talks

__all__ = ["inspections", "talks"]
