"""The variants of a plan: every edit can be taken back, and nobody edits a case of their own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import covers
from core.saving import apply_changes, changes_to, save_validated
from people.choices import AppointmentKind, CadreStatus
from people.models import Appointment, Cadre, KinTie, Post, Unit
from rotation.choices.plans import MoveKind, Origin, PlanState
from rotation.facts import height_of
from rotation.models import Move, RotationPlan, Variant, VariantEdit
from rotation.plan_states import EDITABLE

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KEPT = ("cadre_id", "from_appointment_id", "from_post_id", "from_text", "to_post_id", "kind", "origin")


@dataclass(frozen=True, slots=True)
class MoveDraft:
    """A move to be written; without a `kind` the levels of the posts decide."""

    cadre: Cadre
    to_post: Post | None
    kind: MoveKind | None = None
    origin: Origin = Origin.PERSON
    reason: str = ""


# Variants


@transaction.atomic
def add_variant(
    *,
    plan: RotationPlan,
    by: Viewer,
    at: datetime,
    title: str = "",
    origin: Origin = Origin.PERSON,
    moves: Sequence[MoveDraft] = (),
    weights: Mapping[str, Any] | None = None,
    gives_up: Sequence[str] = (),
    note: str = "",
) -> Variant:
    """A new answer under the next free letter, with its moves."""
    check_editable(plan, by)
    variant = Variant(
        plan=plan,
        letter=_next_letter(plan),
        title=title.strip(),
        origin=origin,
        weights=dict(weights or {}),
        gives_up=list(gives_up),
        note=note.strip(),
    )
    save_validated(variant)
    for place, draft in enumerate(moves, start=1):
        _fill(Move(variant=variant, cadre=draft.cadre, position=place), draft, by)
    _tell(variant, by, f"新增{variant}")
    return variant


@transaction.atomic
def copy_variant(*, variant: Variant, by: Viewer, at: datetime) -> Variant:
    """The same moves under a new letter, to be changed from there; whatever the machine proposed stays so."""
    drafts = [
        MoveDraft(m.cadre, m.to_post, MoveKind(m.kind), Origin(m.origin), m.reason)
        for m in _moves(variant).select_related("cadre", "to_post__unit")
    ]
    return add_variant(
        plan=variant.plan,
        by=by,
        at=at,
        title=f"由方案{variant.letter}复制",
        origin=Origin(variant.origin),
        moves=drafts,
        weights=variant.weights,
        gives_up=variant.gives_up,
    )


@transaction.atomic
def rename_variant(*, variant: Variant, title: str, note: str, by: Viewer) -> None:
    check_editable(variant.plan, by)
    changes = changes_to(variant, {"title": title.strip(), "note": note.strip()})
    if changes:
        apply_changes(variant, changes)
        save_validated(variant, update_fields=list(changes))
        _tell(variant, by, f"修改{variant}的名称")


@transaction.atomic
def remove_variant(*, variant: Variant, by: Viewer) -> None:
    check_editable(variant.plan, by)
    label, plan = str(variant), variant.plan
    _refusing_what_was_read(variant.delete)
    _record(plan, by, f"删除{label}：方案 {plan.pk}")


@transaction.atomic
def choose_variant(*, variant: Variant, by: Viewer) -> None:
    """The one that goes to the review and the meeting."""
    check_editable(variant.plan, by)
    if not _moves(variant).exists():
        raise DomainError(f"{variant}还没有人员调整，请先添加再选定。", code="empty")
    variant.plan.chosen = variant
    save_validated(variant.plan, update_fields=["chosen"])
    _tell(variant, by, f"选定{variant}")


# Moves


@transaction.atomic
def add_move(*, variant: Variant, draft: MoveDraft, by: Viewer, at: datetime) -> Move:
    """Somebody who is in the variant already gets the new place instead of the old one."""
    check_editable(variant.plan, by)
    held = _moves(variant).filter(cadre=draft.cadre).first()
    _remember(variant, by, at, f"{draft.cadre.name} → {draft.to_post or '免职'}")
    move = held or Move(variant=variant, cadre=draft.cadre, position=_next_position(variant))
    _fill(move, draft, by)
    _tell(variant, by, f"调整{variant}的人员")
    return move


@transaction.atomic
def change_move(
    *, move: Move, kind: MoveKind | None, reason: str, to_post: Post | None, by: Viewer, at: datetime
) -> None:
    check_editable(move.variant.plan, by)
    _remember(move.variant, by, at, f"修改{move.cadre.name}的调整")
    _fill(move, MoveDraft(move.cadre, to_post, kind, Origin(move.origin), reason), by)
    _tell(move.variant, by, f"调整{move.variant}的人员")


@transaction.atomic
def remove_move(*, move: Move, by: Viewer, at: datetime) -> None:
    check_editable(move.variant.plan, by)
    _remember(move.variant, by, at, f"不再调整{move.cadre.name}")
    _refusing_what_was_read(move.delete)
    _tell(move.variant, by, f"调整{move.variant}的人员")


@transaction.atomic
def undo_edit(*, variant: Variant, by: Viewer, at: datetime) -> VariantEdit:
    """Takes the last edit back that was not taken back yet; the moves are then exactly as before it."""
    check_editable(variant.plan, by)
    edit: VariantEdit | None = (
        VariantEdit.objects.filter(variant=variant, undone_at=None).order_by("-pk").first()
    )
    if edit is None:
        raise DomainError("没有可以撤销的修改。", code="nothing_to_undo")
    if not VariantEdit.objects.filter(pk=edit.pk, undone_at=None).update(undone_at=at):
        raise DomainError("这次修改刚刚已被撤销，请刷新页面。", code="conflict")
    _restore(variant, json.loads(edit.before))
    _tell(variant, by, f"撤销{variant}的修改")
    return edit


# Who may write what


def check_editable(plan: RotationPlan, by: Viewer) -> None:
    """Only the drafters, only while the plan is a draft or under review, and never in a case of their own."""
    check_not_concerned(plan, by)
    if not RotationPlan.objects.editable_by(by).filter(pk=plan.pk).exists():
        raise DomainError("只有这份方案的承办人可以修改，请联系承办人。", code="not_drafter")
    state = RotationPlan.objects.filter(pk=plan.pk).values_list("state", flat=True)[0]
    if PlanState(state) not in EDITABLE:
        message = f"方案已到“{PlanState(state).label}”，人员调整不能再改；需要修改的请先退回修改。"
        raise DomainError(message, code="not_editable")


def check_not_concerned(plan: RotationPlan, by: Viewer) -> None:
    moved = list(Move.objects.filter(variant__plan=plan).values_list("cadre_id", flat=True))
    if concerns(moved, by):
        raise DomainError("方案涉及本人或亲属，应当回避，请交由其他人承办。", code="own_case")


def concerns(cadre_ids: Sequence[int], by: Viewer) -> bool:
    """Whether the viewer or a relative of the viewer is among the cadres."""
    if by.cadre_id is None or not cadre_ids:
        return False
    if by.cadre_id in cadre_ids:
        return True
    pairs = KinTie.objects.of([by.cadre_id]).values_list("cadre_id", "relative_id")
    return any({one, other} & set(cadre_ids) for one, other in pairs)


def _check_draft(draft: MoveDraft, by: Viewer) -> None:
    if concerns([draft.cadre.pk], by):
        message = "不能在自己承办的方案里调整本人或亲属，请交由其他人承办。"
        raise DomainError(message, field="cadre", code="own_case")
    reach = Cadre.objects.visible_to(by, Permission.EDIT_ROTATION)
    if not reach.filter(pk=draft.cadre.pk).exists():
        raise DomainError("此人不在您管理的范围内，请另选。", field="cadre", code="out_of_scope")
    if draft.cadre.status != CadreStatus.ACTIVE:
        raise DomainError(f"{draft.cadre.name}不是在职干部。", field="cadre", code="not_active")
    post = draft.to_post
    if post is None:
        return
    if not Unit.objects.in_reach(by, Permission.EDIT_ROTATION).filter(pk=post.unit_id).exists():
        raise DomainError("这个岗位不在您管理的范围内，请另选。", field="to_post", code="out_of_scope")
    if post.abolished_on and post.abolished_on <= by.on:
        raise DomainError(f"{post}已撤销，请另选岗位。", field="to_post", code="abolished")


# Rows


def _moves(variant: Variant) -> Any:
    return Move.objects.filter(variant=variant)


def held_by(cadre: Cadre, on: date) -> Appointment | None:
    """The main post that the cadre holds on the day."""
    rows = Appointment.objects.filter(covers(on), cadre=cadre, kind=AppointmentKind.POST)
    found: Appointment | None = (
        rows.select_related("unit", "post").order_by("-is_main", "-starts_on", "-pk").first()
    )
    return found


def _fill(move: Move, draft: MoveDraft, by: Viewer) -> Move:
    _check_draft(draft, by)
    held = held_by(draft.cadre, by.on)
    if held is None and draft.to_post is None:
        raise DomainError(f"{draft.cadre.name}现在没有职务，不能免职。", field="to_post", code="nothing_held")
    if held and draft.to_post and held.post_id == draft.to_post.pk:
        message = f"{draft.cadre.name}现任就是{draft.to_post}，请另选岗位。"
        raise DomainError(message, field="to_post", code="same_post")
    move.from_appointment = held
    move.from_post = held.post if held else None
    move.from_text = str(held) if held else ""
    move.to_post = draft.to_post
    move.kind = kind_of(held, draft)
    move.origin = draft.origin
    move.reason = draft.reason.strip()
    save_validated(move)
    return move


def kind_of(held: Appointment | None, draft: MoveDraft) -> MoveKind:
    """As chosen; without a choice, up a level is 提任, from nowhere 新任, everything else 轮岗."""
    if draft.to_post is None:
        return MoveKind.REMOVAL
    if draft.kind and draft.kind != MoveKind.REMOVAL:
        return draft.kind
    if held is None:
        return MoveKind.ASSIGNMENT
    now = height_of(held.post.level if held.post else draft.cadre.leadership_level)
    return MoveKind.PROMOTION if height_of(draft.to_post.level) > now else MoveKind.ROTATION


def _next_letter(plan: RotationPlan) -> str:
    taken = set(Variant.objects.filter(plan=plan).values_list("letter", flat=True))
    free = next((letter for letter in LETTERS if letter not in taken), None)
    if free is None:
        raise DomainError("备选方案已有 26 个，请先删除不用的。", code="too_many")
    return free


def _next_position(variant: Variant) -> int:
    last = _moves(variant).order_by("-position").values_list("position", flat=True).first()
    return int(last or 0) + 1


def _refusing_what_was_read(delete: Any) -> None:
    """A move that was laid before leaders stays: their opinions hang on it."""
    try:
        delete()
    except ProtectedError as error:
        message = "这项调整已提交领导研究，不能删除；请复制为新的备选方案再修改。"
        raise DomainError(message, code="was_read") from error


# Undo


def _remember(variant: Variant, by: Viewer, at: datetime, words: str) -> None:
    before = json.dumps([_snapshot(move) for move in _moves(variant)], ensure_ascii=False)
    VariantEdit.objects.create(variant=variant, words=words[:200], before=before, by_id=by.user_id, at=at)


def _snapshot(move: Move) -> dict[str, Any]:
    plain = {name: getattr(move, name) for name in KEPT}
    return {"uid": str(move.uid), "position": move.position, "reason": move.reason, **plain}


def _restore(variant: Variant, rows: list[dict[str, Any]]) -> None:
    now = {str(move.uid): move for move in _moves(variant)}
    kept = {row["uid"] for row in rows}
    for uid, move in now.items():
        if uid not in kept:
            _refusing_what_was_read(move.delete)
    for row in rows:
        move = now.get(row["uid"]) or Move(variant=variant, uid=UUID(row["uid"]))
        for name in (*KEPT, "position", "reason"):
            setattr(move, name, row[name])
        save_validated(move)


def _tell(variant: Variant, by: Viewer, label: str) -> None:
    _record(variant.plan, by, f"{label}：方案 {variant.plan_id}")


def _record(plan: RotationPlan, by: Viewer, label: str) -> None:
    """Names of the people stay out of the log: the plan is not public."""
    record(action=AuditAction.PLAN_CHANGED, by=by, subject=plan, label=label[:200])
