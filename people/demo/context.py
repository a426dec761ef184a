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
    filled: set[type[models.Model]] = field(default_factory=set)

    def random(self, purpose: str) -> Random:
        """An own stream for each purpose, so that one contribution does not shift another."""
        return Random(f"{self.seed}:{purpose}")  # noqa: S311

    def insert(self, model: type[M], rows: Sequence[M]) -> list[M]:
        self.filled.add(model)
        return model._default_manager.bulk_create(rows, batch_size=BATCH_SIZE)

    def count(self) -> None:
        """What the tables hold in the end: services that were called on the way make rows of their own."""
        by_name = sorted(self.filled, key=lambda model: model._meta.model_name or "")
        self.counts = {model._meta.model_name or "": model._default_manager.count() for model in by_name}


def demo_uid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
