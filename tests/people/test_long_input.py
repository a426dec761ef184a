"""No text makes a parser run for long: a cell holds 32,767 characters, a form field as many as one likes."""

import contextlib
import time
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from people.forms import read_resume_line
from people.imports.persons import _SEPARATORS, _tokens
from people.imports.text import is_hint
from people.resume import _SPAN

LONG = 32_000


@pytest.mark.parametrize("filling", [" ", "　", "(", "（", "（其间：", "2003.", "-"])
@pytest.mark.parametrize("end", ["", "x"])
@pytest.mark.parametrize(
    "parse",
    [
        lambda text: read_resume_line(text, "第 1 行"),
        _tokens,
        is_hint,
        lambda text: list(_SPAN.finditer(text)),
        _SEPARATORS.split,
    ],
    ids=["resume_line", "people", "hint", "resume", "separators"],
)
def test_time_grows_with_length_alone(parse: Callable[[str], object], filling: str, end: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(ValidationError):
        parse(f"x{filling * (LONG // len(filling))}{end}")
    assert time.process_time() - begun < 2
