"""自学填报: a cadre files study with evidence, staff approve or send it back, approved study is posted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, drop_file, keep_file
from core.notifications import notify
from core.saving import Changes, apply_changes, changes_to, save_validated, values_of
from people.models import Cadre, User
from training.choices import HourSource, SelfFiledKind, SelfFiledMeasure, SelfFiledState
from training.hours import QUARTER, Span
from training.models import SelfFiledStep, SelfFiledStudy
from training.queries.self_filed import wanted_of
from training.services.ledger import lock_cadres, settle_all

SELF_FILED_FIELDS = (
    "kind",
    "title",
    "organiser",
    "starts_on",
    "ends_on",
    "measure",
    "quantity",
    "minutes",
    "passed_test",
    "note",
)
EDITABLE = (SelfFiledState.DRAFT, SelfFiledState.RETURNED)
OWN = "不能审批本人的填报，请由其他经办人办理。"
MOST_LESSONS = 200


@transaction.atomic
def save_filing(
    *,
    values: Mapping[str, Any],
    by: Viewer,
    at: datetime,
    study: SelfFiledStudy | None = None,
    evidence: Any = None,
) -> SelfFiledStudy:
    """A new draft of the own record, or changes to one that is not under way; `evidence` is an upload."""
    found = study or SelfFiledStudy(cadre=_own_cadre(by))
    _require_own(found, by)
    _require(found, EDITABLE, "填报已经提交，不能再改；需要更正时请先撤回。")
    changes = changes_to(found, _fitted(values))
    apply_changes(found, changes)
    _check(found, at)
    old = found.evidence if evidence else None
    if evidence:
        found.evidence = keep_file(upload=evidence, by=by, accept=PHOTOS | DOCUMENTS, at=at, field="evidence")
    save_validated(found)
    if old:
        drop_file(old)
    _record(found, "修改自学填报" if study else "新建自学填报", by, at, changes)
    return found


@transaction.atomic
def submit_filing(*, study: SelfFiledStudy, by: Viewer, at: datetime) -> None:
    _require_own(study, by)
    _require(study, EDITABLE, "填报已经提交，无需重复提交。")
    _check(study, at)
    if study.ends_on > timezone.localdate(at):
        raise DomainError("学习尚未结束，结束后再提交。", field="ends_on", code="not_over")
    if study.evidence is None:
        message = "请先上传证明材料（结业证、通知、签到表或学习截图），再提交。"
        raise DomainError(message, field="evidence", code="no_evidence")
    study.submitted_at = at
    study.decided_at, study.decided_by, study.decided_by_id, study.decision_reason = None, "", None, ""
    _move(study, SelfFiledState.SUBMITTED, by=by, at=at)


@transaction.atomic
def withdraw_filing(*, study: SelfFiledStudy, by: Viewer, at: datetime) -> None:
    _require_own(study, by)
    _require(study, (SelfFiledState.SUBMITTED,), "只有待审批的填报可以撤回。")
    _move(study, SelfFiledState.DRAFT, by=by, at=at, reason="本人撤回")


@transaction.atomic
def delete_filing(*, study: SelfFiledStudy, by: Viewer, at: datetime) -> None:
    """Only what was never approved goes; hours that were posted are reversed, never removed."""
    _require_own(study, by)
    _require(study, EDITABLE, "只有草稿和被退回的填报可以删除；待审批的请先撤回。")
    if study.steps.filter(state=SelfFiledState.APPROVED).exists():
        message = "这条填报曾经通过审批，须留存经过，不能删除。"
        raise DomainError(message, code="was_approved")
    _record(study, "删除自学填报", by, at, {})
    evidence = study.evidence
    study.delete()
    if evidence:
        drop_file(evidence)


@transaction.atomic
def approve_filing(*, study: SelfFiledStudy, by: Viewer, at: datetime) -> None:
    """Approves and posts what the study counts by the rules of its first day."""
    _require_other(study, by)
    _require(study, (SelfFiledState.SUBMITTED,), "这条填报已经办理过，请刷新页面。")
    study.decided_at, study.decided_by, study.decided_by_id = at, by.name[:60], by.user_id
    study.decision_reason = ""
    _move(study, SelfFiledState.APPROVED, by=by, at=at)
    settle_filing(study=study, by=by, at=at)
    _tell(study, f"自学填报已通过：{study.title}", at)


@transaction.atomic
def return_filing(*, study: SelfFiledStudy, reason: str, by: Viewer, at: datetime) -> None:
    """Sends it back with a reason; what an approval had posted is reversed."""
    _require_other(study, by)
    wanted = (SelfFiledState.SUBMITTED, SelfFiledState.APPROVED)
    _require(study, wanted, "只有待审批或已通过的填报可以退回，请刷新页面。")
    reason = reason.strip()[:200]
    if not reason:
        raise DomainError("请写明退回原因，方便本人更正。", field="reason", code="no_reason")
    study.decided_at, study.decided_by, study.decided_by_id = at, by.name[:60], by.user_id
    study.decision_reason = reason
    _move(study, SelfFiledState.RETURNED, by=by, at=at, reason=reason)
    settle_filing(study=study, by=by, at=at, reason=f"填报退回：{reason}"[:200])
    _tell(study, f"自学填报被退回：{study.title}", at, reason)


def settle_filing(*, study: SelfFiledStudy, by: Viewer | None, at: datetime, reason: str = "") -> None:
    lock_cadres([study.cadre_id])  # the room under a year's cap is read before it is used
    wanted = wanted_of(study)
    if study.state != SelfFiledState.APPROVED:
        wanted = {key: [] for key in wanted}
    settle_all(source=HourSource.SELF_FILED, wanted=wanted, by=by, at=at, reason=reason)


@dataclass(frozen=True, slots=True)
class Approved:
    """The answer to approving many: how many passed, and why each of the others did not."""

    count: int = 0
    refused: tuple[str, ...] = field(default=())


def approve_filings(*, studies: Iterable[SelfFiledStudy], by: Viewer, at: datetime) -> Approved:
    """Each on its own: one that is refused does not keep back the others."""
    count, refused = 0, []
    for study in studies:
        try:
            approve_filing(study=study, by=by, at=at)
        except DomainError as refusal:
            refused.append(f"{study.cadre.name}“{study.title}”：{refusal.message}")
        else:
            count += 1
    return Approved(count, tuple(refused))


def _fitted(values: Mapping[str, Any]) -> dict[str, Any]:
    """Online study is measured in lessons; what does not belong to the other kinds is emptied."""
    found = {name: values[name] for name in SELF_FILED_FIELDS if name in values}
    if found.get("kind") == SelfFiledKind.ONLINE:
        return found | {"measure": SelfFiledMeasure.LESSON}
    return found | {"minutes": None, "passed_test": False} if "kind" in found else found


def _check(study: SelfFiledStudy, at: datetime) -> None:
    if study.ends_on < study.starts_on:
        raise DomainError("结束日期不能早于开始日期。", field="ends_on", code="end_before_start")
    if study.quantity <= 0 or study.quantity % QUARTER:
        message = "数量须大于 0，以 0.25 为最小单位，例如 1、2.5。"
        raise DomainError(message, field="quantity", code="not_in_quarters")
    most, words = _most(study)
    if study.quantity > most:
        message = f"{words}，请核对起止日期或数量。"
        raise DomainError(message, field="quantity", code="too_much")
    if study.kind == SelfFiledKind.ONLINE and not study.minutes:
        raise DomainError("请填写每个课件的时长。", field="minutes", code="no_minutes")


def _most(study: SelfFiledStudy) -> tuple[Decimal, str]:
    """How much fits into the days, and the sentence that says so."""
    days = Span(study.starts_on, study.ends_on).days
    match study.measure:
        case SelfFiledMeasure.LESSON:
            return Decimal(MOST_LESSONS), f"一次最多填报 {MOST_LESSONS} 个课件"
        case SelfFiledMeasure.HALF_DAY:
            return Decimal(days * 2), f"起止日期共 {days} 天，最多 {days * 2} 个半天"
        case SelfFiledMeasure.HOUR:
            return Decimal(days * 8), f"起止日期共 {days} 天，最多 {days * 8} 小时"
        case _:
            return Decimal(days), f"起止日期共 {days} 天，天数不能超过它"


def _own_cadre(by: Viewer) -> Cadre:
    if by.cadre_id is None:
        raise DomainError("账号没有关联干部档案，不能填报自学。", code="no_record")
    return Cadre.objects.get(pk=by.cadre_id)


def _require_own(study: SelfFiledStudy, by: Viewer) -> None:
    if study.cadre_id != by.cadre_id:
        raise DomainError("只有本人可以填报和修改自己的自学。", code="not_own")


def _require_other(study: SelfFiledStudy, by: Viewer) -> None:
    if study.cadre_id == by.cadre_id:
        raise DomainError(OWN, code="own_record")


def _require(study: SelfFiledStudy, states: Sequence[SelfFiledState], message: str) -> None:
    """The row as it stands now: two who decide at once do not both succeed."""
    if study.pk:
        rows = SelfFiledStudy.objects.select_for_update().filter(pk=study.pk)
        study.state = SelfFiledState(rows.values_list("state", flat=True).get())
    if study.state not in states:
        raise DomainError(message, code="wrong_state")


def _move(
    study: SelfFiledStudy, state: SelfFiledState, *, by: Viewer, at: datetime, reason: str = ""
) -> None:
    changes = {"state": (study.state, state)}
    study.state = state
    save_validated(study)
    SelfFiledStep.objects.create(
        study=study, state=state, at=at, by_id=by.user_id, by_name=by.name[:60], reason=reason
    )
    _record(study, f"自学填报{state.label}", by, at, changes, reason)


def _record(
    study: SelfFiledStudy, act: str, by: Viewer, at: datetime, changes: Changes, reason: str = ""
) -> None:
    record(
        action=AuditAction.STUDY_FILED,
        by=by,
        subject=study,
        label=f"{act}：{study.cadre.name}·{study}",
        changes=changes or values_of(study, ("title", "starts_on", "ends_on", "quantity")),
        reason=reason,
        at=at,
    )


def _tell(study: SelfFiledStudy, title: str, at: datetime, detail: str = "") -> None:
    account = User.objects.filter(cadre=study.cadre_id).values_list("pk", flat=True)
    notify(
        recipients=account,
        kind="training.self_filed",
        title=title,
        key=f"training.self_filed:{study.pk}:{study.state}",
        on=timezone.localdate(at),
        url_name="training:self_filed",
        args=(study.pk,),
        detail=detail,
    )
