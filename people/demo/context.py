"""What the contributions to the demo data share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TypeVar
from uuid import UUID

from django.db import models

from people.demo.shapes import Person
from people.models import Unit

BATCH_SIZE = 500
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    password: str
    role: str
    name: str


@dataclass
class DemoContext:
    """`on` is the day taken for today; `say` reports progress to whoever waits.

    `with_files` is off where nobody will open a document: rendering takes longer than all the rows.
    """

    on: date
    seed: int
    size: int
    say: Callable[[str], None]
    with_files: bool = True
    zone: Unit | None = None
    units: dict[str, Unit] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    accounts: list[DemoAccount] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def random(self, purpose: str) -> Random:
        """An own stream for each purpose, so that one contribution does not shift another."""
        return Random(f"{self.seed}:{purpose}")  # noqa: S311

    def insert(self, model: type[M], rows: Sequence[M]) -> list[M]:
        created = model._default_manager.bulk_create(rows, batch_size=BATCH_SIZE)
        name = model._meta.model_name or ""
        self.counts[name] = self.counts.get(name, 0) + len(created)
        return created


def demo_uid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
