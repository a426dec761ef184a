"""慰问发放表 on paper: A4 landscape, one line for each person, with room for the signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from core.pdf import PdfMetadata, PdfResult, render_pdf
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn
from wellbeing.models import CareCase

MOST_ON_PAPER = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    as_of: date
    by: str


def sheet_pdf(cases: Sequence[CareCase], sheet: Sheet) -> PdfResult:
    total = sum((case.amount for case in cases), Decimal(0))
    context = {"sheet": sheet, "cases": cases, "total": total}
    return render_pdf(
        render_to_string("wellbeing/paper/care.html", context),
        stylesheets=("wellbeing/care.css",),
        metadata=PdfMetadata(title=sheet.title, subject=sheet.title, author=sheet.by, as_of=sheet.as_of),
    )


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    title: str
    as_of: date
    by: str
    note: str


def ledger_pdf(columns: Sequence[ListColumn], rows: Sequence[Any], sheet: LedgerSheet) -> PdfResult:
    """督查整改台账 in the columns of the export: A3 landscape, the head repeated on every page."""
    lines = [[_cell(column.value(row)) for column in columns] for row in rows]
    context = {"sheet": sheet, "labels": [column.label for column in columns], "lines": lines}
    return render_pdf(
        render_to_string("wellbeing/paper/ledger.html", context),
        stylesheets=("wellbeing/ledger.css",),
        metadata=PdfMetadata(title=sheet.title, subject=sheet.note, author=sheet.by, as_of=sheet.as_of),
    )


def _cell(value: Any) -> str:
    return cn_date(value) if isinstance(value, date) else str("" if value is None else value)
