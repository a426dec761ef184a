"""The audit log: `record` what happened, `verify` that nobody touched it since."""

from core.audit.chain import verify
from core.audit.damage import note_damage
from core.audit.reading import Change, label, readable_changes
from core.audit.writing import Entry, record, record_many

__all__ = ["Change", "Entry", "label", "note_damage", "readable_changes", "record", "record_many", "verify"]
