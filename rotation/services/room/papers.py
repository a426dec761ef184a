"""会议材料: who may take them, and that they were taken."""

from datetime import datetime

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.jobs import start
from core.models import Job
from growth.models import GrowthFile
from rotation.models import Case, CaseFile

PACK_JOB = "rotation.pack"
KINDS = {"pdf": "一个 PDF，带书签", "zip": "压缩包（表格、PDF、Word 和 .lrmx）"}


def may_take(case: Case, kind: str, viewer: Viewer) -> bool:
    """Only with every growth file readable now; the exchange files of the forms are the office's."""
    if kind == "zip" and not viewer.paths(Permission.EXPORT_CADRE):
        return False
    shown = list(CaseFile.objects.filter(case=case).values_list("file", flat=True))
    return bool(shown) and GrowthFile.objects.visible_to(viewer).filter(pk__in=shown).count() == len(shown)


def order_pack(*, case: Case, kind: str, by: Viewer) -> Job:
    if kind not in KINDS or not may_take(case, kind, by):
        message = "上会档案还没有准备好，或您没有全部人选的阅档授权；请联系承办人。"
        raise DomainError(message, code="not_allowed")
    unique = f"{PACK_JOB}:{case.pk}:{by.user_id}:{kind}"
    return start(PACK_JOB, by=by, params={"case": case.pk, "kind": kind}, label=case.number, unique=unique)


def record_taken(*, case: Case, kind: str, by: Viewer, at: datetime) -> None:
    """Printing, too, begins with a copy: each one is on the log with whom it was made for."""
    label = f"取得会议材料（{kind}）：{case.number}"
    record(action=AuditAction.PAPERS_TAKEN, by=by, subject=case, label=label, at=at)
