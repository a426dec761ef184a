"""Enterprises with their last visit and their stewards; which visits are behind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.access import Permission, Viewer
from core.periods import covers
from park.choices import EnterpriseState, RequestState
from park.models import Assignment, Enterprise, EnterpriseGrade, EnterpriseRequest, Visit, VisitRule

VISITED_STATES = (EnterpriseState.PREPARING, EnterpriseState.OPERATING)
OPEN_REQUESTS = tuple(state for state in RequestState if state != RequestState.CLOSED)


@dataclass(frozen=True, slots=True)
class Cadence:
    """After how many days a visit is due, on one day; None where no rule holds."""

    usual: int | None
    key: int | None

    def days(self, enterprise: Any) -> int | None:
        return self.key if enterprise.is_key else self.usual

    @property
    def text(self) -> str:
        said = [("企业", self.usual), ("重点企业", self.key)]
        return "，".join(f"{name}每 {days} 天走访一次" for name, days in said if days) or "还没有走访规则"


def cadence_on(on: date) -> Cadence:
    """One query; a key enterprise without an own rule follows the usual one."""
    rules = {rule.for_key_enterprises: rule.every_days for rule in VisitRule.objects.covering(on)}
    return Cadence(rules.get(False), rules.get(True, rules.get(False)))


def cadence(viewer: Viewer) -> Cadence:
    return viewer.remember("park.cadence", lambda: cadence_on(viewer.on))


def with_last_visit(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Adds `last_visit` and `visit_since`: the day from which the next visit is counted."""
    visits = Visit.objects.filter(enterprise=OuterRef("pk"), on__lte=on).order_by("-on")
    rows = rows.annotate(last_visit=Subquery(visits.values("on")[:1]))
    found: QuerySet[Any] = rows.annotate(visit_since=Coalesce(F("last_visit"), F("entered_on")))
    return found


def behind(on: date, rule: Cadence) -> Q:
    """Condition on rows `with_last_visit`: a visit is overdue, or there never was one that can be counted."""
    late = Q(pk__in=())
    for is_key, days in ((False, rule.usual), (True, rule.key)):
        if days is not None:
            since = Q(visit_since__lt=on - timedelta(days=days)) | Q(visit_since__isnull=True)
            late |= Q(is_key=is_key) & since
    return late & Q(state__in=VISITED_STATES)


def visit_due(enterprise: Any, rule: Cadence) -> date | None:
    """When the next visit is due at the latest."""
    days = rule.days(enterprise)
    if days is None or enterprise.visit_since is None or enterprise.state not in VISITED_STATES:
        return None
    due: date = enterprise.visit_since + timedelta(days=days)
    return due


def visit_light(enterprise: Any, rule: Cadence, on: date) -> tuple[str, str]:
    """(light, words) of the visits to an enterprise."""
    due = visit_due(enterprise, rule)
    if enterprise.state not in VISITED_STATES or rule.days(enterprise) is None:
        return ("grey", "不安排")
    if due is None:
        return ("red", "从未走访")
    if due < on:
        return ("red", f"超期 {(on - due).days} 天")
    return ("blue", f"{(due - on).days} 天内") if (due - on).days <= 7 else ("green", "正常")


def with_standing(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    """With the last visit, the last grade as `grade_code`, and the names a list shows."""
    grade = EnterpriseGrade.objects.filter(enterprise=OuterRef("pk")).order_by("-year")
    rows = with_last_visit(rows, on).annotate(grade_code=Subquery(grade.values("grade__code")[:1]))
    found: QuerySet[Any] = rows.select_related("lead_department", "lead_official")
    return found


def enterprise_rows(viewer: Viewer) -> QuerySet[Any]:
    return with_standing(Enterprise.objects.visible_to(viewer), viewer.on)


def visits_behind(viewer: Viewer) -> QuerySet[Any]:
    return enterprise_rows(viewer).filter(behind(viewer.on, cadence(viewer)))


def own_visits_behind(viewer: Viewer) -> QuerySet[Any]:
    """Enterprises the viewer looks after whose visit is overdue."""
    if viewer.cadre_id is None or not viewer.on_own_record(Permission.REPORT_PARK):
        return Enterprise.objects.none()
    mine = Assignment.objects.filter(covers(viewer.on), cadre=viewer.cadre_id, enterprise__isnull=False)
    return visits_behind(viewer).filter(pk__in=mine.values("enterprise"))


def holders_of(subject: str, keys: Iterable[int], on: date) -> dict[int, list[Any]]:
    """By project or enterprise: who holds it on the day; one query."""
    rows = Assignment.objects.filter(covers(on), **{f"{subject}__in": list(keys)})
    found: dict[int, list[Any]] = {}
    for row in rows.select_related("cadre", "lead_official").order_by("role", "starts_on", "pk"):
        found.setdefault(getattr(row, f"{subject}_id"), []).append(row)
    return found


def names_of(holders: Sequence[Any]) -> str:
    return "、".join(dict.fromkeys(row.cadre.name for row in holders))


def open_requests(viewer: Viewer) -> QuerySet[EnterpriseRequest]:
    return EnterpriseRequest.objects.visible_to(viewer).filter(state__in=OPEN_REQUESTS)


def own_requests(viewer: Viewer) -> QuerySet[EnterpriseRequest]:
    if viewer.cadre_id is None:
        return EnterpriseRequest.objects.none()
    waiting = (RequestState.ASSIGNED, RequestState.HANDLING)
    return EnterpriseRequest.objects.filter(handler=viewer.cadre_id, state__in=waiting)
