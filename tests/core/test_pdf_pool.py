"""Many documents at once: one that fails, dies or hangs costs only itself."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from core.errors import DomainError
from core.pdf import MissingGlyphs
from core.pdf.pool import LOST, work_on_many


def work(item: str) -> str:
    if item == "glyph":
        raise MissingGlyphs("ཨ")
    if item == "bug":
        raise KeyError("x")
    if item == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "hangs":
        time.sleep(60)
    return item.upper()


@pytest.mark.parametrize("workers", [1, 2])
def test_every_item_comes_back_with_what_became_of_it(workers: int) -> None:
    items = ["a", "glyph", "b", "bug", "c"]
    made = dict(work_on_many(work, items, workers=workers))
    assert set(made) == set(items)
    assert [made[item] for item in "abc"] == ["A", "B", "C"]
    assert "“ཨ”（U+0F68）" in str(made["glyph"])
    assert isinstance(made["bug"], Exception)


def test_a_lost_process_is_replaced() -> None:
    made = dict(work_on_many(work, ["dies", "a", "hangs", "b", "c"], workers=2, timeout=1.5))
    assert [made[item] for item in "abc"] == ["A", "B", "C"]
    for item in ("dies", "hangs"):
        assert isinstance(made[item], DomainError)
        assert str(made[item]) == LOST


def test_items_are_taken_as_they_are_needed() -> None:
    taken = []

    def items() -> Iterator[str]:
        for name in "abcdef":
            taken.append(name)
            yield name

    results = work_on_many(work, items(), workers=2)
    next(results)
    assert len(taken) <= 3
    assert len(list(results)) == 5
