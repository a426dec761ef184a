"""Pages of a growth file as images: no PDF plug-in needed, old browsers and no JavaScript included.

To show a file beside something else (the decision room shows one beside each candidate), the page of the
other app takes the file from `GrowthFile.objects.visible_to(viewer)`, puts
`sheet_of(file, request.GET, keep=…)` into its context as `sheet` and includes `growth/sheet.html`, at most
once on a page. `keep` names what its own address needs to come back to the same place. Turning pages and
zooming then go through that page's address (`page`, `zoom`, `thumbs`); the images come from `growth:page`,
which asks once more who may look, marks them with the reader and opens the reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from core.errors import DomainError

if TYPE_CHECKING:
    from growth.models import GrowthFile

FIT = "fit"
# Pixels of a page's width on the screen; 100 % is the paper's own size at 96 dpi.
ZOOMS = {"50": 397, "75": 595, "100": 794, "150": 1191, "200": 1588}
FIT_WIDTH = 1000  # sharp on an office screen, about 90 KB
THUMB, THUMB_WIDTH = "thumb", 110
PROPORTION = 297 / 210


def width_of(zoom: str) -> int:
    """Pixels to draw; whatever else is asked for is drawn as it fits the window."""
    return THUMB_WIDTH if zoom == THUMB else ZOOMS.get(zoom, FIT_WIDTH)


@dataclass(frozen=True, slots=True)
class Step:
    """A place to go to from the sheet; `query` is "" at the end of the road."""

    label: str
    query: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a file on the screen, and where one can go from it."""

    file: "GrowthFile"
    number: int
    zoom: str
    thumbs: bool
    keep: Mapping[str, str]

    @property
    def width(self) -> int:
        return width_of(self.zoom)

    @property
    def height(self) -> int:
        return round(self.width * PROPORTION)

    @property
    def fits(self) -> bool:
        return self.zoom == FIT

    @property
    def previous(self) -> str:
        return self._query(page=self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        return self._query(page=self.number + 1) if self.number < self.file.pages else ""

    @property
    def pages(self) -> list[Step]:
        numbers = range(1, self.file.pages + 1)
        return [Step(str(n), self._query(page=n), n == self.number) for n in numbers]

    @property
    def zooms(self) -> list[Step]:
        fit = Step("适合宽度", self._query(zoom=FIT), self.fits)
        return [fit, *(Step(f"{zoom}%", self._query(zoom=zoom), zoom == self.zoom) for zoom in ZOOMS)]

    @property
    def smaller(self) -> str:
        return self._query(zoom=self._beside(-1)) if self._beside(-1) else ""

    @property
    def larger(self) -> str:
        return self._query(zoom=self._beside(1)) if self._beside(1) else ""

    @property
    def thumbs_query(self) -> str:
        return self._query(thumbs=0 if self.thumbs else 1)

    def _beside(self, step: int) -> str:
        """The next zoom in a direction; what fits the window lies between 100 % and 150 %."""
        zooms = list(ZOOMS)
        if self.fits:
            return "150" if step > 0 else "100"
        place = zooms.index(self.zoom) + step
        return zooms[place] if 0 <= place < len(zooms) else ""

    def _query(self, **changes: object) -> str:
        here: dict[str, object] = {"page": self.number, "zoom": self.zoom, "thumbs": int(self.thumbs)}
        return "?" + urlencode({**self.keep, **here, **changes})


def sheet_of(file: "GrowthFile", query: Mapping[str, str], *, keep: Mapping[str, str] | None = None) -> Sheet:
    """The sheet that a query string asks for; a page or zoom that does not exist is the nearest that does."""
    page, zoom = query.get("page", ""), query.get("zoom", FIT)
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return Sheet(
        file=file,
        number=min(max(number, 1), file.pages),
        zoom=zoom if zoom in ZOOMS else FIT,
        thumbs=query.get("thumbs") == "1",
        keep=dict(keep or {}),
    )


def page_png(pdf: bytes, page: int, width: int) -> bytes:
    """The page (counted from 1) as PNG, `width` pixels wide."""
    import pypdfium2  # loads a native library: only where a page is really drawn

    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 1 <= page <= len(document):
            raise DomainError(f"这份文件共 {len(document)} 页，没有第 {page} 页。", code="no_such_page")
        sheet = document[page - 1]
        output = BytesIO()
        image = sheet.render(scale=width / sheet.get_width()).to_pil()
        image.save(output, "PNG", optimize=False)
        return output.getvalue()
    finally:
        document.close()
