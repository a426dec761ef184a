"""Where the hours of the year stand among comparable cadres, for the readers of the leader edition.

Comparable are the active cadres of the zone who hold a post on the day, of the same level of leadership and
under the same requirement: a department is too small to compare within, and other levels owe other amounts.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, QuerySet

from core.asking import Steps, asked, result_of
from people.choices import CadreStatus, LeadershipLevel
from people.models import Cadre
from people.models.cadres import posts_held
from people.ranks import is_county_level
from training.bands import Band, band_of
from training.queries.evaluations import FEWEST
from training.queries.rules import RuleBook
from training.queries.standings import at_county_level, cut_steps, hours_of_year

Group = tuple[str, bool]  # level of leadership, and whether the five-year requirement holds


@dataclass(frozen=True, slots=True)
class Place:
    """`people` are those compared, the person among them; with fewer than FEWEST nothing is said."""

    level: str
    people: int
    hours: Decimal
    band: Band | None

    @property
    def is_suppressed(self) -> bool:
        return self.people < FEWEST


def places_for(cadres: Sequence[Cadre], on: date) -> dict[int, Place]:
    """By cadre id, of those who are compared at all; four queries, and few rows, for any number of cadres."""
    return result_of(place_steps(cadres, on))


def place_steps(cadres: Sequence[Cadre], on: date) -> Steps[dict[int, Place]]:
    """As `places_for`, together with what others ask."""
    book = yield from RuleBook.steps()
    yield from cut_steps(on, book)
    compared = _compared(on, book)
    theirs = compared.filter(pk__in=[cadre.pk for cadre in cadres]).values_list("pk", *_FIELDS)
    own = {pk: ((level, county), hours) for pk, level, county, hours in (yield from asked(theirs))}
    groups: dict[Group, Counter[int]] = defaultdict(Counter)
    levels = {level for (level, _), _ in own.values()}
    rows = compared.filter(leadership_level__in=levels).values_list(*_FIELDS).annotate(Count("pk"))
    for level, county, hours, number in (yield from asked(rows)) if levels else ():
        groups[level, county][hours] += number
    return {pk: _place(group, hours, groups[group]) for pk, (group, hours) in own.items()}


_FIELDS = ("leadership_level", "county", "year_hours")


def _compared(on: date, book: RuleBook) -> QuerySet[Cadre]:
    at_post = Cadre.objects.filter(Exists(posts_held(on)), status=CadreStatus.ACTIVE).order_by()
    return at_post.annotate(county=at_county_level(), year_hours=hours_of_year(on, book))


def _place(group: Group, hours: int, found: Mapping[int, int]) -> Place:
    above = sum(number for other, number in found.items() if other > hours)
    below = sum(number for other, number in found.items() if other < hours)
    people = sum(found.values())
    band = band_of(above=above, equal=found[hours], below=below) if people >= FEWEST else None
    return Place(_level(group), people, Decimal(hours) / 100, band)


def _level(group: Group) -> str:
    """In words, with the requirement where it is not the usual one of the level."""
    level, county = group
    if not level:
        return "未任领导职务、职级在县处级层次的干部" if county else "未任领导职务的干部"
    label = str(LeadershipLevel(level).label)
    return label if county == is_county_level("", level) else f"{label}（学时按五年周期要求）"
