"""Finding anything by name, pinyin, initials or number.

register(Source(key="park.task", label="任务", …))   # in an app's contributions
search(viewer, "biaozhun")                          # groups of hits, within what the viewer may know of
index_rows(Task, [1, 2, 3])                         # after rows were written in bulk
"""

from core.search.finding import Group, Hit, search
from core.search.keeping import forget, index, index_rows, rebuild
from core.search.sources import Document, DocumentSource, Source, register

__all__ = [
    "Document",
    "DocumentSource",
    "Group",
    "Hit",
    "Source",
    "forget",
    "index",
    "index_rows",
    "rebuild",
    "register",
    "search",
]
