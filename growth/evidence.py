"""The evidence of a file: every sourced line gets a number that resolves in the appendix, and back.

Numbers follow the reading order: the summary, then the chapters. One record has one number wherever it is
cited. Pure: what the database knows of a record comes in as a `Trail`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from django.db.models import TextChoices

from growth.contracts import (
    MAX_ROWS,
    Block,
    Facts,
    Figures,
    Form,
    Resume,
    Section,
    Source,
    Summary,
    Table,
)
from growth.lines import labelled, row_words


class Verdict(TextChoices):
    """What the cadre said of a line of the own file."""

    CONFIRMED = "confirmed", "本人已确认"
    DISPUTED = "disputed", "本人有异议"
    NONE = "", "本人未确认"


@dataclass(frozen=True, slots=True)
class Trail:
    """Who entered a record, on which day, and from where (a file that was imported)."""

    recorder: str = ""
    recorded_on: date | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row of the appendix. `parts` are the numbers of the rows a reckoned figure came from."""

    number: int
    key: str
    label: str
    text: str
    on: date | None
    trail: Trail
    verdict: Verdict
    parts: tuple[int, ...] = ()

    @property
    def parts_words(self) -> str:
        """Neighbours as a span: 3—7、12."""
        spans: list[list[int]] = []
        for number in self.parts:
            if spans and number == spans[-1][-1] + 1:
                spans[-1].append(number)
            else:
                spans.append([number])
        return "、".join(f"{span[0]}—{span[-1]}" if len(span) > 1 else f"{span[0]}" for span in spans)


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as it stands in the file, with the words of the line that cites it."""

    source: Source
    text: str

    @property
    def digest(self) -> str:
        """Of the words: what was confirmed is this line, not whatever the record says later."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows beside the sections: trails by key, and verdicts by (key, digest)."""

    trails: Mapping[str, Trail] = field(default_factory=dict)
    verdicts: Mapping[tuple[str, str], Verdict] = field(default_factory=dict)


def cited(sections: Sequence[Section]) -> list[Cited]:
    """Every source once, in reading order; the words are those of its first full line in the chapters."""
    lines: dict[str, Cited] = {}
    for source, text in (*_of_chapters(sections), *_of_summaries(sections)):
        for each in _with_parts(source):
            words = each.text or (text if each is source else "")
            if each.key not in lines or not lines[each.key].text:
                lines[each.key] = Cited(each, words)
    order = dict.fromkeys(
        each.key
        for source, _ in (*_of_summaries(sections), *_of_chapters(sections))
        for each in _with_parts(source)
    )
    return [lines[key] for key in order]


def evidence_of(sections: Sequence[Section], known: Known) -> tuple[Evidence, ...]:
    lines = cited(sections)
    by_key = {line.source.key: line for line in lines}
    numbers = {line.source.key: number for number, line in enumerate(lines, start=1)}
    return tuple(_evidence(line, numbers, by_key, known) for line in lines)


def _verdict(line: Cited, lines: Mapping[str, Cited], known: Known) -> Verdict:
    """Nobody confirms a sum: it stands as confirmed when all its parts do, and falls with one of them."""
    if not line.source.parts:
        return known.verdicts.get((line.source.key, line.digest), Verdict.NONE)
    parts = {_verdict(lines[part.key], lines, known) for part in line.source.parts[:MAX_ROWS]}
    if Verdict.DISPUTED in parts:
        return Verdict.DISPUTED
    return Verdict.CONFIRMED if parts == {Verdict.CONFIRMED} else Verdict.NONE


def _evidence(line: Cited, numbers: Mapping[str, int], lines: Mapping[str, Cited], known: Known) -> Evidence:
    source = line.source
    trail = known.trails.get(source.key, Trail())
    return Evidence(
        number=numbers[source.key],
        key=source.key,
        label=source.label,
        text=line.text,
        on=source.on,
        trail=Trail(source.recorder, trail.recorded_on, trail.origin) if source.recorder else trail,
        verdict=_verdict(line, lines, known),
        parts=tuple(sorted(numbers[part.key] for part in source.parts[:MAX_ROWS])),
    )


def _with_parts(source: Source) -> Iterator[Source]:
    yield source
    for part in source.parts[:MAX_ROWS]:
        yield from _with_parts(part)


def _of_summaries(sections: Iterable[Section]) -> Iterator[tuple[Source, str]]:
    """As the summary page reads: facts, figures, lines, open points, each over all sections."""
    parts: list[Summary] = [section.summary for section in sections]
    for part in parts:
        yield from _sourced((fact.source, fact.value) for fact in part.facts)
    for part in parts:
        yield from _sourced((item.source, f"{item.label}：{item.value}{item.unit}") for item in part.figures)
    for part in parts:
        yield from _sourced((line.source, line.value) for line in part.lines)
    for part in parts:
        yield from _sourced((point.source, point.value) for point in part.points)


def _of_chapters(sections: Iterable[Section]) -> Iterator[tuple[Source, str]]:
    for section in sections:
        for block in section.blocks:
            yield from _sourced(_lines(block))


def _lines(block: Block) -> Iterator[tuple[Source | None, str]]:
    match block:
        case Table(columns=columns, rows=rows):
            titles = [column.title for column in columns]
            for row in rows[:MAX_ROWS]:
                yield row.source, row_words(titles, row.cells)
        case Facts(rows=facts):
            for fact in facts:
                yield fact.source, f"{fact.label}：{fact.value}"
        case Figures(items=items):
            for item in items:
                yield item.source, f"{item.label}：{item.value}{item.unit}"
        case Resume(lines=resume):
            for line in resume:
                within = "".join(f"（其间：{period}　{text}）" for period, text in line.interludes)
                yield line.source, f"{line.period.strip()}　{line.text}{within}"
        case Form(rows=grid, source=source):
            cells = labelled(((cell.label, cell.text) for cell in row if not cell.photo) for row in grid)
            yield source, "　".join(f"{label}：{text}" for label, text in cells if text)
        case _:
            return


def _sourced(lines: Iterable[tuple[Source | None, str]]) -> Iterator[tuple[Source, str]]:
    return ((source, text) for source, text in lines if source is not None)
