"""Reads the text of an action plan: its clauses, figures, deadlines, named projects and enterprises.

Pure functions over text: no database, no clock. `reading.read_plan` is the way in. Every place is a pair of
character offsets into the text as given; `flatten` makes half and full width alike without moving any.
"""

from park.plan_text.reading import Item, PlanReading, read_plan

__all__ = ["Item", "PlanReading", "read_plan"]
