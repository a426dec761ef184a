"""Pages of the checkups, one file for each kind of visitor."""
