"""HTML to PDF. WeasyPrint is imported on first use: without Pango the rest of the site still runs."""

import gc
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta, timezone
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import ImageFile

from core.pdf.errors import MissingGlyphs, PdfBlocked, PdfUnavailable
from core.pdf.fonts import use_private_fontconfig
from core.pdf.result import Blob, PdfAttachment, PdfMetadata, PdfResult

if TYPE_CHECKING:
    from pydyf import PDF
    from weasyprint import CSS
    from weasyprint.document import Document
    from weasyprint.text.fonts import FontConfiguration


def load_engine() -> Any:
    """The weasyprint module, or a refusal that says which system packages are missing."""
    use_private_fontconfig()
    try:
        import weasyprint
    except OSError as error:
        raise PdfUnavailable(str(error).splitlines()[0]) from error
    # It tells Pillow, for the whole process, to accept images that break off; uploads must stay refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    # It logs every unusual font table; what matters to us is checked below and raised.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    return weasyprint


def render_pdf(
    html: str,
    *,
    stylesheets: Sequence[str],
    blobs: Mapping[str, Blob] | None = None,
    metadata: PdfMetadata,
    attachments: Sequence[PdfAttachment] = (),
    archival: bool = False,
) -> PdfResult:
    """Render a whole HTML document; the same input gives the same bytes.

    `archival` makes it a PDF/A-3a: tagged, all faces inside, with `attachments` as its data.

    `stylesheets` are asset names (`<app>/<file>.css`); `blobs` are the images used as `blob:<name>`.
    Raises PdfUnavailable, PdfBlocked or MissingGlyphs.
    """
    weasyprint = load_engine()
    from core.pdf.fetcher import LockedFetcher
    from core.pdf.targets import lay_out

    fetcher = LockedFetcher(blobs or {})
    document = lay_out(
        weasyprint.HTML(string=html, base_url="asset:", url_fetcher=fetcher),
        font_config=_font_config(),
        stylesheets=[_stylesheet(name) for name in stylesheets],
        cache={},
    )
    if fetcher.blocked:
        raise PdfBlocked(fetcher.blocked)
    _describe(document, metadata)
    document.metadata.attachments = [_attachment(found, metadata) for found in attachments]
    return PdfResult(_write(document, archival=archival), len(document.pages))


def warm_up() -> None:
    """Load engine and fonts, then set all that aside from the garbage collector: rendering gets faster."""
    page = "<html lang='zh-CN'><body>预热</body></html>"
    try:
        weasyprint = load_engine()
        weasyprint.HTML(string=page).write_pdf(font_config=_font_config())
    except PdfUnavailable:
        return  # the first document says so, with the way out
    gc.collect()
    gc.freeze()


def _attachment(found: PdfAttachment, metadata: PdfMetadata) -> Any:
    from weasyprint import Attachment

    moment = datetime.combine(metadata.as_of, time.min, timezone(timedelta(hours=8)))
    return Attachment(
        file_obj=BytesIO(found.data),
        name=found.name,
        description=found.description,
        created=moment,
        modified=moment,
        relationship="Data",
    )


def _write(document: "Document", *, archival: bool) -> bytes:
    from core.pdf.writing import leave_room, settle

    missing: set[int] = set()

    def finish(rendered: "Document", pdf: "PDF") -> None:
        missing.update(*(font.missing for font in rendered.fonts.values()))
        if archival:
            leave_room(pdf)
        settle(pdf)

    variant = {"pdf_variant": "pdf/a-3a"} if archival else {}
    data = document.write_pdf(finisher=finish, pdf_tags=True, **variant)
    if missing:
        raise MissingGlyphs(map(chr, missing))
    return bytes(data)


def _describe(document: "Document", metadata: PdfMetadata) -> None:
    """Document properties; midnight of the as-of date, so that the bytes do not depend on the clock."""
    moment = f"{metadata.as_of:%Y-%m-%d}T00:00:00+08:00"
    about = document.metadata
    about.title, about.description = metadata.title, metadata.subject
    about.authors, about.keywords = [metadata.author], list(metadata.keywords)
    about.created = about.modified = moment
    about.generator = ""


@cache
def _font_config() -> "FontConfiguration":
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _stylesheet(name: str) -> "CSS":
    """A packaged style sheet, parsed once per process."""
    from weasyprint import CSS

    from core.pdf.fetcher import LockedFetcher, asset_path

    path = asset_path(name)
    if path is None:
        raise FileNotFoundError(name)
    return CSS(
        string=path.read_text(), base_url="asset:", url_fetcher=LockedFetcher({}), font_config=_font_config()
    )
