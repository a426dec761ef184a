"""The manual in the navigation, and as something that can be found."""

from collections.abc import Iterable

from cadre_dev.help.manual import documents
from core.search import Document, DocumentSource
from core.search import register as register_source
from core.web.menu import MenuItem, register


def _documents() -> Iterable[Document]:
    return (Document(**row) for row in documents())


register_source(
    DocumentSource(key="help", label="操作手册", icon="book-open", order=90, documents=_documents)
)
register(MenuItem("管理", 90, "操作手册", "book-open", "help", None))
