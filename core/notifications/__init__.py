"""Telling people: `notify` from a service, once per matter, person and day; the rest happens by itself.

`kind` is a stable code that the app registers with its words: `register_kind("training.seat", "培训报名")`.
`sealed=True` keeps even the title inside the system. Never give content of a sealed record: a title that says
what to do, and the place to do it.
"""

from core.notifications.kinds import register_kind
from core.notifications.telling import notify, retract

__all__ = ["notify", "register_kind", "retract"]
