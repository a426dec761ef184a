"""A snapshot as a document. Pure: no database, no clock, so it can run in a worker process."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from core import charts
from core.pdf import Blob, PdfMetadata, PdfResult, render_pdf
from growth.contracts import (
    PAPER_WIDTH,
    Block,
    Chart,
    Fact,
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

STYLESHEETS = ("growth/growth.css",)
LANE_YEARS = 12
SHORT_TABLE = 8  # rows that are kept on one page
DENSE_COLUMNS = 5  # more of them are set smaller
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


def summary_of(snapshot: Snapshot, *, width: float | None = PAPER_WIDTH) -> dict[str, object]:
    """The parts of the one-page summary, gathered from all sections; `width` None draws for the web."""
    parts = [section.summary for section in snapshot.sections]
    lanes = sorted((lane for part in parts for lane in part.lanes), key=lambda lane: lane.order)
    return {
        "facts": _threes([fact for part in parts for fact in part.facts]),
        "figures": [figure for part in parts for figure in part.figures],
        "charts": [chart for part in parts for chart in part.charts],
        "lines": [line for part in parts for line in part.lines],
        "lanes": _lanes_chart(snapshot, [lane.lane for lane in lanes], width) if lanes else None,
    }


def _threes(facts: list[Fact]) -> list[list[Fact]]:
    """Rows of three; the last one filled up, so that the columns stay in line."""
    filled = facts + [Fact("", "")] * (-len(facts) % 3)
    return [filled[start : start + 3] for start in range(0, len(filled), 3)]


def _lanes_chart(snapshot: Snapshot, lanes: list[charts.Lane], width: float | None) -> Chart:
    starts = [span.start.year for lane in lanes for span in lane.spans]
    first = max(min(starts, default=snapshot.as_of.year), snapshot.as_of.year - LANE_YEARS + 1)
    first = min(first, snapshot.as_of.year - 4)
    svg = charts.lanes(lanes, title="成长轨迹", first_year=first, today=snapshot.as_of, width=width)
    return Chart(svg, f"成长轨迹（{first}年—{snapshot.as_of.year}年）")


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
