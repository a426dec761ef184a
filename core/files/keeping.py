"""What the other apps call: keep, read, give out and drop an uploaded file."""

import hashlib
from datetime import datetime
from enum import Flag, auto
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from core import vault
from core.access import Viewer
from core.errors import DomainError
from core.files import documents, names, photos
from core.models import StoredFile

FOLDER = "files"
# A file is shown by the browser or saved, and runs nothing either way.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class Accept(Flag):
    """What an upload may be; `PHOTOS | DOCUMENTS` takes both."""

    PHOTOS = auto()
    DOCUMENTS = auto()


@transaction.atomic
def keep_file(
    *,
    upload: Any,
    by: Viewer | None,
    accept: Accept,
    at: datetime | None = None,
    field: str | None = None,
) -> StoredFile:
    """Store an upload (`name`, `size`, `read()`), or refuse it with a sentence at `field`.

    Call it in the transaction of the row that links to it: without one, the nightly sweep takes the file.
    """
    name, content_type, data = check_upload(upload, accept, field=field)
    stored = StoredFile(
        uid=uuid4(),
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        kept_at=at or timezone.now(),
        kept_by_id=by.user_id if by else None,
    )
    vault.write(path_of(stored.uid), data, context=_context(stored.uid))
    stored.save(force_insert=True)
    return stored


def check_upload(upload: Any, accept: Accept, *, field: str | None = None) -> tuple[str, str, bytes]:
    """Name, content type and bytes as they may be kept, for whoever keeps them elsewhere; or a refusal."""
    try:
        return _checked(upload, accept)
    except DomainError as refusal:
        raise DomainError(refusal.message, field=field, code=refusal.code) from refusal


def _checked(upload: Any, accept: Accept) -> tuple[str, str, bytes]:
    """Name, content type and bytes as they are kept."""
    name = names.clean(upload.name or "")
    suffix = names.suffix_of(name)
    if Accept.PHOTOS in accept and suffix in photos.SUFFIXES | photos.NOT_READ:
        photos.check_size(upload.size)
        return names.with_suffix(name, ".jpg"), photos.CONTENT_TYPE, photos.as_jpeg(upload.read())
    if Accept.DOCUMENTS in accept and suffix in documents.CONTENT_TYPES:
        documents.check_size(upload.size)
        data = upload.read()
        documents.check(data, suffix)
        return name, documents.CONTENT_TYPES[suffix], data
    raise DomainError(f"不能上传这种文件。{_wanted(accept)}", code="wrong_type")


def _wanted(accept: Accept) -> str:
    wanted = [photos.WANTED] if Accept.PHOTOS in accept else []
    wanted += [documents.WANTED] if Accept.DOCUMENTS in accept else []
    return f"请选择{'，或'.join(wanted)}。"


def read_file(stored: StoredFile) -> bytes:
    try:
        return vault.read(path_of(stored.uid), context=_context(stored.uid))
    except FileNotFoundError as gone:
        message = f"文件「{stored.name}」已不在数据目录中，请重新上传，或由系统管理员从备份恢复 media/files。"
        raise DomainError(message, code="file_gone") from gone


def file_response(stored: StoredFile) -> HttpResponse:
    """A photo to look at, anything else to save, under the name it came with (RFC 6266)."""
    response = HttpResponse(read_file(stored), content_type=stored.content_type)
    disposition = content_disposition_header(not stored.is_photo, stored.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@transaction.atomic
def drop_file(stored: StoredFile) -> None:
    """Remove the row now and the bytes once that stands. The app takes its own link away first."""
    relative = path_of(stored.uid)
    stored.delete()
    transaction.on_commit(lambda: vault.remove(relative))


def path_of(uid: UUID) -> str:
    return f"{FOLDER}/{uid.hex[:2]}/{uid.hex}.bin"


def _context(uid: UUID) -> str:
    return f"core.file:{uid}"
