"""慰问发放表 and 督查整改台账 on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from core.pdf import PdfMetadata, PdfResult, render_pdf
from core.templatetags.ui import cn_date
from core.web.listing import ListColumn
from wellbeing.choices.care import IN_BULK
from wellbeing.models import CareCase

MOST_ON_PAPER = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    as_of: date
    by: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """What one signer gets to see of the others."""

    cases: Sequence[CareCase]

    @property
    def total(self) -> Decimal:
        return sum((case.amount for case in self.cases), Decimal(0))


def pages_of(cases: Sequence[CareCase]) -> list[SheetPage]:
    """Birthdays and festivals, which all have, together; whatever else has happened to one, on its own page.

    The sheet goes from hand to hand for signatures: nobody reads there that a colleague was in hospital.
    """
    common = [case for case in cases if case.event.cause in IN_BULK]
    alone = [SheetPage([case]) for case in cases if case.event.cause not in IN_BULK]
    return [*([SheetPage(common)] if common else []), *alone]


def sheet_pdf(cases: Sequence[CareCase], sheet: Sheet) -> PdfResult:
    """A4 landscape, one line for each person, with room for the signature."""
    context = {"sheet": sheet, "pages": pages_of(cases)}
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
