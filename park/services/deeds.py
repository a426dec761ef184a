"""先进事迹: 提名 → 核实 → 公示 → 发布, and the honour that the publication leaves in the record."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from park.choices import DeedState
from park.models import Deed
from park.queries.places import unit_ids_on
from people.choices import HonourKind
from people.models import Cadre, Honour
from people.services.records import add_record

_D = DeedState
PATHS: dict[str, tuple[DeedState, ...]] = {
    _D.NOMINATED: (_D.VERIFIED, _D.REFUSED),
    _D.VERIFIED: (_D.ANNOUNCED, _D.REFUSED),
    _D.ANNOUNCED: (_D.PUBLISHED, _D.REFUSED),
    _D.PUBLISHED: (),
    _D.REFUSED: (),
}
SHORTEST = 5  # days of 公示


@transaction.atomic
def nominate(*, cadre: Cadre, title: str, text: str, by: Viewer, on: date) -> Deed:
    """By whoever looks after the cadre, never for oneself."""
    _not_own(cadre, by)
    deed = Deed(
        cadre=cadre,
        unit_id=unit_ids_on([cadre.pk], on).get(cadre.pk),
        title=title.strip(),
        text=text.strip(),
        nominated_on=on,
        nominated_by_id=by.user_id,
    )
    save_validated(deed)
    _record(deed, "提名先进事迹", values_of(deed, ("cadre", "title")), by)
    return deed


@transaction.atomic
def change_deed(*, deed: Deed, title: str, text: str, by: Viewer) -> None:
    """Until somebody has looked into it; afterwards the text is what was verified."""
    _not_own(deed.cadre, by)
    if deed.state != _D.NOMINATED:
        message = f"事迹现在是“{DeedState(deed.state).label}”，核实以后不能再改。确需修改的，终止后重新提名。"
        raise DomainError(message, code="verified")
    changes = changes_to(deed, {"title": title.strip(), "text": text.strip()})
    if changes:
        apply_changes(deed, changes)
        save_validated(deed)
        _record(deed, "修改先进事迹", changes, by)


@transaction.atomic
def verify(*, deed: Deed, note: str, by: Viewer, on: date) -> None:
    """Another person than the nominator has looked into it."""
    if deed.nominated_by_id == by.user_id:
        raise DomainError("提名人不能核实自己的提名，请由其他人核实。", code="own_nomination")
    if not note.strip():
        raise DomainError("请写明怎样核实、核实了什么。", field="note", code="no_note")
    values = {"verified_on": on, "verified_by_id": by.user_id, "verified_note": note.strip()}
    _move(deed, _D.VERIFIED, "核实先进事迹", by, **values)


@transaction.atomic
def announce(*, deed: Deed, until: date, by: Viewer, on: date) -> None:
    """公示 for at least five days."""
    if until < on + timedelta(days=SHORTEST):
        message = f"公示不少于 {SHORTEST} 天，请选 {on + timedelta(days=SHORTEST):%Y-%m-%d} 或以后。"
        raise DomainError(message, field="until", code="too_short")
    _move(deed, _D.ANNOUNCED, "公示先进事迹", by, announced_on=on, announced_until=until)


@transaction.atomic
def publish(*, deed: Deed, awarding_body: str, by: Viewer, on: date) -> Honour:
    """After the announcement: the deed is published and stands among the cadre's honours."""
    if deed.state == _D.ANNOUNCED and deed.announced_until and on <= deed.announced_until:
        message = f"公示到 {deed.announced_until:%Y-%m-%d} 才结束，期满后再发布。"
        raise DomainError(message, code="still_announced")
    _move(deed, _D.PUBLISHED, "发布先进事迹", by, published_on=on)
    values = {
        "kind": HonourKind.DEED,
        "title": deed.title,
        "awarded_on": on,
        "awarding_body": awarding_body.strip(),
        "deed": deed.text,
    }
    deed.honour = add_record(model=Honour, cadre=deed.cadre, values=values, by=by)
    save_validated(deed, update_fields=["honour", "updated_at"])
    return deed.honour


@transaction.atomic
def refuse(*, deed: Deed, reason: str, by: Viewer, on: date) -> None:
    if not reason.strip():
        raise DomainError("请写明终止的原因。", field="reason", code="no_reason")
    _move(deed, _D.REFUSED, "终止先进事迹", by, refused_on=on, reason=reason.strip())


def _not_own(cadre: Cadre, by: Viewer) -> None:
    if by.cadre_id is not None and by.cadre_id == cadre.pk:
        raise DomainError("不能为本人办理先进事迹，请由他人办理。", code="own_deed")


def _move(deed: Deed, to: DeedState, label: str, by: Viewer, **values: Any) -> None:
    _not_own(deed.cadre, by)
    if to not in PATHS[deed.state]:
        message = f"这项事迹现在是“{DeedState(deed.state).label}”，不能{label}。请刷新页面。"
        raise DomainError(message, code="wrong_state")
    changes = changes_to(deed, {"state": to, **values})
    apply_changes(deed, changes)
    save_validated(deed)
    _record(deed, label, changes, by)


def _record(deed: Deed, label: str, changes: Any, by: Viewer) -> None:
    record(action=AuditAction.DEED_CHANGED, by=by, subject=deed, label=f"{label}：{deed}", changes=changes)
