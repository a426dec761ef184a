"""网络课件: lists of finished online lessons, entered by staff, counted by their step."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from people.models import Cadre
from training.choices import ConversionBasis, HourSource
from training.conversion import ConversionBook, Learner, Learning, Posting, convert, online_basis
from training.models import OnlineLesson
from training.queries.conversion import conversion_book, learners
from training.services.ledger import settle_all

ONE = Decimal(1)
OWN = "不能为本人登记网络课件，请由其他经办人办理。"


@transaction.atomic
def register_lessons(
    *,
    cadres: Sequence[Cadre],
    title: str,
    minutes: int,
    finished_on: date,
    by: Viewer | None,
    at: datetime,
    provider: str = "",
    passed_test: bool = False,
) -> list[OnlineLesson]:
    """One lesson for everyone on the list: all of them or nobody. Whoever has it already is refused."""
    if by and by.cadre_id in {cadre.pk for cadre in cadres}:
        raise DomainError(OWN, code="own_record")
    _refuse_known(cadres, title, finished_on)
    lesson = {"title": title, "minutes": minutes, "finished_on": finished_on}
    more = {"provider": provider, "passed_test": passed_test}
    rows = [OnlineLesson(cadre=cadre, **lesson, **more) for cadre in cadres]
    created = OnlineLesson.objects.bulk_create(rows)
    settle_lessons(lessons=created, by=by, at=at)
    if created:
        _record(created, by, at)
    return created


def settle_lessons(*, lessons: Sequence[OnlineLesson], by: Viewer | None, at: datetime) -> None:
    people, book = learners([row.cadre_id for row in lessons]), conversion_book()
    wanted: dict[str, Sequence[Posting]] = {}
    for row in lessons:
        wanted |= _wanted(row, people[row.cadre_id], book)
    settle_all(source=HourSource.ONLINE, wanted=wanted, by=by, at=at)


def _wanted(row: OnlineLesson, learner: Learner, book: ConversionBook) -> dict[str, Sequence[Posting]]:
    """The lesson and a passed test are two entries: each by its own rule."""
    lesson = Learning(HourSource.ONLINE, row.title, row.finished_on, row.finished_on)
    found: dict[str, Sequence[Posting]] = {}
    found[row.source_key] = convert(book, learner, lesson, basis=online_basis(row.minutes), quantity=ONE)
    if not row.passed_test:
        return found
    test = Learning(HourSource.ONLINE, f"{row.title}（测试）", row.finished_on, row.finished_on)
    passed = convert(book, learner, test, basis=ConversionBasis.ONLINE_TEST, quantity=ONE)
    return found | {f"{row.source_key}:test": passed}


def _refuse_known(cadres: Sequence[Cadre], title: str, finished_on: date) -> None:
    known = OnlineLesson.objects.filter(cadre__in=cadres, title=title, finished_on=finished_on)
    names = "、".join(known.values_list("cadre__name", flat=True))
    if names:
        message = f"{names} 当天已登记过这个课件，请从名单中去掉。"
        raise DomainError(message, field="names", code="already_registered")


def _record(created: Sequence[OnlineLesson], by: Viewer | None, at: datetime) -> None:
    names = "、".join(row.cadre.name for row in created)
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=created[0],
        label=f"登记网络课件：{created[0].title}，{len(created)} 人",
        changes={"names": (None, names)},
        at=at,
    )
