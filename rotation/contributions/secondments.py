"""Secondments: menu, what is due for whom, what speaks against a move, how study goes on meanwhile."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.asking import asked
from core.notifications import register_kind
from core.templatetags.ui import cn_date
from core.web.menu import MenuItem, register
from people.choices import StudyWhileAway
from people.contracts import (
    Duty,
    Link,
    Obstacle,
    Panel,
    Transfer,
    away_study,
    cadre_tabs,
    duties,
    how_many_wait,
    obstacles,
)
from people.models import Cadre
from rotation.choices.secondments import OpinionParty, OpinionStage, SecondmentState
from rotation.models import MonthlyNote, Secondment
from rotation.queries.secondments import (
    due_day,
    extensions_to_decide,
    live_or_coming,
    missing_steps,
    notes_to_read,
    own_live,
    past_their_end,
    rule_for,
    study_rules,
    to_appraise,
    to_approve,
    to_settle,
    without_return_plan,
)
from rotation.secondment_states import LIVE
from rotation.services.secondments.steps import KIND

SEES, EDITS = Permission.VIEW_SECONDMENT, Permission.EDIT_SECONDMENT
APPROVES, REVIEWS = Permission.APPROVE_SECONDMENT, Permission.REVIEW_SECONDMENT
NAMED = 5  # return plans that stand one by one

register_kind(KIND, "挂职", "map-pin")
register(MenuItem("内强素质·锻炼", 60, "挂职锻炼", "map-pin", "rotation:secondments", SEES, audience="staff"))
register(
    MenuItem("内强素质·锻炼", 60, "我的挂职", "map-pin", "rotation:my_secondments", SEES, audience="own")
)


@away_study.register("rotation.secondments")
def study_of_the_seconded(*, cadre_ids: Sequence[int], on: date) -> dict[int, StudyWhileAway]:
    return study_rules(cadre_ids, on)


# The person


@duties.register("rotation.own_notes", order=15, permission=SEES, waits=own_live)
def own_notes(*, viewer: Viewer) -> Iterator[Duty]:
    """One duty for the notes that are missing; overdue it is told to the head of the department."""
    rows = yield from asked(own_live(viewer))
    note_day = rule_for(viewer).note_day
    for pk, months in (yield from missing_steps(rows, viewer.on, note_day)).items():
        first = due_day(months[0], note_day)
        yield Duty(
            key=f"rotation.note:{pk}:{months[0]:%Y-%m}",
            title=f"挂职月报还有 {len(months)} 份没有交",
            due_on=first,
            link=Link("rotation:my_note", (pk,)),
            cadre_id=viewer.cadre_id,
            count=len(months),
            reason="每月一份，写本月做了什么、需要协调什么。",
            escalates=True,
        )


def own_summaries(viewer: Viewer) -> QuerySet[Secondment]:
    """Ended, and the own summary is not written."""
    rows = Secondment.objects.visible_to(viewer).filter(cadre_id=viewer.cadre_id or 0)
    said = {"opinions__stage": OpinionStage.FINAL, "opinions__party": OpinionParty.SELF}
    return rows.filter(state=SecondmentState.ENDED).exclude(**said)


@duties.register("rotation.own_summary", order=16, permission=SEES, waits=own_summaries)
def own_summary(*, viewer: Viewer) -> Iterator[Duty]:
    for row in (yield from asked(own_summaries(viewer))):
        yield Duty(
            key=f"rotation.summary:{row.pk}",
            title="挂职期满，请撰写个人总结",
            due_on=row.last_day + timedelta(days=7),
            link=Link("rotation:my_summary", (row.pk, "final")),
            cadre_id=viewer.cadre_id,
            reason=f"{cn_date(row.last_day)}期满，鉴定从个人总结开始。",
        )


# Heads and leaders


@duties.register("rotation.notes", order=53, permission=REVIEWS, waits=notes_to_read)
def notes_waiting(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "rotation.notes")
    yield from _counted("rotation.notes", count, f"{count} 份挂职月报待审阅", "rotation:secondment_notes")


@duties.register("rotation.approve", order=52, permission=APPROVES, waits=to_approve)
def approvals(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "rotation.approve")
    yield from _counted("rotation.approve", count, f"{count} 名挂职人选待审批", "rotation:secondment_board")


@duties.register(
    "rotation.extend",
    order=52,
    permission=APPROVES,
    waits=extensions_to_decide,
    label="挂职延期待审批",
    listed=Link("rotation:secondment_board"),
)
def extensions(*, viewer: Viewer) -> Iterator[Duty]:
    waiting = extensions_to_decide(viewer).select_related("secondment__cadre")[:NAMED]
    for found in (yield from asked(waiting)):
        yield Duty(
            key=f"rotation.extend:{found.pk}",
            title=f"{found.secondment.cadre.name}挂职延期待审批",
            due_on=found.secondment.planned_end_on,
            link=Link("rotation:secondment_extension", (found.pk,)),
            reason=f"申请延期至{cn_date(found.until)}。",
        )


# The personnel office


@duties.register(
    "rotation.return",
    order=54,
    permission=EDITS,
    waits=lambda viewer: without_return_plan(viewer, viewer.on),
    label="挂职将满，没有返岗安排",
    listed=Link("rotation:secondment_board"),
)
def return_plans(*, viewer: Viewer) -> Iterator[Duty]:
    """A duty of its own at each of the three notices, so that each is reminded of and goes one step up."""
    rule = rule_for(viewer)
    notices = (rule.last_notice_days, rule.second_notice_days, rule.first_notice_days)
    lacking = without_return_plan(viewer, viewer.on).select_related("cadre", "host_unit")[:NAMED]
    for row in (yield from asked(lacking)):
        left = (row.planned_end_on - viewer.on).days
        days = next(number for number in notices if left <= number)
        yield Duty(
            key=f"rotation.return:{row.pk}:{days}",
            title=f"{row.cadre.name}挂职还有 {max(left, 0)} 天期满，没有返岗安排",
            due_on=row.planned_end_on - timedelta(days=days),
            link=Link("rotation:return_plan", (row.pk,)),
            cadre_id=row.cadre_id,
            reason=f"{cn_date(row.planned_end_on)}期满，期满前 {days} 天应有返岗安排。",
            escalates=True,
        )


@duties.register(
    "rotation.past", order=54, permission=EDITS, waits=lambda viewer: past_their_end(viewer, viewer.on)
)
def not_ended(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "rotation.past")
    title = f"{count} 人挂职已到期，没有办理期满或延期"
    yield from _counted("rotation.past", count, title, "rotation:secondment_board")


@duties.register("rotation.appraise", order=55, permission=EDITS, waits=to_appraise)
def appraisals(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "rotation.appraise")
    title = f"{count} 人挂职期满待鉴定"
    yield from _counted("rotation.appraise", count, title, "rotation:secondment_board")


@duties.register("rotation.settle", order=55, permission=EDITS, waits=to_settle)
def not_settled(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "rotation.settle")
    title = f"{count} 人鉴定已完成，待办理返岗或留任"
    yield from _counted("rotation.settle", count, title, "rotation:secondment_board")


def _counted(key: str, count: int, title: str, url_name: str) -> Iterator[Duty]:
    if count:
        yield Duty(key=key, title=title, due_on=None, link=Link(url_name), count=count)


# Others


@obstacles.register("rotation.secondment", order=20)
def seconded(*, moves: Sequence[Transfer], on: date) -> Iterator[Obstacle]:
    """Whoever is away, or has been approved to go: wholly released weighs heavier."""
    ids = sorted({move.cadre.pk for move in moves})
    for row in (yield from asked(live_or_coming(ids, on).select_related("host_unit"))):
        if row.coming:  # type: ignore[attr-defined]
            yield _obstacle(row, "consider", f"已批准{cn_date(row.starts_on)}起到{row.place}挂职。")
            continue
        severity = "blocks" if row.released and row.state in LIVE else "consider"
        until = cn_date(row.planned_end_on)
        yield _obstacle(row, severity, f"正在{row.place}挂任{row.title}，计划{until}期满。")


def _obstacle(row: Secondment, severity: str, message: str) -> Obstacle:
    return Obstacle(
        cadre_id=row.cadre_id,
        severity=severity,
        code="secondment_in_progress",
        message=message,
        source=f"挂职 {row.pk}" + (f"，{row.document_no}" if row.document_no else ""),
    )


@cadre_tabs.register("secondments", order=61, permission=SEES, label="挂职")
def secondments_tab(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    rows = list(
        Secondment.objects.visible_to(viewer)
        .filter(cadre=cadre)
        .select_related("host_unit", "cadre")
        .order_by("-starts_on")
    )
    ids = [row.pk for row in rows]
    sent = list(MonthlyNote.objects.filter(secondment__in=ids).values_list("secondment_id", flat=True))
    for row in rows:
        row.sent = sent.count(row.pk)  # type: ignore[attr-defined]
    own = viewer.cadre_id == cadre.pk
    context: dict[str, object] = {"rows": rows, "own": own, "cadre": cadre}
    context["may_recommend"] = not own and bool(viewer.paths(EDITS))
    return Panel("secondments", "挂职", "rotation/panels/secondments.html", context, count=len(rows))
