"""The kinds of file that the personnel register itself imports; importing this module registers them."""

from people.imports import lrmx_apply, roster_apply

__all__ = ["lrmx_apply", "roster_apply"]
