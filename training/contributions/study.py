"""What study activities answer: menu, home page, duties, occasions, the tab of a cadre."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import islice

from django.db.models import QuerySet
from django.utils.timezone import localdate

from core.access import Permission, Viewer
from core.asking import Steps, asked, once
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from people.choices import OccasionCode
from people.contracts import (
    Duty,
    Gauge,
    Link,
    Occasion,
    Panel,
    cadre_tabs,
    duties,
    home_gauges,
    home_panels,
    how_many_wait,
    occasions,
)
from people.models import Cadre
from training.choices import MakeUpState, StudyKind
from training.contributions.scope import SEES, looks_after_others, may_see
from training.models import MakeUp, StudyGroup
from training.obligations import LATE, Obligation, Standing
from training.queries.study import (
    StudyClock,
    absence_streaks,
    make_ups_of,
    speeches_of,
    study_histories,
)
from training.queries.study.clock import clock_steps
from training.queries.study.leave import leaves_to_decide
from training.queries.study.own import OPEN_MAKE_UPS, tally

EDITS = Permission.EDIT_STUDY
NAMED = 5  # duties that stand one by one; the rest are in the grid
SHOWN = 40  # activities on the tab of a cadre
PERIODS = "一二三四五六"

register(
    MenuItem("内强素质·学习", 18, "学习活动", "users-round", "training:activities", SEES, audience="staff")
)
register(
    MenuItem(
        "内强素质·学习", 19, "我的学习活动", "book-open-check", "training:my_study", SEES, audience="own"
    )
)
register_kind("study.changed", "学习活动改期和取消", "calendar-clock")
register_kind("study.make_up", "补学", "book-open-check")
register_kind("study.leave", "学习活动请假", "calendar-x")


def _clock(viewer: Viewer) -> Steps[StudyClock]:
    """The panel and the duties of the home page ask the same."""
    steps = partial(clock_steps, viewer, year=viewer.on.year)
    return (yield from once(viewer, "training.study_clock", steps))


@home_panels.register(
    "training.six", order=20, permission=SEES, label="六期学习型组织活动", later=looks_after_others
)
def six_periods(*, viewer: Viewer) -> Steps[Panel | None]:
    """六期学习型组织活动: one per two months, each with its light."""
    if not viewer.paths(SEES):
        return None
    found = (yield from _clock(viewer)).of(StudyKind.LEARNING)
    if len(found) < 2:
        return None
    periods = [
        (PERIODS[place] if place < len(PERIODS) else str(place + 1), one) for place, one in enumerate(found)
    ]
    context: dict[str, object] = {"periods": periods, "held": sum(one.lacking == 0 for one in found)}
    return Panel("training.six", "六期学习型组织活动", "training/study/panels/six.html", context)


@home_gauges.register("training.six", order=20, permission=SEES)
def periods_held(*, viewer: Viewer) -> Iterator[Gauge]:
    """双月学习: the periods of the year with their activity, against those that are over."""
    if not viewer.paths(SEES):
        return
    found = (yield from _clock(viewer)).of(StudyKind.LEARNING)
    over = sum(one.span.last < viewer.on for one in found)
    if len(found) > 1:
        held = sum(one.lacking == 0 for one in found)
        link, due = Link("training:study_duties"), over / len(found)
        yield Gauge("双月学习", held, len(found), "期", link, due, f"已过 {over} 期")


# Duties


@duties.register(
    "training.study_missing",
    order=20,
    permission=EDITS,
    label="学习活动应安排、应登记",
    listed=Link("training:study_duties"),
)
def activities_due(*, viewer: Viewer) -> Iterator[Duty]:
    """What was not held, in one line; what is about to be missed, one by one."""
    mine = yield from _own_obligations(viewer)
    late = [one for one in mine if one.standing in LATE]
    if late:
        yield Duty(
            key="training.study_missing",
            title=f"{len(late)} 项学习活动应开未开",
            due_on=None,
            link=Link("training:study_duties"),
            count=len(late),
            reason="按频次规则应当开展，一期已过还没有登记。",
        )
    soon = (one for one in mine if one.standing in (Standing.SOON, Standing.UNREGISTERED))
    for one in islice(sorted(soon, key=lambda found: found.span.last), NAMED):
        yield _due(one)


def _due(one: Obligation) -> Duty:
    act = "登记" if one.standing == Standing.UNREGISTERED else "安排"
    return Duty(
        key=f"training.study:{one.kind}:{one.circle.group_id or 0}:{one.span.first:%Y%m%d}",
        title=f"{act}{one.kind.label}（{one.circle.name}）",
        due_on=one.span.last,
        link=Link("training:study_duties"),
        reason=f"{one.frequency.label}应开展 {one.times} 次，已开 {one.held} 次。",
    )


def _own_obligations(viewer: Viewer) -> Steps[list[Obligation]]:
    """Those whom the viewer plans for: the zone's only for whoever looks after all of it."""
    if not viewer.paths(EDITS):
        return []
    found = (yield from _clock(viewer)).found
    if viewer.sees_all(EDITS):
        return list(found)
    reach = StudyGroup.objects.visible_to(viewer).in_reach(viewer, EDITS)
    mine = set((yield from asked(reach.values_list("pk", flat=True))))
    return [one for one in found if one.circle.group_id in mine]


