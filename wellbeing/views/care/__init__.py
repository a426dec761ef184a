"""Pages of care: who is owed what, the cases, what the office sets, and the cadre's own page."""
