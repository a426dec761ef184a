"""Inspections past their time: the words and the evidence go, states and days stay for the figures."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from core.files import drop_file
from wellbeing.choices.inspections import FindingState
from wellbeing.models import DecisionNotice, Finding, FindingFile

TEXTS = ("problem", "measure", "progress", "review", "decision")


def clear_findings(before: date, held: QuerySet[Any]) -> int:
    """Of findings settled before the day whose effect period is over too; nothing of a person on hold."""
    ended = Q(effect_to__isnull=True) | Q(effect_to__lt=before)
    old = Finding.objects.filter(ended, state=FindingState.CLOSED, closed_on__lt=before)
    rows = [row for row in old.exclude(cadre_id__isnull=False, cadre_id__in=held) if _written(row)]
    for row in rows:
        _clear(row)
    return len(rows)


def _written(row: Finding) -> bool:
    return any(getattr(row, name) for name in TEXTS)


def _clear(row: Finding) -> None:
    Finding.objects.filter(pk=row.pk).update(**dict.fromkeys(TEXTS, ""))
    DecisionNotice.objects.filter(finding=row).update(notice="", statement="")
    for link in FindingFile.objects.filter(finding=row).select_related("file"):
        stored = link.file
        link.delete()
        drop_file(stored)
