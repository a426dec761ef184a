"""Chains and cycles: every move once, each arriving where the next one leaves."""

from hypothesis import given
from hypothesis import strategies as st

from rotation.dominoes import Link, chains_of

POSTS = st.one_of(st.none(), st.integers(1, 6))


@st.composite
def links(draw):
    pairs = draw(st.lists(st.tuples(POSTS, POSTS), max_size=9))
    moves = [(a, b) for a, b in pairs if a != b]
    return [Link(number, f"某{number}", a, b) for number, (a, b) in enumerate(moves, start=1)]


@given(links())
def test_chains_hold_exactly_the_moves_and_hang_together(given_links):
    chains = chains_of(given_links)
    told = [link for chain in chains for link in chain.links]
    assert sorted(link.move_id for link in told) == [link.move_id for link in given_links]
    for chain in chains:
        for one, other in zip(chain.links, chain.links[1:], strict=False):
            assert one.to_post == other.from_post is not None
        closed = chain.links[-1].to_post is not None and chain.links[-1].to_post == chain.links[0].from_post
        assert chain.is_cycle <= closed


def test_a_domino_and_a_swap():
    swap = [Link(1, "甲", 10, 20), Link(2, "乙", 20, 10)]
    domino = [Link(3, "丙", 30, 40), Link(4, "丁", 40, 50), Link(5, "戊", None, 30)]
    chains = chains_of(swap + domino)
    assert [([link.name for link in chain.links], chain.is_cycle) for chain in chains] == [
        (["甲", "乙"], True),
        (["戊", "丙", "丁"], False),
    ]
