"""What goes into a document besides its text, and what comes out."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that a document may use as `blob:<name>`; images are re-encoded before they come here."""

    data: bytes
    mime: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class PdfMetadata:
    """Title and dates of a document; the date is the data's as-of date, never the clock's."""

    title: str
    author: str
    subject: str
    as_of: date
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PdfAttachment:
    """A file inside the PDF: the data that the document shows (AFRelationship Data)."""

    name: str
    data: bytes
    description: str = ""


@dataclass(frozen=True, slots=True)
class PdfResult:
    data: bytes
    pages: int
