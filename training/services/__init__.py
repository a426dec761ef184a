from training.services.classes import CLASS_FIELDS, create_class, delete_class, update_class
from training.services.credits import settle_class, settle_participations
from training.services.ledger import Settled, settle, settle_all
from training.services.participants import add_participants, change_participation, remove_participant
from training.services.reversals import restore_entry, reverse_entry
from training.services.rules import open_rule_version
from training.services.self_filed import (
    SELF_FILED_FIELDS,
    approve_filing,
    approve_filings,
    delete_filing,
    return_filing,
    save_filing,
    submit_filing,
    withdraw_filing,
)
from training.services.teaching import settle_teaching

__all__ = [
    "CLASS_FIELDS",
    "SELF_FILED_FIELDS",
    "Settled",
    "add_participants",
    "approve_filing",
    "approve_filings",
    "change_participation",
    "create_class",
    "delete_class",
    "delete_filing",
    "open_rule_version",
    "remove_participant",
    "restore_entry",
    "return_filing",
    "reverse_entry",
    "save_filing",
    "settle",
    "settle_all",
    "settle_class",
    "settle_participations",
    "settle_teaching",
    "submit_filing",
    "update_class",
    "withdraw_filing",
]
