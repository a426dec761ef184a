"""Pages of a PDF as images, for the preview: no PDF plug-in needed, old browsers included."""

from io import BytesIO

from core.errors import DomainError

MAX_WIDTH = 2000


def page_png(pdf: bytes, page: int, width: int) -> bytes:
    """The page (counted from 1) as PNG, `width` pixels wide."""
    import pypdfium2  # loads a native library: only where a page is really drawn

    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 1 <= page <= len(document):
            raise DomainError(f"这份文件共 {len(document)} 页，没有第 {page} 页。", code="no_such_page")
        sheet = document[page - 1]
        scale = min(width, MAX_WIDTH) / sheet.get_width()
        output = BytesIO()
        sheet.render(scale=scale).to_pil().save(output, "PNG", optimize=False)
        return output.getvalue()
    finally:
        document.close()
