"""Unexplained absences in a row; pure."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from training.choices import AttendanceState

T = TypeVar("T")
CAME = frozenset({AttendanceState.PRESENT, AttendanceState.LATE})


def streak_ends(marks: Iterable[tuple[AttendanceState, T]], limit: int) -> Iterator[T]:
    """The absence that completes each run of `limit`, in the order of time.

    Coming ends a run; leave with a reason and exemption neither lengthen nor end it. After a completed run
    the counting begins anew, so six in a row are told twice.
    """
    run = 0
    for state, mark in marks:
        if state in CAME:
            run = 0
        elif state == AttendanceState.ABSENT:
            run += 1
            if run == limit:
                run = 0
                yield mark
