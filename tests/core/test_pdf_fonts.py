"""Which face fills which role, and the pack that is built from the system's fonts."""

import os
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont
from pytest_django.fixtures import Settings

from core.pdf import fonts, pack
from core.pdf.checks import check_pdf_libraries


def test_the_private_configuration_lists_only_our_folders(settings: Settings, tmp_path: Path) -> None:
    settings.FONT_DIR = tmp_path / "f&nts"
    path = fonts.use_private_fontconfig()
    text = path.read_text()
    assert text.count("<dir>") == 4
    assert text.index("f&amp;nts/own</dir>") < text.index("noto</dir>")
    assert os.environ["FONTCONFIG_FILE"] == str(path)
    assert (tmp_path / "f&nts" / "own").is_dir()


def test_a_role_knows_which_characters_its_own_face_has() -> None:
    assert fonts.covers("cadre-song", "王赟喆㛃䶮𬱖〇")
    assert not fonts.covers("cadre-song", "ཨ")


def test_the_offices_own_face_comes_first(settings: Settings, tmp_path: Path) -> None:
    """A face dropped into fonts/own fills its role; a name it cannot set goes whole to the song face."""
    settings.FONT_DIR = tmp_path
    fonts.own_dir().mkdir(parents=True)
    _small_font("仿宋_GB2312", "王示例").save(fonts.own_dir() / "fang.ttf")
    (fonts.own_dir() / "broken.ttf").write_bytes(b"not a font")
    for cached in (fonts.characters_of, fonts._installed_faces):
        cached.cache_clear()
    try:
        assert fonts.covers("cadre-fang", "王示例")
        assert not fonts.covers("cadre-fang", "王赟")
    finally:
        for cached in (fonts.characters_of, fonts._installed_faces):
            cached.cache_clear()


def _small_font(family: str, text: str) -> TTFont:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names = [".notdef", *(f"u{ord(char):04X}" for char in text)]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): name for char, name in zip(text, names[1:], strict=True)})
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    output = BytesIO()
    builder.save(output)
    return TTFont(BytesIO(output.getvalue()))


def test_the_pack_is_true_type_renamed_and_complete(tmp_path: Path, monkeypatch) -> None:
    wanted = {ord(char) for char in "干部成长档案0"}
    monkeypatch.setattr(pack, "characters", lambda: wanted)
    monkeypatch.setattr(pack, "FACES", pack.FACES[:1])
    built = dict(pack.build_pack(tmp_path))
    assert list(built) == [pack.FACES[0]]
    with TTFont(tmp_path / "CadrePackSong.ttf") as font:
        assert "glyf" in font
        assert "CFF " not in font
        assert set(font.getBestCmap()) == wanted
        assert font["name"].getDebugName(1) == "Cadre Pack Song"


def test_the_pack_holds_gb2312_and_the_characters_of_names() -> None:
    held = pack.characters()
    assert {ord(char) for char in "啊座亍齄赟喆䶮①—"} <= held
    assert 7400 < len(held) < 8000


def test_the_check_is_silent_where_everything_is_installed() -> None:
    assert check_pdf_libraries(None) == []
