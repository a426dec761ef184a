"""What filed needs answer: the menu, and their part of the ranking."""

from collections.abc import Iterator
from datetime import date

from core.web.menu import MenuItem, register
from people.contracts import NeedSignal, needs
from training.contributions.scope import SEES
from training.queries.needs import filed_signals

register(MenuItem("内强素质·学习", 30, "培训需求", "lightbulb", "training:needs", SEES))


@needs.register("training.filed", order=10)
def filed(*, since: date, until: date) -> Iterator[NeedSignal]:
    yield from filed_signals(since=since, until=until)
