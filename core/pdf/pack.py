"""A small font pack made from the system's CJK fonts: documents get smaller and render faster.

The outlines must become TrueType (glyf). A subset that keeps its CFF outlines looks right in one viewer and
shows wrong characters in others, because a CID-keyed font then no longer counts its glyphs as they lie.
The families are renamed: some licences reserve the original name for the unmodified font. The full fonts
stay in use for every character outside the pack.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOTO = Path("/usr/share/fonts/opentype/noto")
WENKAI = Path("/usr/share/fonts/truetype/lxgw-wenkai")
CHINESE = 2  # the simplified face in Noto's collections

# Characters of names that GB 2312 does not have, and signs that documents use.
NAMES = (
    "赟喆堃镕珺頔翀玥烜彧昇犇垚骉䜣㛃䶮𬱖淼鑫旌昉曈晞晢祎祺禛禔筠笙簃綦芃芸茜茗荃莘菡萱葳蓁蔚薇薏藜蘅袆裒"
    "諠謇豳贇輗邈邴郗鄢鄯鋆钰钲铖锟锦镭闫阚陟隽霁霈霄靓靖韫韬顗颀颢飏馥骁骅骞髙鹍鹏麒麟黻黾墨"
)
SIGNS = "〇·—–“”‘’…①②③④⑤⑥⑦⑧⑨⑩℃㎡㎞★☆■□▲△▼●○◆◇√✓×÷±≤≥→←↑↓ⅠⅡⅢⅣⅤ〔〕【】《》「」％"
DROPPED = (
    "BASE",
    "VORG",
    "vhea",
    "vmtx",
    "DSIG",
    "EBDT",
    "EBLC",
    "FFTM",
    "meta",
    "gasp",
    "hdmx",
    "VDMX",
    "LTSH",
)


@dataclass(frozen=True, slots=True)
class Face:
    source: Path
    index: int
    family: str
    bold: bool = False

    @property
    def filename(self) -> str:
        return f"{self.family.replace(' ', '')}{'-Bold' if self.bold else ''}.ttf"


FACES = (
    Face(NOTO / "NotoSerifCJK-Regular.ttc", CHINESE, "Cadre Pack Song"),
    Face(NOTO / "NotoSerifCJK-Bold.ttc", CHINESE, "Cadre Pack Song", bold=True),
    Face(NOTO / "NotoSansCJK-Regular.ttc", CHINESE, "Cadre Pack Hei"),
    Face(NOTO / "NotoSansCJK-Bold.ttc", CHINESE, "Cadre Pack Hei", bold=True),
    Face(WENKAI / "LXGWWenKai-Regular.ttf", 0, "Cadre Pack Kai"),
)


def available_faces() -> list[Face]:
    return [face for face in FACES if face.source.is_file()]


def build_pack(folder: Path) -> Iterator[tuple[Face, int]]:
    """Write every face that the system has; yields it with its size in bytes."""
    from fontTools.ttLib import TTFont

    folder.mkdir(parents=True, exist_ok=True)
    for face in available_faces():
        target = folder / face.filename
        fresh = target.with_suffix(".new")
        with TTFont(face.source, fontNumber=face.index) as font:
            _reduce(font, face)
            font.save(fresh)
        fresh.replace(target)  # a process that renders meanwhile never sees half a font
        yield face, target.stat().st_size


def characters() -> set[int]:
    """GB 2312 (6,763 characters and its signs), Latin letters, characters of names."""
    rows = range(0xA1, 0xF8)
    gb2312 = (bytes([high, low]).decode("gb2312", "ignore") for high in rows for low in range(0xA1, 0xFF))
    text = "".join(gb2312) + NAMES + SIGNS + "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
    return {ord(char) for char in text}


def _reduce(font: Any, face: Face) -> None:
    from fontTools import subset

    options = subset.Options(
        layout_features=["ccmp", "kern", "liga"], name_IDs=["*"], notdef_outline=True, hinting=False
    )
    options.desubroutinize = True
    options.drop_tables += list(DROPPED)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    _rename(font, face)
    if "CFF " in font:
        _to_true_type(font)


def _rename(font: Any, face: Face) -> None:
    style = "Bold" if face.bold else "Regular"
    postscript = f"{face.family.replace(' ', '')}-{style}"
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in {0, 13, 14}]  # whose work it is
    for number, text in {1: face.family, 2: style, 4: f"{face.family} {style}", 6: postscript}.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 700 if face.bold else 400


def _to_true_type(font: Any) -> None:
    """Cubic outlines to quadratic ones, at most one unit off."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    order, shapes, glyphs = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(None)
        shapes[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    for name in order:
        glyphs[name].recalcBounds(font["glyf"])
        width, _bearing = font["hmtx"][name]
        font["hmtx"][name] = (width, getattr(glyphs[name], "xMin", 0) or 0)
    _as_true_type_tables(font)


def _as_true_type_tables(font: Any) -> None:
    limits = font["maxp"]
    limits.tableVersion = 0x00010000
    counts = "Zones TwilightPoints Storage FunctionDefs InstructionDefs StackElements SizeOfInstructions"
    counts += " ComponentElements Points Contours CompositePoints CompositeContours ComponentDepth"
    for count in counts.split():
        setattr(limits, f"max{count}", 1 if count == "Zones" else 0)
    del font["CFF "]
    font.sfntVersion = "\0\1\0\0"
    font["post"].formatType = 3.0
