"""Files that come in from outside the house (see people.imports)."""
