from training.services.classes import CLASS_FIELDS, create_class, delete_class, update_class
from training.services.credits import settle_class, settle_participations
from training.services.ledger import Settled, settle, settle_all
from training.services.participants import add_participants, change_participation, remove_participant
from training.services.rules import open_rule_version

__all__ = [
    "CLASS_FIELDS",
    "Settled",
    "add_participants",
    "change_participation",
    "create_class",
    "delete_class",
    "open_rule_version",
    "remove_participant",
    "settle",
    "settle_all",
    "settle_class",
    "settle_participations",
    "update_class",
]
