"""Papers of the meeting and of the decision, read back."""

from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from core.errors import DomainError
from growth.models import GrowthReading
from people.lrmx import read_lrmx
from rotation.choices.plans import MoveKind
from rotation.exports.letters import letter_docx, letter_pdf
from rotation.exports.room.comparison import comparison_pdf, comparison_xlsx
from rotation.exports.room.pack import pack_pdf, pack_zip
from rotation.models import DecidedMove, RotationPlan
from rotation.notices import appointment_letter, notice_letter
from rotation.queries.room.comparison import comparison_from, comparison_of
from rotation.services.room.notices import announce
from rotation.services.room.papers import may_take, order_pack
from rotation.services.room.reading import grant_reading
from tests.factories.people import TODAY, make_unit
from tests.factories.room import (
    NOW,
    holder_of,
    make_case,
    make_decided,
    make_drafter,
    make_leader,
    make_move,
    make_plan,
    make_post,
    seen_by,
    show_files,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafter():
    return make_drafter()


@pytest.fixture
def leader():
    return make_leader("陈甲", unit=make_unit())


@pytest.fixture
def case(drafter, leader):
    plan, post = make_plan(drafter), make_post("科长", unit=make_unit("财政局"))
    target = make_post("局长", unit=make_unit("审计局"))
    make_move(plan, holder_of(post, "王一"), target, reason="轮岗期满")
    case = make_case(plan, drafter, [leader])
    show_files(case, drafter)
    return case


def silent(done, of, words):
    pass


def text_of(data):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).replace("\n", "")


def test_the_pack_is_one_pdf_with_bookmarks_for_its_reader(case, leader, drafter):
    grant_reading(case=case, reader=leader, purpose="研究", days=2, by=seen_by(drafter), at=NOW)
    data = pack_pdf(case, by=seen_by(leader), at=NOW, progress=silent)
    with pikepdf.open(BytesIO(data)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["会议议程", "干部比选一览表", "王一"]
        assert [item.title for item in outline.root[2].children] == ["成长档案", "任免审批表"]
        assert all("/ReaderMark" in page.Resources.XObject for page in pdf.pages)
        assert "/AcroForm" in pdf.Root  # sealed
    text = text_of(data)
    assert "审计局局长" in text
    assert "财政局科长" in text
    assert "轮岗期满" in text
    assert GrowthReading.objects.filter(reader=leader.pk).count() == 1


def test_nobody_takes_what_they_may_not_read(case, leader, drafter):
    assert not may_take(case, "pdf", seen_by(leader))
    with pytest.raises(DomainError, match="没有阅档授权"):
        pack_pdf(case, by=seen_by(leader), at=NOW, progress=silent)
    grant_reading(case=case, reader=leader, purpose="研究", days=2, by=seen_by(drafter), at=NOW)
    assert may_take(case, "pdf", seen_by(leader))
    with pytest.raises(DomainError):  # exchange files are the office's
        order_pack(case=case, kind="zip", by=seen_by(leader))
    assert may_take(case, "zip", seen_by(drafter))


def test_the_zip_goes_on_in_other_programs(case, drafter):
    data = pack_zip(case, by=seen_by(drafter), at=NOW, progress=silent)
    with ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        form = read_lrmx(archive.read(next(name for name in names if name.endswith(".lrmx"))))
    assert (form.name, form.proposed_post, form.removed_post, form.reason) == (
        "王一",
        "审计局局长",
        "财政局科长",
        "轮岗期满",
    )
    endings = sorted(name.rpartition(".")[2] for name in names)
    assert endings == ["docx", "lrmx", "pdf", "pdf", "pdf", "pdf", "xlsx"]


def test_the_comparison_on_paper_and_as_a_workbook(case):
    comparison = comparison_of(case, on=TODAY)
    paper = comparison_pdf(case, comparison)
    first = PdfReader(BytesIO(paper.data)).pages[0].mediabox
    assert first.width > first.height
    assert "王一" in text_of(paper.data)
    book = load_workbook(BytesIO(comparison_xlsx(case, comparison, by="陈甲", at=NOW)))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[2][:3] == ("序号", "姓名", "现任职务")
    assert rows[3][1] == "王一"
    assert comparison_from(comparison.as_data()) == comparison


def test_notice_and_letter_of_appointment(drafter, leader):
    plan = make_plan(drafter)
    cadre = holder_of(make_post("副科长", unit=make_unit("规划局")), "王一")
    target = make_post("科长", unit=make_unit("建设局"))
    make_decided([make_move(plan, cadre, target, kind=MoveKind.PROMOTION)], drafter, [leader])
    plan = RotationPlan.objects.get()
    announce(plan=plan, starts_on=TODAY, by=seen_by(drafter), at=NOW, effective_on=TODAY.replace(day=9))
    moves = list(DecidedMove.objects.all())
    notice = notice_letter(plan, moves, on=TODAY)
    assert "公示时间：2026年11月2日至2026年11月6日。" in notice.paragraphs
    assert "现任规划局副科长，拟任建设局科长" in text_of(letter_pdf(notice).data)
    letter = appointment_letter(plan, moves, on=TODAY)
    words = [paragraph.text for paragraph in Document(BytesIO(letter_docx(letter))).paragraphs]
    assert "云党任〔2026〕9号" in words
    assert "王一同志任建设局科长，免去其规划局副科长职务。" in words
    assert "提任人员试用期一年。" in words
