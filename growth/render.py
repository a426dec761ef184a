"""A snapshot as a document. Pure: no database, no clock, so it can run in a worker process."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from core.pdf import Blob, PdfMetadata, PdfResult, render_pdf
from growth.contracts import (
    Block,
    Chart,
    Facts,
    Figures,
    Form,
    Heading,
    Paragraph,
    Resume,
    Section,
    Table,
)
from growth.snapshot import Snapshot
from growth.summary import summary_of

STYLESHEETS = ("growth/growth.css",)
SHORT_TABLE = 8  # rows that are kept on one page
DENSE_COLUMNS = 4  # more of them are set smaller
MAX_ROWS = 500  # layout time grows with cells; a longer list is cut and says so

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


def render_file(snapshot: Snapshot) -> PdfResult:
    """The growth file as PDF; equal snapshots give equal bytes. Raises what core.pdf.render_pdf raises."""
    blobs = {"photo": Blob(snapshot.photo)} if snapshot.photo else {}
    return render_pdf(
        render_html(snapshot), stylesheets=STYLESHEETS, blobs=blobs, metadata=_metadata(snapshot)
    )


def render_html(snapshot: Snapshot) -> str:
    chapters = [(section, _pieces(section)) for section in snapshot.sections if section.blocks]
    context = {"file": snapshot, "summary": summary_of(snapshot), "chapters": chapters}
    return render_to_string("growth/file/document.html", context)


def _pieces(section: Section) -> list[dict[str, object]]:
    """Each block with its template and, for headings, its number within the section."""
    pieces: list[dict[str, object]] = []
    heading = 0
    for block in section.blocks:
        heading += isinstance(block, Heading)
        template = f"growth/file/{_TEMPLATES[type(block)]}.html"
        pieces.append({"template": template, "block": block, "number": heading, "grid": _grid(block)})
    return pieces


def _grid(block: Block) -> dict[str, object] | None:
    """Widths in percent and cells with their alignment, for the blocks that are grids."""
    if isinstance(block, Form):
        return {"widths": _percent(block.shares)}
    if isinstance(block, Table):
        aligns = [column.align for column in block.columns]
        return {
            "widths": _percent([column.share for column in block.columns]),
            "rows": [list(zip(aligns, row.cells, strict=True)) for row in block.rows[:MAX_ROWS]],
            "left_out": max(0, len(block.rows) - MAX_ROWS),
            "short": len(block.rows) <= SHORT_TABLE,
            "dense": len(block.columns) > DENSE_COLUMNS,
        }
    return None


def _percent(shares: Sequence[int]) -> list[str]:
    whole = sum(shares)
    return [f"{share * 100 / whole:.3f}" for share in shares]


def _metadata(snapshot: Snapshot) -> PdfMetadata:
    return PdfMetadata(
        title=f"{snapshot.identity.name}同志成长档案",
        author=f"{snapshot.zone}组织人事部门",
        subject=f"干部成长档案（{snapshot.edition.label}）{snapshot.number}",
        as_of=snapshot.as_of,
        keywords=("干部成长档案", snapshot.number),
    )
