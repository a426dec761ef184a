from hypothesis import given
from hypothesis import strategies as st

from core.keys import NO_ROW, key_of, keys_of


@given(st.integers(0, 10**18 - 1))
def test_a_number_is_read_as_it_is(number: int) -> None:
    assert key_of(str(number)) == number


@given(st.text())
def test_anything_else_is_no_row_and_never_an_error(text: str) -> None:
    key = key_of(text)
    assert key == NO_ROW or str(key) == text.lstrip("0")


def test_what_only_looks_like_a_number_is_no_row() -> None:
    assert [key_of(text) for text in ("", "１２", "²", "-1", "1e9", " 1", "9" * 19)] == [NO_ROW] * 7


def test_many_keep_their_order_once() -> None:
    assert keys_of(["3", "x", "0", "1", "3", "9" * 40]) == [3, 1]