def _to_read(viewer: Viewer) -> QuerySet[MakeUp]:
    return MakeUp.objects.visible_to(viewer, EDITS).filter(state=MakeUpState.SUBMITTED)


@duties.register("training.make_ups", order=21, permission=EDITS, waits=_to_read)
def make_ups_to_read(*, viewer: Viewer) -> Iterator[Duty]:
    waiting = how_many_wait(viewer, "training.make_ups")
    if waiting:
        yield Duty(
            key="training.make_ups",
            title=f"{waiting} 份补学体会待审核",
            due_on=None,
            link=Link("training:make_ups"),
            count=waiting,
            reason="审核通过后，补学学时才入账。",
        )


def _to_make_up(viewer: Viewer) -> QuerySet[MakeUp]:
    return make_ups_of(viewer.cadre_id or 0).filter(state__in=OPEN_MAKE_UPS)


@duties.register(
    "training.own_make_up",
    order=22,
    permission=Permission.SIGN_UP,
    waits=_to_make_up,
    label="待补学",
    listed=Link("training:my_study"),
)
def own_make_ups(*, viewer: Viewer) -> Iterator[Duty]:
    for one in (yield from asked(_to_make_up(viewer))):
        overdue = "已逾期，" if one.due_on < viewer.on else ""
        yield Duty(
            key=f"training.make_up:{one.pk}",
            title=f"补学：{one.attendance.slot.activity}",
            due_on=one.due_on,
            link=Link("training:reflect", (one.pk,)),
            cadre_id=viewer.cadre_id,
            reason=f"{overdue}看完材料，写一份学习体会。",
            escalates=True,
        )


@duties.register(
    "training.study_leaves",
    order=23,
    permission=EDITS,
    waits=leaves_to_decide,
    label="学习活动请假待批",
    listed=Link("training:study_leaves", query="waiting=1"),
)
def study_leaves(*, viewer: Viewer) -> Iterator[Duty]:
    """What was asked for, each due by the day of its activity."""
    for leave in (yield from asked(leaves_to_decide(viewer))):
        yield Duty(
            key=f"training.study_leave:{leave.pk}",
            title=f"{leave.attendance.cadre.name} 请假待批：{leave.attendance.slot.activity}",
            due_on=localdate(leave.attendance.slot.starts_at),
            link=Link("training:study_leave", (leave.pk,)),
            reason=f"事由：{leave.get_reason_display()}",
        )


# Occasions


@occasions.register("training.absences", order=31)
def absences_in_a_row(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    for streak in absence_streaks(cadre_ids, since, until):
        yield Occasion(
            cadre_id=streak.cadre_id,
            happened_on=streak.happened_on,
            kind="缺勤",
            title=f"连续 {streak.limit} 次无故缺席",
            detail=f"最近一次：{streak.title}",
            icon="user-x",
            code=OccasionCode.ABSENCES,
            key=f"absence_streak:{streak.attendance_id}",
        )


@occasions.register("training.speeches", order=32)
def speeches_made(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    for item in speeches_of(cadre_ids, until).filter(activity__held_on__gte=since):
        if item.speaker_id is not None:
            yield Occasion(
                cadre_id=item.speaker_id,
                happened_on=item.activity.held_on,
                kind="发言",
                title=item.topic,
                detail=item.activity.title,
                link=Link("training:activity", (item.activity_id,)),
                icon="mic",
                key=f"speech:{item.pk}",
            )


# The cadre's page


@cadre_tabs.register("study", order=22, permission=SEES, label="学习活动")
def study_tab(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    if not may_see(cadre, viewer):
        return None
    history = study_histories([cadre], viewer.on)[cadre.pk]
    years = [(year, tally(rows)) for year, rows in history.by_year().items()]
    context: dict[str, object] = {
        "years": years,
        "rows": history.rows[:SHOWN],
        "speeches": history.speeches,
        "count": len(history.rows),
    }
    return Panel("study", "学习活动", "training/study/panels/tab.html", context, len(history.rows))
