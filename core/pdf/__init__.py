"""Documents as PDF: `render_pdf(html, stylesheets=…, blobs=…, metadata=…)`."""

from core.pdf.engine import load_engine, render_pdf, warm_up
from core.pdf.errors import MissingGlyphs, PdfBlocked, PdfUnavailable
from core.pdf.result import Blob, PdfAttachment, PdfMetadata, PdfResult

__all__ = [
    "Blob",
    "MissingGlyphs",
    "PdfAttachment",
    "PdfBlocked",
    "PdfMetadata",
    "PdfResult",
    "PdfUnavailable",
    "load_engine",
    "render_pdf",
    "warm_up",
]
