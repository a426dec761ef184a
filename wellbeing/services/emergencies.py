"""Break-glass: asked for with a reason, approved by a second person, thirty minutes, reviewed by the auditor.

Nothing here opens anything: an approved access only makes `access.right_to` say yes for its time.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from core.access import ROLE_PERMISSIONS, Permission, Role, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from people.models import RoleGrant
from wellbeing.choices.talks import GlassReason, GlassState, GlassVerdict, TalkState
from wellbeing.models import EmergencyAccess, Talk

OPEN_FOR = timedelta(minutes=30)
SHORTEST_REASON = 20
MOST, WITHIN = 3, timedelta(days=30)
REVIEW_WITHIN = timedelta(days=7)  # five working days


@transaction.atomic
def ask_emergency_access(
    *, talk: Talk, category: str, reason: str, by: Viewer, at: datetime, on: date
) -> EmergencyAccess:
    _refuse_asker(talk, by)
    if len(reason.strip()) < SHORTEST_REASON:
        message = f"具体理由至少 {SHORTEST_REASON} 个字，说明为什么必须现在看、不能问谈话人。"
        raise DomainError(message, field="reason", code="too_short")
    _refuse_too_many(by, at)
    asked = EmergencyAccess(
        talk=talk, category=category, reason=reason.strip(), asked_by_id=by.user_id, asked_at=at
    )
    save_validated(asked)
    _record(AuditAction.BREAK_GLASS_ASKED, asked, by, str(GlassReason(category).label), at)
    _tell(approvers_of(asked, on=on), "有一项紧急调阅申请待审批", asked, on, "ask")
    return asked


def _refuse_asker(talk: Talk, by: Viewer) -> None:
    if not by.can(Permission.BREAK_GLASS):
        raise DomainError("只有主要领导能申请紧急调阅。", code="not_allowed")
    if by.cadre_id == talk.cadre_id:
        raise DomainError("不能调阅与本人的谈话。", code="own_record")
    if by.user_id == talk.talker_id:
        raise DomainError("您是谈话人，可以直接打开，不用申请。", code="not_needed")
    if talk.state in (TalkState.PLANNED, TalkState.CANCELLED) or talk.erased_at:
        raise DomainError("这次谈话没有可以调阅的记录。", code="nothing_there")


def _refuse_too_many(by: Viewer, at: datetime) -> None:
    recent = EmergencyAccess.objects.filter(asked_by_id=by.user_id, asked_at__gt=at - WITHIN)
    if recent.exclude(state=GlassState.REFUSED).count() >= MOST:
        message = f"{WITHIN.days} 天内已申请 {MOST} 次紧急调阅，暂停申请；请安全审计员先行复核。"
        raise DomainError(message, code="too_many")


@transaction.atomic
def decide_emergency_access(
    *, asked: EmergencyAccess, approve: bool, by: Viewer, at: datetime, on: date
) -> None:
    """By a second person: not who asked, not whom the talk is about, never an administrator."""
    _refuse_decider(asked, by)
    state = GlassState.OPEN if approve else GlassState.REFUSED
    until = at + OPEN_FOR if approve else None
    waiting = EmergencyAccess.objects.filter(pk=asked.pk, state=GlassState.ASKED)
    if not waiting.update(state=state, decided_by_id=by.user_id, decided_at=at, expires_at=until):
        raise DomainError("这项申请已经有人审批，请刷新页面查看。", code="conflict")
    asked.refresh_from_db()
    words = f"批准，{OPEN_FOR.seconds // 60} 分钟内有效" if approve else "不批准"
    _record(AuditAction.BREAK_GLASS_DECIDED, asked, by, words, at)
    _tell([asked.asked_by_id], f"您的紧急调阅申请：{words}", asked, on, "decided")
    if approve:
        _tell(_watchers(asked, on), "一次谈话被批准紧急调阅", asked, on, "open")


def _refuse_decider(asked: EmergencyAccess, by: Viewer) -> None:
    if not by.can(Permission.APPROVE_BREAK_GLASS):
        raise DomainError("只有班子成员或纪检专员能审批紧急调阅。", code="not_allowed")
    if by.user_id == asked.asked_by_id:
        raise DomainError("紧急调阅须由另一人审批。", code="self_action")
    if by.cadre_id == asked.talk.cadre_id:
        raise DomainError("不能审批对本人谈话的调阅。", code="own_record")


@transaction.atomic
def stop_emergency_access(*, asked: EmergencyAccess, by: Viewer, at: datetime, on: date) -> None:
    """The security officer ends a request or a running access at once."""
    if not by.can(Permission.MANAGE_GRANTS):
        raise DomainError("只有安全管理员能中止紧急调阅。", code="not_allowed")
    running = EmergencyAccess.objects.filter(pk=asked.pk, state__in=[GlassState.ASKED, GlassState.OPEN])
    if not running.update(state=GlassState.STOPPED):
        raise DomainError("这项调阅已经结束。", code="ended")
    asked.refresh_from_db()
    _record(AuditAction.BREAK_GLASS_DECIDED, asked, by, "中止", at)
    _tell([asked.asked_by_id], "您的紧急调阅已被安全管理员中止", asked, on, "stopped")


@transaction.atomic
def review_emergency_access(*, asked: EmergencyAccess, verdict: str, by: Viewer, at: datetime) -> None:
    """The auditor's judgement afterwards; he sees the reason given, never the talk."""
    if not by.can(Permission.REVIEW_BREAK_GLASS):
        raise DomainError("只有安全审计员能复核。", code="not_allowed")
    expire_emergency_accesses(at=at)
    asked.refresh_from_db()
    if asked.state in (GlassState.ASKED, GlassState.OPEN):
        raise DomainError("调阅还没有结束，到期后再复核。", code="running")
    if asked.reviewed_at is not None:
        raise DomainError("这项调阅已经复核过。", code="ended")
    asked.reviewed_by_id, asked.reviewed_at, asked.verdict = by.user_id, at, verdict
    asked.state = GlassState.REVIEWED
    save_validated(asked, update_fields=["reviewed_by", "reviewed_at", "verdict", "state"])
    _record(AuditAction.BREAK_GLASS_REVIEWED, asked, by, str(GlassVerdict(verdict).label), at)


