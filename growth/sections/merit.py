"""考核奖惩."""

from core.charts import Lane, Mark
from growth.contracts import (
    Block,
    Chapter,
    Column,
    Edition,
    Fact,
    Figure,
    Heading,
    Paragraph,
    Row,
    Section,
    SectionContext,
    Source,
    Summary,
    SummaryLane,
    Table,
    register_section,
    source_of,
    sum_of,
)
from growth.penalties import parts_of, without_penalties
from growth.sections.records import Records, merits_of
from growth.wording import month_words
from people.models import AnnualAppraisal, Honour

RECENT_HONOURS = 3  # as many as the summary has room for


@register_section("merit", order=58, load=merits_of, title="年度考核与奖惩")
def merit_section(context: SectionContext, records: Records | None) -> Section:
    records = records or Records()
    blocks: list[Block] = [
        Heading("年度考核结果"),
        _appraisals(context, records) if records.appraisals else Paragraph(_appraisal_text(context)),
        Heading("奖惩情况"),
    ]
    if records.honours:
        blocks.append(_honours(records))
    if text := _reward_text(context, records):
        blocks.append(Paragraph(text))
    return Section("merit", Chapter.MERIT, 58, tuple(blocks), _summary(context, records), Chapter.MERIT)


def _appraisal_text(context: SectionContext) -> str:
    """The form's own words, where the results were never entered year by year."""
    return context.cadre.appraisal_text or "尚未登记年度考核结果。"


def _appraisals(context: SectionContext, records: Records) -> Table:
    """The column of notes stands only where somebody wrote one."""
    columns = (Column("年　度", 18), Column("等　次", 22), Column("说　明", 60, "left"))
    notes = {a.pk: _told(context, a.note) for a in records.appraisals}
    shown = 3 if any(notes.values()) else 2
    rows = (
        Row((f"{a.year}年", a.get_grade_display(), notes[a.pk])[:shown], source_of(a, "年度考核"))
        for a in reversed(records.appraisals)
    )
    return Table(columns[:shown], tuple(rows))


def _reward_text(context: SectionContext, records: Records) -> str:
    """The form's own words, without what the table of honours says already.

    Of a penalty leaders learn the period of its effect, not its words (security.md 1.6).
    """
    parts = parts_of(_told(context, context.cadre.reward_text))
    kept = [part for part in parts if not any(honour.title in part for honour in records.honours)]
    if kept:
        return "；".join(kept) + "。"
    return "" if records.honours else "尚未登记奖惩情况。"


def _told(context: SectionContext, text: str) -> str:
    return without_penalties(text) if context.edition is Edition.LEADER else text


def _honours(records: Records) -> Table:
    columns = (
        Column("日　期", 15, "date"),
        Column("名　称", 38, "left"),
        Column("类　别", 14),
        Column("授予单位", 35, "left"),
    )
    rows = (
        Row(
            (month_words(h.awarded_on), h.title, h.get_kind_display(), h.awarding_body),
            source_of(h, "奖励荣誉", h.awarded_on),
        )
        for h in reversed(records.honours)
    )
    deeds = "；".join(f"{h.title}：{h.deed}" for h in reversed(records.honours) if h.deed)
    return Table(columns, tuple(rows), note=f"先进事迹：{deeds}" if deeds else "")


def _summary(context: SectionContext, records: Records) -> Summary:
    recent = records.appraisals[-3:]
    marks = tuple(Mark(h.awarded_on, h.title) for h in records.honours)
    lines = []
    if records.honours:
        lines.append(Fact("奖励荣誉", _honour_lines(records.honours), _all_honours(records)))
    if recent:
        text = "；".join(map(str, recent))
        lines.append(Fact("年度考核", text, _recent(recent)))
    elif context.cadre.appraisal_text:
        lines.append(Fact("年度考核", context.cadre.appraisal_text))
    return Summary(
        figures=(_figure(recent),) if recent else (),
        lanes=(SummaryLane(50, Lane("荣誉", marks=marks)),) if marks else (),
        lines=tuple(lines),
    )


def _figure(recent: list[AnnualAppraisal]) -> Figure:
    """The latest grade in large, the ones before it small."""
    *before, latest = recent
    earlier = "、".join(f"{a.year}{a.get_grade_display()}" for a in reversed(before))
    source = source_of(latest, "年度考核")
    return Figure(f"{latest.year}年度考核", latest.get_grade_display(), note=earlier, source=source)


def _recent(recent: list[AnnualAppraisal]) -> Source | None:
    return sum_of("merit:recent", "近年年度考核结果", (source_of(a, "年度考核") for a in recent))


def _all_honours(records: Records) -> Source | None:
    parts = [source_of(h, "奖励荣誉", h.awarded_on) for h in reversed(records.honours)]
    return sum_of("merit:honours", f"奖励荣誉{len(parts)}项", parts)


def _honour_lines(honours: list[Honour]) -> str:
    latest = list(reversed(honours))
    lines = [f"{month_words(h.awarded_on)}　{h.title}" for h in latest[:RECENT_HONOURS]]
    more = len(latest) - RECENT_HONOURS
    return "\n".join(lines) + (f"（另有{more}项，见正文）" if more > 0 else "")
