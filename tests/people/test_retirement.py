from datetime import date

import pytest

from people.retirement import retirement_month


@pytest.mark.parametrize(
    ("born", "base", "reached"),
    [
        ((1964, 12), 60, (2024, 12)),
        ((1965, 1), 60, (2025, 2)),
        ((1965, 5), 60, (2025, 7)),
        ((1976, 8), 60, (2039, 7)),
        ((1976, 9), 60, (2039, 9)),
        ((1985, 3), 60, (2048, 3)),
        ((1970, 1), 55, (2025, 2)),
        ((1981, 9), 55, (2039, 9)),
        ((1975, 1), 50, (2025, 2)),
        ((1975, 3), 50, (2025, 5)),
        ((1984, 11), 50, (2039, 11)),
        ((1962, 2), 63, (2025, 2)),
    ],
)
def test_retirement_month_under_the_gradual_rule(
    born: tuple[int, int], base: int, reached: tuple[int, int]
) -> None:
    assert retirement_month(date(*born, 1), base_age=base) == date(*reached, 1)
