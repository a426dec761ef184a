"""What occupies a cadre, and what is settled for the study of those who are away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.asking import Steps, gathered, result_of
from people.choices import StudyWhileAway
from people.contracts.registry import Link, Registry


@dataclass(frozen=True, slots=True)
class Engagement:
    """Something that occupies a cadre between two moments (aware datetimes, end exclusive)."""

    cadre_id: int
    starts_at: datetime
    ends_at: datetime
    kind: str
    title: str
    place: str = ""
    link: Link | None = None


class EngagementSource(Protocol):
    """Yields engagements, and between them what it has to ask (core.asking)."""

    def __call__(
        self, *, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime
    ) -> Iterable[Engagement]: ...


class AwayStudySource(Protocol):
    """Cadre id → how those away on the day take part in study at home; who is not named is excused."""

    def __call__(self, *, cadre_ids: Sequence[int], on: date) -> dict[int, StudyWhileAway]: ...


engagements: Registry[EngagementSource] = Registry()
away_study: Registry[AwayStudySource] = Registry()


def engagements_of(cadre_ids: Sequence[int], *, starts_at: datetime, ends_at: datetime) -> list[Engagement]:
    """What occupies these cadres between the moments, in time order."""
    return result_of(engagement_steps(cadre_ids, starts_at=starts_at, ends_at=ends_at))


def engagement_steps(
    cadre_ids: Sequence[int], *, starts_at: datetime, ends_at: datetime
) -> Steps[list[Engagement]]:
    """As `engagements_of`, together with what others ask."""
    every = engagements.all()
    sources = {c.key: c.source(cadre_ids=cadre_ids, starts_at=starts_at, ends_at=ends_at) for c in every}
    parts = yield from gathered(sources)
    found = (engagement for shown, _ in parts.values() for engagement in shown)
    return sorted(found, key=lambda e: (e.starts_at, e.title))


def study_while_away(cadre_ids: Sequence[int], *, on: date) -> dict[int, StudyWhileAway]:
    """What has been settled for the study of these cadres while they are away on the day."""
    found: dict[int, StudyWhileAway] = {}
    for contribution in away_study.all():
        found |= contribution.source(cadre_ids=cadre_ids, on=on)
    return found
