"""Who comes after whom: the moves of a variant as chains (domino) and cycles. Pure.

A move follows another where it fills the place that the other leaves. Each move fills at most one place and
leaves at most one, so every move stands in exactly one chain or cycle.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """One move as an arrow between posts; None for no post of the register (or none at all)."""

    move_id: int
    name: str
    from_post: int | None
    to_post: int | None
    from_text: str = ""
    to_text: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Links in the order of the arrows: each arrives where the next one leaves.

    In a cycle the last arrives where the first leaves. In a chain the first leaves a place that nobody of
    the variant takes.
    """

    links: tuple[Link, ...]
    is_cycle: bool = False


def chains_of(links: Sequence[Link]) -> list[Chain]:
    """Every link once, in chains and cycles; cycles first, long ones before short ones."""
    after = _followers(links)
    found: list[Chain] = []
    arrived = set(after.values())
    seen: set[int] = set()
    for link in [one for one in links if one.move_id not in arrived]:
        found.append(Chain(tuple(_walk(link, after, links, seen))))
    for link in links:
        if link.move_id not in seen:
            found.append(Chain(tuple(_walk(link, after, links, seen)), is_cycle=True))
    return sorted(found, key=lambda chain: (not chain.is_cycle, -len(chain.links), chain.links[0].move_id))


def _followers(links: Sequence[Link]) -> dict[int, int]:
    """Move → the move that leaves the place it arrives at; each is followed and follows once at most."""
    leaving: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        if link.from_post is not None:
            leaving[link.from_post].append(link)
    after: dict[int, int] = {}
    for link in links:
        others = leaving.get(link.to_post or 0, [])
        if others:
            after[link.move_id] = others.pop(0).move_id
    return after


def _walk(first: Link, after: dict[int, int], links: Sequence[Link], seen: set[int]) -> list[Link]:
    known = {link.move_id: link for link in links}
    walked: list[Link] = []
    now: Link | None = first
    while now is not None and now.move_id not in seen:
        seen.add(now.move_id)
        walked.append(now)
        now = known.get(after.get(now.move_id, 0))
    return walked
