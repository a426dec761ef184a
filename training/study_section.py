"""学习活动与发言 in the growth file: attendance of each year by kind, and what the cadre spoke about."""

from collections import Counter, defaultdict

from growth.contracts import (
    Block,
    Chapter,
    Column,
    Fact,
    Heading,
    Paragraph,
    Row,
    Section,
    SectionContext,
    Source,
    Summary,
    Table,
    register_section,
    source_of,
)
from growth.wording import day_words
from training.choices import INTEGRITY_THEMES, StudyKind
from training.models import AgendaItem, Attendance
from training.queries.study import Tally
from training.queries.study.own import StudyHistory, is_made_up, study_history_steps, tally
from training.streaks import CAME

TITLE, ORDER = "学习活动与发言", 45
YEARS, SPEECHES = 5, 20


@register_section("study", order=ORDER, load=study_history_steps, title=TITLE)
def study_section(context: SectionContext, history: StudyHistory | None) -> Section | None:
    if history is None or not (history.rows or history.speeches):
        return None
    whole = tally(history.rows)
    blocks: list[Block] = [Paragraph(_opening(context, whole, history))]
    if history.rows:
        blocks += [Heading("历年参加情况"), _attendance_table(history)]
    if integrity := _integrity(history, context.as_of.year):
        blocks.append(Paragraph(integrity))
    if history.speeches:
        blocks += [Heading("学习发言"), _speech_table(history.speeches[:SPEECHES])]
    return Section("study", TITLE, ORDER, tuple(blocks), _summary(whole, history), Chapter.TRAINING)


def _opening(context: SectionContext, whole: Tally, history: StudyHistory) -> str:
    made = f"；缺席后补学{whole.made_up}次" if whole.made_up else ""
    spoke = f"，发言{len(history.speeches)}次" if history.speeches else ""
    rate = f"，出勤率{whole.percent}%" if whole.percent is not None else ""
    when = f"截至{context.as_of.year}年{context.as_of.month}月"
    return f"{when}，应参加学习活动{whole.due}次，实到{whole.came}次{rate}{made}{spoke}。"


def _attendance_table(history: StudyHistory) -> Table:
    columns = (
        Column("年　度", 14),
        Column("活动类别", 30, "left"),
        Column("应到", 10),
        Column("实到", 10),
        Column("请假", 10),
        Column("缺席", 10),
        Column("补学", 10),
    )
    rows = []
    for year, attended in list(history.by_year().items())[:YEARS]:
        by_kind: dict[str, list[Attendance]] = defaultdict(list)
        for row in attended:
            by_kind[row.slot.activity.kind if row.slot.activity else ""].append(row)
        rows += [
            _line(year, StudyKind(kind), tally(by_kind[kind])) for kind in StudyKind.values if by_kind[kind]
        ]
    return Table(columns, tuple(rows), note="注：补学与考勤分开统计，补学不改变缺席。")


def _line(year: int, kind: StudyKind, counts: Tally) -> Row:
    numbers = (counts.due, counts.came, counts.leave, counts.absent, counts.made_up)
    source = Source(
        "考勤汇总", f"study.attendance:{year}:{kind}", text=f"{year}年{kind.label}考勤{counts.due}次"
    )
    cells = (f"{year}年", kind.label, *(str(number) if number else "—" for number in numbers))
    return Row(cells, source)


def _speech_table(speeches: list[AgendaItem]) -> Table:
    columns = (
        Column("时　间", 22, "date"),
        Column("题　目", 44, "left"),
        Column("活　动", 34, "left"),
    )
    return Table(columns, tuple(_speech(item) for item in speeches))


def _speech(item: AgendaItem) -> Row:
    day = item.activity.held_on
    cells = (day_words(day), item.topic, item.activity.title)
    return Row(cells, source_of(item, "学习发言", day))


def _integrity(history: StudyHistory, year: int) -> str:
    """The forms of integrity education of the year, as far as there were any."""
    rows = [
        row
        for row in history.by_year().get(year, [])
        if row.slot.activity and row.slot.activity.kind == StudyKind.INTEGRITY
    ]
    done = Counter(
        row.slot.activity.theme
        for row in rows
        if row.slot.activity and (row.state in CAME or is_made_up(row))
    )
    if not rows:
        return ""
    words = [f"{theme.label}{'已参加' if done[theme] else '未参加'}" for theme in INTEGRITY_THEMES]
    return f"{year}年廉政教育：{'、'.join(words)}。"


def _summary(whole: Tally, history: StudyHistory) -> Summary:
    words = f"应到{whole.due}次、实到{whole.came}次"
    words += f"，出勤率{whole.percent}%" if whole.percent is not None else ""
    words += f"；发言{len(history.speeches)}次" if history.speeches else ""
    source = Source(
        "考勤汇总", "study.attendance:all", text=f"学习活动考勤{whole.due}次、发言{len(history.speeches)}次"
    )
    return Summary(lines=(Fact("学习活动", words, source),))
