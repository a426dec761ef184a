"""Small real files, so that tests need not render or read large ones."""

from io import BytesIO

from pypdf import PdfWriter


def blank_pdf(pages: int = 1) -> bytes:
    """A PDF that every reader opens: A4 pages with nothing on them."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
