"""A stored value that does not open was changed or moved: someone must look into it, so it is on record."""

import logging

from django.db import DatabaseError, transaction

from core.audit.writing import Actor, record
from core.choices import AuditAction
from core.errors import DomainError
from core.models.audit import AuditResult

logger = logging.getLogger("core.damage")


def note_damage(error: DomainError, *, by: Actor, where: str) -> None:
    """Logged always, and written into the audit log unless that was done nearer to what is damaged.

    `where` is the address that was asked for: it holds numbers, never names.
    """
    logger.error("stored value does not open: %s", where)
    if getattr(error, "noted", False):
        return
    try:
        with transaction.atomic():
            record(action=AuditAction.DATA_DAMAGED, by=by, label=where, result=AuditResult.FAILED)
    except DatabaseError:  # the page that says so is shown all the same
        logger.exception("the damage could not be written into the audit log")
