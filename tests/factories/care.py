"""Care, help and activities, made through the services as people make them. Everything is invented."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.access import Role, Viewer
from people.models import Cadre, User
from tests.factories.people import TODAY, make_account
from tests.factories.wellbeing import NOW, viewer_of
from wellbeing.choices.care import CareCause, CareFund, CareKind
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.choices.recreation import ActivityKind, ActivityState
from wellbeing.models import (
    Activity,
    CareBudget,
    CareCase,
    CareEvent,
    CareFestival,
    CareRule,
    CareSupport,
    Consent,
)
from wellbeing.purposes import consent_version
from wellbeing.services.care.cases import Wish, start_case
from wellbeing.services.care.deciding import approve_case, give_case


def clerk(**values: Any) -> User:
    return make_account(Role.PARTY, **values)


def leader(**values: Any) -> User:
    return make_account(Role.TOP_LEADER, **values)


def make_budget(fund: str = CareFund.UNION, total: int = 100_000, year: int = TODAY.year) -> CareBudget:
    return CareBudget.objects.create(fund=fund, year=year, total=Decimal(total))


def make_event(cadre: Cadre, cause: str = CareCause.HOSPITAL, **values: Any) -> CareEvent:
    day = values.pop("happened_on", TODAY)
    defaults = {"key": day.isoformat(), "happened_on": day, "reported_on": day}
    values.setdefault("reported_by", make_account(Role.HR))
    return CareEvent.objects.create(cadre=cadre, cause=cause, **(defaults | values))


def start(event: CareEvent, by: User, *, on=TODAY, **values: Any) -> CareCase:
    defaults = {"kind": CareKind.HOSPITAL, "amount": Decimal(800)}
    return start_case(event=event, wish=Wish(**(defaults | values)), by=viewer_of(by, on), on=on)


def approved(event: CareEvent, by: User, approver: User | None = None, **values: Any) -> CareCase:
    case = start(event, by, **values)
    approve_case(case=case, by=viewer_of(approver or leader()), on=TODAY)
    return case


def given(event: CareEvent, by: User, **values: Any) -> CareCase:
    case = approved(event, by, **values)
    give_case(case=case, giver="李示例", given_on=TODAY, by=viewer_of(by), on=TODAY)
    return case


def consent(cadre: Cadre) -> Consent:
    purpose = ConsentPurpose.HARDSHIP_AID
    return Consent.objects.create(
        cadre=cadre, purpose=purpose, text_version=consent_version(purpose), given_at=NOW
    )


def make_support(cadre: Cadre, *, helper: User | None = None, handler: User | None = None) -> CareSupport:
    row = CareSupport(
        cadre=cadre,
        helper=helper or make_account(),
        handler=handler or clerk(),
        starts_on=TODAY,
        until=TODAY + timedelta(days=365),
        next_visit_on=TODAY + timedelta(days=90),
        situation="家庭负担较重",
    )
    row.save()
    return row


def make_activity(
    state: str = ActivityState.OPEN, *, at: datetime | None = None, by: User | None = None, **values: Any
) -> Activity:
    """One that takes sign-ups now and begins in a week."""
    at = at or timezone.now()
    defaults = {
        "title": "健步走",
        "kind": ActivityKind.OUTING,
        "place": "滨湖公园",
        "starts_at": at + timedelta(days=7),
        "ends_at": at + timedelta(days=7, hours=3),
        "opens_at": at - timedelta(days=1),
        "closes_at": at + timedelta(days=5),
    }
    return Activity.objects.create(state=state, created_by=by or clerk(), **(defaults | values))


def act(by: User) -> Viewer:
    return viewer_of(by)


def care_things(cadre: Cadre) -> dict[str, Any]:
    """For the table of addresses: a case of a stranger that waits for approval, and an event without one."""
    by = clerk()
    return {
        "care_event": make_event(cadre, CareCause.MARRIAGE),
        "care_case": start(make_event(cadre), by),
        "care_rule": CareRule.objects.order_by("pk").first(),
        "festival": CareFestival.objects.order_by("pk").first(),
        "support": make_support(cadre),
        "activity": make_activity(),
    }
