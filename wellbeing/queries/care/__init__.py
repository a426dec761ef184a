"""What is asked about care: the rules in force, who is owed what, and totals that name nobody."""
