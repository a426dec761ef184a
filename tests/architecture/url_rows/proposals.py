"""Asking the machine: only whoever drafts the plan, and none of the roles of the table does."""

from typing import Any

from tests.architecture.url_access import Access, World, page

NOBODY: frozenset[Any] = frozenset()
ROWS: dict[str, Access] = {
    "rotation/plans/<int:pk>/propose/": page(NOBODY, pk="open_case.plan_id"),
}


def things(world: World) -> dict[str, Any]:
    return {}
