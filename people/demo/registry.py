"""Who fills the demo database with what, in which order."""

from collections.abc import Callable

from people.demo.context import DemoContext

Contribution = Callable[[DemoContext], None]
_contributions: dict[str, tuple[int, Contribution]] = {}


def register(order: int) -> Callable[[Contribution], Contribution]:
    """Decorator: `people` itself runs at 0, so that cadres exist for everyone after it."""

    def decorate(contribution: Contribution) -> Contribution:
        name = f"{contribution.__module__}.{contribution.__qualname__}"
        _contributions[name] = (order, contribution)
        return contribution

    return decorate


def contributions() -> list[Contribution]:
    ordered = sorted(_contributions.items(), key=lambda item: (item[1][0], item[0]))
    return [contribution for _, (_, contribution) in ordered]
