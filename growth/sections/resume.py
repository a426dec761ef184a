"""简历, with interludes as （其间：…） lines."""

from collections import defaultdict
from datetime import date

from growth.contracts import (
    Paragraph,
    Resume,
    ResumeLine,
    Section,
    SectionContext,
    Source,
    register_section,
    source_of,
)
from growth.sections.records import Records, resumes_of
from growth.wording import span, until
from people.models import ResumeEntry


@register_section("resume", order=20, load=resumes_of, title="简历")
def resume_section(context: SectionContext, records: Records | None) -> Section:
    lines = resume_lines(records.resume if records else [], context.as_of)
    block = Resume(lines) if lines else Paragraph("尚未登记简历。")
    return Section("resume", "简历", 20, (block,))


def resume_lines(entries: list[ResumeEntry], as_of: date) -> tuple[ResumeLine, ...]:
    within: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    for entry in entries:
        if entry.parent_id:
            within[entry.parent_id].append((_span(entry, as_of), entry.text))
    return tuple(
        ResumeLine(_span(entry, as_of), entry.text, tuple(within[entry.pk]), _source(entry))
        for entry in entries
        if not entry.parent_id
    )


def _source(entry: ResumeEntry) -> Source:
    return source_of(entry, "简历", entry.starts_on)


def _span(entry: ResumeEntry, as_of: date) -> str:
    return span(entry.starts_on, until(entry.ends_on, as_of))
