"""What the other apps count, and what each of them says in the yearly report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.access import Viewer
from people.contracts import Registry
from people.models import Unit
from people.statistics.tables import StatTable


class StatSource(Protocol):
    """Tables as of the day, of what the viewer may see; none where the day cannot be answered.

    `label` of the contribution is the name of its tab, `template` is not used.
    """

    def __call__(self, *, viewer: Viewer, on: date, unit: Unit) -> Iterator[StatTable]: ...


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the yearly report in the wording of documents: no blank between a number and its unit."""

    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[StatTable, ...] = ()


class ChapterSource(Protocol):
    """The chapter as of the last day of the report; None where there is nothing to say."""

    def __call__(self, *, viewer: Viewer, on: date, unit: Unit) -> Chapter | None: ...


statistics: Registry[StatSource] = Registry()
report_chapters: Registry[ChapterSource] = Registry()
