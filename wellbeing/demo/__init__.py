"""Invented talks, checkups and care for the demo zone; importing a part registers it."""

from wellbeing.demo import care, checkups, inspections, talks

__all__ = ["care", "checkups", "inspections", "talks"]
