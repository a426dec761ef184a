"""What people are counted by: ordered buckets and the one expression that puts a cadre into exactly one.

The table groups by that expression and the list filters by it, so a number and its list cannot differ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When

from core.access import Permission, Viewer
from people.choices import LeadershipLevel, PoliticalStatus, Sex, StaffType
from people.contracts import Registry
from people.filters import AGE_BANDS, aged
from people.models import Education
from people.ranks import CIVIL_RANKS, INSTITUTION_RANKS, TECHNICAL_RANKS

UNKNOWN = "unknown"
UNREGISTERED = (UNKNOWN, "未登记")
Condition = tuple[Any, str]


@dataclass(frozen=True, slots=True)
class Dimension:
    """`expression(on)` is a Case over cadres whose values are the keys of `buckets`.

    `permission`: who may divide people by it; a list would otherwise tell what a reader may not see.
    """

    key: str
    label: str
    buckets: tuple[tuple[str, str], ...]
    expression: Callable[[date], Any]
    permission: Permission = Permission.VIEW_CADRE

    @property
    def words(self) -> dict[str, str]:
        return dict(self.buckets)


# Dimensions that other apps know of, such as how people stand in their hours: the source gives the dimension.
more_dimensions: Registry[Callable[[], Dimension]] = Registry()


def sorted_into(conditions: list[Condition], otherwise: str = UNKNOWN) -> Case:
    """The key of the first condition that holds."""
    whens = [When(condition, then=Value(key)) for condition, key in conditions]
    return Case(*whens, default=Value(otherwise), output_field=CharField())


def by_choices(field: str, choices: list[tuple[str, str]]) -> Callable[[date], Case]:
    return lambda _on: sorted_into([(Q(**{field: key}), key) for key, _ in choices])


def by_age(on: date) -> Case:
    bands = AGE_BANDS.items()
    return sorted_into([(aged(on, youngest, oldest), key) for key, (_, youngest, oldest) in bands])


PARTIES = ("rcck", "cdl", "cndca", "capd", "cpwdp", "zhigong", "jiusan", "tdsgl", "non_party")


def by_party(_on: date) -> Case:
    member = (PoliticalStatus.PARTY_MEMBER, PoliticalStatus.PROBATIONARY)
    return sorted_into(
        [
            (Q(political_status__in=member), "ccp"),
            (Q(political_status__in=PARTIES), "others"),
            (Q(political_status=PoliticalStatus.YOUTH_LEAGUE), "league"),
            (Q(political_status=PoliticalStatus.MASSES), "masses"),
        ]
    )


def _educated(condition: Q) -> Exists:
    return Exists(Education.objects.filter(condition, cadre=OuterRef("pk")))


def by_education(_on: date) -> Case:
    """The highest 学历; the text is as the office wrote it, so it is known by its words."""
    higher = Q(level__contains="研究生") | Q(level__contains="硕士") | Q(level__contains="博士")
    junior = Q(level__contains="大专") | Q(level__contains="专科")
    university = (Q(level__contains="大学") | Q(level__contains="本科")) & ~junior
    return sorted_into(
        [
            (_educated(higher), "postgraduate"),
            (_educated(university), "university"),
            (_educated(junior), "college"),
            (_educated(~Q(level="")), "secondary"),
        ]
    )


def by_rank(_on: date) -> Case:
    counsels = [rank for rank in CIVIL_RANKS if rank.endswith(("巡视员", "调研员"))]
    clerks = [rank for rank in CIVIL_RANKS if rank.endswith("主任科员")]
    return sorted_into(
        [
            (Q(rank__in=counsels), "counsel"),
            (Q(rank__in=clerks), "chief_clerk"),
            (Q(rank__in=[rank for rank in CIVIL_RANKS if rank not in (*counsels, *clerks)]), "clerk"),
            (Q(rank__in=INSTITUTION_RANKS), "management"),
            (Q(rank__in=TECHNICAL_RANKS), "technical"),
            (~Q(rank=""), "other"),
        ]
    )


def by_level(_on: date) -> Case:
    return sorted_into([(Q(leadership_level=level), level.value) for level in LeadershipLevel], "none")


def _age_buckets() -> tuple[tuple[str, str], ...]:
    return (*((key, band[0]) for key, band in AGE_BANDS.items()), UNREGISTERED)


OWN_DIMENSIONS = (
    Dimension("sex", "性别", (*Sex.choices, UNREGISTERED), by_choices("sex", Sex.choices)),
    Dimension("age", "年龄", _age_buckets(), by_age),
    Dimension(
        "education",
        "学历",
        (
            ("postgraduate", "研究生"),
            ("university", "大学"),
            ("college", "大专"),
            ("secondary", "中专及以下"),
            UNREGISTERED,
        ),
        by_education,
        Permission.VIEW_RESUME,
    ),
    Dimension(
        "party",
        "政治面貌",
        (
            ("ccp", "中共党员"),
            ("others", "民主党派和无党派人士"),
            ("league", "共青团员"),
            ("masses", "群众"),
            UNREGISTERED,
        ),
        by_party,
    ),
    Dimension(
        "identity", "身份", (*StaffType.choices, UNREGISTERED), by_choices("staff_type", StaffType.choices)
    ),
    Dimension("level", "领导职务", (*LeadershipLevel.choices, ("none", "无领导职务")), by_level),
    Dimension(
        "rank",
        "职级",
        (
            ("counsel", "调研员以上"),
            ("chief_clerk", "主任科员"),
            ("clerk", "科员"),
            ("management", "管理岗"),
            ("technical", "专业技术岗"),
            ("other", "其他"),
            UNREGISTERED,
        ),
        by_rank,
    ),
)


def structure(viewer: Viewer) -> list[Dimension]:
    """What the viewer may divide people by, in the order of the page."""
    return [one for one in OWN_DIMENSIONS if viewer.paths(one.permission)]


def dimension_of(viewer: Viewer, key: str) -> Dimension | None:
    """The dimension of that key if the viewer may count by it, whoever knows of it."""
    others = [contribution.source() for contribution in more_dimensions.all()]
    known = {one.key: one for one in (*OWN_DIMENSIONS, *others)}
    found = known.get(key)
    return found if found is not None and viewer.paths(found.permission) else None
