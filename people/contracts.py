"""The questions that every app answers about a cadre, and where the answers are gathered.

An app registers its answer in its own `contributions.py`; the asking side knows only these shapes.
(The fifth question, the section of the growth file, is asked by `growth.contracts`.)
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from django.db.models import QuerySet
from django.urls import reverse

from core.access import Permission, Viewer
from core.asking import Ask, Steps, answer_to, gathered, result_of, together
from core.charts import Lane
from people.choices import StudyWhileAway

if TYPE_CHECKING:
    from people.models import Cadre, Post, Unit


@dataclass(frozen=True, slots=True)
class Link:
    """Where something is done or shown: a URL name with its arguments, resolved by the page."""

    url_name: str
    args: tuple[object, ...] = ()
    query: str = ""

    @property
    def url(self) -> str:
        address = reverse(self.url_name, args=self.args)
        return f"{address}?{self.query}" if self.query else address


@dataclass(frozen=True, slots=True)
class Engagement:
    """Something that occupies a cadre between two moments (aware datetimes, end exclusive)."""

    cadre_id: int
    starts_at: datetime
    ends_at: datetime
    kind: str
    title: str
    place: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """What may be done about a duty on the spot: a button, one POST to a view that is a `PressMixin`."""

    label: str
    link: Link


@dataclass(frozen=True, slots=True)
class Duty:
    """Something due: what, for whom, by when, and where it is done. `due_on` None means without a date.

    What has a date is reminded of by itself (people.reminders), once per `key`. `escalates`: when it is
    overdue, its title may be told to the head of the department and the leader in charge; `above` is where
    they see it, when that is another place.
    """

    key: str
    title: str
    due_on: date | None
    link: Link
    cadre_id: int | None = None
    count: int = 1
    reason: str = ""
    escalates: bool = False
    above: Link | None = None
    press: Press | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that happened to a cadre and that others may have to answer.

    `code` (people.choices.OccasionCode) says what others may have to do about it; "" is for reading only.
    One with an empty `title` only sets off what its code asks for, and is shown to nobody.
    `key` names the event for good, such as "appointment:17": correcting its date makes no second event.
    """

    cadre_id: int
    happened_on: date
    kind: str
    title: str
    detail: str = ""
    link: Link | None = None
    icon: str = "circle"
    code: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A move that is asked about: the cadre to the post; None is from the present post to none."""

    cadre: "Cadre"
    post: "Post | None"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What speaks against moving a cadre to a post; `severity` is "blocks" or "consider"."""

    cadre_id: int
    severity: str
    code: str
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class NeedSignal:
    """Evidence that a unit, or a cadre of it, should be trained in a theme.

    `theme_code`: party_building, industry, investment, projects, safety, environment, writing, other.
    `unit_id` None speaks for the whole zone. `kind` is a people.choices.NeedKind; `weight` is how strong the
    signal is in itself (1 is usual), to be multiplied by the weight in force for its kind. With a `cadre_id`
    the signal tells on a person: it is shown only where five people or more share it, and neither `reason`
    nor `link` may name the person.
    """

    theme_code: str
    unit_id: int | None
    kind: str
    happened_on: date
    reason: str
    source_label: str
    cadre_id: int | None = None
    weight: Decimal = Decimal(1)
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Inspectable:
    """Something that an inspection may look into: a task that does not get on, for example.

    `key` names it for good, such as "park.task:12"; `reason` says in facts why it is worth looking into.
    """

    key: str
    title: str
    unit: "Unit | None"
    owner: str
    reason: str
    due_on: date | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number on the home page; it leads to the list it counts.

    A queryset as `value` is counted together with those of all other figures. `lead`: one of the numbers
    that say what is to be done; the others stand small behind them.
    """

    label: str
    value: int | str | QuerySet[Any]
    unit: str
    link: Link
    query: str = ""
    note: str = ""
    lead: bool = True


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One step of putting the product into use, done when such rows are there.

    `help` is a part of the manual, `section` the heading in it; `ready`: the product brings what the step
    looks at, so that "done" would be untrue.
    """

    title: str
    why: str
    link: Link
    done: QuerySet[Any]
    query: str = ""
    act: str = "去办理"
    help: str = ""
    section: str = ""
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A tab or a side card of the cadre's page: a template of the contributing app and its data."""

    key: str
    title: str
    template: str
    context: dict[str, object] = field(default_factory=dict)
    count: int | None = None


class FirstStepSource(Protocol):
    def __call__(self, *, viewer: Viewer) -> FirstStep: ...


class EngagementSource(Protocol):
    """Yields engagements, and between them what it has to ask (core.asking)."""

    def __call__(
        self, *, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime
    ) -> Iterable[Engagement]: ...


class DutySource(Protocol):
    """Yields duties, and between them what it has to ask (core.asking)."""

    def __call__(self, *, viewer: Viewer) -> Iterable[Duty]: ...


