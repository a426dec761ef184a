"""Reads of articles: who has read, who has not, what one cadre still has to read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from core.access import Permission, Viewer
from core.asking import Steps, asked, result_of
from people.choices import CadreStatus
from people.models import Cadre, CadreQuerySet
from training.conversion import Conversion
from training.hours import ZERO
from training.models import Article, HourEntry, Reading
from training.queries.audience import addressed, count_of, meant_for, members_of


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the audience have read a must-read; `expected` None where nobody has to."""

    read: int
    expected: int | None

    @property
    def unread(self) -> int:
        return max(0, (self.expected or 0) - self.read)

    @property
    def words(self) -> str:
        return f"{self.read}" if self.expected is None else f"{self.read} / {self.expected}"


def progress_of(articles: Iterable[Article]) -> dict[int, Progress]:
    """One query: of a must-read those of its audience who have read it, of others whoever has."""
    return result_of(progress_steps(articles))


def progress_steps(articles: Iterable[Article]) -> Steps[dict[int, Progress]]:
    """As `progress_of`, together with what others ask."""
    rows = Article.objects.filter(pk__in=[row.pk for row in articles])
    of_all = Reading.objects.filter(article=OuterRef("pk"), cadre__status=CadreStatus.ACTIVE)
    counted = rows.annotate(
        expected=members_of(Cadre.objects.filter(status=CadreStatus.ACTIVE), "pk", "published_on"),
        read=members_of(of_all, "cadre", "published_on"),
        by_anyone=count_of(of_all),
    )
    return {
        row.pk: Progress(row.read, row.expected) if row.is_must_read else Progress(row.by_anyone, None)
        for row in (yield from asked(counted.defer("text")))
    }


def with_read_mark(articles: QuerySet[Article], cadre_id: int | None) -> QuerySet[Article]:
    """Adds `is_read`: whether the cadre has confirmed."""
    mine = Reading.objects.filter(article=OuterRef("pk"), cadre=cadre_id)
    return articles.annotate(is_read=Exists(mine) if cadre_id else Exists(Reading.objects.none()))


def to_read(viewer: Viewer) -> QuerySet[Article]:
    """Must-reads that the viewer has to read and has not, the most urgent first."""
    if viewer.cadre_id is None or not viewer.on_own_record(Permission.SIGN_UP):
        return Article.objects.none()
    mine = Article.objects.published().filter(
        meant_for(viewer.cadre_id, "published_on"), is_must_read=True, published_on__lte=viewer.on
    )
    read = Reading.objects.filter(article=OuterRef("pk"), cadre=viewer.cadre_id)
    return mine.exclude(Exists(read)).order_by("due_on", "pk")


def readers_of(article: Article) -> QuerySet[Reading]:
    return Reading.objects.filter(article=article).select_related("cadre", "unit").order_by("-read_at", "pk")


def unread_of(article: Article) -> CadreQuerySet:
    """Those of the audience who have not read it; for whoever is not in scope, ask `visible_to` besides."""
    read = Reading.objects.filter(article=article, cadre=OuterRef("pk"))
    return addressed(article, article.published_on).exclude(Exists(read))


def overdue_articles(viewer: Viewer) -> QuerySet[Article]:
    """Must-reads past their deadline for the last half year, for those who chase them."""
    seen = Article.objects.visible_to(viewer).published().filter(is_must_read=True, due_on__lt=viewer.on)
    return seen.order_by("-due_on", "pk")


def used_in_year(
    rule: Conversion, cadre_ids: Sequence[int], year: int, *, besides: Sequence[str] = ()
) -> dict[int, Decimal]:
    """Hours in force under the rule's source, kind and basis in the year: they count for its cap.

    `besides` are source keys about to be settled anew.
    """
    rows = HourEntry.objects.in_force().filter(
        Q(ends_on__year=year),
        cadre__in=cadre_ids,
        ledger=rule.ledger,
        rule__source=rule.source,
        rule__kind=rule.kind,
        rule__basis=rule.basis,
    )
    rows = rows.exclude(source_key__in=besides)
    sums = dict(rows.values_list("cadre").annotate(Sum("hours")).order_by())
    return {pk: sums.get(pk, ZERO) for pk in cadre_ids}
