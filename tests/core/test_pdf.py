"""Real PDFs, made by the engine and read back."""

import subprocess
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from core.pdf import Blob, MissingGlyphs, PdfBlocked, PdfMetadata, PdfResult, PdfUnavailable, render_pdf
from core.pdf.engine import load_engine

ABOUT = PdfMetadata(
    title="示例", author="组织人事部门", subject="说明", as_of=date(2026, 6, 30), keywords=("甲",)
)


def render(body: str, **options: object) -> PdfResult:
    html = f"<html lang='zh-CN'><body style='font-family:cadre-song'>{body}</body></html>"
    return render_pdf(html, stylesheets=[], metadata=ABOUT, **options)  # type: ignore[arg-type]


def text_of(data: bytes, tmp_path: Path) -> str:
    file = tmp_path / "read.pdf"
    file.write_bytes(data)
    return subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True, text=True).stdout


def test_text_can_be_read_back_rare_names_included(tmp_path: Path) -> None:
    result = render("<p>王赟喆、㛃䶮、𬱖〇，2026年共96.5学时</p>")
    assert result.pages == 1
    assert text_of(result.data, tmp_path).strip() == "王赟喆、㛃䶮、𬱖〇，2026年共96.5学时"


def test_the_same_input_gives_the_same_bytes() -> None:
    assert render("<h1>干部</h1>").data == render("<h1>干部</h1>").data


def test_properties_come_from_the_data_and_not_from_the_clock() -> None:
    reader = PdfReader(BytesIO(render("文").data))
    about = reader.metadata
    assert about is not None
    assert (about.title, about.author, about.subject) == ("示例", "组织人事部门", "说明")
    assert about["/CreationDate"] == about["/ModDate"]
    assert about["/CreationDate"].startswith("D:20260630")
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"  # type: ignore[index]


def test_every_font_is_embedded() -> None:
    reader = PdfReader(BytesIO(render("宋<b>体</b><i style='font-family:cadre-hei'>黑</i>").data))
    fonts = reader.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    descriptors = [f.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for f in fonts]
    assert len(descriptors) == 3
    assert all({"/FontFile2", "/FontFile3"} & set(d.get_object()) for d in descriptors)


def test_a_character_without_glyph_is_named_and_nothing_is_made() -> None:
    with pytest.raises(MissingGlyphs) as refused:
        render("<p>王ཨ同志ཨབ</p>")
    assert refused.value.characters == "".join(sorted("ཨབ"))
    assert "“ཨ”（U+0F68）" in refused.value.message
    assert "fonts/own" in refused.value.message


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "https://example.test/x.png",
        "asset:growth/../models.py",
        "asset:os/x.png",
        "blob:other",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "/etc/hostname",
    ],
)
def test_nothing_comes_from_outside(url: str) -> None:
    with pytest.raises(PdfBlocked) as refused:
        render(f"<img src='{url}' alt=''>", blobs={"photo": Blob(b"")})
    assert len(refused.value.urls) == 1


def test_a_style_sheet_cannot_reach_outside_either() -> None:
    with pytest.raises(PdfBlocked):
        render("<style>@import url(file:///etc/passwd)</style><p style='background:url(http://x.test/a)'>文")


def test_passed_bytes_are_shown() -> None:
    output = BytesIO()
    Image.new("RGB", (2, 2), "#9b1c1f").save(output, "PNG")
    result = render("<img src='blob:dot' alt='点'>", blobs={"dot": Blob(output.getvalue(), "image/png")})
    assert len(PdfReader(BytesIO(result.data)).pages[0].images) == 1


def test_without_the_system_libraries_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import builtins

    real = builtins.__import__

    def broken(name: str, *args: object, **options: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", broken)
    with pytest.raises(PdfUnavailable) as refused:
        load_engine()
    assert "libpango-1.0-0、libpangoft2-1.0-0、libharfbuzz-subset0" in refused.value.message
