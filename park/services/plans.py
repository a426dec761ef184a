"""From a document to a plan: kept as a proposal, worked on, applied once."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated
from park import proposals
from park.choices import STAGES_OF, ItemKind, PlanState, ProjectKind, TaskState
from park.models import ActionPlan, Enterprise, Indicator, PlanItem, PlanProposal, Project, Task
from park.plan_text import read_plan
from park.proposals import Entries, Entry

PLAN_FIELDS = ("title", "year", "document_no", "unit")
_UNTITLED = "未命名方案"
_PROJECT_WORDS = (
    (ProjectKind.CARRIER, re.compile(r"产业园|孵化器|基地|厂房|科创园|加速器|双创|园区?[一二三四五]?期?$")),
    (ProjectKind.PIPELINE, re.compile(r"专项债|谋划|[退优]二[进优]|亩均论英雄|储备")),
)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def start_proposal(*, text: str, file_name: str, by: Viewer, on: date) -> PlanProposal:
    """Reads the text and keeps the reading for `by` to work on; nothing of the plan is written yet."""
    reading = read_plan(text, year=on.year)
    if not reading.items:
        message = "没有从文字里认出任何条目；请粘贴方案正文，各条之间换行或带序号。"
        raise DomainError(message, field="text", code="nothing_found")
    if not reading.looks_like_a_plan:
        message = (
            "这段文字没有标题、序号，也没有指标，不像一份方案；请检查是不是选错了文件，或给各条加上序号。"
        )
        raise DomainError(message, field="text", code="no_plan")
    proposal = PlanProposal(
        owner_id=by.user_id,
        title=(reading.title or _UNTITLED)[:200],
        year=reading.year,
        text=text,
        file_name=file_name[-255:],
        file_digest=digest_of(text),
        base_on=on,
        content=proposals.dump_entries(proposals.entries_of(reading, text)),
    )
    save_validated(proposal)
    record(
        action=AuditAction.PARK_PLAN_CHANGED,
        by=by,
        subject=proposal,
        label=f"读取方案：{proposal}",
        changes={"条目": (None, len(reading.items))},
    )
    return proposal


@transaction.atomic
def change_proposal(
    *, proposal: PlanProposal, change: Callable[[Entries], Entries], version: int, by: Viewer, what: str
) -> None:
    """Applies one change to the entries; refuses when another window has changed them since."""
    _refuse_applied(proposal)
    entries = change(proposals.load_entries(proposal.content))
    content = proposals.dump_entries(entries)
    mine = PlanProposal.objects.filter(pk=proposal.pk, version=version)
    if not mine.update(content=content, version=version + 1):
        message = "拆分结果已在另一个窗口改动过，请刷新页面再改，以免互相覆盖。"
        raise DomainError(message, code="version")
    proposal.refresh_from_db()
    record(
        action=AuditAction.PARK_PLAN_CHANGED,
        by=by,
        subject=proposal,
        label=f"调整方案拆分：{proposal}",
        reason=what,
    )


@transaction.atomic
def describe_proposal(*, proposal: PlanProposal, values: Mapping[str, Any], by: Viewer) -> None:
    """Title and year of the plan to be."""
    _refuse_applied(proposal)
    changes = changes_to(proposal, values)
    if changes:
        apply_changes(proposal, changes)
        save_validated(proposal, update_fields=[*changes, "updated_at"])
        label = f"修改方案名称：{proposal}"
        record(action=AuditAction.PARK_PLAN_CHANGED, by=by, subject=proposal, label=label, changes=changes)


@transaction.atomic
def discard_proposal(*, proposal: PlanProposal, by: Viewer) -> None:
    _refuse_applied(proposal)
    record(action=AuditAction.PARK_PLAN_CHANGED, by=by, subject=proposal, label=f"放弃方案拆分：{proposal}")
    proposal.delete()


def _refuse_applied(proposal: PlanProposal) -> None:
    if proposal.plan_id is not None:
        raise DomainError("这份方案已经生成，请到方案页面修改。", code="applied")


@transaction.atomic
def apply_proposal(*, proposal: PlanProposal, by: Viewer, on: date, at: datetime) -> ActionPlan:
    """Writes items, tasks, indicators, projects and enterprises in one go, once."""
    _refuse_applied(proposal)
    plan = write_plan(
        title=proposal.title,
        year=proposal.year,
        text=proposal.text,
        file_name=proposal.file_name,
        entries=proposals.load_entries(proposal.content),
        by=by,
        on=on,
        at=at,
    )
    taken = PlanProposal.objects.filter(pk=proposal.pk, plan__isnull=True).update(plan=plan)
    if not taken:
        raise DomainError("这份方案已经生成，请刷新页面。", code="applied")
    return plan


@transaction.atomic
def write_plan(
    *,
    title: str,
    year: int,
    text: str,
    file_name: str,
    entries: Sequence[Entry],
    by: Viewer | None,
    on: date,
    at: datetime,
) -> ActionPlan:
    """A plan being drafted with its clauses; tasks are drafts whose four responsible fields are empty."""
    digest = digest_of(text)
    if same := ActionPlan.objects.filter(file_digest=digest).first():
        raise DomainError(f"这份方案已经导入过，见“{same}”。", code="already_imported")
    plan = ActionPlan(
        title=title or _UNTITLED,
        year=year,
        text=text,
        file_name=file_name[-255:],
        file_digest=digest,
        state=PlanState.DRAFT,
        base_on=on,
        applied_at=at,
        applied_by_id=by.user_id if by else None,
    )
    save_validated(plan)
    written = _Writing(plan, [entry for entry in entries if not entry.dropped]).write()
    record(
        action=AuditAction.PARK_PLAN_CHANGED,
        by=by,
        subject=plan,
        label=f"生成方案：{plan}",
        changes={name: (None, number) for name, number in written.items()},
    )
    return plan


@dataclass
class _Writing:
    """Writes the rows of a plan; every model in one statement per level of the tree."""

    plan: ActionPlan
    entries: list[Entry]
    items: dict[str, PlanItem] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)

    def write(self) -> dict[str, int]:
        """What was written, by its name."""
        self._write_items()
        self._write_tasks()
        return {
            "条目": len(self.items),
            "任务": len(self.tasks),
            "指标": self._write_indicators(),
            "项目": self._write_projects(),
            "企业": self._write_enterprises(),
        }

    def _write_items(self) -> None:
        known = {entry.id for entry in self.entries}
        for level in sorted({entry.level for entry in self.entries}):
            rows = {
                e.id: self._item(place, e, known) for place, e in enumerate(self.entries) if e.level == level
            }
            PlanItem.objects.bulk_create(rows.values())
            self.items |= rows

    def _item(self, place: int, entry: Entry, known: set[str]) -> PlanItem:
        return PlanItem(
            plan=self.plan,
            parent=self.items.get(entry.parent) if entry.parent in known else None,
            position=place,
            level=entry.level,
            no=entry.no[:20],
            path=entry.path[:80],
            kind=entry.kind,
            title=entry.title[:200],
            text=entry.words(self.plan.text),
            source_start=entry.start,
            source_end=entry.end,
            recurrence=entry.recurrence,
        )

    def _write_tasks(self) -> None:
        chosen = [entry for entry in self.entries if entry.makes_task]
        self.tasks = {entry.id: self._task(place, entry) for place, entry in enumerate(chosen, start=1)}
        Task.objects.bulk_create(self.tasks.values())

    def _task(self, place: int, entry: Entry) -> Task:
        measure = self._measure(entry)
        return Task(
            plan=self.plan,
            item=self.items[entry.id],
            measure=self._group(entry, measure),
            position=place,
            no=_number(self.entries, entry, measure),
            name=entry.name or proposals.task_name(entry.title, entry.words(self.plan.text)),
            measures=_body(entry, self.plan.text),
            recurrence=entry.recurrence,
            due_text=entry.due_text[:60],
            starts_on=self.plan.base_on,
            state=TaskState.DRAFT,
        )

    def _group(self, entry: Entry, measure: Entry | None) -> PlanItem | None:
        """The head under which the task stands in the list: a measure that is itself the task has its own."""
        if measure is None:
            return None
        above = entry.parent if measure.id == entry.id and entry.parent in self.items else measure.id
        return self.items[above]

    def _measure(self, entry: Entry) -> Entry | None:
        """The measure that the clause is or stands under; else the clause above it."""
        by_id = {each.id: each for each in self.entries}
        above: Entry | None = entry
        while above and above.kind != ItemKind.MEASURE:
            above = by_id.get(above.parent)
        return above or by_id.get(entry.parent)

    def _write_indicators(self) -> int:
        rows = [
            Indicator(
                plan=self.plan,
                item=self.items[entry.id],
                task=self.tasks.get(entry.id),
                name=figure.name[:120],
                unit=figure.unit[:20],
                baseline=Decimal(figure.baseline) if figure.baseline else None,
                target=Decimal(figure.value),
                comparison=figure.comparison,
                deadline=date.fromisoformat(figure.deadline) if figure.deadline else None,
                deadline_text=figure.deadline_text[:60],
                source_text=entry.words(self.plan.text),
            )
            for entry in self.entries
            for figure in entry.figures
            if figure.keep
        ]
        for position, row in enumerate(rows, start=1):
            row.position = position
        Indicator.objects.bulk_create(rows)
        return len(rows)

    def _write_projects(self) -> int:
        """New names only: a project that is registered already is left as it is."""
        wanted = {n.name: entry for entry in self.entries for n in entry.projects if n.keep}
        known = set(Project.objects.filter(name__in=wanted).values_list("name", flat=True))
        rows = [self._project(name, entry) for name, entry in wanted.items() if name not in known]
        Project.objects.bulk_create(rows)
        return len(rows)

    def _project(self, name: str, entry: Entry) -> Project:
        kind = next(
            (kind for kind, words in _PROJECT_WORDS if words.search(name)), ProjectKind.INFRASTRUCTURE
        )
        return Project(
            name=name,
            kind=kind,
            stage=STAGES_OF[kind][0],
            plan=self.plan,
            item=self.items[entry.id],
            task=self.tasks.get(entry.id),
        )

    def _write_enterprises(self) -> int:
        wanted = list(dict.fromkeys(n.name for entry in self.entries for n in entry.enterprises if n.keep))
        registered = Enterprise.objects.filter(Q(name__in=wanted) | Q(short_name__in=wanted))
        known = {name for pair in registered.values_list("name", "short_name") for name in pair}
        rows = [Enterprise(name=name) for name in wanted if name not in known]
        Enterprise.objects.bulk_create(rows)
        return len(rows)


def _body(entry: Entry, text: str) -> str:
    """The clause without its heading: what is to be done about it."""
    words = entry.words(text)
    body = words[len(entry.title) :].lstrip("。：:；; \n\u3000") if words.startswith(entry.title) else words
    return body.strip() or words.strip()


def _number(entries: Sequence[Entry], entry: Entry, measure: Entry | None) -> str:
    """6.1 for the clause （1） under the measure 6."""
    chain, above = [], entry
    by_id = {each.id: each for each in entries}
    while above is not None and above.kind != ItemKind.HEADING:
        chain.append(re.sub(r"[^\w①-⑳]", "", above.no))
        if measure is None or above.id == measure.id:
            break
        above = by_id.get(above.parent)  # type: ignore[assignment]
    return ".".join(part for part in reversed(chain) if part)[:40]


@transaction.atomic
def update_plan(*, plan: ActionPlan, values: Mapping[str, Any], by: Viewer) -> None:
    changes = changes_to(plan, values)
    if changes:
        apply_changes(plan, changes)
        save_validated(plan)
        record(
            action=AuditAction.PARK_PLAN_CHANGED,
            by=by,
            subject=plan,
            label=f"修改方案：{plan}",
            changes=changes,
        )


@transaction.atomic
def create_plan(*, values: Mapping[str, Any], by: Viewer | None, on: date, at: datetime) -> ActionPlan:
    """A list of tasks without a document behind it."""
    plan = ActionPlan(**dict(values), base_on=on, applied_at=at, applied_by_id=by.user_id if by else None)
    save_validated(plan)
    record(action=AuditAction.PARK_PLAN_CHANGED, by=by, subject=plan, label=f"新建方案：{plan}")
    return plan


@transaction.atomic
def archive_plan(*, plan: ActionPlan, by: Viewer) -> None:
    """A plan whose tasks are all over; it stays readable and leaves the working lists."""
    left = (
        Task.objects.filter(plan=plan).open().count()
        + Task.objects.filter(plan=plan, state=TaskState.DRAFT).count()
    )
    if left:
        message = f"方案还有 {left} 项任务没有办结，全部销号或终止后才能归档。"
        raise DomainError(message, code="not_over")
    plan.state = PlanState.ARCHIVED
    save_validated(plan, update_fields=["state"])
    record(action=AuditAction.PARK_PLAN_CHANGED, by=by, subject=plan, label=f"归档方案：{plan}")
