"""Many PDFs as one. Each keeps its bookmarks, below one with its own title, and its links lead within it.
Each begins on the front of a sheet, so that printed on both sides nobody's page lies behind another's.

What belongs to a document as a whole (tags, attachments, the claim to be PDF/A) does not survive: the book is
for printing and for a meeting, the single file is the one to keep.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Name, NameTree, OutlineItem, Pdf, String
from pikepdf import open as open_pdf

STRUCTURE = ("/StructParents", "/StructParent", "/Tabs")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a paper: its page, counted from 0, and how it is to be shown."""

    page: int
    view: tuple[Any, ...]

    def within(self, book: Pdf, first: int) -> Array:
        """The same place once the paper begins at page `first` of the book."""
        return Array([book.pages[first + self.page].obj, *self.view])


Paper = tuple[str, "bytes | list[Paper]"]


def bind(papers: Iterable[Paper], *, title: str) -> bytes:
    """The papers one after the other, each with the title of its bookmark; or papers of one title together,
    each below it."""
    book = Pdf.new()
    with book.open_outline() as outline:
        outline.root.extend(_bound(book, name, data) for name, data in papers)
    book.Root.Lang = String("zh-CN")
    book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with book.open_metadata() as about:
        about["dc:title"] = title
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def _bound(book: Pdf, name: str, data: "bytes | list[Paper]") -> OutlineItem:
    if isinstance(data, bytes):
        with open_pdf(BytesIO(data)) as paper:
            item = _take(book, paper, name)
        _fill_sheet(book)
        return item
    top = OutlineItem(name, len(book.pages))
    top.children.extend(_bound(book, *paper) for paper in data)
    return top


def _fill_sheet(book: Pdf) -> None:
    """An empty back where the pages of a paper are odd in number."""
    if len(book.pages) % 2:
        left, bottom, right, top = (float(edge) for edge in book.pages[-1].mediabox)
        book.add_blank_page(page_size=(right - left, top - bottom))


def _take(book: Pdf, paper: Pdf, name: str) -> OutlineItem:
    """Adds the pages; links and bookmarks are taken off before and set anew on the pages of the book."""
    first = len(book.pages)
    places = Places(paper)
    marks = list(places.marks())
    links = [[places.taken_off(annotation) for annotation in _annotations(page)] for page in paper.pages]
    for page in paper.pages:
        _forget_structure(page.obj)
    book.pages.extend(paper.pages)
    for number, targets in enumerate(links):
        for annotation, target in zip(_annotations(book.pages[first + number]), targets, strict=True):
            if target:
                annotation.Dest = target.within(book, first)
    top = OutlineItem(name, first)
    top.children.extend(_mark(mark, book, first) for mark in marks)
    return top


@dataclass(slots=True)
class Mark:
    title: str
    place: Place | None
    below: list["Mark"]


def _mark(mark: Mark, book: Pdf, first: int) -> OutlineItem:
    item = OutlineItem(mark.title, mark.place.within(book, first) if mark.place else None)
    item.children.extend(_mark(child, book, first) for child in mark.below)
    return item


class Places:
    """Where the links and bookmarks of a paper lead, whether they name the place or give it."""

    def __init__(self, paper: Pdf) -> None:
        self._paper = paper
        self._pages = {page.obj.objgen: number for number, page in enumerate(paper.pages)}
        names = paper.Root.get("/Names", Dictionary()).get("/Dests")
        self._names = dict(NameTree(names).items()) if names is not None else {}

    def marks(self) -> Iterator[Mark]:
        with self._paper.open_outline() as outline:
            yield from map(self._mark, list(outline.root))

    def _mark(self, item: OutlineItem) -> Mark:
        target = item.destination if item.destination is not None else _of_action(item.action)
        return Mark(str(item.title), self.of(target), [self._mark(child) for child in item.children])

    def taken_off(self, annotation: Any) -> Place | None:
        """The place a link leads to within the paper; the link leads nowhere until it is set anew."""
        target = annotation.get("/Dest", _of_action(annotation.get("/A")))
        place = self.of(target)
        if place:
            for key in ("/Dest", "/A"):
                if key in annotation:
                    del annotation[key]
        return place

    def of(self, target: Any) -> Place | None:
        if isinstance(target, String | str):
            target = self._names.get(str(target))
        if isinstance(target, Dictionary):
            target = target.get("/D")
        if not isinstance(target, Array) or not len(target):
            return None
        number = self._pages.get(target[0].objgen)
        return None if number is None else Place(number, tuple(list(target)[1:]))


def _of_action(action: Any) -> Any:
    """Where an action goes to, if that is what it does."""
    return action.get("/D") if action is not None and action.get("/S") == Name.GoTo else None


def _annotations(page: Any) -> list[Any]:
    return list(page.obj.get("/Annots", Array()))


def _forget_structure(page: Any) -> None:
    for held in (page, *page.get("/Annots", Array())):
        for key in STRUCTURE:
            if key in held:
                del held[key]
