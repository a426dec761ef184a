"""The kinds of file that the personnel register itself imports; importing this module registers them."""

from people.imports import roster_apply

__all__ = ["roster_apply"]
