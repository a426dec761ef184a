"""A reader's watermark on a finished PDF, without rendering it again.

The words are drawn as outlines in one form that every page shows, marked as an artifact: the document stays
PDF/A, screen readers skip it, and text extraction does not mix it into the text.

Archival documents leave the engine with an empty form in its place (`leave_room`): the words are then one
more object at the end of the file, in the same update as the signature, and nothing else is touched.
"""

import math
from functools import cache
from io import BytesIO
from typing import Any

from core.pdf.fonts import face_of

ROLE = "cadre-hei"
ANGLE = math.radians(32)
TILT_SIZE, FOOT_SIZE = 22.0, 7.5
TILTED_AT = ((0.30, 0.78), (0.52, 0.50), (0.72, 0.22))  # centres, as shares of the page
FOOT_Y = 20.0
FAINT, CLEAR = 0.10, 0.75  # opacity
Size = tuple[float, float]
NAME = "/ReaderMark"
BEFORE = b"q"  # what the page sets (WeasyPrint turns the y axis round) must not turn the mark
MARK = b"Q /Artifact <</Type /Pagination /Subtype /Watermark>> BDC q /ReaderMark Do Q EMC"


def stamp(data: bytes, text: str) -> bytes:
    """Writes `text` across every page, and small at its foot."""
    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf:
        forms: dict[Size, Any] = {}
        for page in pdf.pages:
            size = _size(page)
            if size not in forms:
                forms[size] = _form(pdf, text, size)
            has_room = NAME in page.resources.get("/XObject", {})
            page.add_resource(forms[size], pikepdf.Name.XObject, pikepdf.Name.ReaderMark)
            if not has_room:
                page.contents_add(BEFORE, prepend=True)
                page.contents_add(MARK, prepend=False)
        output = BytesIO()
        pdf.save(output)
    return output.getvalue()


def place_mark(writer: Any, text: str) -> bool:
    """The mark as part of what pyHanko is about to add to the file; False if it has no room for one."""
    from pyhanko.pdf_utils.generic import pdf_name

    page = writer.root["/Pages"]["/Kids"][0]
    images = page["/Resources"].get("/XObject", {})
    if NAME not in images:
        return False
    left, bottom, right, top = (float(edge) for edge in page["/MediaBox"])
    images[pdf_name(NAME)] = writer.add_object(_added_form(text, (right - left, top - bottom)))
    writer.update_container(images)
    return True


def _size(page: Any) -> Size:
    """Width and height of the page in points: a paper bound with others may lie across."""
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


def _form(pdf: Any, text: str, page: Size) -> Any:
    from pikepdf import Dictionary, Name

    states = Dictionary(
        Faint=Dictionary(Type=Name.ExtGState, ca=FAINT), Clear=Dictionary(Type=Name.ExtGState, ca=CLEAR)
    )
    return pdf.make_stream(
        _drawing(text, page),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=[0, 0, *page],
        Resources=Dictionary(ExtGState=states),
    )


def _added_form(text: str, page: Size) -> Any:
    """The same form in pyHanko's objects."""
    from pyhanko.pdf_utils import generic

    made: Any = generic  # its classes are typed in part only
    name = made.pdf_name

    def state(opacity: float) -> Any:
        shown = {name("/Type"): name("/ExtGState"), name("/ca"): made.FloatObject(opacity)}
        return made.DictionaryObject(shown)

    states = made.DictionaryObject({name("/Faint"): state(FAINT), name("/Clear"): state(CLEAR)})
    about = {
        name("/Type"): name("/XObject"),
        name("/Subtype"): name("/Form"),
        name("/BBox"): made.ArrayObject(map(made.FloatObject, (0, 0, *page))),
        name("/Resources"): made.DictionaryObject({name("/ExtGState"): states}),
    }
    form = made.StreamObject(about, stream_data=_drawing(text, page))
    form.compress()
    return form


def _drawing(text: str, page: Size) -> bytes:
    tilted, width = outlines(text, TILT_SIZE)
    foot, foot_width = outlines(text, FOOT_SIZE)
    parts = [_placed(tilted, width, x * page[0], y * page[1], ANGLE, "/Faint") for x, y in TILTED_AT]
    parts.append(_placed(foot, foot_width, page[0] / 2, FOOT_Y, 0.0, "/Clear"))
    return "\n".join(parts).encode()


def _placed(path: str, width: float, x: float, y: float, angle: float, state: str) -> str:
    cos, sin = math.cos(angle), math.sin(angle)
    left, bottom = x - width / 2 * cos, y - width / 2 * sin
    move = f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {left:.1f} {bottom:.1f} cm"
    return f"q {state} gs 0 g {move}\n{path} f Q"


def outlines(text: str, size: float) -> tuple[str, float]:
    """PDF path operators of the text from the origin, and its width in points."""
    parts: list[str] = []
    x = 0.0
    for char in text:
        strokes, advance = _glyph(char)
        parts += [
            " ".join(f"{(px * size + x):.2f} {py * size:.2f}" for px, py in points) + f" {operator}"
            for points, operator in strokes
        ]
        x += advance * size
    return "\n".join(parts), x


Point = tuple[float, float]
Stroke = tuple[tuple[Point, ...], str]


@cache
def _glyph(char: str) -> tuple[tuple[Stroke, ...], float]:
    """Strokes and advance of a character at size 1; a blank of one em for what the face lacks."""
    font, glyphs, characters = _face()
    name = characters.get(ord(char))
    if name is None:
        return (), 1.0
    em = font["head"].unitsPerEm
    pen = _pen(glyphs, em)
    glyphs[name].draw(pen)
    return tuple(pen.strokes), glyphs[name].width / em


@cache
def _face() -> tuple[Any, Any, dict[int, str]]:
    from fontTools.ttLib import TTFont

    face = face_of(ROLE)
    if face is None:
        return None, None, {}
    # From memory: glyphs are read as they are needed, and no file stays open for the life of the process.
    font = TTFont(BytesIO(face[0].read_bytes()), fontNumber=face[1], lazy=True)
    return font, font.getGlyphSet(), font.getBestCmap()


def _pen(glyphs: Any, em: int) -> Any:
    """A pen that keeps PDF operators; the base class turns quadratic curves into cubic ones."""
    from fontTools.pens.basePen import BasePen

    class OutlinePen(BasePen):
        def __init__(self) -> None:
            super().__init__(glyphs)
            self.strokes: list[Stroke] = []

        def _keep(self, operator: str, *points: Point) -> None:
            self.strokes.append((tuple((x / em, y / em) for x, y in points), operator))

        def _moveTo(self, pt: Point) -> None:  # noqa: N802 - named by the base class
            self._keep("m", pt)

        def _lineTo(self, pt: Point) -> None:  # noqa: N802
            self._keep("l", pt)

        def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:  # noqa: N802
            self._keep("c", pt1, pt2, pt3)

        def _closePath(self) -> None:  # noqa: N802
            self._keep("h")

    return OutlinePen()
