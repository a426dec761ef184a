"""干部队伍建设和教育培训年度报告: chapters of all apps as of the last day of the year."""

from dataclasses import dataclass
from datetime import date

from core.access import Viewer
from core.templatetags.ui import cn_date
from people.models import Unit
from people.statistics.counting import in_words, people_table
from people.statistics.dimensions import structure
from people.statistics.sources import Chapter, report_chapters

TITLE = "干部队伍建设和教育培训年度报告"
NUMERALS = "一二三四五六七八九十"
PRINTED = ("age", "rank")  # the tables that stand in the report beside the sentences


@dataclass(frozen=True, slots=True)
class Report:
    """`on` is the day of the figures: the end of the year, or today in the year that runs."""

    unit: str
    year: int
    on: date
    made_on: date
    chapters: tuple[Chapter, ...]

    @property
    def title_lines(self) -> tuple[str, str]:
        return f"{self.unit}{self.year}年", TITLE

    @property
    def title(self) -> str:
        return "".join(self.title_lines)

    @property
    def opening(self) -> str:
        return f"现将{self.unit}{self.year}年干部队伍建设和教育培训情况报告如下。数据截至{cn_date(self.on)}。"

    @property
    def numbered(self) -> list[tuple[str, Chapter]]:
        """(一、队伍结构, chapter)"""
        pairs = zip(NUMERALS, self.chapters, strict=False)
        return [(f"{numeral}、{chapter.title}", chapter) for numeral, chapter in pairs]


def gather(viewer: Viewer, *, year: int, unit: Unit) -> Report:
    on = min(date(year, 12, 31), viewer.on)
    found = [one.source(viewer=viewer, on=on, unit=unit) for one in report_chapters.for_viewer(viewer)]
    return Report(unit.name, year, on, viewer.on, tuple(chapter for chapter in found if chapter))


@report_chapters.register("people.structure", order=10)
def structure_chapter(*, viewer: Viewer, on: date, unit: Unit) -> Chapter | None:
    tables = [people_table(viewer, dimension, on, unit) for dimension in structure(viewer)]
    everyone = tables[0].total.cells[0].number or 0
    if not everyone:
        return Chapter("队伍结构", (f"截至{cn_date(on)}，没有登记任职的干部。",))
    head = f"截至{cn_date(on)}，共有干部{everyone}人。"
    sentences = tuple(f"{table.title}划分，{in_words(table)}。" for table in tables)
    return Chapter("队伍结构", (head, *sentences), tuple(t for t in tables if t.key in PRINTED))
