"""A snapshot as a document. Pure: no database, no clock, so it can run in a worker process."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.pdf import Blob, PdfAttachment, PdfMetadata, PdfResult, render_pdf
from growth.contracts import (
    MAX_ROWS,
    Block,
    Chart,
    Facts,
    Figures,
    Form,
    Heading,
    Paragraph,
    Resume,
    Row,
    Source,
    Table,
)
from growth.evidence import Evidence, Verdict
from growth.outline import Piece, chapters_of
from growth.proof import verification_mark
from growth.snapshot import Snapshot
from growth.summary import summary_of
from growth.widths import fitted_widths, percentages

STYLESHEETS = ("growth/growth.css",)
SHORT_TABLE = 5  # rows that are kept on one page
DENSE_COLUMNS = 4  # more of them are set smaller
SIZE, DENSE_SIZE = 10.5, 9.5  # points of a table, as the style sheet sets them

DATA_NAME = "growth-file.json"
NOTHING = ("", "—")  # what an empty cell says
APPENDIX_SHARES = (22, 27, 66, 33, 33, 20)

_TEMPLATES: dict[type[Block], str] = {
    Chart: "chart",
    Facts: "facts",
    Figures: "figures",
    Form: "form",
    Heading: "heading",
    Paragraph: "paragraph",
    Resume: "resume",
    Table: "table",
}


class Citations:
    """The small numbers at the lines. The first citation of a record is where the appendix leads back to."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._by_key = {row.key: row for row in evidence}
        self.cited: set[str] = set()

    def mark(self, source: Source | None) -> SafeString | str:
        row = self._by_key.get(source.key) if source else None
        if row is None:
            return ""
        anchor = "" if row.key in self.cited else format_html(' id="r{}"', row.number)
        self.cited.add(row.key)
        star = "" if row.verdict == Verdict.CONFIRMED else "*"
        return format_html(
            '<sup class="ref"><a{} href="#e{}">{}{}</a></sup>', anchor, row.number, row.number, star
        )


def render_file(snapshot: Snapshot) -> PdfResult:
    """The growth file as PDF; equal snapshots give equal bytes. Raises what core.pdf.render_pdf raises."""
    blobs = {"photo": Blob(snapshot.photo)} if snapshot.photo else {}
    return render_pdf(
        render_html(snapshot),
        stylesheets=STYLESHEETS,
        blobs=blobs,
        metadata=_metadata(snapshot),
        attachments=[PdfAttachment(DATA_NAME, snapshot.canonical_json().encode(), "本档案所载数据")],
        archival=True,
    )


def render_html(snapshot: Snapshot) -> str:
    context = {
        "file": snapshot,
        "summary": summary_of(snapshot),
        "chapters": [(title, _pieces(found)) for title, found in chapters_of(snapshot.sections)],
        "cite": Citations(snapshot.evidence),
        "appendix": percentages(APPENDIX_SHARES),
        "files": list(dict.fromkeys(filter(None, (row.trail.origin for row in snapshot.evidence)))),
        "qr": verification_mark(snapshot),
    }
    return render_to_string("growth/file/document.html", context)


def _pieces(chapter: Sequence[Piece]) -> list[dict[str, object]]:
    """Each block with its template and what the template needs beside it."""
    return [
        {
            "template": f"growth/file/{_TEMPLATES[type(piece.block)]}.html",
            "block": piece.block,
            "level": piece.level,
            "number": piece.number,
            "grid": _grid(piece.block),
        }
        for piece in chapter
    ]


def _grid(block: Block) -> dict[str, object] | None:
    """Widths in percent and cells with their alignment, for the blocks that are grids."""
    if isinstance(block, Form):
        return {"widths": percentages(block.shares)}
    return _table(_filled(block)) if isinstance(block, Table) else None


def _table(block: Table) -> dict[str, object]:
    aligns = [column.align for column in block.columns]
    dense = len(block.columns) > DENSE_COLUMNS
    return {
        "columns": block.columns,
        "widths": fitted_widths(block, DENSE_SIZE if dense else SIZE),
        "rows": [(row.source, list(zip(aligns, row.cells, strict=True))) for row in block.rows[:MAX_ROWS]],
        "left_out": max(0, len(block.rows) - MAX_ROWS),
        "short": len(block.rows) <= SHORT_TABLE,
        "dense": dense,
    }


def _filled(block: Table) -> Table:
    """Without the columns in which no row says anything: paper is for what is known."""
    said = [any(row.cells[place].strip() not in NOTHING for row in block.rows) for place in _places(block)]
    if all(said) or not any(said):
        return block
    rows = (Row(tuple(compress(row.cells, said)), row.source) for row in block.rows)
    return replace(block, columns=tuple(compress(block.columns, said)), rows=tuple(rows))


def _places(block: Table) -> range:
    return range(len(block.columns))


def _metadata(snapshot: Snapshot) -> PdfMetadata:
    return PdfMetadata(
        title=f"{snapshot.identity.name}同志成长档案",
        author=f"{snapshot.zone}组织人事部门",
        subject=f"干部成长档案（{snapshot.edition.label}）{snapshot.number}",
        as_of=snapshot.as_of,
        keywords=("干部成长档案", snapshot.number),
    )
