"""Uploaded photos and documents: checked by content, kept encrypted, given out under their own name.

An app links to `StoredFile` from its own row and serves the file from its own URL, after `visible_to` of
that row. The audit entry is the app's: only it knows what the file belongs to.
"""

from core.files.keeping import Accept, check_upload, drop_file, file_response, keep_file, read_file

PHOTOS = Accept.PHOTOS
DOCUMENTS = Accept.DOCUMENTS

__all__ = [
    "DOCUMENTS",
    "PHOTOS",
    "Accept",
    "check_upload",
    "drop_file",
    "file_response",
    "keep_file",
    "read_file",
]
