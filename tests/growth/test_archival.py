"""The files as PDF/A-3a. No validator can be installed from the registries here, so the structure is checked
rule by rule with pikepdf: what ISO 19005-3 asks for and a generator typically forgets."""

import json
from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from core.access import Role
from core.pdf.stamp import stamp
from growth.contracts import Edition, Paragraph, Section
from growth.queries import snapshot_of
from growth.render import DATA_NAME, render_file
from growth.services import make_growth_file, read_growth_file
from growth.signing import seal_of, sign
from people.models import Cadre, Honour, ResumeEntry, Unit
from tests.factories.people import make_cadre, make_viewer
from tests.growth.conftest import AS_OF


@pytest.fixture
def pdf(photo: Cadre, unit: Unit, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    officer = make_viewer(Role.HR, unit=unit)
    file = make_growth_file(cadre=photo, edition=Edition.ARCHIVE, as_of=AS_OF, by=officer)
    with pikepdf.open(BytesIO(read_growth_file(file=file, by=officer))) as opened:
        yield opened


def test_it_calls_itself_pdfa_3a_and_agrees_with_its_properties(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["dc:title"] == str(pdf.docinfo["/Title"]) == "汪晓峰同志成长档案"


def test_colours_have_an_output_intent_and_nothing_is_encrypted(pdf: pikepdf.Pdf) -> None:
    intents = [str(intent.S) for intent in pdf.Root.OutputIntents]
    assert ("/GTS_PDFA1" in intents, pdf.is_encrypted) == (True, False)


def test_every_font_is_inside_with_a_way_back_to_characters(pdf: pikepdf.Pdf) -> None:
    fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"]
    whole = [font for font in fonts if font.Subtype == "/Type0"]
    assert whole
    for font in whole:
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/ToUnicode" in font
        assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))


def test_it_is_tagged_in_chinese_with_text_for_pictures(pdf: pikepdf.Pdf) -> None:
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "zh-CN"
    figures = [
        o for o in pdf.objects
        if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"
    ]  # fmt: skip
    assert figures
    assert [figure for figure in figures if not str(figure.get("/Alt", ""))] == []


def test_no_scripts_actions_or_interpolated_images(pdf: pikepdf.Pdf) -> None:
    dictionaries = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary | pikepdf.Stream)]
    for entry in dictionaries:
        assert "/JS" not in entry
        assert "/AA" not in entry
        assert entry.get("/S") not in ("/JavaScript", "/Launch", "/URI")
        assert not bool(entry.get("/Interpolate", False))


def test_the_data_is_the_one_attachment_and_says_it_is_data(pdf: pikepdf.Pdf) -> None:
    assert list(pdf.attachments) == [DATA_NAME]
    spec = pdf.attachments[DATA_NAME]
    assert str(spec.obj.AFRelationship) == "/Data"
    assert json.loads(spec.get_file().read_bytes())["identity"]["name"] == "汪晓峰"