@transaction.atomic
def expire_emergency_accesses(*, at: datetime) -> int:
    """Writes down what has run out; it opened nothing from that moment, marked or not."""
    over = list(EmergencyAccess.objects.filter(state=GlassState.OPEN, expires_at__lte=at))
    for asked in over:
        if EmergencyAccess.objects.filter(pk=asked.pk, state=GlassState.OPEN).update(
            state=GlassState.EXPIRED
        ):
            _record(AuditAction.BREAK_GLASS_EXPIRED, asked, None, f"打开 {asked.openings} 次", at)
    return len(over)


def approvers_of(asked: EmergencyAccess, *, on: date) -> list[int]:
    """Accounts that may decide: members of the leading body and discipline, but for those concerned."""
    holders = _holders(Permission.APPROVE_BREAK_GLASS, on)
    rows = holders.exclude(user_id=asked.asked_by_id).exclude(user__cadre_id=asked.talk.cadre_id)
    return sorted(set(rows.values_list("user_id", flat=True)))


def _watchers(asked: EmergencyAccess, on: date) -> list[int]:
    """The talker and the superior, the security officer and the auditor."""
    holders = {Permission.MANAGE_GRANTS, Permission.REVIEW_BREAK_GLASS}
    told = {pk for p in holders for pk in _holders(p, on).values_list("user_id", flat=True)}
    told.add(asked.talk.talker_id)
    if asked.talk.superior_id is not None:
        told.add(asked.talk.superior_id)
    return sorted(told)


def _holders(permission: Permission, on: date) -> QuerySet[RoleGrant]:
    roles = [role for role in Role if permission in ROLE_PERMISSIONS[role]]
    held: QuerySet[RoleGrant] = RoleGrant.objects.covering(on)
    return held.filter(role__in=roles, user__is_active=True)


def _record(
    action: AuditAction, asked: EmergencyAccess, by: Viewer | None, reason: str, at: datetime
) -> None:
    record(action=action, by=by, subject=asked, label=str(asked), reason=reason, at=at)


def _tell(users: Iterable[int], title: str, asked: EmergencyAccess, on: date, step: str) -> None:
    notify(
        recipients=users,
        kind="wellbeing.emergency",
        title=title,
        key=f"wellbeing.emergency:{asked.pk}:{step}",
        on=on,
        url_name="wellbeing:emergency",
        args=(asked.pk,),
    )