class OccasionSource(Protocol):
    def __call__(self, *, cadre_ids: Sequence[int], since: date, until: date) -> Iterable[Occasion]: ...


class ObstacleSource(Protocol):
    """What speaks against each of the moves; a constant number of queries for any number of them."""

    def __call__(self, *, moves: Sequence[Transfer], on: date) -> Iterable[Obstacle]: ...


class AwayStudySource(Protocol):
    """Cadre id → how those away on the day take part in study at home; who is not named is excused."""

    def __call__(self, *, cadre_ids: Sequence[int], on: date) -> dict[int, StudyWhileAway]: ...


class NeedsSource(Protocol):
    """Signals of the closed period, each with the unit of its own day; a constant number of queries."""

    def __call__(self, *, since: date, until: date) -> Iterable[NeedSignal]: ...


class InspectableSource(Protocol):
    """What is worth looking into on the day; with `keys`, those very things, whatever has become of them.

    Only of units whose discipline the viewer looks after, and nothing that the viewer answers for.
    """

    def __call__(self, *, viewer: Viewer, keys: Sequence[str] = ()) -> Iterable[Inspectable]: ...


class PanelSource(Protocol):
    def __call__(self, *, cadre: "Cadre", viewer: Viewer) -> Panel | None: ...


class LaneSource(Protocol):
    """A row of the growth lanes on the cadre's page (core.charts), such as the hours of each year."""

    def __call__(self, *, cadre: "Cadre", viewer: Viewer) -> Lane | None: ...


class HomePanelSource(Protocol):
    """A panel, or the steps to it for what has to ask the database (core.asking)."""

    def __call__(self, *, viewer: Viewer) -> Panel | Steps[Panel | None] | None: ...


class FigureSource(Protocol):
    def __call__(self, *, viewer: Viewer) -> Iterable[Figure]: ...


class ColumnSource(Protocol):
    """A figure for the roster: cadre id → text or number, for the cadres of one page, in constant queries."""

    def __call__(self, *, cadre_ids: Sequence[int], viewer: Viewer) -> dict[int, object]: ...


Source = TypeVar("Source", bound=Callable[..., object])
Waits = Callable[[Viewer], QuerySet[Any]]


@dataclass(frozen=True)
class Contribution(Generic[Source]):
    """`waits` gives the rows a duty is about: where there are none, its source is not asked at all.

    Where a source gives several duties, the home page gathers them under its `label`; `listed` is the list
    of them all.

    `later` says, without asking the database, whether a viewer has the panel of the home page that is so dear
    that it comes after the page.
    """

    key: str
    order: int
    source: Source
    permission: Permission | None = None
    label: str = ""
    template: str = ""
    waits: Waits | None = None
    later: Callable[[Viewer], bool] | None = None
    listed: Link | None = None


class Registry(Generic[Source]):
    """Contributions by key, kept in order. Registering a key again replaces it, so reloads are harmless."""

    def __init__(self) -> None:
        self._contributions: dict[str, Contribution[Source]] = {}

    def register(
        self,
        key: str,
        *,
        order: int = 100,
        permission: Permission | None = None,
        label: str = "",
        template: str = "",
        waits: Waits | None = None,
        later: Callable[[Viewer], bool] | None = None,
        listed: Link | None = None,
    ) -> Callable[[Source], Source]:
        def decorate(source: Source) -> Source:
            self._contributions[key] = Contribution(
                key, order, source, permission, label, template, waits, later, listed
            )
            return source

        return decorate

    def for_viewer(self, viewer: Viewer) -> list[Contribution[Source]]:
        """What the viewer's permissions allow, in order."""
        return [c for c in self.all() if c.permission is None or viewer.can(c.permission)]

    def all(self) -> list[Contribution[Source]]:
        return sorted(self._contributions.values(), key=lambda c: (c.order, c.key))


engagements: Registry[EngagementSource] = Registry()
duties: Registry[DutySource] = Registry()
occasions: Registry[OccasionSource] = Registry()
obstacles: Registry[ObstacleSource] = Registry()
away_study: Registry[AwayStudySource] = Registry()
# What should be trained: the order of the registration is the order of the reasons.
needs: Registry[NeedsSource] = Registry()
# What inspections of the progress of work (工作推进) may choose from.
inspectables: Registry[InspectableSource] = Registry()
cadre_tabs: Registry[PanelSource] = Registry()
cadre_cards: Registry[PanelSource] = Registry()
cadre_lanes: Registry[LaneSource] = Registry()
# Buttons in the head of the cadre's page: only `template` and `permission` of the contribution count.
cadre_acts: Registry[Callable[[], None]] = Registry()
roster_columns: Registry[ColumnSource] = Registry()
# Buttons for the people chosen in the roster; they submit `chosen` (row ids) to their own `formaction`.
roster_bulk: Registry[Callable[[], None]] = Registry()
home_figures: Registry[FigureSource] = Registry()
# What an office does first, in this order (people.views.start).
first_steps: Registry[FirstStepSource] = Registry()
# What stands above the to-do list of a cadre: the own hours, the next event.
home_heads: Registry[HomePanelSource] = Registry()
home_panels: Registry[HomePanelSource] = Registry()


