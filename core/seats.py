"""Places that run out: the last one is never given twice, whatever the number of processes.

A seat moves by one conditional UPDATE. SQLite knows no `SELECT … FOR UPDATE`, and on PostgreSQL the second
of two such updates waits for the first and looks again; the constraint has the last word on both.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from core.classification import classify


@classify(plain="capacity seats_taken")
class Seated(models.Model):
    """Abstract. A subclass with a Meta of its own inherits from `Seated.Meta` and adds to its constraints:
    `class Meta(Seated.Meta): constraints = [*Seated.Meta.constraints, ...]`."""

    capacity = models.PositiveIntegerField("名额", null=True, blank=True, help_text="不填表示不限。")
    seats_taken = models.PositiveIntegerField("已占名额", default=0, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(seats_taken__lte=F("capacity")),
                name="%(app_label)s_%(class)s_seats",
                violation_error_message="名额不能少于已经占用的人数，请先减少人员再改名额。",
            )
        ]

    @property
    def seats_left(self) -> int | None:
        """None where the number of places is not limited."""
        return None if self.capacity is None else self.capacity - self.seats_taken


def take_seat(row: Seated) -> bool:
    """Take one place; False when none is left. Call it inside the transaction of the enrolment."""
    free = Q(capacity=None) | Q(seats_taken__lt=F("capacity"))
    return _move(row, free, +1)


def free_seat(row: Seated) -> bool:
    """Give one place back; False when none was taken."""
    return _move(row, Q(seats_taken__gt=0), -1)


def _move(row: Seated, condition: Q, step: int) -> bool:
    manager: Any = type(row)._base_manager
    moved = manager.filter(condition, pk=row.pk).update(seats_taken=F("seats_taken") + step)
    row.refresh_from_db(fields=["seats_taken", "capacity"])
    return bool(moved)
