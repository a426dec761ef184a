"""Make growth files; each one made leaves a trace in the audit log."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from core import search
from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.jobs import start
from core.models import Job
from core.pdf import PdfBlocked, PdfResult
from growth import storage
from growth.access import makeable_editions
from growth.contracts import Edition, Order, Output
from growth.models import EDITION_PERMISSIONS, GrowthFile
from growth.queries import snapshot_of
from growth.render import render_file
from growth.snapshot import Snapshot
from people.models import Cadre

BATCH_JOB = "growth.batch"
MOST_AT_ONCE = 5000
MOST_BOUND = 300  # one PDF of many is put together in memory


def make_growth_file(
    *, cadre: Cadre, edition: Edition, as_of: date, by: Viewer, at: datetime | None = None
) -> GrowthFile:
    """Make the file, or return the one that already holds exactly this data.

    Rendering takes a second and happens outside the transaction, so it never holds the database.
    """
    check_may_make(cadre=cadre, edition=edition, by=by)
    snapshot = snapshot_of(cadre, edition=edition, as_of=as_of, viewer=by)
    if made := existing_file(cadre, snapshot):
        return made
    return store_file(cadre=cadre, snapshot=snapshot, result=_render(cadre, snapshot, by), by=by, at=at)


def check_may_make(*, cadre: Cadre, edition: Edition, by: Viewer) -> None:
    if edition not in makeable_editions(by, cadre):
        raise DomainError(
            f"您没有为该干部生成{edition.label}成长档案的权限，请联系组织人事部门。", code="not_allowed"
        )


def existing_file(cadre: Cadre, snapshot: Snapshot) -> GrowthFile | None:
    """The file of the same data, if its bytes are still there."""
    same = GrowthFile.objects.filter(
        cadre=cadre, edition=snapshot.edition, as_of=snapshot.as_of, data_digest=snapshot.digest
    )
    made = same.first()
    return made if made and storage.exists(made.path) else None


def store_file(
    *, cadre: Cadre, snapshot: Snapshot, result: PdfResult, by: Viewer | None, at: datetime | None = None
) -> GrowthFile:
    """Keep a rendered file; bytes left by a failed transaction are removed again."""
    uid = uuid4()
    path = storage.write(uid, result.data)
    try:
        with transaction.atomic():
            return _save(cadre, snapshot, result, by, {"uid": uid, "path": path, "made_at": at})
    except Exception:
        storage.remove(path)
        raise


def order_growth_files(
    *,
    cadres: Sequence[Cadre],
    edition: Edition,
    as_of: date,
    by: Viewer,
    output: Output = Output.ZIP,
    order: Order = Order.ROSTER,
) -> Job:
    """Queue the files of cadres found among those visible to `by`; growth.jobs makes them one by one."""
    if not by.can(EDITION_PERMISSIONS[edition]):
        message = f"您没有生成{edition.label}成长档案的权限，请联系组织人事部门。"
        raise DomainError(message, code="not_allowed")
    if not cadres:
        message = "所选范围内没有您可以生成成长档案的干部，请换一个部门或重新选人。"
        raise DomainError(message, code="nobody")
    _check_number(len(cadres), output)
    params = {
        "cadres": _ordered(cadres, order, as_of),
        "edition": edition.value,
        "as_of": as_of.isoformat(),
        "output": output.value,
    }
    return start(BATCH_JOB, by=by, params=params, label=f"{edition.label} {len(cadres)} 人")


def _check_number(number: int, output: Output) -> None:
    if number > MOST_AT_ONCE:
        message = f"一次最多生成 {MOST_AT_ONCE} 份，现选了 {number} 人，请按部门分批生成。"
        raise DomainError(message, code="too_many")
    if output == Output.BOOK and number > MOST_BOUND:
        message = f"合订本一次最多 {MOST_BOUND} 份，现选了 {number} 人，请按部门分册，或改为压缩包。"
        raise DomainError(message, field="output", code="too_many")


def _ordered(cadres: Sequence[Cadre], order: Order, as_of: date) -> list[int]:
    """Ids in the order asked for; the roster's own order is that of the cadres given."""
    ids = [cadre.pk for cadre in cadres]
    if order == Order.ROSTER:
        return ids
    fields = ("name_stroke_key",) if order == Order.STROKES else ("unit_path", "display_order", "name_pinyin")
    found = Cadre.objects.with_position(as_of).filter(pk__in=ids).order_by(*fields, "pk")
    return list(found.values_list("pk", flat=True))


def _save(
    cadre: Cadre, snapshot: Snapshot, result: PdfResult, by: Viewer | None, place: dict[str, Any]
) -> GrowthFile:
    at = place.pop("made_at") or timezone.now()
    key: dict[str, Any] = {"cadre": cadre, "edition": snapshot.edition, "as_of": snapshot.as_of}
    values = place | {
        "number": snapshot.number,
        "made_at": at,
        "made_by_id": by.user_id if by else None,
        "pages": result.pages,
        "size": len(result.data),
        "sha256": sha256(result.data).hexdigest(),
        "data_sm3": snapshot.digest_sm3,
        "code": snapshot.code,
    }
    file, _new = GrowthFile.objects.update_or_create(**key, data_digest=snapshot.digest, defaults=values)
    search.index(file)
    record(action=AuditAction.GROWTH_MADE, by=by, subject=file, label=f"{file}·{file.number}")
    return file


def _render(cadre: Cadre, snapshot: Snapshot, by: Viewer) -> PdfResult:
    try:
        return render_file(snapshot)
    except PdfBlocked as blocked:
        # A resource asked for from outside is an attack or a broken template: someone must see it.
        record(action=AuditAction.PDF_BLOCKED, by=by, subject=cadre, label="；".join(blocked.urls[:3]))
        raise
