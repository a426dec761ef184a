"""Where the demo rows come from: import batches of the personnel office, as if files had been taken in.

Without them nobody could say of any line of a growth file who registered it and when. A batch gathers the
rows of a quarter and is applied some days after its end; what is older came with the first take-in.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.db.models import Model
from django.utils import timezone

from people.choices import ImportKind
from people.demo.context import DemoContext
from people.demo.registry import register
from people.imports.writer import Writer
from people.models import (
    AnnualAppraisal,
    Appointment,
    Cadre,
    Education,
    FamilyMember,
    Honour,
    ImportBatch,
    ImportChange,
    ResumeEntry,
    User,
)

FIRST_TAKEN_IN = timedelta(days=390)  # before today: ten days after the office got its accounts
AFTER = timedelta(days=8)  # from the end of a quarter to its file
# Each row is noted with its values: not what a demo of ten thousand is for.
LARGEST = 500

Dated = tuple[Model, date | None]


@register(order=906)
def trail_of_people(context: DemoContext) -> None:
    """The roster brought cadres and posts, the 任免审批表 what stands in them."""
    roster: list[Dated] = [(cadre, None) for cadre in Cadre.objects.order_by("pk")]
    roster += [(row, row.starts_on) for row in Appointment.objects.order_by("pk")]
    file_trail(context, ImportKind.ROSTER, "干部花名册", roster, clerk="hr")
    form: list[Dated] = [(row, None) for row in Education.objects.order_by("pk")]
    form += [(row, None) for row in FamilyMember.objects.order_by("pk")]
    form += [(row, row.starts_on) for row in ResumeEntry.objects.order_by("pk")]
    form += [(row, date(row.year + 1, 3, 1)) for row in AnnualAppraisal.objects.order_by("pk")]
    form += [(row, row.awarded_on) for row in Honour.objects.order_by("pk")]
    file_trail(context, ImportKind.LRMX, "干部任免审批表", form, clerk="hr2")


def file_trail(
    context: DemoContext, kind: ImportKind, name: str, rows: Iterable[Dated], *, clerk: str
) -> None:
    """Note the rows as taken in by `clerk`, each in the file of the quarter in which it came about."""
    if context.size > LARGEST:
        return
    files: dict[tuple[date, str], list[Model]] = defaultdict(list)
    for row, on in rows:
        files[_file_of(context, on)].append(row)
    by = User.objects.get(username=clerk)
    for (applied_on, suffix), found in sorted(files.items(), key=lambda item: item[0]):
        _batch(context, kind, f"{name}（{suffix}）.{_ENDINGS[kind]}", found, applied_on, by)


_ENDINGS = {ImportKind.LRMX: "zip"} | {kind: "xlsx" for kind in ImportKind.values if kind != ImportKind.LRMX}


def _file_of(context: DemoContext, on: date | None) -> tuple[date, str]:
    """The day on which the file was applied, and what of its name tells it from the others."""
    first = context.on - FIRST_TAKEN_IN
    if on is None or on <= first:
        return first, "存量"
    quarter = (on.month - 1) // 3 + 1
    following = date(on.year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return min(following - timedelta(days=1) + AFTER, context.on), f"{on.year}年第{quarter}季度"


def _batch(
    context: DemoContext, kind: ImportKind, name: str, rows: list[Model], applied_on: date, by: User
) -> None:
    batch = ImportBatch.objects.create(
        kind=kind,
        file_name=name,
        file_digest=sha256(f"{context.seed}:{name}".encode()).hexdigest(),
        applied_at=timezone.make_aware(datetime.combine(applied_on, time(9, 30))),
        applied_by=by,
    )
    writer = Writer(batch)
    writer.created(rows)
    writer.finish({"new": len(rows), "changed": 0, "unchanged": 0})
    context.filled |= {ImportBatch, ImportChange}
