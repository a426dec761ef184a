"""What checkups answer: that somebody went or did not, when they are busy, who has to act. Never more."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

import wellbeing.imports.checkups  # noqa: F401 - registers its kind of file
from core.access import Permission, Viewer
from core.asking import Steps, asked, asked_all
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from growth.contracts import (
    Chapter,
    Column,
    Edition,
    Row,
    Section,
    SectionContext,
    Source,
    Table,
    register_section,
)
from people.choices import OccasionCode
from people.contracts import (
    Duty,
    Engagement,
    Link,
    Occasion,
    Press,
    duties,
    engagements,
    how_many_wait,
    occasions,
)
from people.models import Cadre
from wellbeing.choices.checkups import BOOKABLE, CheckupState
from wellbeing.models import CheckupMember
from wellbeing.queries.checkups.lists import campaign_list
from wellbeing.queries.checkups.results import Result, booked_slots, missed_between, result_steps
from wellbeing.services.checkups.campaigns import KIND
from wellbeing.services.checkups.locker import kept_reports
from wellbeing.services.privacy import register_own_data

EDIT, OWN = Permission.EDIT_CHECKUP, Permission.OWN_WELLBEING
SECTION = "wellbeing.checkups"
TITLE = "健康体检"


def _own(viewer: Viewer) -> QuerySet[CheckupMember]:
    rows: QuerySet[CheckupMember] = CheckupMember.objects.visible_to(viewer)
    return rows.filter(cadre_id=viewer.cadre_id or 0)


def _to_book(viewer: Viewer) -> QuerySet[CheckupMember]:
    if not viewer.on_own_record(OWN):
        return CheckupMember.objects.none()
    return _own(viewer).filter(state=CheckupState.OPEN, campaign__state__in=BOOKABLE)


def _to_recheck(viewer: Viewer) -> QuerySet[CheckupMember]:
    if not viewer.on_own_record(OWN):
        return CheckupMember.objects.none()
    return _own(viewer).filter(recheck_needed=True, recheck_done=False)


def _others(viewer: Viewer) -> QuerySet[CheckupMember]:
    rows: QuerySet[CheckupMember] = CheckupMember.objects.visible_to(viewer)
    return rows.exclude(cadre_id=viewer.cadre_id or 0)


def _unbooked(viewer: Viewer) -> QuerySet[CheckupMember]:
    """In what the viewer arranges."""
    if not viewer.paths(EDIT):
        return CheckupMember.objects.none()
    return _others(viewer).filter(state=CheckupState.OPEN, campaign__state__in=BOOKABLE)


def _rechecks(viewer: Viewer) -> QuerySet[CheckupMember]:
    if not viewer.paths(EDIT):
        return CheckupMember.objects.none()
    return _others(viewer).filter(recheck_needed=True, recheck_done=False)


register(
    MenuItem(
        "内强素质·关爱", 63, TITLE, "heart-pulse", "wellbeing:checkups", EDIT, _unbooked, audience="staff"
    )
)
register(
    MenuItem(
        "内强素质·关爱", 64, "我的体检", "heart-pulse", "wellbeing:my_checkups", OWN, _to_book, audience="own"
    )
)
register_kind(KIND, TITLE, "heart-pulse", sealed=True)


@duties.register("wellbeing.checkup.own", order=26, permission=OWN, waits=_to_book)
def checkup_to_book(*, viewer: Viewer) -> Iterator[Duty]:
    """With its last day, so that reminders follow by themselves."""
    for row in (yield from asked(_to_book(viewer).select_related("campaign"))):
        yield Duty(
            key=f"wellbeing.checkup:{row.pk}",
            title=f"{row.campaign.year}年度体检还没有预约",
            due_on=row.campaign.ends_on,
            link=Link("wellbeing:my_checkups"),
            cadre_id=viewer.cadre_id,
            reason="选一个时段即可，换时间可以改约。",
        )


@duties.register("wellbeing.checkup.recheck", order=27, permission=OWN, waits=_to_recheck)
def recheck_to_do(*, viewer: Viewer) -> Iterator[Duty]:
    if how_many_wait(viewer, "wellbeing.checkup.recheck"):
        yield Duty(
            key="wellbeing.checkup.recheck",
            title="体检请安排复查",
            due_on=None,
            link=Link("wellbeing:my_checkups"),
            cadre_id=viewer.cadre_id,
        )


@duties.register(
    "wellbeing.checkup.unbooked",
    order=28,
    permission=EDIT,
    waits=_unbooked,
    label="体检未预约",
    listed=Link("wellbeing:checkups"),
)
def people_unbooked(*, viewer: Viewer) -> Iterator[Duty]:
    """One line for each campaign in which people have no place yet."""
    by_campaign = _unbooked(viewer).order_by().values_list("campaign_id").annotate(number=Count("pk"))
    found, campaigns = yield from asked_all(by_campaign, campaign_list(viewer).order_by("ends_on"))
    counts = dict(found)
    for campaign in (one for one in campaigns if one.pk in counts):
        yield Duty(
            key=f"wellbeing.checkup.unbooked:{campaign.pk}",
            title=f"体检未预约 {counts[campaign.pk]} 人",
            due_on=campaign.ends_on,
            link=Link("wellbeing:checkup", (campaign.pk,)),
            count=counts[campaign.pk],
            reason="提醒他们预约，或统一安排剩余人员。",
            press=Press("提醒预约", Link("wellbeing:checkup_remind", (campaign.pk,))),
        )


@duties.register("wellbeing.checkup.rechecks", order=29, permission=EDIT, waits=_rechecks)
def rechecks_to_follow(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "wellbeing.checkup.rechecks")
    if count:
        yield Duty(
            key="wellbeing.checkup.rechecks",
            title=f"体检需复查、还没有复查 {count} 人",
            due_on=None,
            link=Link("wellbeing:checkups"),
            count=count,
        )


@engagements.register("wellbeing.checkups", order=42)
def at_a_checkup(*, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> Iterator[Engagement]:
    for cadre_id, first, last, place in (yield from asked(booked_slots(cadre_ids, starts_at, ends_at))):
        yield Engagement(
            cadre_id=cadre_id, starts_at=first, ends_at=last, kind="体检", title=TITLE, place=place
        )


@occasions.register("wellbeing.checkups", order=52)
def checkup_missed(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    """Sets off the talk that is owed, and is shown to nobody."""
    for pk, cadre_id, day in missed_between(cadre_ids, since, until):
        yield Occasion(
            cadre_id=cadre_id,
            happened_on=day,
            kind=TITLE,
            title="",
            code=OccasionCode.CHECKUP_MISSED,
            key=f"checkup:{pk}",
        )


def load_checkups(cadres: Sequence[Cadre], as_of: date) -> Steps[Mapping[int, list[Result]]]:
    return (yield from result_steps([cadre.pk for cadre in cadres], as_of))


@register_section(SECTION, order=62, load=load_checkups, title=TITLE)
def checkup_section(context: SectionContext, results: list[Result] | None) -> Section | None:
    """已完成 or 未完成 by year, the same for every reader; the own edition also says where."""
    if not results:
        return None
    own = context.edition == Edition.SELF
    columns = (Column("年度", 1), Column("年度体检", 2), *((Column("体检机构", 3),) if own else ()))
    rows = tuple(
        Row(
            (
                f"{result.year}年",
                "已完成" if result.done else "未完成",
                *((result.institution,) if own else ()),
            ),
            # The same words in every edition, so that what the cadre confirmed is confirmed for all readers.
            Source(TITLE, f"wellbeing.checkup:{result.pk}", text=_result_words(result)),
        )
        for result in results
    )
    return Section(SECTION, TITLE, 62, (Table(columns, rows),), chapter=Chapter.CARE)


def _result_words(result: Result) -> str:
    return f"{result.year}年度体检{'已完成' if result.done else '未完成'}"


@register_own_data("checkups", TITLE)
def own_checkups(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    for row in _own(viewer).select_related("campaign", "slot").order_by("campaign__year", "pk"):
        yield {
            "年度": row.campaign.year,
            "体检机构": row.campaign.institution,
            "体检时间": row.slot.starts_at if row.slot else None,
            "状态": row.get_state_display(),
            "需复查": row.recheck_needed,
            "已复查": row.recheck_done,
        }


@register_own_data("checkup_reports", "体检报告保管箱")
def own_locker(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    """What lies there; the files themselves are fetched one by one."""
    for report in kept_reports(by=viewer):
        yield {"年度": report.year, "存入时间": report.kept_at, "文件名": report.name}