def test_bookmarks_lead_through_the_chapters(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles[:3] == ["封面", "一页纸综述", "一、基本情况"]
    assert titles[-1].startswith("附录")


CANARIES = {"phone": "13912345678", "address": "金丝雀路八号", "workplace": "金丝雀小学"}


@pytest.mark.parametrize(
    ("edition", "known"),
    [(Edition.SELF, {"phone", "address", "workplace"}), (Edition.LEADER, set()),
     (Edition.ARCHIVE, {"phone", "address", "workplace"})],
)  # fmt: skip
def test_each_edition_holds_no_more_than_its_reader_may_know(
    cadre: Cadre, edition: Edition, known: set[str]
) -> None:
    """security.md 1.6, G03: in text, properties, attachments and annotations."""
    cadre.phone, cadre.address = CANARIES["phone"], CANARIES["address"]
    cadre.save()
    member = cadre.family.get()
    member.workplace = CANARIES["workplace"]
    member.save()
    everything = words_of(render_file(snapshot_of(cadre, edition=edition, as_of=AS_OF)).data)
    assert {name for name, text in CANARIES.items() if text in everything} == known
    assert str(cadre.id_number) not in everything


def words_of(data: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    with pikepdf.open(BytesIO(data)) as pdf:
        attached = "".join(a.get_file().read_bytes().decode() for a in pdf.attachments.values())
        notes = "".join(str(o) for o in pdf.objects if isinstance(o, pikepdf.String))
        about = str(pdf.docinfo) + str(pdf.open_metadata())
    return (text + attached + notes + about).replace("\r", "").replace("\n", "")


def test_a_hostile_record_makes_a_file_like_any_other(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """G05: a 20,000-character note, more honours than a table takes, no photo, rare characters, markup.

    The table is cut at 20 rows here to stay cheap; benchmarks/growth.py takes 2,000 rows at the real limit.
    """
    monkeypatch.setattr("growth.evidence.MAX_ROWS", 20)
    monkeypatch.setattr("growth.render.MAX_ROWS", 20)
    cadre = make_cadre("阿不都热西提·买买提㛃", unit=unit, reward_text="长" * 500)
    Honour.objects.bulk_create(
        Honour(cadre=cadre, title=f"<b>荣誉{n}</b>", awarded_on=AS_OF) for n in range(60)
    )
    ResumeEntry.objects.create(cadre=cadre, position=1, text="㛃䶮𬱖" * 150)
    snapshot = snapshot_of(cadre, edition=Edition.ARCHIVE, as_of=AS_OF)
    assert len(snapshot.evidence) < 30  # what the tables leave out is not numbered either
    note = Section("note", "附记", 99, (Paragraph("长" * 20_000),))
    result = render_file(replace(snapshot, sections=(*snapshot.sections, note)))
    assert 30 < result.pages < 60
    text = words_of(result.data)
    assert "<b>荣誉59</b>" in text
    assert "另有 40 条未列出" in text


def test_the_mark_of_a_reader_is_on_every_page_and_no_text(cadre: Cadre) -> None:
    plain = render_file(snapshot_of(cadre, edition=Edition.SELF, as_of=AS_OF)).data
    marked = stamp(plain, "张三　2026-11-24 10:31　查阅号7")
    with pikepdf.open(BytesIO(marked)) as pdf:
        assert all("/ReaderMark" in page.Resources.XObject for page in pdf.pages)
    assert "张三" not in words_of(marked)


def test_the_mark_is_added_with_the_seal_and_looks_like_the_one_stamped(cadre: Cadre) -> None:
    """In one update at the end of the file: what was kept is still there to the byte."""
    kept = render_file(snapshot_of(cadre, edition=Edition.SELF, as_of=AS_OF)).data
    mark = "张三　2026-11-24 10:31　查阅号7"
    sealed = sign(kept, reason="测试", mark=mark)
    assert sealed.startswith(kept)
    seal = seal_of(sealed)
    assert seal is not None
    assert seal.good
    assert images_of(sealed) == images_of(stamp(kept, mark)) != images_of(kept)
    assert "张三" not in words_of(sealed)


def test_a_file_kept_without_room_for_the_mark_is_stamped_as_before(cadre: Cadre) -> None:
    with pikepdf.open(
        BytesIO(render_file(snapshot_of(cadre, edition=Edition.SELF, as_of=AS_OF)).data)
    ) as pdf:
        for page in pdf.pages:
            del page.Resources.XObject["/ReaderMark"]
            break  # all pages share their resources
        output = BytesIO()
        pdf.save(output)
    sealed = sign(output.getvalue(), reason="测试", mark="张三　查阅号7")
    with pikepdf.open(BytesIO(sealed)) as pdf:
        assert all("/ReaderMark" in page.Resources.XObject for page in pdf.pages)
    seal = seal_of(sealed)
    assert seal is not None
    assert seal.good


def images_of(data: bytes) -> list[bytes]:
    return [page.render(scale=0.5).to_pil().tobytes() for page in pypdfium2.PdfDocument(data)]
