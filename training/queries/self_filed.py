"""Reads of self-filed study: what a filing would count, and what it may be a second record of."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from core.access import Permission, Viewer
from training.choices import ConversionBasis, HourSource, SelfFiledKind, SelfFiledState
from training.conversion import ConversionBook, Learner, Learning, Posting, convert, online_basis
from training.duplicates import Record, is_duplicate
from training.hours import ZERO
from training.models import HourEntry, OnlineLesson, Participation, SelfFiledStudy
from training.queries.conversion import conversion_book, learners

DUPLICATES_SHOWN = 5


def waiting_for(viewer: Viewer) -> QuerySet[SelfFiledStudy]:
    """Filings that the viewer may decide on: staff rights end at the own record (R3)."""
    rows = SelfFiledStudy.objects.visible_to(viewer, Permission.NOMINATE)
    return rows.filter(state=SelfFiledState.SUBMITTED)


def hours_used(
    cadre_id: int, source: HourSource, kind: str, year: int, *, besides: Sequence[str] = ()
) -> Decimal:
    """Hours in force that other records of the source and kind have posted in the year."""
    rows = HourEntry.objects.in_force().filter(
        cadre_id=cadre_id, source=source, kind=kind, starts_on__year=year
    )
    found: Decimal | None = rows.exclude(source_key__in=besides).aggregate(sum=Sum("hours"))["sum"]
    return found or ZERO


def wanted_of(study: SelfFiledStudy) -> dict[str, list[Posting]]:
    """What the filing counts by the rules of its first day, by source key: the study and a passed test."""
    learner = learners([study.cadre_id])[study.cadre_id]
    keys = (study.source_key, f"{study.source_key}:test")
    used = hours_used(study.cadre_id, HourSource.SELF_FILED, study.kind, study.starts_on.year, besides=keys)
    first, second = _postings(study, learner, conversion_book(), used)
    return {keys[0]: first, keys[1]: second}


def _postings(
    study: SelfFiledStudy, learner: Learner, book: ConversionBook, used: Decimal
) -> tuple[list[Posting], list[Posting]]:
    days = (study.starts_on, study.ends_on)
    learning = Learning(HourSource.SELF_FILED, study.title, *days, study.kind, used)
    main = convert(book, learner, learning, basis=basis_of(study), quantity=study.quantity)
    if not study.passed_test or study.kind != SelfFiledKind.ONLINE:
        return main, []
    test = Learning(HourSource.SELF_FILED, f"{study.title}（测试）", *days, study.kind, used)
    basis = ConversionBasis.ONLINE_TEST
    return main, convert(book, learner, test, basis=basis, quantity=Decimal(1))


def basis_of(study: SelfFiledStudy) -> ConversionBasis:
    if study.kind == SelfFiledKind.ONLINE:
        return online_basis(study.minutes or 0)
    return ConversionBasis(study.measure)


def duplicates_for(studies: Sequence[SelfFiledStudy]) -> dict[int, list[Record]]:
    """By study: other records of the same cadre that are likely the same; three queries for any number."""
    if not studies:
        return {}
    known = _records(
        {study.cadre_id for study in studies},
        min(study.starts_on for study in studies),
        max(study.ends_on for study in studies),
    )
    return {study.pk: _likely(study, known[study.cadre_id])[:DUPLICATES_SHOWN] for study in studies}


def _likely(study: SelfFiledStudy, known: Iterable[Record]) -> list[Record]:
    own = Record(study.title, study.starts_on, study.ends_on)
    itself = ("training:self_filed", study.pk)
    return [other for other in known if (other.url_name, other.pk) != itself and is_duplicate(own, other)]


def _records(cadres: set[int], first: date, last: date) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = defaultdict(list)
    for cadre_id, record in (*_classes(cadres, first, last), *_filings(cadres, first, last)):
        found[cadre_id].append(record)
    for cadre_id, record in _lessons(cadres, first, last):
        found[cadre_id].append(record)
    return found


def _classes(cadres: set[int], first: date, last: date) -> Iterator[tuple[int, Record]]:
    rows = Participation.objects.filter(
        cadre__in=cadres, training_class__starts_on__lte=last, training_class__ends_on__gte=first
    )
    for row in rows.select_related("training_class").order_by("training_class__starts_on"):
        held = row.training_class
        what = f"培训班次“{held.name}”（{row.get_state_display()}）"
        yield row.cadre_id, Record(held.name, held.starts_on, held.ends_on, what, "training:class", held.pk)


def _filings(cadres: set[int], first: date, last: date) -> Iterator[tuple[int, Record]]:
    rows = SelfFiledStudy.objects.filter(cadre__in=cadres, starts_on__lte=last, ends_on__gte=first)
    for row in rows.exclude(state=SelfFiledState.DRAFT).order_by("starts_on", "pk"):
        what = f"自学填报“{row.title}”（{row.get_state_display()}）"
        record = Record(row.title, row.starts_on, row.ends_on, what, "training:self_filed", row.pk)
        yield row.cadre_id, record


def _lessons(cadres: set[int], first: date, last: date) -> Iterator[tuple[int, Record]]:
    rows = OnlineLesson.objects.filter(cadre__in=cadres, finished_on__range=(first, last))
    for row in rows.order_by("finished_on", "pk"):
        what = f"网络课件“{row.title}”（名单登记）"
        yield row.cadre_id, Record(row.title, row.finished_on, row.finished_on, what)
