"""Changes to articles and to who has read them. A reading counts by the conversion rule of 引学阅读."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import Entry, record, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, drop_file, keep_file
from core.notifications import notify
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.models import Cadre
from training.choices import ConversionBasis, HourSource, ReadingWay
from training.conversion import Learning, convert
from training.models import Article, Reading
from training.queries.articles import unread_of, used_in_year
from training.queries.audience import accounts_of, own_unit_id, units_on
from training.queries.conversion import conversion_book, learners
from training.services.ledger import settle_all

ARTICLE_FIELDS = (
    "title",
    "category",
    "theme",
    "source",
    "link",
    "text",
    "is_must_read",
    "due_on",
    "audience",
    "unit",
    "group",
)
NOT_OWN = "不能为本人登记阅读，请本人在文章页确认，或由其他经办人登记。"


@transaction.atomic
def publish_article(
    *, values: Mapping[str, Any], by: Viewer, on: date, at: datetime, upload: Any = None
) -> Article:
    """A new article is known at once; those who have to read it are told."""
    article = Article(**values, published_on=on, published_by=by.name)
    _check(article, on)
    if upload is not None:
        article.file = keep_file(upload=upload, by=by, accept=DOCUMENTS | PHOTOS, at=at, field="upload")
    save_validated(article)
    _note(article, f"发布文章：{article}", by, values_of(article, ARTICLE_FIELDS))
    if article.is_must_read:
        _tell(article, on, f"有新的必读：{article.title}")
    return article


@transaction.atomic
def change_article(
    *, article: Article, values: Mapping[str, Any], by: Viewer, on: date, at: datetime, upload: Any = None
) -> None:
    changes: dict[str, tuple[Any, Any]] = changes_to(article, values)
    old = article.file if upload is not None else None
    if upload is not None:
        article.file = keep_file(upload=upload, by=by, accept=DOCUMENTS | PHOTOS, at=at, field="upload")
        changes["file"] = (old, article.file)
    if not changes:
        return
    apply_changes(article, {name: pair for name, pair in changes.items() if name != "file"})
    if "due_on" in changes:
        _check(article, on)
    save_validated(article)
    if old is not None:
        drop_file(old)
    _note(article, f"修改文章：{article}", by, changes)


@transaction.atomic
def withdraw_article(*, article: Article, reason: str, by: Viewer, at: datetime) -> None:
    """Nobody is asked to read it any more; who has read it keeps the hours."""
    if article.withdrawn_at is not None:
        raise DomainError("文章已经撤下。", code="withdrawn")
    if not reason.strip():
        raise DomainError("请写明撤下原因。", field="reason", code="missing_reason")
    article.withdrawn_at, article.withdraw_reason = at, reason.strip()
    save_validated(article, update_fields=["withdrawn_at", "withdraw_reason", "updated_at"])
    _note(article, f"撤下文章：{article}", by, {"withdraw_reason": ("", article.withdraw_reason)})


@transaction.atomic
def restore_article(*, article: Article, by: Viewer) -> None:
    if article.withdrawn_at is None:
        return
    article.withdrawn_at, article.withdraw_reason = None, ""
    save_validated(article, update_fields=["withdrawn_at", "withdraw_reason", "updated_at"])
    _note(article, f"恢复文章：{article}", by, {})


@transaction.atomic
def confirm_reading(*, article: Article, by: Viewer, at: datetime) -> Reading:
    """The cadre's own confirmation; the second one finds the first and changes nothing."""
    if by.cadre_id is None:
        raise DomainError("这个账号没有对应的干部，不能确认阅读。", code="no_record")
    if article.withdrawn_at is not None:
        raise DomainError("文章已经撤下，不必再确认。", code="withdrawn")
    known = Reading.objects.filter(article=article, cadre=by.cadre_id).first()
    if known:
        return known
    unit_id = own_unit_id(by.cadre_id, timezone.localdate(at))
    row = Reading(article=article, cadre_id=by.cadre_id, unit_id=unit_id, read_at=at)
    _insert([row])
    settle_readings([row], by=by, at=at)
    record(action=AuditAction.ARTICLE_READ, by=by, subject=row, label=f"确认阅读：{article}")
    return row


@transaction.atomic
def register_paper_readings(
    *, article: Article, cadres: Sequence[Cadre], by: Viewer, at: datetime
) -> list[Reading]:
    """Those who have read it on paper, at once; who is registered already stays as it is."""
    if any(cadre.pk == by.cadre_id for cadre in cadres):
        raise DomainError(NOT_OWN, code="own_record")
    present = set(
        Reading.objects.filter(article=article, cadre__in=cadres).values_list("cadre_id", flat=True)
    )
    new = [cadre for cadre in cadres if cadre.pk not in present]
    places = units_on([cadre.pk for cadre in new], timezone.localdate(at))
    rows = [_paper(article, cadre, places.get(cadre.pk), by, at) for cadre in new]
    _insert(rows)
    settle_readings(rows, by=by, at=at)
    record_many(_entry(row, f"登记纸质阅读：{row}", by) for row in rows)
    return rows


