"""Invented talks, checkups and care for the demo zone; importing a part registers it."""
