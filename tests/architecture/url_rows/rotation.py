from typing import Any

from tests.architecture.url_access import Access, World

ROWS: dict[str, Access] = {}


def things(world: World) -> dict[str, Any]:
    return {}
