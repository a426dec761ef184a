"""What contests answer: the menu, what a judge and a cadre have to do, and 能力展示 in the growth file."""

from collections.abc import Iterator

from core.access import Permission, Viewer
from core.asking import asked
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from growth.contracts import (
    Chapter,
    Column,
    Row,
    Section,
    SectionContext,
    Source,
    Table,
    amount,
    register_section,
)
from growth.wording import day_words
from people.contracts import Duty, Link, duties
from training.contributions.scope import SEES
from training.models import ContestEntry
from training.queries.contests import open_for, published_entry_steps, to_score

SOON_DAYS = 14
register(MenuItem("内强素质·学习", 26, "比拼", "trophy", "training:contests", SEES))
register_kind("training.contest", "比拼", "trophy")


@duties.register(
    "training.scores", order=24, waits=to_score, label="待评分的比拼", listed=Link("training:contests")
)
def entries_to_score(*, viewer: Viewer) -> Iterator[Duty]:
    """Whoever judges, with whatever role."""
    for contest in (yield from asked(to_score(viewer))):
        yield Duty(
            key=f"training.scores:{contest.pk}",
            title=f"评分：{contest.title}，还有 {contest.left} 件",
            due_on=contest.judging_until,
            link=Link("training:contest", (contest.pk,)),
            count=contest.left,
            reason="你是评委；评定之前可以修改分数。",
        )


@duties.register(
    "training.contests",
    order=25,
    permission=Permission.SIGN_UP,
    waits=open_for,
    label="可参加的比拼",
    listed=Link("training:contests"),
)
def contests_open(*, viewer: Viewer) -> Iterator[Duty]:
    """Calls that close soon; entering is free, so nothing is late."""
    for contest in (yield from asked(open_for(viewer))):
        if (contest.entries_until - viewer.on).days <= SOON_DAYS:
            yield Duty(
                key=f"training.contests:{contest.pk}",
                title=f"可参加：{contest.title}",
                due_on=contest.entries_until,
                link=Link("training:contest", (contest.pk,)),
                cadre_id=viewer.cadre_id,
                reason=f"{contest.get_kind_display()}，自愿参加。",
            )


@register_section("contests", order=46, load=published_entry_steps, title="能力展示")
def contests_section(context: SectionContext, entries: list[ContestEntry] | None) -> Section | None:
    """能力展示: published results only, prizes or not."""
    if not entries:
        return None
    columns = (
        Column("公布日期", 14, "date"),
        Column("比拼", 30, "left"),
        Column("类别", 14),
        Column("作品", 26, "left"),
        Column("得分", 8),
        Column("名次", 8),
        Column("奖项", 10),
    )
    rows = tuple(_row(entry) for entry in entries)
    table = Table(columns, rows, "参加比拼情况")
    return Section("contests", "能力展示", 46, (table,), chapter=Chapter.TRAINING)


def _row(entry: ContestEntry) -> Row:
    contest = entry.contest
    published = contest.published_on
    cells = (
        day_words(published),
        contest.title,
        contest.get_kind_display(),
        entry.title,
        amount(entry.score) if entry.score is not None else "",
        f"第 {entry.rank} 名" if entry.rank else "",
        entry.get_award_display(),
    )
    return Row(cells, Source("比拼", f"training.contestentry:{entry.pk}", published))
