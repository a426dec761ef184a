"""测验成绩: scores of paper tests, one person a line. A person's score in a quiz is known by both.

Importing a corrected file changes the score; hours follow by themselves, also when a batch is undone.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from people.imports.dates import BadValue
from people.imports.headers import Column, Layout, words
from people.imports.persons import KnownPeople, Person
from people.imports.reading import Findings, RowReader
from people.imports.report import FieldChange, Outcome, Report, RowReport, report_of
from people.imports.service import register
from people.imports.tables import data_rows
from people.imports.values import as_text, read_staff_no, read_text
from people.imports.workbook import CellValue, Workbook, open_workbook
from people.imports.writer import Writer
from people.models import Cadre, ImportBatch
from training.choices import AttemptSource
from training.imports.plan import known_people
from training.models import Quiz, QuizAttempt
from training.queries.audience import units_on
from training.queries.quizzes import takers_of
from training.services.quizzes import settle_results

PAPER = 0  # the number of an attempt on paper
SCORES = Layout(
    title="测验成绩",
    columns=(
        Column("quiz", "测验名称", tuple(words("测验名称 测验 考试名称 考试 测试名称 测试 试卷名称 试卷"))),
        Column("name", "姓名", tuple(words("姓名 干部姓名 学员姓名 考生姓名 参考人员"))),
        Column("staff_no", "工号", tuple(words("工号 人员编号 职工编号 员工编号"))),
        Column("unit", "部门", tuple(words("部门 单位 所在部门 工作单位 所在单位"))),
        Column("score", "分数", tuple(words("分数 成绩 得分 考试成绩 测验成绩 卷面成绩 总分"))),
        Column("taken_on", "考试日期", tuple(words("考试日期 考试时间 测验日期 测验时间 日期 时间"))),
    ),
    required=(("quiz",), ("name", "staff_no"), ("score",)),
    anchors=("name", "staff_no", "score"),
    ignored=tuple(words("序号 备注 签名 是否及格")),
)


@dataclass(slots=True)
class ScoreRow:
    """One line: whose score in which quiz, and what the database has of it."""

    reader: RowReader
    quiz: Quiz | None = None
    person: Person | None = None
    score: Decimal | None = None
    taken_on: date | None = None
    stored: QuizAttempt | None = None

    @property
    def outcome(self) -> Outcome:
        if self.reader.refused or self.quiz is None or self.person is None or self.score is None:
            return Outcome.REFUSED
        if self.stored is None:
            return Outcome.NEW
        return Outcome.UNCHANGED if self.stored.score == self.score else Outcome.CHANGED

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        if self.outcome not in (Outcome.NEW, Outcome.CHANGED) or self.score is None:
            return ()
        old = f"{self.stored.score.normalize():f}" if self.stored else ""
        return (FieldChange("分数", old, f"{self.score.normalize():f}"),)

    def report(self) -> RowReport:
        row = self.reader.row
        who, what = (self.person.label if self.person else "", str(self.quiz or ""))
        faults = tuple(self.reader.faults)
        return RowReport(row.table.sheet.name, row.number, who, what, self.outcome, self.changes, faults)


@dataclass
class ScorePlan:
    book: Workbook
    rows: list[ScoreRow]
    findings: Findings

    def report(self) -> Report:
        report = report_of(self.book, "quiz_scores", [row.report() for row in self.rows], self.findings)
        report.summary = {"scores": len(self.rows), "quizzes": len({r.quiz.pk for r in self.rows if r.quiz})}
        return report

    def write(self, writer: Writer, *, by: Viewer | None) -> None:
        """Expects a plan without faults, made in the same transaction."""
        at = writer.batch.applied_at
        new = [row for row in self.rows if row.outcome is Outcome.NEW]
        changed = [row for row in self.rows if row.outcome is Outcome.CHANGED]
        writer.create(_attempts(new))
        writer.update((row.stored, _marks(row)) for row in changed if row.stored)
        pairs = [(row.quiz.pk, row.person.pk) for row in new + changed if row.quiz and row.person]
        settle_results(pairs=pairs, by=by, at=at, reason="按导入的成绩更正")
        record_many(_entries(new + changed, by))


def settle_after_undo(batch: ImportBatch, *, by: Viewer | None, at: datetime) -> None:
    """The attempts are as they were before; their hours follow."""
    touched = batch.changes.filter(model_label=QuizAttempt._meta.label_lower)
    pairs = {_pair_of(change.after) for change in touched if change.before == ""}
    kept = QuizAttempt.objects.filter(pk__in=touched.values("object_id")).values_list("quiz", "cadre")
    settle_results(pairs={*pairs, *kept}, by=by, at=at, reason="导入批次已撤销")


def _pair_of(stored: str) -> tuple[int, int]:
    values = json.loads(stored)
    return values["quiz_id"], values["cadre_id"]


@register(
    "quiz_scores",
    title="测验成绩",
    suffixes=(".xlsx", ".xls", ".csv"),
    layout=SCORES,
    undone=settle_after_undo,
)
def score_file(data: bytes, filename: str, *, by: Viewer | None, on: date, create_units: bool) -> ScorePlan:
    """`create_units` means nothing here: scores name people, not units."""
    return plan_scores(open_workbook(data, filename), by=by, on=on)


def plan_scores(book: Workbook, *, by: Viewer | None, on: date) -> ScorePlan:
    """Reads the whole file and compares it with the database; writes nothing."""
    findings = Findings()
    rows = data_rows(book, SCORES, findings)
    planner = _Planner(known_people(on), {quiz.title: quiz for quiz in Quiz.objects.all()}, by)
    read = [planner.read(RowReader(row, findings, on=on, epoch_1904=book.epoch_1904)) for row in rows]
    planner.compare(read)
    return ScorePlan(book, read, findings)


@dataclass
class _Planner:
    known: KnownPeople
    quizzes: dict[str, Quiz]
    by: Viewer | None
    seen: dict[tuple[int, int], int] = field(default_factory=dict)
    _takers: dict[int, set[int]] = field(default_factory=dict)
    _reach: set[int] | None = None

    def read(self, reader: RowReader) -> ScoreRow:
        found = ScoreRow(reader)
        title = reader.get("quiz", read_text, longest=120)
        found.quiz = self._quiz(reader, title)
        found.person = self._person(reader)
        found.score = reader.get("score", read_score, marks=False)
        if found.score is None and not reader.refused:
            reader.fault("score", "missing_score", "这一行没有分数；缺考的请删去这一行。")
        taken = reader.date("taken_on") if reader.has("taken_on") else None
        found.taken_on = taken.day if taken else None
        if found.quiz and found.person:
            self._check(found)
        return found

    def _quiz(self, reader: RowReader, title: str | None) -> Quiz | None:
        if title is None:
            if not reader.refused:
                reader.fault("quiz", "missing_quiz", "这一行没有测验名称；请填系统中的测验名称。")
            return None
        if title not in self.quizzes:
            close = get_close_matches(title, self.quizzes, n=1, cutoff=0.5)
            hint = f"是否应为“{close[0]}”？" if close else "请先在“测验”中新建。"
            reader.fault("quiz", "unknown_quiz", f"系统中没有测验“{title}”。{hint}")
        return self.quizzes.get(title)

    def _person(self, reader: RowReader) -> Person | None:
        number = reader.get("staff_no", read_staff_no) if reader.has("staff_no") else None
        name = reader.get("name", read_text, longest=60) if reader.has("name") else None
        unit = reader.get("unit", read_text, longest=100) if reader.has("unit") else None
        if not number and not name:
            if not reader.refused:
                reader.fault("name", "missing_name", "这一行没有姓名或工号；请补上。")
            return None
        try:
            return (
                self.known.by_number(number, name or "")
                if number
                else self.known.find(name or "", unit or "")
            )
        except BadValue as bad:
            reader.fault("staff_no" if number else "name", bad.code, bad.message)
            return None

    def _check(self, found: ScoreRow) -> None:
        assert found.quiz
        assert found.person
        key, reader = (found.quiz.pk, found.person.pk), found.reader
        if key in self.seen:
            message = f"{found.person.name} 在第 {self.seen[key]} 行已有这次测验的成绩；请只留一行。"
            reader.fault("name", "twice", message)
        self.seen.setdefault(key, reader.row.number)
        if self.by and self.by.cadre_id == found.person.pk:
            reader.fault("name", "own_record", "不能登记本人的成绩，请由其他经办人导入。")
        elif not self._may_credit(found.person.pk):
            reader.fault("name", "out_of_scope", f"{found.person.name} 不在你的管辖范围内。")
        if found.person.pk not in self._takers_of(found.quiz):
            message = f"{found.person.name} 不在这次测验的对象中，仍会登记；请核对。"
            reader.warn("name", "not_meant", message)

    def _may_credit(self, pk: int) -> bool:
        if self.by is None or self.by.sees_all(Permission.EDIT_TRAINING):
            return True
        if self._reach is None:
            rows = Cadre.objects.visible_to(self.by, Permission.EDIT_TRAINING)
            self._reach = set(rows.values_list("pk", flat=True))
        return pk in self._reach

    def _takers_of(self, quiz: Quiz) -> set[int]:
        if quiz.pk not in self._takers:
            self._takers[quiz.pk] = set(takers_of(quiz).values_list("pk", flat=True))
        return self._takers[quiz.pk]

    def compare(self, rows: Iterable[ScoreRow]) -> None:
        stored = QuizAttempt.objects.filter(number=PAPER, quiz__in=[key for key, _ in self.seen])
        known = {(row.quiz_id, row.cadre_id): row for row in stored}
        for row in rows:
            if row.quiz and row.person:
                row.stored = known.get((row.quiz.pk, row.person.pk))


def read_score(value: CellValue) -> Decimal:
    """0 to 100, at most two decimals; 85 分 is 85."""
    text = as_text(value).strip().removesuffix("分").strip()
    try:
        score = Decimal(text)
    except InvalidOperation:
        message = f"分数“{text[:20]}”不是数字；请填 0 到 100 的分数。"
        raise BadValue("bad_score", message) from None
    if not score.is_finite() or not 0 <= score <= 100:
        raise BadValue("bad_score", f"分数 {text[:20]} 应在 0 到 100 之间；不是百分制的请先折算。")
    if score != score.quantize(Decimal("0.01")):
        raise BadValue("bad_score", f"分数 {text[:20]} 最多两位小数；请四舍五入后再导入。")
    return score


def _marks(row: ScoreRow) -> dict[str, Any]:
    assert row.quiz
    assert row.score is not None
    return {"score": row.score, "passed": row.score >= row.quiz.pass_mark}


def _attempts(rows: Iterable[ScoreRow]) -> list[QuizAttempt]:
    complete = [(row, row.quiz, row.person) for row in rows if row.quiz and row.person]
    if not complete:
        return []
    places = units_on([person.pk for _, _, person in complete], complete[0][0].reader.on)
    return [
        QuizAttempt(
            quiz=quiz,
            cadre_id=person.pk,
            unit_id=places.get(person.pk),
            number=PAPER,
            source=AttemptSource.PAPER,
            taken_at=_noon(row.taken_on or row.reader.on),
            **_marks(row),
        )
        for row, quiz, person in complete
    ]


def _noon(day: date) -> datetime:
    """A paper test keeps its day; the hour is not known."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def _entries(rows: Iterable[ScoreRow], by: Viewer | None) -> list[Entry]:
    """One event per quiz: how many scores of whom."""
    by_quiz: dict[int, list[ScoreRow]] = {}
    for row in rows:
        if row.quiz:
            by_quiz.setdefault(row.quiz.pk, []).append(row)
    return [
        Entry(
            action=AuditAction.QUIZ_CHANGED,
            by=by,
            subject=found[0].quiz,
            label=f"导入测验成绩：{found[0].quiz}，{len(found)} 人",
            changes={"scores": (None, "、".join(row.person.name for row in found if row.person))},
        )
        for found in by_quiz.values()
    ]
