"""The rules held against a whole variant at once: pure functions over `rotation.facts`.

Each family looks at all moves together, for a rule may be broken by two of them and healed by a third.
"""

from collections.abc import Callable, Iterable, Sequence

from rotation.checking import Check
from rotation.checks import career, kinship, others, posts, requirements, tenure, units
from rotation.facts import Facts, Layout, Wanted

Family = Callable[[Facts, Layout, Layout, Sequence[Wanted]], Iterable[Check]]
FAMILIES: tuple[Family, ...] = (
    kinship.checks,
    tenure.checks,
    career.checks,
    requirements.checks,
    others.checks,
    posts.checks,
    units.checks,
)


def check_moves(facts: Facts, moves: Sequence[Wanted]) -> list[Check]:
    """What every rule says to the moves, taken together; people and posts must be among the facts."""
    before, after = Layout(facts), Layout(facts, moves)
    return [check for family in FAMILIES for check in family(facts, before, after, moves)]
