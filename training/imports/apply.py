"""Writing a ledger plan: classes and participations, noted for undo and in the audit log."""

from dataclasses import dataclass
from datetime import date, datetime

from core.access import Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from people.imports.report import Outcome, Report
from people.imports.service import register
from people.imports.workbook import open_workbook
from people.imports.writer import Writer
from people.models import ImportBatch
from training.imports.layout import LEDGER
from training.imports.plan import ClassPlan, LedgerPlan, plan_ledger
from training.models import Participation, TrainingClass
from training.services.credits import settle_participations


@dataclass(frozen=True)
class LedgerImport:
    plan: LedgerPlan

    def report(self) -> Report:
        return self.plan.report()

    def write(self, writer: Writer, *, by: Viewer | None) -> None:
        """Expects a plan without faults, made in the same transaction."""
        new = [found for found in self.plan.classes if found.outcome is Outcome.NEW]
        changed = [found for found in self.plan.classes if found.outcome is Outcome.CHANGED]
        for found in new:
            found.stored = TrainingClass(**found.values)
        writer.create([found.stored for found in new if found.stored])
        entries = [_entry(found, by) for found in new + changed]
        writer.update(
            (found.stored, found.different) for found in changed if found.stored and found.different
        )
        _write_credits(new + changed, writer)
        record_many(entries)
        classes = [found.stored.pk for found in new + changed if found.stored]
        rows = Participation.objects.filter(training_class__in=classes).values_list("pk", flat=True)
        settle_participations(keys=rows, by=by, at=writer.batch.applied_at, reason="按导入的台账更正")


def settle_after_undo(batch: ImportBatch, *, by: Viewer | None, at: datetime) -> None:
    """What the batch credited is reversed, what it had changed is posted as it was before."""
    touched = batch.changes.filter(model_label=Participation._meta.label_lower)
    classes = batch.changes.filter(model_label=TrainingClass._meta.label_lower).values("object_id")
    inside = Participation.objects.filter(training_class__in=classes).values_list("pk", flat=True)
    keys = {*touched.values_list("object_id", flat=True), *inside}
    settle_participations(keys=keys, by=by, at=at, reason="导入批次已撤销")


@register(
    "ledger",
    title="培训台账",
    suffixes=(".xlsx", ".xls", ".csv"),
    layout=LEDGER,
    undone=settle_after_undo,
)
def ledger_file(
    data: bytes, filename: str, *, by: Viewer | None, on: date, create_units: bool
) -> LedgerImport:
    """`create_units` means nothing here: a ledger names people, not units."""
    return LedgerImport(plan_ledger(open_workbook(data, filename), by=by, on=on))


def _write_credits(classes: list[ClassPlan], writer: Writer) -> None:
    new: list[Participation] = []
    for found in classes:
        for credit in found.credits:
            if credit.stored is None:
                new.append(
                    Participation(training_class=found.stored, cadre_id=credit.person.pk, **credit.values)
                )
    writer.create(new)
    known = (credit for found in classes for credit in found.credits if credit.stored and credit.different)
    writer.update((credit.stored, credit.different) for credit in known if credit.stored)


def _entry(found: ClassPlan, by: Viewer | None) -> Entry:
    """One event a class: what it became and how many people it credits."""
    stored = found.stored
    changes = {name: (getattr(stored, name, None), value) for name, value in found.different.items()}
    added = [credit.person.name for credit in found.credits if credit.stored is None]
    if added:
        changes["participations"] = (None, f"登记 {len(added)} 人：{'、'.join(added)}")
    return Entry(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=stored,
        label=f"导入班次：{stored}",
        changes=changes,
    )
