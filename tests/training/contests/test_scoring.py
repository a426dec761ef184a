"""The arithmetic of judging, by properties and by hand."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from training.scoring import Points, award_for, final_score, is_right, is_step, ranks, share_of

points = st.integers(0, 200).map(lambda half: Decimal(half) / 2)
weights = st.integers(1, 100).map(lambda tenth: Decimal(tenth) / 10)
judges = st.lists(st.builds(Points, points, weights), min_size=1, max_size=12)
# The machine that runs the tests may be busy: how long an example takes says nothing.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(judges, st.booleans())
def test_the_score_lies_between_the_lowest_and_the_highest(given_points, drops):
    score = final_score(given_points, drops_extremes=drops)
    values = [one.points for one in given_points]
    assert min(values) <= score <= max(values)


@PATIENT
@given(judges, st.booleans(), st.randoms())
def test_the_order_of_the_judges_changes_nothing(given_points, drops, random):
    shuffled = list(given_points)
    random.shuffle(shuffled)
    assert final_score(given_points, drops_extremes=drops) == final_score(shuffled, drops_extremes=drops)


@PATIENT
@given(st.lists(points, min_size=5, max_size=12))
def test_from_five_judges_on_one_wild_score_changes_nothing(values):
    """Whatever the highest judge gives above the others, it falls away."""
    ordered = sorted(values)
    wild = [*ordered[:-1], Decimal(100)]
    assert final_score([Points(p) for p in ordered], drops_extremes=True) == final_score(
        [Points(p) for p in wild], drops_extremes=True
    )


@PATIENT
@given(st.dictionaries(st.integers(1, 30), points, max_size=12))
def test_ranks_follow_the_scores_and_equals_share_one(scores):
    places = ranks(scores)
    for one in scores:
        assert places[one] == 1 + sum(scores[other] > scores[one] for other in scores)
    assert all((scores[a] == scores[b]) == (places[a] == places[b]) for a in scores for b in scores)


@pytest.mark.parametrize(
    ("values", "drops", "score"),
    [
        ([("90", 1), ("80", 1)], True, "85.00"),
        ([("90", 1), ("80", 1), ("70", 1), ("60", 1)], True, "75.00"),
        ([("100", 1), ("90", 1), ("80", 1), ("70", 1), ("0", 1)], True, "80.00"),
        ([("100", 1), ("90", 1), ("80", 1), ("70", 1), ("0", 1)], False, "68.00"),
        ([("90", 2), ("60", 1)], True, "80.00"),
        ([("88.5", 1), ("88", 1), ("87.5", 1)], True, "88.00"),
        ([("90", 1), ("90", 1), ("89.5", 1)], True, "89.83"),
    ],
)
def test_scores_by_hand(values, drops, score):
    found = final_score([Points(Decimal(p), Decimal(w)) for p, w in values], drops_extremes=drops)
    assert found == Decimal(score)


def test_nobody_scored():
    assert final_score([], drops_extremes=True) is None


@pytest.mark.parametrize(
    ("value", "good"),
    [("0", True), ("100", True), ("85.5", True), ("85.3", False), ("-0.5", False), ("100.5", False)],
)
def test_steps(value, good):
    assert is_step(Decimal(value)) is good


def test_prizes_with_ties():
    """Two share the first place: both get it, and the second prize has one place left."""
    places = [1, 1, 3, 4, 4, 6, 7]
    assert [award_for(place, first=1, second=2, third=1) for place in places] == [
        "first",
        "first",
        "second",
        "third",
        "third",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("kind", "answer", "chosen", "right"),
    [
        ("single", "A", "A", True),
        ("single", "A", "", False),
        ("multiple", "ACD", "DCA", True),
        ("multiple", "ACD", "AC", False),
        ("multiple", "AC", "ABC", False),
        ("judge", "B", "B", True),
    ],
)
def test_right_answers(kind, answer, chosen, right):
    assert is_right(kind, answer, chosen) is right


def test_shares():
    assert [share_of(1, 3), share_of(3, 3), share_of(0, 0)] == [Decimal("33.33"), 100, 0]
