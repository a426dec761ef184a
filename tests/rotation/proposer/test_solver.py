"""The solver against trying out everything, and what it says when it cannot give what was asked for."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotation.proposer import Answer, Criterion, Demand, DemandKind, Option, Person, Place, Problem, propose
from rotation.proposer.problem import allowed, score, unmet


def every_rotation(problem: Problem) -> list[list[Option]]:
    choices: list[list[Option | None]] = [
        [None, *(o for o in problem.options if o.person == person.id)] for person in problem.people
    ]
    tried = ([option for option in chosen if option] for chosen in product(*choices))
    return [moves for moves in tried if allowed(problem, moves)]


def rank(problem: Problem, moves: list[Option]) -> tuple[int, int]:
    return -len(unmet(problem, moves)), score(problem, moves)


@st.composite
def problems(draw: st.DrawFn, least: int = 1, most: int = 5) -> Problem:
    places = tuple(
        Place(
            id=10 + n,
            name=f"岗位{n}",
            unit=draw(st.integers(1, 2)),
            seats=draw(st.sampled_from([1, 1, 2, None])),
            held_outside=draw(st.booleans()) and draw(st.booleans()),
            keep_held=draw(st.booleans()),
        )
        for n in range(draw(st.integers(1, 4)))
    )
    people = []
    for n in range(1, draw(st.integers(least, most)) + 1):
        place = draw(st.sampled_from([None, *places]))
        unit = place.unit if place else draw(st.sampled_from([None, 1, 2]))
        people.append(Person(id=n, name=f"干部{n}", unit=unit, place=place.id if place else None))
    pairs = [(p, j) for p in people for j in places if p.place != j.id]
    options = tuple(
        Option(
            person=p.id,
            place=j.id,
            gains={c: draw(st.integers(0, 2)) for c in (Criterion.PRESSURE, Criterion.SKILLS)},
            warnings=("需关注",) * draw(st.integers(0, 2)),
        )
        for p, j in pairs
        if draw(st.booleans())
    )
    keys = [option.key for option in options]
    demands = tuple(
        Demand(kind=DemandKind.MOVE, subject=p.id, label=f"调整{p.name}")
        for p in people
        if draw(st.booleans())
    ) + tuple(Demand(kind=DemandKind.FILL, subject=j.id, label=j.name) for j in places if draw(st.booleans()))
    return Problem(
        people=tuple(people),
        places=places,
        options=options,
        demands=demands,
        weights={criterion: draw(st.integers(0, 6)) for criterion in Criterion},
        apart=((keys[0], keys[-1]),) if len(keys) > 1 and keys[0][0] != keys[-1][0] else (),
        apart_staying=((keys[0], people[-1].id),) if keys and keys[0][0] != people[-1].id else (),
        minimum={1: draw(st.integers(0, 3))},
        most_moves=draw(st.sampled_from([None, 1, 2])),
    )


@given(st.one_of(problems(), problems(least=6, most=6)))
@settings(max_examples=60, deadline=None)
def test_the_best_answer_is_the_best_of_all(problem: Problem) -> None:
    answer = propose(problem, seconds=20)
    best = max(rank(problem, moves) for moves in every_rotation(problem))
    assert answer.proven
    if answer.proposals:
        first = list(answer.proposals[0].options)
        assert rank(problem, first) == best
    else:
        assert rank(problem, []) == best
        assert answer.unmeetable
    for proposal in answer.proposals:
        assert allowed(problem, proposal.options)
        assert proposal.value == score(problem, proposal.options)
        assert len(proposal.unmet) == -best[0]


@given(problems())
@settings(max_examples=30, deadline=None)
def test_answers_differ_in_a_third_of_their_moves(problem: Problem) -> None:
    found = [{option.key for option in p.options} for p in propose(problem, seconds=20).proposals]
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            assert (
                len(one ^ other) >= 2 * -(-min(len(one), len(other)) // 3) or min(len(one), len(other)) == 0
            )


def two_posts(**values: object) -> Problem:
    """王 has held the finance post too long; 李 fits it; the archive post is vacant."""
    defaults: dict[str, object] = {
        "people": (Person(1, "王示例", 1, 10), Person(2, "李示例", 2, 11)),
        "places": (
            Place(10, "财务岗", 1, keep_held=True),
            Place(11, "项目岗", 2),
            Place(12, "档案岗", 2),
        ),
        "options": (
            Option(1, 12, {Criterion.PRESSURE: 2}, ("任现岗6年，已到年限",)),
            Option(1, 11, {Criterion.PRESSURE: 1}, ("任现岗6年，已到年限",)),
            Option(2, 10, {Criterion.SKILLS: 1}, ("专长为财务",)),
        ),
    }
    return Problem(**{**defaults, **values})  # type: ignore[arg-type]


def test_a_kept_post_is_handed_on_and_the_chain_named() -> None:
    best = propose(two_posts(), seconds=20).proposals[0]
    assert [option.key for option in best.options] == [(1, 12), (2, 10)]
    assert best.gives_up == ("留有空岗 1 个：项目岗",)


def test_a_swap_is_found_where_it_is_the_only_way() -> None:
    kept = (Place(10, "财务岗", 1, keep_held=True), Place(11, "项目岗", 2, keep_held=True))
    best = propose(two_posts(places=kept, options=two_posts().options[1:]), seconds=20).proposals[0]
    assert [option.key for option in best.options] == [(1, 11), (2, 10)]


def test_a_demand_nobody_can_meet_is_named_and_the_rest_is_still_proposed() -> None:
    demands = (
        Demand(DemandKind.FILL, 12, "配备档案岗"),
        Demand(DemandKind.MOVE, 2, "调整李示例", "任现岗不满2年"),
    )
    only_first = two_posts().options[:2]
    keep = (Place(10, "财务岗", 1), *two_posts().places[1:])
    answer = propose(two_posts(options=only_first, places=keep, demands=demands), seconds=20)
    assert answer.unmeetable == ("做不到“调整李示例”：任现岗不满2年。",)
    assert [option.key for option in answer.proposals[0].options] == [(1, 12)]
    assert "未满足：调整李示例" in answer.proposals[0].gives_up


def test_of_demands_that_exclude_each_other_every_proposal_says_which_it_leaves_open() -> None:
    demands = (Demand(DemandKind.MOVE, 1, "调整王示例"), Demand(DemandKind.MOVE, 2, "调整李示例"))
    loose = (Place(10, "财务岗", 1, seats=2), *two_posts().places[1:])
    answer = propose(two_posts(demands=demands, places=loose, most_moves=1), seconds=20)
    assert {proposal.gives_up[0] for proposal in answer.proposals} == {
        "未满足：调整王示例",
        "未满足：调整李示例",
    }
    assert answer.unmeetable == ()


@pytest.mark.parametrize(
    ("options", "words"),
    [((), "没有一种调整符合硬性规则"), ((Option(2, 12),), "没有比保持现状更好的调整")],
)
def test_there_is_always_an_answer(options: tuple[Option, ...], words: str) -> None:
    quiet = dict.fromkeys(Criterion, 0) | {Criterion.STABILITY: 3}
    answer: Answer = propose(two_posts(options=options, weights=quiet), seconds=20)
    assert answer.proposals == ()
    assert words in answer.unmeetable[0]


def test_the_number_of_moves_can_be_limited() -> None:
    answer = propose(
        two_posts(places=(Place(10, "财务岗", 1), *two_posts().places[1:]), most_moves=1), seconds=20
    )
    assert {len(proposal.options) for proposal in answer.proposals} == {1}
