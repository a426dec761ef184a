"""Is this file genuine, is it the latest, and what has changed since? From the PDF itself or its code."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone

from core.access import Viewer
from core.errors import DomainError
from growth import storage
from growth.contracts import Edition
from growth.diff import Difference, differences
from growth.models import GrowthFile
from growth.proof import read_code
from growth.queries import shown_of
from growth.render import DATA_NAME
from growth.signing import Seal, seal_of
from people.models import Cadre

LARGEST = 40 * 1024 * 1024


class Status(TextChoices):
    VALID = "valid", "有效"
    SUPERSEDED = "superseded", "已被更新的版本取代"
    TAMPERED = "tampered", "内容与签名不符"
    FOREIGN = "foreign", "不是本单位签发"
    UNKNOWN = "unknown", "没有这份档案，或者您无权核验"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to a reader. `file` only for those who may read it; `changes` since it was made."""

    status: Status
    detail: str = ""
    seal: Seal | None = None
    file: GrowthFile | None = None
    newest: GrowthFile | None = None
    changes: tuple[Difference, ...] = ()

    @property
    def status_words(self) -> str:
        return self.status.label

    @property
    def colour(self) -> str:
        return {Status.VALID: "green", Status.SUPERSEDED: "yellow"}.get(self.status, "red")


def verify_code(code: str, *, by: Viewer) -> Verification:
    """By the printed code: whether the file exists and is the latest; not whether the paper was altered."""
    file = GrowthFile.objects.visible_to(by).filter(code=read_code(code)).exclude(code="").first()
    if file is None:
        return Verification(Status.UNKNOWN, "请核对核验码；没有查阅权限的档案，这里也查不到。")
    return _about(file, None, by=by)


def verify_bytes(data: bytes, *, by: Viewer | None) -> Verification:
    """By the PDF: its signature, then the data in it. `by` None is the office itself, at the command line."""
    seal, content, fault = _read(data)
    if fault:
        return Verification(Status.TAMPERED, fault, seal)
    assert seal is not None
    if not seal.trusted:
        return Verification(Status.FOREIGN, f"签名人是“{seal.signer}”，不在本单位的证书之列。", seal)
    files = GrowthFile.objects.visible_to(by) if by else GrowthFile.objects.all()
    file = files.filter(data_digest=sha256(content).hexdigest()).first()
    if file is None:
        return Verification(Status.VALID, "签名有效，内容未被改动；更多信息只对有权查阅的人显示。", seal)
    return _about(file, seal, by=by)


def data_of(file: GrowthFile) -> dict[str, Any]:
    """The data that a stored file shows, as parsed canonical JSON."""
    content = embedded_data(storage.read(file.uid, file.path))
    if content is None:
        raise DomainError("这份档案是早期格式，没有内嵌数据，不能比对；请重新生成。", code="no_data")
    found: dict[str, Any] = json.loads(content)
    return found


def changes_since(file: GrowthFile, *, on: date, by: Viewer | None) -> tuple[Difference, ...]:
    """What the same edition would say differently on the day `on`."""
    cadre = Cadre.objects.with_position(on).get(pk=file.cadre_id)
    now = shown_of(cadre, edition=Edition(file.edition), as_of=on, viewer=by)
    return tuple(differences(data_of(file), json.loads(now.canonical_json())))


def changes_between(older: GrowthFile, newer: GrowthFile) -> list[Difference]:
    return differences(data_of(older), data_of(newer))


def embedded_data(data: bytes) -> bytes | None:
    """The canonical JSON inside a growth file."""
    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf:
        found = pdf.attachments.get(DATA_NAME)
        return bytes(found.get_file().read_bytes()) if found else None


def _about(file: GrowthFile, seal: Seal | None, *, by: Viewer | None) -> Verification:
    later = GrowthFile.objects.filter(cadre=file.cadre_id, edition=file.edition, made_at__gt=file.made_at)
    newest = later.order_by("-made_at").first()
    status = Status.SUPERSEDED if newest else Status.VALID
    on = by.on if by else timezone.localdate()
    return Verification(status, "", seal, file, newest, changes_since(file, on=on, by=by))


def _read(data: bytes) -> tuple[Seal | None, bytes, str]:
    """Seal, embedded data and what is wrong with the file, in words."""
    if len(data) > LARGEST:
        return None, b"", f"文件超过 {LARGEST // 1024 // 1024} MB，不是成长档案。"
    if not data.startswith(b"%PDF-"):
        return None, b"", "这不是 PDF 文件。"
    try:
        seal, content = seal_of(data), embedded_data(data)
    except Exception as damage:  # a damaged file fails anywhere in the parsers, in any way
        return None, b"", f"文件已损坏，读不出签名（{type(damage).__name__}）。"
    if seal is None:
        return None, b"", "文件没有签名：可能是打印后重新扫描的，或被另存过。请用系统中下载的原文件。"
    if not seal.intact:
        return seal, b"", "签名之后文件被改动过，请不要采信，并向签发部门索取原文件。"
    if content is None:
        return seal, b"", "文件里没有成长档案的数据。"
    return seal, content, ""
