"""What talks answer: that they were held, what is owed, when someone is busy. Never a word of content."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.asking import Steps, asked, asked_all
from core.notifications import register_kind
from core.templatetags.ui import cn_date
from core.web.menu import MenuItem, register
from growth.contracts import (
    Column,
    Edition,
    Fact,
    Facts,
    Row,
    Section,
    SectionContext,
    Source,
    Table,
    register_section,
)
from people.contracts import (
    Duty,
    Engagement,
    Figure,
    Gauge,
    Link,
    Panel,
    cadre_tabs,
    duties,
    engagements,
    home_figures,
    home_gauges,
    how_many_wait,
)
from people.models import Cadre
from wellbeing.choices.talks import HELD_STATES, GlassState, TalkState
from wellbeing.choices.triggers import DutyState
from wellbeing.models import EmergencyAccess, Talk, TalkDuty
from wellbeing.queries.coverage import SMALLEST, coverage_steps
from wellbeing.queries.engagements import planned_talks
from wellbeing.queries.talks import NO_TALK, TalkCount, count_rows, counted_by_cadre, talk_counts

HOLDS, PLANS, OWN = Permission.HOLD_TALK, Permission.PLAN_TALK, Permission.OWN_TALK


def _owed(viewer: Viewer) -> QuerySet[TalkDuty]:
    """Open duties of the viewer as talker; the menu, the home page and the list say the same."""
    return TalkDuty.objects.visible_to(viewer).filter(talker_id=viewer.user_id, state=DutyState.OPEN)


def _left(viewer: Viewer) -> QuerySet[Talk]:
    mine = Talk.objects.visible_to(viewer).filter(talker_id=viewer.user_id)
    return mine.filter(state__in=[TalkState.DRAFT, TalkState.FINAL])


def _asked(viewer: Viewer) -> QuerySet[EmergencyAccess]:
    waiting = EmergencyAccess.objects.visible_to(viewer).filter(state="asked")
    return waiting.exclude(asked_by_id=viewer.user_id)


def _to_sign(viewer: Viewer) -> QuerySet[Talk]:
    if not viewer.on_own_record(OWN):
        return Talk.objects.none()
    return Talk.objects.visible_to(viewer).filter(cadre_id=viewer.cadre_id or 0, state=TalkState.SIGNING)


register(
    MenuItem(
        "内强素质·关爱",
        60,
        "谈心谈话",
        "messages-square",
        "wellbeing:duties",
        (HOLDS, PLANS),
        _owed,
        audience="staff",
    )
)
register(
    MenuItem(
        "内强素质·关爱", 61, "我的谈话", "message-circle", "wellbeing:my_talks", OWN, _to_sign, audience="own"
    )
)
register(
    MenuItem(
        "管理",
        70,
        "紧急调阅",
        "shield-alert",
        "wellbeing:emergencies",
        (
            Permission.BREAK_GLASS,
            Permission.APPROVE_BREAK_GLASS,
            Permission.REVIEW_BREAK_GLASS,
            Permission.MANAGE_GRANTS,
        ),
        audience="staff",
    )
)
register_kind("wellbeing.duty", "应谈事项", "messages-square", sealed=True)
register_kind("wellbeing.sign", "谈话签阅", "signature", sealed=True)
register_kind("wellbeing.slot", "谈话预约", "calendar-clock", sealed=True)
register_kind("wellbeing.emergency", "紧急调阅", "shield-alert", sealed=True)


# Home


@duties.register("wellbeing.talks", order=20, permission=HOLDS, waits=_owed)
def talks_owed(*, viewer: Viewer) -> Iterator[Duty]:
    """One line for all that the viewer owes, with the nearest day."""
    count = how_many_wait(viewer, "wellbeing.talks")
    if not count:
        return
    days = yield from asked(_owed(viewer).order_by("due_on").values_list("due_on", flat=True)[:1])
    yield Duty(
        key="wellbeing.talks",
        title=f"应谈未谈 {count} 项",
        due_on=days[0] if days else None,
        link=Link("wellbeing:my_duties"),
        count=count,
        reason="按谈话规则应由您谈的；约好时间或登记谈话后办结。",
        on_calendar=False,
    )


@duties.register("wellbeing.drafts", order=21, permission=HOLDS, waits=_left)
def drafts_left(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "wellbeing.drafts")
    if count:
        yield Duty(
            key="wellbeing.drafts",
            title=f"{count} 次谈话还没有归档",
            due_on=None,
            link=Link("wellbeing:my_open_talks"),
            count=count,
        )


@duties.register("wellbeing.sign", order=22, permission=OWN, waits=_to_sign)
def summaries_to_sign(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "wellbeing.sign")
    if count:
        yield Duty(
            key="wellbeing.sign",
            title="有谈话摘要待您签阅",
            due_on=None,
            link=Link("wellbeing:my_talks"),
            cadre_id=viewer.cadre_id,
            count=count,
        )


@duties.register("wellbeing.emergencies", order=5, permission=Permission.APPROVE_BREAK_GLASS, waits=_asked)
def emergencies_waiting(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "wellbeing.emergencies")
    if count:
        yield Duty(
            key="wellbeing.emergencies",
            title="有紧急调阅申请待审批",
            due_on=viewer.on,
            link=Link("wellbeing:emergencies"),
            count=count,
        )


def _to_review(viewer: Viewer) -> QuerySet[EmergencyAccess]:
    """Over, by time or because somebody stopped it, and looked at by nobody yet."""
    over = (GlassState.STOPPED, GlassState.EXPIRED)
    return EmergencyAccess.objects.visible_to(viewer).filter(state__in=over, reviewed_at=None)


@duties.register(
    "wellbeing.reviews_of_access", order=5, permission=Permission.REVIEW_BREAK_GLASS, waits=_to_review
)
def emergencies_to_review(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "wellbeing.reviews_of_access")
    if count:
        yield Duty(
            key="wellbeing.reviews_of_access",
            title=f"{count} 次紧急调阅待复核",
            due_on=viewer.on,
            link=Link("wellbeing:emergencies"),
            count=count,
            reason="看缘由、批准和打开情况，写明是否适当。",
        )


@home_figures.register("wellbeing.talks", order=40, permission=HOLDS)
def owed_figure(*, viewer: Viewer) -> Iterator[Figure]:
    yield Figure("应谈未谈", _owed(viewer), "项", Link("wellbeing:duties"), "mine=1&state=open")


@home_gauges.register("wellbeing.talks", order=30, permission=Permission.VIEW_TALK_COVERAGE)
def talks_held(*, viewer: Viewer) -> Iterator[Gauge]:
    """As the page of the coverage says it: no department of so few that one would be recognised."""
    if not viewer.paths(Permission.VIEW_TALK_COVERAGE):
        return
    table = yield from coverage_steps(viewer, year=viewer.on.year, on=viewer.on)
    total, link = table.total, Link("wellbeing:coverage")
    if not total.people and table.hidden:
        yield Gauge("应谈已谈", 0, 0, "人次", link, hidden=f"少于 {SMALLEST} 人，不显示")
    elif total.due:
        yield Gauge("应谈已谈", total.done, total.due, "人次", link)


# The cadre's page: a number and a day


@cadre_tabs.register("talks", order=40, permission=PLANS, label="谈心谈话")
def talks_tab(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    if not Cadre.objects.visible_to(viewer, PLANS).filter(pk=cadre.pk).exists():
        return None
    this_year = date(viewer.on.year, 1, 1)
    whole = talk_counts([cadre.pk], until=viewer.on).get(cadre.pk, NO_TALK)
    year = talk_counts([cadre.pk], until=viewer.on, since=this_year).get(cadre.pk, NO_TALK)
    unmet = TalkDuty.objects.visible_to(viewer).filter(cadre=cadre).unmet().count()
    context: dict[str, object] = {"whole": whole, "year": year, "unmet": unmet}
    return Panel("talks", "谈心谈话", "wellbeing/panels/tab.html", context, whole.number)


# Time


@engagements.register("wellbeing.talks", order=40)
def at_a_talk(*, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> Iterator[Engagement]:
    """That somebody is busy; with whom and what about is not said."""
    for cadre_id, first, last, place in (yield from planned_talks(cadre_ids, starts_at, ends_at)):
        yield Engagement(
            cadre_id=cadre_id, starts_at=first, ends_at=last, kind="谈话", title="谈心谈话", place=place
        )


# The growth file


@dataclass(frozen=True, slots=True)
class TalkFacts:
    count: TalkCount
    year: int
    days: tuple[tuple[date, str, int], ...]  # (day, kind, talk), for the cadre's own edition


def load_talks(cadres: Sequence[Cadre], as_of: date) -> Steps[Mapping[int, TalkFacts]]:
    ids = [cadre.pk for cadre in cadres]
    held = Talk.objects.filter(cadre_id__in=ids, state__in=HELD_STATES, held_on__lte=as_of)
    days: dict[int, list[tuple[date, str, int]]] = {}
    whole, lately, talks = yield from asked_all(
        count_rows(ids, until=as_of),
        count_rows(ids, until=as_of, since=date(as_of.year, 1, 1)),
        held.order_by("-held_on").only("cadre_id", "held_on", "kind"),
    )
    counts, year = counted_by_cadre(whole), counted_by_cadre(lately)
    for talk in talks:
        if talk.held_on is not None:
            days.setdefault(talk.cadre_id, []).append((talk.held_on, talk.get_kind_display(), talk.pk))
    return {
        pk: TalkFacts(counts.get(pk, NO_TALK), year.get(pk, NO_TALK).number, tuple(days.get(pk, ())))
        for pk in ids
    }


@register_section("wellbeing.talks", order=60, load=load_talks)
def talk_section(context: SectionContext, facts: TalkFacts | None) -> Section | None:
    """Leaders read how many this year, the archive also how many in all; the cadre also days and kinds."""
    if facts is None or not facts.count.number:
        return None
    # Neither the talks one by one nor the last day: to others that is no evidence but a disclosure.
    counted = Source("谈话登记", f"wellbeing.talks:{context.cadre.pk}:", text="谈心谈话次数统计")
    rows = [Fact(f"{context.as_of.year}年度", f"已谈话 {facts.year} 次", counted)]
    if context.edition != Edition.LEADER:
        rows.insert(0, Fact("谈心谈话", f"{facts.count.number} 次", counted))
    blocks: tuple[Facts | Table, ...] = (Facts(tuple(rows)),)
    if context.edition == Edition.SELF:
        columns = (Column("日期", 1, "date"), Column("类型", 2))
        held = (
            Row((cn_date(day), kind), Source("谈心谈话", f"wellbeing.talk:{pk}", day))
            for day, kind, pk in facts.days
        )
        blocks = (*blocks, Table(columns, tuple(held)))
    return Section("wellbeing.talks", "谈心谈话", 60, blocks)
