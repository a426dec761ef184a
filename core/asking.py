"""Questions that several parts of a page put to the database together, in rounds (ADR 0016).

A part is a generator: it yields what it has to ask (`Ask`) and goes on with the answer, through `asked`,
`asked_all` and `counted`. `together` starts all parts, puts the questions they all stop at into one
statement, hands out the answers, and so on. A page costs as many queries as its longest part has steps,
however many parts there are and however many rows they find. Nothing is kept: what is shown was read now,
with the rights of now.
"""

from collections.abc import Callable, Generator, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet, Value

from core.access import Viewer
from core.asking_rows import Compiled, compiled_count, compiled_rows

T = TypeVar("T")
M = TypeVar("M", bound=Model)
R = TypeVar("R")
K = TypeVar("K", bound=Hashable)


class Ask(Generic[T]):
    """One question and, once it was put, its answer: an Ask that two parts hold is put once."""

    __slots__ = ("_answer", "counts", "known", "rows")

    def __init__(self, rows: QuerySet[Any] | None, *, counts: bool = False) -> None:
        self.rows: Any = rows
        self.counts, self.known = counts, False
        self._answer: Any = None

    @property
    def answer(self) -> T:
        return cast(T, self._answer)

    def settle(self, answer: Any) -> None:
        self._answer, self.known = answer, True

    def put_alone(self) -> None:
        self.settle(self.rows.count() if self.counts else list(self.rows))

    def compiled(self) -> Compiled:
        return compiled_count(self.rows) if self.counts else compiled_rows(self.rows)


Asks = tuple[Ask[Any], ...]
Steps = Generator[Any, None, T]  # yields Asks, and what a part has to show


def asked(rows: "QuerySet[M, R]") -> Generator[Any, None, list[R]]:
    """The rows, asked for together with what the other parts ask."""
    return (yield from answer_to(Ask[list[R]](rows)))


def counted(rows: QuerySet[Any]) -> Steps[int]:
    return (yield from answer_to(Ask[int](rows, counts=True)))


def asked_all(*asks: QuerySet[Any] | Ask[Any]) -> Steps[tuple[Any, ...]]:
    """Several questions in one round: lists of rows, or whatever the given Asks ask."""
    made = tuple(one if isinstance(one, Ask) else Ask[Any](one) for one in asks)
    yield made
    return tuple(one.answer for one in made)


def reckoned(rows: QuerySet[Any], **sums: Any) -> Steps[dict[str, Any]]:
    """As `aggregate`, together with what others ask."""
    return (yield from reckoned_all((rows, sums)))[0]


def reckoned_all(*wanted: tuple[QuerySet[Any], Mapping[str, Any]]) -> Steps[list[dict[str, Any]]]:
    """Several of them in one round: querysets with the sums wanted of each."""
    rows = [of.order_by().values(all_of_them=Value(1)).annotate(**sums).values(*sums) for of, sums in wanted]
    found = yield from asked_all(*rows)
    return [
        sole[0] if sole else {name: expression.empty_result_set_value for name, expression in sums.items()}
        for sole, (_, sums) in zip(found, wanted, strict=True)
    ]


def answer_to(ask: Ask[T]) -> Steps[T]:
    if not ask.known:
        yield (ask,)
    return ask.answer


class Promise(Ask[T]):
    """What another part of the same page is finding out."""

    __slots__ = ("begun",)

    def __init__(self) -> None:
        super().__init__(None)
        self.begun = False


def once(viewer: Viewer, key: str, begin: Callable[[], Steps[T]]) -> Steps[T]:
    """The result of the steps, taken once per request however many parts need it."""
    promise: Promise[T] = viewer.remember(f"once:{key}", lambda: Promise[T]())
    while not promise.known:
        if promise.begun:
            yield (promise,)
        else:
            promise.begun = True
            promise.settle((yield from begin()))
    return promise.answer


def answered(part: Iterable[Any]) -> tuple[list[Any], Any]:
    """What one part by itself shows and returns."""
    return together({None: part})[None]


def result_of(steps: Steps[T]) -> T:
    """What one part by itself returns."""
    return cast(T, answered(steps)[1])


def together(parts: Mapping[K, Iterable[Any]]) -> dict[K, tuple[list[Any], Any]]:
    """For each part what it showed and what it returned; a plain iterable asks and returns nothing."""
    steps = gathered(parts)
    while True:
        try:
            asks = next(steps)
        except StopIteration as over:
            return cast(dict[K, tuple[list[Any], Any]], over.value)
        if not put([ask for ask in asks if not isinstance(ask, Promise)]):
            _let_go(asks)


def gathered(parts: Mapping[K, Iterable[Any]]) -> Steps[dict[K, tuple[list[Any], Any]]]:
    """Parts within a part that go on side by side: their questions are put in the same rounds."""
    running = {key: _Part(part) for key, part in parts.items()}
    waiting = [part for part in running.values() if part.goes_on()]
    while waiting:
        yield tuple(dict.fromkeys(ask for part in waiting for ask in part.stopped_at))
        waiting = [part for part in waiting if part.goes_on()]
    return {key: (part.shown, part.returned) for key, part in running.items()}


class _Part:
    def __init__(self, part: Iterable[Any]) -> None:
        self._steps = iter(part)
        self.shown: list[Any] = []
        self.returned: Any = None
        self.stopped_at: Asks = ()

    def goes_on(self) -> bool:
        """Runs to the next question; False when the part is over."""
        self.stopped_at = ()
        while not self.stopped_at:
            try:
                item = next(self._steps)
            except StopIteration as over:
                self.returned = over.value
                return False
            if isinstance(item, tuple) and all(isinstance(one, Ask) for one in item):
                self.stopped_at = tuple(ask for ask in item if not ask.known)
            else:
                self.shown.append(item)
        return True


def _let_go(promises: Iterable[Ask[Any]]) -> None:
    """Whoever began is not among the parts (it waits outside for one of them): the next may begin anew."""
    for promise in promises:
        if isinstance(promise, Promise):
            promise.begun = False


def put(asks: Sequence[Ask[Any]]) -> bool:
    """Settles them all: with one statement, whatever they ask. False when nothing was asked."""
    made: list[tuple[Ask[Any], Compiled]] = []
    for ask in asks:
        try:
            made.append((ask, ask.compiled()))
        except EmptyResultSet:
            ask.settle(0 if ask.counts else [])
    if len(made) == 1:
        made[0][0].put_alone()
    elif made:
        _put_together(made)
    return bool(asks)


def _put_together(made: Sequence[tuple[Ask[Any], Compiled]]) -> None:
    connection = connections[made[0][0].rows.db]
    sql = "SELECT " + ", ".join(one.sql for _, one in made)
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, one in made for value in one.params])
        row = cursor.fetchone()
    for (ask, one), column in zip(made, row, strict=True):
        ask.settle(one.read(column))
