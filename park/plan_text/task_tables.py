"""Tasks that stand in a table: 序号⇥重点工作⇥责任领导⇥责任单位⇥完成时限, one task a row.

Of a row only the cell with the task is the clause; who answers and by when stands beside it in the source and
is filled in by people. Tables of figures are read in `tables`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from park.plan_text.marks import Footing, Mark, Row, Style
from park.plan_text.tables import Cell, rows_of, rows_of_figures

_TASK: Final = re.compile(
    r"^(?:(?:重点|主要|具体|目标|年度|整改|工作|督办|落实|推进)*(?:任务|工作|内容|事项|举措|措施|要求|项目)"
    r"(?:目标|内容|分解|名称|及(?:要求|举措|目标))?)$"
)
_ANSWERS: Final = re.compile(r"责任|牵头|负责|主办|配合|分管|包联|领导|时限|时间|完成")
_NUMBER: Final = re.compile(r"^(?:序号|编号|序)$")
_WORDS: Final = re.compile(r"[\u4e00-\u9fff]")
_LONGEST_HEAD: Final = 14
_DEEPEST_HEAD: Final = 3


class TaskRows:
    """The rows of all tables of tasks as clauses; the first of a table begins where its head does."""

    def __init__(self, text: str) -> None:
        tables = (rows for rows in rows_of(text) if not rows_of_figures(rows))
        self.marks = [mark for rows in tables for mark in _marks(rows)]
        self._starts = [mark.start for mark in self.marks]

    def inside(self, place: int) -> bool:
        """Whether the place lies in a row: no other clause is opened there."""
        before = bisect_right(self._starts, place) - 1
        row = self.marks[before].row if before >= 0 else None
        return row is not None and place < row.end


def head_of_tasks(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of the first rows is the head of a table of tasks: what is to be done, and by whom or when.

    A table's own title, or its unit, may stand in rows above it.
    """
    return next((place for place, row in enumerate(rows[:_DEEPEST_HEAD]) if _is_head(row)), None)


def _is_head(row: Sequence[str]) -> bool:
    head = _plain(row)
    short = all(len(words) <= _LONGEST_HEAD for words in head)
    return short and _task_columns(head) != [] and any(_ANSWERS.search(words) for words in head)


def _plain(row: Sequence[str]) -> list[str]:
    """序 号 as 序号."""
    return ["".join(words.split()) for words in row]


def _marks(rows: Sequence[tuple[Cell, ...]]) -> Iterator[Mark]:
    top = head_of_tasks([[cell.words for cell in row] for row in rows])
    if top is None:
        return
    head = _plain([cell.words for cell in rows[top]])
    column = _fullest(_task_columns(head), rows[top + 1 :])
    numbered = next((place for place, words in enumerate(head) if _NUMBER.match(words)), None)
    begin = rows[0][0].start
    for count, row in enumerate(rows[top + 1 :], start=1):
        task = row[column] if column < len(row) else None
        if task and _WORDS.search(task.words):
            number = row[numbered] if numbered is not None else Cell("", task.start, task.start)
            spans = Row((number.start, number.end), (task.start, task.end), row[-1].end)
            yield Mark(Style.ROW, count, begin, task.start, number.words, Footing.LINE_START, spans)
            begin = row[-1].end


def _task_columns(head: Sequence[str]) -> list[int]:
    return [place for place, words in enumerate(head) if _TASK.match(words) and not _ANSWERS.search(words)]


def _fullest(columns: Sequence[int], rows: Sequence[tuple[Cell, ...]]) -> int:
    """Of 目标任务 and 工作举措 side by side the one that says more."""
    return max(columns, key=lambda place: sum(len(row[place].words) for row in rows if place < len(row)))
