"""Small real files, so that tests need not render or read large ones."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfReader, PdfWriter


def blank_pdf(pages: int = 1, *, title: str = "") -> bytes:
    """A PDF that every reader opens: A4 pages with nothing on them."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if title:
        writer.add_metadata({"/Title": title})
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def title_of(data: bytes) -> str:
    """The title among the properties of a PDF."""
    metadata = PdfReader(BytesIO(data)).metadata
    return str(metadata.title) if metadata and metadata.title else ""


def photo_upload(name: str = "现场.jpg") -> Any:
    """A small photo as a browser sends it."""
    output = BytesIO()
    Image.new("RGB", (64, 48), "#808080").save(output, "JPEG")
    return SimpleUploadedFile(name, output.getvalue(), content_type="image/jpeg")
