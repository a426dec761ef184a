"""Secondments brought to a state the way the product brings them there."""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from core.access import Role, Viewer
from people.choices import StaffType
from people.models import Cadre
from rotation.choices.secondments import (
    Direction,
    OpinionParty,
    OpinionStage,
    Outcome,
    PartnerKind,
    SecondmentGrade,
    SecondmentState,
)
from rotation.models import Secondment
from rotation.services import secondments as services
from rotation.services.secondments import Hop
from tests.factories.people import make_cadre, make_unit, make_viewer

START, END = date(2026, 3, 2), date(2027, 3, 1)
S = SecondmentState
ORDER = (S.RECOMMENDED, S.APPROVED, S.DISPATCHED, S.ACTIVE, S.ENDED, S.APPRAISED)


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def hop(by: Viewer | None, on: date = START, reason: str = "") -> Hop:
    return Hop(by, noon(on), on, reason)


def staff(on: date = START) -> tuple[Viewer, Viewer]:
    """Somebody of the personnel office, and a leader who decides."""
    return make_viewer(Role.HR, on=on), make_viewer(Role.TOP_LEADER, on=on)


def values_out(**values: Any) -> dict[str, Any]:
    return {
        "direction": Direction.OUT,
        "partner_kind": PartnerKind.TOWNSHIP,
        "organisation": "示例县兴隆镇人民政府",
        "title": "镇长助理",
        "starts_on": START,
        "planned_end_on": END,
        **values,
    }


def make_secondment(
    state: SecondmentState = S.RECOMMENDED,
    *,
    cadre: Cadre | None = None,
    by: Viewer | None = None,
    leader: Viewer | None = None,
    **values: Any,
) -> Secondment:
    """One that has gone as far as the state; an incoming one with `host_unit`."""
    hr, boss = (by, leader) if by and leader else staff()
    incoming = values.get("direction") == Direction.IN
    if cadre is None:
        cadre = make_cadre(staff_type=StaffType.SECONDED_IN) if incoming else make_cadre(unit=make_unit())
    row = services.recommend(cadre=cadre, values=values_out(**values), hop=hop(hr))
    advance(row, state, hr, boss)
    return row


def advance(row: Secondment, state: SecondmentState, hr: Viewer, boss: Viewer) -> None:
    if state == S.REFUSED:
        services.approve(secondment=row, approved=False, hop=hop(boss, reason="任务在身"))
        return
    if state == S.CANCELLED:
        services.cancel(secondment=row, hop=hop(hr, reason="本人申请"))
        return
    goal = S.APPRAISED if state in (S.RETURNED, S.KEPT) else S.ACTIVE if state == S.EXTENDED else state
    for step in ORDER[1 : ORDER.index(goal) + 1]:
        take(row, step, hr, boss)
    if state == S.EXTENDED:
        extend(row, date(2027, 9, 1), hr, boss)
    if state in (S.RETURNED, S.KEPT):
        outcome = Outcome.RETURN if state == S.RETURNED else Outcome.KEEP
        services.settle(secondment=row, outcome=outcome, hop=hop(hr, row.last_day))


def take(row: Secondment, step: SecondmentState, hr: Viewer, boss: Viewer) -> None:
    if step == S.APPROVED:
        services.approve(secondment=row, approved=True, hop=hop(boss))
    elif step == S.DISPATCHED:
        services.dispatch(secondment=row, document_no="组派〔2026〕1号", hop=hop(hr))
    elif step == S.ACTIVE:
        services.report_in(secondment=row, hop=hop(hr, row.starts_on))
    elif step == S.ENDED:
        services.end(secondment=row, hop=hop(hr, row.planned_end_on))
    elif step == S.APPRAISED:
        appraise(row, hr)


def extend(row: Secondment, until: date, hr: Viewer, boss: Viewer) -> None:
    found = services.request_extension(secondment=row, until=until, reason="项目收尾", hop=hop(hr))
    services.decide_extension(extension=found, approved=True, hop=hop(boss), by=boss)
    row.refresh_from_db()


def appraise(row: Secondment, hr: Viewer) -> None:
    for party in OpinionParty:
        grade = SecondmentGrade.EXCELLENT if party == OpinionParty.ORGANISATION else ""
        services.record_opinion(
            secondment=row,
            stage=OpinionStage.FINAL,
            party=party,
            values={"text": f"{party.label}的内容", "grade": grade},
            hop=hop(hr, row.last_day),
        )
    services.complete(secondment=row, hop=hop(hr, row.last_day))
