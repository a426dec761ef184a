"""阅档授权: leaders read the candidates' files for so many days; it can be taken back at any moment."""

from datetime import date, datetime, timedelta

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from core.templatetags.ui import cn_date
from growth.services import make_readings_known
from people.access import viewer_for
from people.models import User
from rotation.choices.plans import PlanState
from rotation.models import Candidate, Case, DecidedMove, PlanMember, ReadingGrant, RotationPlan
from rotation.queries.room.reading import matter_of
from rotation.services.room.cases import check_handled_by, check_open

GRANT_KIND = "rotation.reading"
LONGEST = 30  # days
TOLD_AFTER = timedelta(days=180)  # when nobody can tell any more what it was about


@transaction.atomic
def grant_reading(
    *, case: Case, reader: User, purpose: str, days: int, by: Viewer, at: datetime
) -> ReadingGrant:
    """From today, for `days` days, to somebody in the case who may read leader editions."""
    check_open(case)
    check_handled_by(case.plan, by)
    _check_reader(case, reader, by)
    if not purpose.strip():
        raise DomainError("请写明阅档的事由。", field="purpose", code="no_purpose")
    if not 1 <= days <= LONGEST:
        raise DomainError(f"授权天数应在 1 到 {LONGEST} 天之间。", field="days", code="days")
    row = ReadingGrant(
        case=case,
        reader=reader,
        purpose=purpose.strip(),
        starts_on=by.on,
        ends_on=by.on + timedelta(days=days - 1),
        granted_by_id=by.user_id,
        granted_at=at,
    )
    save_validated(row)
    _record(row, f"授权阅档：{case.number} {reader}，至 {row.ends_on:%Y-%m-%d}", by)
    _tell(row, by.on)
    return row


def _check_reader(case: Case, reader: User, by: Viewer) -> None:
    if reader.pk == by.user_id:
        raise DomainError("不能给自己授权阅档。", field="reader", code="self_action")
    viewer = viewer_for(reader, on=by.on)
    in_case = PlanMember.objects.filter(plan=case.plan_id, user=reader).exists()
    visible = RotationPlan.objects.visible_to(viewer).filter(pk=case.plan_id).exists()
    if not (in_case and visible and viewer.can(Permission.VIEW_GROWTH_LEADER)):
        message = "只能授权给本议题的参会领导，且不须回避。"
        raise DomainError(message, field="reader", code="not_in_case")


@transaction.atomic
def revoke_reading(*, grant: ReadingGrant, by: Viewer, at: datetime) -> None:
    """Binds at the next request, also for whoever has the file open."""
    check_handled_by(grant.case.plan, by)
    live = ReadingGrant.objects.filter(pk=grant.pk, revoked_at__isnull=True)
    if not live.update(revoked_at=at, revoked_by_id=by.user_id):
        raise DomainError("这项授权已经收回。", code="revoked")
    _record(grant, f"收回阅档授权：{grant.case.number} {grant.reader}", by)


def tell_readers(plan: RotationPlan, *, by: Viewer | None) -> int:
    """The result is public: those who have passed see who read their file for it, and under which number."""
    passed = DecidedMove.objects.filter(decision__plan=plan, outcome="passed")
    ids = list(passed.values_list("cadre", flat=True))
    purpose = f"研究任免事项（{plan.document_no}）" if plan.document_no else "研究任免事项"
    return _known(plan, ids, purpose)


def tell_all_readers(plan: RotationPlan) -> int:
    """The plan is over: everybody else sees it too, without a word of what it was about."""
    rows = Candidate.objects.filter(case__plan=plan).values_list("move__cadre", flat=True)
    return _known(plan, list(rows), "")


def tell_readers_of_given_up(*, on: date) -> int:
    """A plan that was given up long ago keeps its secret, but not who read whose file."""
    since = on - TOLD_AFTER
    plans = RotationPlan.objects.filter(
        state=PlanState.CANCELLED, steps__state_after=PlanState.CANCELLED, steps__at__date__lte=since
    )
    return sum(tell_all_readers(plan) for plan in plans.distinct())


def _known(plan: RotationPlan, cadre_ids: list[int], purpose: str) -> int:
    matters = [matter_of(case) for case in Case.objects.filter(plan=plan)]
    return sum(make_readings_known(m, cadre_ids=cadre_ids, purpose=purpose) for m in matters)


def _record(row: ReadingGrant, label: str, by: Viewer) -> None:
    record(action=AuditAction.READING_GRANTED, by=by, subject=row, label=label)


def _tell(row: ReadingGrant, on: date) -> None:
    notify(
        recipients=[row.reader_id],
        kind=GRANT_KIND,
        title="您可以查阅一个议题的成长档案",
        key=f"{GRANT_KIND}:{row.pk}",
        on=on,
        url_name="rotation:room",
        args=(str(row.case.uid),),
        detail=f"议题 {row.case.number}，至{cn_date(row.ends_on)}",
    )
