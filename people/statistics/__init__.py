"""Counts of the register as of any day, each number with the list it counts (issue 8, part 6)."""
