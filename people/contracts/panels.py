"""What the page of a cadre and the roster show of each app."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from core.access import Viewer
from core.charts import Lane
from people.contracts.registry import Registry

if TYPE_CHECKING:
    from people.models import Cadre


@dataclass(frozen=True, slots=True)
class Panel:
    """A tab or a side card of the cadre's page: a template of the contributing app and its data."""

    key: str
    title: str
    template: str
    context: dict[str, object] = field(default_factory=dict)
    count: int | None = None


class PanelSource(Protocol):
    def __call__(self, *, cadre: "Cadre", viewer: Viewer) -> Panel | None: ...


class LaneSource(Protocol):
    """A row of the growth lanes on the cadre's page (core.charts), such as the hours of each year."""

    def __call__(self, *, cadre: "Cadre", viewer: Viewer) -> Lane | None: ...


class ColumnSource(Protocol):
    """A figure for the roster: cadre id → text or number, for the cadres of one page, in constant queries."""

    def __call__(self, *, cadre_ids: Sequence[int], viewer: Viewer) -> dict[int, object]: ...


cadre_tabs: Registry[PanelSource] = Registry()
cadre_cards: Registry[PanelSource] = Registry()
cadre_lanes: Registry[LaneSource] = Registry()
# Buttons in the head of the cadre's page: only `template` and `permission` of the contribution count.
cadre_acts: Registry[Callable[[], None]] = Registry()
roster_columns: Registry[ColumnSource] = Registry()
# Buttons for the people chosen in the roster; they submit `chosen` (row ids) to their own `formaction`.
roster_bulk: Registry[Callable[[], None]] = Registry()
