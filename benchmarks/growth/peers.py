"""The same file by the peers: what their users would write, with the words and tables of one snapshot.

Typst draws everything. Chromium prints our own HTML. ReportLab leaves the charts out, because it reads no
SVG: its figures flatter it. None of them is asked for signatures.
"""

import base64
import tempfile
from collections.abc import Callable, Iterator
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

Way = Callable[[Any], int]


def pieces(snapshot: Any) -> Iterator[tuple[str, Any]]:
    """The file as a flat list: ("title"|"head"|"sub"|"text"|"svg"|"table", what)."""
    yield "title", f"{snapshot.identity.name}同志成长档案"
    for section in snapshot.sections:
        if section.blocks:
            yield "head", section.title
            for block in section.blocks:
                yield _piece(block)
    yield "head", "附录　佐证"
    rows = [
        [str(e.number), e.label, e.text[:60], str(e.on or ""), e.trail.recorder, e.verdict.label]
        for e in snapshot.evidence
    ]
    yield "table", ([7, 13, 36, 13, 19, 12], [["编号", "来源", "内容", "日期", "登记", "本人"], *rows])


def _piece(block: Any) -> tuple[str, Any]:
    from growth.contracts import Chart, Heading, Paragraph

    match block:
        case Heading(text=text):
            return "sub", text
        case Paragraph(text=text):
            return "text", text
        case Chart(svg=svg):
            return "svg", str(svg)
        case _:
            return "table", _grid(block)


def _grid(block: Any) -> tuple[list[int], list[Any]]:
    """Shares of the columns, and the rows; the first one is the head."""
    from growth.contracts import Facts, Figures, Form, Table

    match block:
        case Table(columns=columns, rows=rows):
            return [c.share for c in columns], [[c.title for c in columns], *(row.cells for row in rows)]
        case Facts(rows=facts):
            return [2, 8], [["项目", "内容"], *([fact.label, fact.value] for fact in facts)]
        case Figures(items=items):
            return [1, 1], [["指标", "数值"], *([item.label, item.value + item.unit] for item in items)]
        case Form(rows=grid):
            cells = [cell.text for row in grid for cell in row if not cell.photo]
            cells += [""] * (-len(cells) % 4)
            return [1] * 4, [cells[n : n + 4] for n in range(0, len(cells), 4)]
        case _:
            return [3, 7], [["起止", "经历"], *([line.period, line.text] for line in block.lines)]


# -- Typst --


def typst(fonts: Path) -> Way:
    import typst as engine

    folder = Path(tempfile.mkdtemp(prefix="cadre-bench-typst-"))

    def make(snapshot: Any) -> int:
        (folder / "file.typ").write_text(_typst_source(snapshot, folder))
        data = engine.compile(
            str(folder / "file.typ"),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            pdf_standards=["a-3a"],
            timestamp=0,
        )
        return len(data)

    return make


def _typst_source(snapshot: Any, folder: Path) -> str:
    parts = [
        f"#set document(title: {_q(snapshot.identity.name)})",
        '#set text(font: "Cadre Pack Song", size: 12pt, lang: "zh")',
        '#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, inside: 28mm, outside: 26mm))',
        '#set page(numbering: "— 1 —")',
    ]
    for number, (kind, what) in enumerate(pieces(snapshot)):
        match kind:
            case "title":
                parts.append(f"#align(center, text(size: 30pt)[#{_q(what)}])\n#pagebreak()")
            case "head" | "sub":
                parts.append(f"#heading(level: {1 if kind == 'head' else 2}, {_q(what)})")
            case "text":
                parts.append(f"#par({_q(what)})")
            case "svg":
                (folder / f"{number}.svg").write_text(what)
                parts.append(f'#image("{number}.svg", width: 100%, alt: "图")')
            case "table":
                shares, (head, *rows) = what
                columns = ", ".join(f"{share}fr" for share in shares)
                cells = ", ".join(_q(str(cell)) for row in rows for cell in row)
                heads = ", ".join(_q(cell) for cell in head)
                parts.append(
                    f"#text(size: 9.5pt, table(columns: ({columns}), table.header({heads}), {cells}))"
                )
    return "\n\n".join(parts)


def _q(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


# -- ReportLab --


def reportlab(fonts: Path) -> Way:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Song", str(fonts / "CadrePackSong.ttf")))
    sizes = {"title": 30, "head": 16, "sub": 14, "text": 14, "cell": 9.5}
    styles = {
        name: ParagraphStyle(name, fontName="Song", fontSize=size, leading=size * 1.4, wordWrap="CJK")
        for name, size in sizes.items()
    }

    def make(snapshot: Any) -> int:
        from reportlab.lib.pagesizes import A4
        from reportlab.platypus import SimpleDocTemplate

        output = BytesIO()
        SimpleDocTemplate(
            output, pagesize=A4, leftMargin=79, rightMargin=74, topMargin=105, bottomMargin=99
        ).build(list(_flowables(snapshot, styles)))
        return len(output.getvalue())

    return make


def _flowables(snapshot: Any, styles: dict[str, Any]) -> Iterator[Any]:
    from reportlab.lib import colors
    from reportlab.platypus import PageBreak, Paragraph, Table, TableStyle

    grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    for kind, what in pieces(snapshot):
        if kind == "svg":
            continue
        if kind != "table":
            yield Paragraph(escape(what), styles[kind])
            if kind == "title":
                yield PageBreak()
            continue
        shares, rows = what
        cells = [[Paragraph(escape(str(cell)), styles["cell"]) for cell in row] for row in rows]
        yield Table(
            cells, colWidths=[442 * share / sum(shares) for share in shares], repeatRows=1, style=grid
        )


# -- Chromium --


def chromium(fonts: Path) -> Way:
    """A warm browser that prints; the private fontconfig comes to it by its environment."""
    from playwright.sync_api import sync_playwright

    from core.pdf.fetcher import asset_path
    from growth.render import STYLESHEETS, render_html

    browser = (
        sync_playwright().start().chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    )
    page = browser.new_page()
    style = "".join((asset_path(name) or Path()).read_text() for name in STYLESHEETS)

    def make(snapshot: Any) -> int:
        html = render_html(snapshot).replace("</head>", f"<style>{style}</style></head>")
        if snapshot.photo:
            photo = base64.b64encode(snapshot.photo).decode()
            html = html.replace("blob:photo", f"data:image/jpeg;base64,{photo}")
        page.set_content(html)
        return len(page.pdf(prefer_css_page_size=True, tagged=True, outline=True))

    return make
