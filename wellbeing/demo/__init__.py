"""Invented talks, checkups and care for the demo zone; importing a part registers it."""

from wellbeing.demo import care, inspections, talks

__all__ = ["care", "inspections", "talks"]
