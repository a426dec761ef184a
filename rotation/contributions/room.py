"""The decision room: permits to read, the menu, what is due for whom, and the chapter of the growth file."""

from collections.abc import Iterator
from datetime import timedelta

import rotation.contributions.room_section  # noqa: F401 - the chapter of the growth file
from core.access import Permission, Viewer
from core.asking import asked
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from growth.permits import register_permits
from people.contracts import Duty, Link, duties
from rotation.queries.room.cases import cases_waiting_for
from rotation.queries.room.duties import (
    REMIND,
    effects_of,
    grants_ending,
    plans_held_up,
    revisits_due,
)
from rotation.queries.room.effects import gap_steps
from rotation.queries.room.reading import CasePermits

SEES, EDITS = Permission.VIEW_ROTATION, Permission.EDIT_ROTATION

register_permits(CasePermits())
register(
    MenuItem(
        "内强素质·锻炼",
        74,
        "轮岗议题",
        "scale",
        "rotation:cases",
        SEES,
        count=cases_waiting_for,
        audience="staff",
    )
)
register(MenuItem("内强素质·锻炼", 75, "会议决定", "gavel", "rotation:decisions", SEES, audience="staff"))
register(MenuItem("干部", 60, "公示和任职结果", "megaphone", "rotation:results", Permission.VIEW_CADRE))
for key, label, icon in (
    ("opinion", "议题待签批", "scale"),
    ("reading", "阅档授权", "eye"),
    ("result", "公示和任职", "megaphone"),
):
    register_kind(f"rotation.{key}", label, icon, sealed=key != "result")


@duties.register(
    "rotation.opinions",
    order=5,
    permission=Permission.DECIDE_ROTATION,
    waits=cases_waiting_for,
    label="议题待发表意见",
    listed=Link("rotation:cases"),
)
def opinions_due(*, viewer: Viewer) -> Iterator[Duty]:
    """Neither the post nor a name: titles of duties travel outside the system."""
    for case in (yield from asked(cases_waiting_for(viewer).order_by("opinions_due_on", "pk"))):
        yield Duty(
            key=f"rotation.opinion:{case.pk}",
            title=f"议题 {case.number} 等您发表意见",
            due_on=case.opinions_due_on,
            link=Link("rotation:room", (str(case.uid),)),
            reason="其他领导的意见在您发表以后显示。",
        )


@duties.register(
    "rotation.reading",
    order=6,
    permission=Permission.VIEW_GROWTH_LEADER,
    waits=grants_ending,
    label="阅档授权即将到期",
    listed=Link("rotation:cases"),
)
def reading_ends(*, viewer: Viewer) -> Iterator[Duty]:
    for grant in (yield from asked(grants_ending(viewer))):
        yield Duty(
            key=f"rotation.reading:{grant.pk}",
            title=f"议题 {grant.case.number} 的阅档授权即将到期",
            due_on=grant.ends_on,
            link=Link("rotation:room", (str(grant.case.uid),)),
            reason="还要看档案的，请在到期前看完，或请承办人再次授权。",
        )


@duties.register("rotation.effects", order=30, permission=EDITS, waits=effects_of)
def effects_due(*, viewer: Viewer) -> Iterator[Duty]:
    """What is about to take effect, and what cannot: with the sentence that says why."""
    for plan, words in (yield from plans_held_up(viewer)):
        yield Duty(
            key=f"rotation.effect:{plan.pk}",
            title=f"方案 {plan.pk} 还不能任职生效" if words else f"方案 {plan.pk} 即将任职生效",
            due_on=plan.effective_on,
            link=Link("rotation:outcome", (plan.pk,)),
            reason=words or "请核对任免文号和公示情况；任职日期当天凌晨自动生效。",
        )


@duties.register("rotation.revisits", order=31, permission=EDITS, waits=revisits_due)
def visits_due(*, viewer: Viewer) -> Iterator[Duty]:
    rows = yield from asked(revisits_due(viewer))
    plans = {row.effect.plan_id: row for row in reversed(rows)}
    for plan_id, first in plans.items():
        count = sum(row.effect.plan_id == plan_id for row in rows)
        yield Duty(
            key=f"rotation.revisit:{plan_id}",
            title=f"{count} 名轮岗干部待回访",
            due_on=first.due_on,
            link=Link("rotation:plan_handover", (plan_id,)),
            count=count,
            reason=f"任职后到期回访，{REMIND.days} 天前提醒。",
        )


@duties.register(
    "rotation.rights",
    order=8,
    permission=Permission.MANAGE_GRANTS,
    label="权限待随职务调整",
    listed=Link("people:accounts"),
)
def rights_follow(*, viewer: Viewer) -> Iterator[Duty]:
    """Only the security administrator gives and takes rights; a new post tells which."""
    for gap in (yield from gap_steps(viewer.on)):
        act = "give" if gap.give else "take"
        yield Duty(
            key=f"rotation.right:{gap.user_id}:{gap.unit.pk}:{act}",
            title=gap.words,
            due_on=gap.since + timedelta(days=3),
            link=Link("people:account", (gap.user_id,)),
            reason="职务已经调整，账号的权限应随之调整。",
        )