@transaction.atomic
def cancel_reading(*, reading: Reading, reason: str, by: Viewer, at: datetime) -> None:
    """A registration by mistake; its hours are reversed."""
    if reading.cadre_id == by.cadre_id:
        raise DomainError("不能取消本人的阅读记录，请由其他经办人办理。", code="own_record")
    if not reason.strip():
        raise DomainError("请写明取消原因。", field="reason", code="missing_reason")
    settle_all(
        source=HourSource.READING, wanted={source_key(reading): []}, by=by, at=at, reason=reason.strip()
    )
    record(
        action=AuditAction.ARTICLE_READ,
        by=by,
        subject=reading,
        label=f"取消阅读记录：{reading}",
        reason=reason.strip(),
    )
    reading.delete()


@transaction.atomic
def remind_unread(*, article: Article, within: Iterable[int], by: Viewer, on: date) -> int:
    """Tells those of the cadres `within` who have not read it and have an account; once a day."""
    people = unread_of(article).filter(pk__in=list(within))
    told = _notify(article, accounts_of(people.values("pk")), on, f"请在期限前阅读：{article.title}")
    record(
        action=AuditAction.ARTICLE_CHANGED,
        by=by,
        subject=article,
        label=f"提醒阅读：{article}",
        reason=f"提醒 {told} 人",
    )
    return told


def source_key(reading: Reading) -> str:
    return f"reading:{reading.article_id}:{reading.cadre_id}"


def _check(article: Article, on: date) -> None:
    if article.is_must_read and article.due_on is None:
        raise DomainError("必读须填写阅读期限。", field="due_on", code="missing_due")
    if article.due_on and article.due_on < on:
        raise DomainError("阅读期限不能早于今天。", field="due_on", code="due_in_the_past")


def _paper(article: Article, cadre: Cadre, unit_id: int | None, by: Viewer, at: datetime) -> Reading:
    return Reading(
        article=article,
        cadre=cadre,
        unit_id=unit_id,
        read_at=at,
        way=ReadingWay.PAPER,
        registered_by=by.name,
    )


def _insert(rows: Sequence[Reading]) -> None:
    try:
        with transaction.atomic():
            Reading.objects.bulk_create(rows)
    except IntegrityError as error:
        raise DomainError("有人刚刚登记过其中的阅读，请刷新页面后重试。", code="conflict") from error


def settle_readings(rows: Sequence[Reading], *, by: Viewer | None, at: datetime) -> None:
    """Hours of the readings, by the rule in force and under its caps."""
    keys = [row.cadre_id for row in rows]
    book, known, day = conversion_book(), learners(keys), timezone.localdate(at)
    rule = book.rule(HourSource.READING, day, "", ConversionBasis.ITEM)
    used: Mapping[int, Decimal] = (
        used_in_year(rule, keys, day.year, besides=[source_key(row) for row in rows]) if rule else {}
    )
    wanted = {}
    for row in rows:
        learning = Learning(
            HourSource.READING, row.article.title, day, day, used=used.get(row.cadre_id, Decimal(0))
        )
        wanted[source_key(row)] = convert(
            book, known[row.cadre_id], learning, basis=ConversionBasis.ITEM, quantity=Decimal(1)
        )
    settle_all(source=HourSource.READING, wanted=wanted, by=by, at=at)


def _tell(article: Article, on: date, title: str) -> None:
    _notify(article, accounts_of(unread_of(article).values("pk")), on, title)


def _notify(article: Article, accounts: Sequence[int], on: date, title: str) -> int:
    return notify(
        recipients=accounts,
        kind="training.article",
        title=title,
        key=f"article:{article.pk}",
        on=on,
        url_name="training:article",
        args=(article.pk,),
        detail=f"阅读期限：{article.due_on:%Y-%m-%d}" if article.due_on else "",
    )


def _note(article: Article, label: str, by: Viewer, changes: Mapping[str, tuple[Any, Any]]) -> None:
    short = {name: pair for name, pair in changes.items() if name != "text"}
    if "text" in changes:
        old, new = changes["text"]
        short["text"] = (f"{len(old or '')} 字", f"{len(new or '')} 字")
    record(action=AuditAction.ARTICLE_CHANGED, by=by, subject=article, label=label, changes=short)


def _entry(row: Reading, label: str, by: Viewer) -> Entry:
    return Entry(action=AuditAction.ARTICLE_READ, by=by, subject=row, label=label)
