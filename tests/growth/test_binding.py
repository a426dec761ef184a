"""Files bound into one: every link and every bookmark leads to the page of its own file."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Destination

from core.access import Role
from core.errors import DomainError
from core.pdf.book import bind
from growth.contracts import Edition, Output
from growth.queries import snapshot_of
from growth.render import render_file
from growth.services import MOST_BOUND, bound, make_growth_file, order_growth_files
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer
from tests.factories.training import attend, default_rules


@pytest.fixture
def papers(db: None) -> list[tuple[str, bytes]]:
    default_rules()
    found = []
    for name in ("甲示例", "乙示例"):
        cadre = make_cadre(name, unit=make_unit(f"{name}所在局"))
        attend(cadre, TODAY.replace(month=3), 8)
        snapshot = snapshot_of(cadre, edition=Edition.LEADER, as_of=TODAY)
        found.append((name, render_file(snapshot).data))
    return found


def links_of(data: bytes) -> list[tuple[int, int, float]]:
    """Of each link: the page it stands on, the page it leads to, and how far down."""
    reader = PdfReader(BytesIO(data))
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}
    found = []
    for here, page in enumerate(reader.pages):
        for annotation in page.get("/Annots", []):
            target = annotation.get_object().get("/Dest")
            if isinstance(target, str):
                target = reader.named_destinations[target].dest_array
            if target is not None:
                found.append((here, numbers[target[0].idnum], float(target[3])))
    return found


def marks_of(data: bytes) -> list[tuple[str, int]]:
    reader = PdfReader(BytesIO(data))

    def walk(items: list) -> list[Destination]:
        return [mark for item in items for mark in (walk(item) if isinstance(item, list) else [item])]

    return [(mark.title, reader.get_destination_page_number(mark)) for mark in walk(reader.outline)]


def sheets(data: bytes) -> int:
    """Pages of a paper in a book: it begins on the front of a sheet."""
    pages = len(PdfReader(BytesIO(data)).pages)
    return pages + pages % 2


def test_links_lead_to_the_same_places_as_in_the_single_files(papers, recwarn) -> None:
    book = bind(papers, title="合订")
    first = sheets(papers[0][1])
    single = [links_of(data) for _, data in papers]
    assert len(single[0]) > 10
    moved = [(here + first, there + first, down) for here, there, down in single[1]]
    assert links_of(book) == [*single[0], *moved]
    assert [str(w.message) for w in recwarn] == []


def test_each_person_is_a_bookmark_with_the_chapters_below(papers) -> None:
    book = bind(papers, title="合订")
    first = sheets(papers[0][1])
    wanted = []
    for (name, data), begin in zip(papers, (0, first), strict=True):
        wanted += [(name, begin), *((title, page + begin) for title, page in marks_of(data))]
    assert marks_of(book) == wanted
    about = PdfReader(BytesIO(book)).xmp_metadata
    assert about
    assert about.dc_title == {"x-default": "合订"}


def test_papers_of_one_title_stand_below_it_with_their_own_chapters_and_links(papers, recwarn) -> None:
    book = bind([("议程", papers[0][1]), ("甲示例", papers)], title="会议材料")
    first, second = (sheets(data) for _, data in papers)
    begins = [("甲示例", first), ("甲示例", first), ("乙示例", 2 * first)]
    marks = marks_of(book)
    assert [mark for mark in marks if mark[0] in ("甲示例", "乙示例")] == begins
    chapters = marks_of(papers[1][1])
    assert marks[-len(chapters) :] == [(title, page + 2 * first) for title, page in chapters]
    last = [link for link in links_of(book) if link[0] >= 2 * first]
    assert last == [(h + 2 * first, t + 2 * first, d) for h, t, d in links_of(papers[1][1])]
    assert len(PdfReader(BytesIO(book)).pages) == 2 * first + second
    assert [str(w.message) for w in recwarn] == []


def test_the_book_that_is_handed_out_is_marked_and_sealed_with_its_links(db) -> None:
    cadre = make_cadre("丙示例", unit=make_unit())
    by = make_viewer(Role.HR)
    file = make_growth_file(cadre=cadre, edition=Edition.LEADER, as_of=TODAY, by=by)
    data = bound([file, file], by=by)
    links = links_of(data)
    half = len(links) // 2
    first = file.pages + file.pages % 2
    assert [(h + first, t + first, d) for h, t, d in links[:half]] == links[half:]
    assert b"/ByteRange" in data


@pytest.mark.parametrize("pages", [1, 2, 3])
def test_each_paper_begins_on_the_front_of_a_sheet(pages: int) -> None:
    paper = PdfWriter()
    for _ in range(pages):
        paper.add_blank_page(width=842, height=595)
    output = BytesIO()
    paper.write(output)
    book = PdfReader(BytesIO(bind([("一", output.getvalue()), ("二", output.getvalue())], title="合订")))
    assert [book.get_destination_page_number(mark) for mark in book.outline] == [0, pages + pages % 2]
    assert len(book.pages) == 2 * (pages + pages % 2)
    assert {(float(page.mediabox.width), float(page.mediabox.height)) for page in book.pages} == {(842, 595)}


@pytest.mark.parametrize(("output", "most"), [(Output.ZIP, 5000), (Output.BOOK, MOST_BOUND)])
def test_more_than_can_be_handed_over_is_refused_with_the_way_out(db, output, most) -> None:
    cadre, by = make_cadre(unit=make_unit()), make_viewer(Role.HR)
    with pytest.raises(DomainError, match=f"一次最多.* {most} 份.*按部门"):
        order_growth_files(
            cadres=[cadre] * (most + 1), edition=Edition.LEADER, as_of=TODAY, by=by, output=output
        )