def duties_of(viewer: Viewer) -> list[Duty]:
    """Everything due for the viewer, the earliest first, undated last."""
    return in_order(shown for shown, _ in together(parts_of_duties(viewer)).values())


def in_order(found: Iterable[Iterable[Duty]]) -> list[Duty]:
    every = (duty for part in found for duty in part)
    return sorted(every, key=lambda duty: (duty.due_on or date.max, duty.key))


def parts_of_duties(viewer: Viewer) -> dict[str, Iterable[Duty]]:
    """What each source has to say, to be asked `together`."""
    return {f"duty:{c.key}": _duties_from(c, viewer) for c in duties.for_viewer(viewer)}


def _duties_from(asked: Contribution[DutySource], viewer: Viewer) -> Steps[None]:
    if asked.waits is None or (yield from waiting(viewer, asked.key)):
        yield from asked.source(viewer=viewer)


def how_many_wait(viewer: Viewer, key: str) -> int:
    """As `waiting`, for the source of that duty itself: it is only asked when the number is known."""
    return result_of(waiting(viewer, key))


def waiting(viewer: Viewer, key: str) -> Steps[int]:
    """How many rows the duty of that key is about; counted once a request, together with all others."""
    asked = next((c for c in duties.for_viewer(viewer) if c.key == key), None)
    if asked is None or asked.waits is None:
        return 0
    rows = asked.waits
    ask = viewer.remember(f"people.waiting:{key}", lambda: Ask[int](rows(viewer), counts=True))
    return (yield from answer_to(ask))


def occasions_of(cadre_ids: Sequence[int], *, since: date, until: date) -> list[Occasion]:
    """What happened to these cadres in the closed period, the latest first."""
    found = [o for c in occasions.all() for o in c.source(cadre_ids=cadre_ids, since=since, until=until)]
    return sorted(found, key=lambda o: (o.happened_on, o.kind, o.title), reverse=True)


def need_signals(*, since: date, until: date) -> list[NeedSignal]:
    """Everything that speaks for training, of events in the closed period."""
    return [signal for c in needs.all() for signal in c.source(since=since, until=until)]


def worth_inspecting(viewer: Viewer) -> list[Inspectable]:
    """What the viewer may look into today, app by app, each in its own order."""
    return [item for c in inspectables.all() for item in c.source(viewer=viewer)]


def inspectable(viewer: Viewer, key: str) -> Inspectable | None:
    """The thing of that key, if the viewer may look into it; None also for a key nobody knows."""
    found = (c.source(viewer=viewer, keys=(key,)) for c in inspectables.all())
    return next((item for items in found for item in items), None)


def engagements_of(cadre_ids: Sequence[int], *, starts_at: datetime, ends_at: datetime) -> list[Engagement]:
    """What occupies these cadres between the moments, in time order."""
    return result_of(engagement_steps(cadre_ids, starts_at=starts_at, ends_at=ends_at))


def engagement_steps(
    cadre_ids: Sequence[int], *, starts_at: datetime, ends_at: datetime
) -> Steps[list[Engagement]]:
    """As `engagements_of`, together with what others ask."""
    every = engagements.all()
    sources = {c.key: c.source(cadre_ids=cadre_ids, starts_at=starts_at, ends_at=ends_at) for c in every}
    parts = yield from gathered(sources)
    found = (engagement for shown, _ in parts.values() for engagement in shown)
    return sorted(found, key=lambda e: (e.starts_at, e.title))


def study_while_away(cadre_ids: Sequence[int], *, on: date) -> dict[int, StudyWhileAway]:
    """What has been settled for the study of these cadres while they are away on the day."""
    found: dict[int, StudyWhileAway] = {}
    for contribution in away_study.all():
        found |= contribution.source(cadre_ids=cadre_ids, on=on)
    return found


def obstacles_to(cadre: "Cadre", post: "Post | None", *, on: date) -> list[Obstacle]:
    """What all apps hold against the move, blocking reasons first."""
    return obstacles_to_all([Transfer(cadre, post)], on=on).get(cadre.pk, [])


def obstacles_to_all(moves: Sequence[Transfer], *, on: date) -> dict[int, list[Obstacle]]:
    """Cadre id → what all apps hold against the move of that cadre, blocking reasons first.

    A cadre has one move here; who has no obstacle is left out.
    """
    found: dict[int, list[Obstacle]] = defaultdict(list)
    if moves:
        for contribution in obstacles.all():
            for obstacle in contribution.source(moves=moves, on=on):
                found[obstacle.cadre_id].append(obstacle)
    for against in found.values():
        against.sort(key=lambda o: (o.severity != "blocks", o.code))
    return dict(found)
