"""Who runs what in training, where more than one permission does."""

from core.access import Permission

# Articles and documents to be read: the personnel office and the party office.
EDITS_ARTICLES = (Permission.EDIT_TRAINING, Permission.EDIT_STUDY)
