from training.services.classes import CLASS_FIELDS, create_class, delete_class, update_class
from training.services.participants import add_participants, change_participation, remove_participant
from training.services.rules import open_rule_version

__all__ = [
    "CLASS_FIELDS",
    "add_participants",
    "change_participation",
    "create_class",
    "delete_class",
    "open_rule_version",
    "remove_participant",
    "update_class",
]
