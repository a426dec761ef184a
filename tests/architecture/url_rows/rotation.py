"""Rotation: each part of the app has rows of its own."""

from typing import Any

from tests.architecture.url_access import Access, World
from tests.architecture.url_rows import plan, proposals, room, secondment

ROWS: dict[str, Access] = {**plan.ROWS, **proposals.ROWS, **room.ROWS, **secondment.ROWS}


def things(world: World) -> dict[str, Any]:
    return {**plan.things(world), **room.things(world), **secondment.things(world)}
