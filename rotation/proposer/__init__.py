"""调整建议: rotations that keep the hard rules and weigh the soft ones. Pure.

`problem` says what is asked for and what an answer is worth, `solver` finds the best answers with OR-Tools,
`reasons` tells in words why somebody is moved, what a proposal gives up and what cannot be had.
"""

from rotation.proposer.problem import (
    DEFAULT_WEIGHTS,
    Answer,
    Criterion,
    Demand,
    DemandKind,
    Option,
    Person,
    Place,
    Problem,
    Proposal,
)
from rotation.proposer.reasons import why
from rotation.proposer.solver import propose

__all__ = [
    "DEFAULT_WEIGHTS",
    "Answer",
    "Criterion",
    "Demand",
    "DemandKind",
    "Option",
    "Person",
    "Place",
    "Problem",
    "Proposal",
    "propose",
    "why",
]
