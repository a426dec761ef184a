"""Which jobs exist, and which of them come round by the clock; declared where the work is written."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils import timezone

if TYPE_CHECKING:
    from core.access import Viewer
    from core.jobs.run import JobRun
    from core.models import Job

JobFunction = Callable[..., dict[str, Any] | None]
F = TypeVar("F", bound=JobFunction)


@dataclass(frozen=True, slots=True)
class JobSpec:
    """`retry_param` names the parameter that takes the `ref`s of failed items; "" means no retry of parts.

    `may_fetch` says whether the owner may still have the result: rights can end after the work was done.
    A `resumable` job keeps what it has made, so that stopping it is a pause.
    """

    key: str
    title: str
    function: JobFunction
    retry_param: str = ""
    schedule: str = ""
    may_fetch: "Callable[[Viewer, Job], bool] | None" = None
    resumable: bool = False

    def run(self, run: "JobRun", params: dict[str, Any]) -> dict[str, Any]:
        return self.function(run, **params) or {}


REGISTRY: dict[str, JobSpec] = {}


def job(
    key: str,
    *,
    title: str,
    retry_param: str = "",
    may_fetch: "Callable[[Viewer, Job], bool] | None" = None,
    resumable: bool = False,
) -> Callable[[F], F]:
    """Declare `function(run: JobRun, **params) -> dict` as the job `key`.

    The function must be safe to run again from the start: a worker that is killed hands it to another.
    """

    def register(function: F) -> F:
        if key in REGISTRY and REGISTRY[key].function.__qualname__ != function.__qualname__:
            raise ValueError(f"two jobs are called {key}")
        REGISTRY[key] = JobSpec(key, title, function, retry_param, may_fetch=may_fetch, resumable=resumable)
        return function

    return register


def scheduled(spec: str) -> Callable[[F], F]:
    """Let a job without parameters run by the clock: "02:30" every day, "every 15m" from midnight on.

    Stands above `@job`.
    """
    next_time(spec, timezone.now())  # a wrong spec fails at import

    def register(function: F) -> F:
        found = next(entry for entry in REGISTRY.values() if entry.function is function)
        REGISTRY[found.key] = replace(found, schedule=spec)
        return function

    return register


def next_time(spec: str, after: datetime) -> datetime:
    """The first moment later than `after` at which `spec` falls due, in the office's time zone."""
    local = timezone.localtime(after)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if match := re.fullmatch(r"every ([1-9]\d{0,3})m", spec):
        step = timedelta(minutes=int(match[1]))
        return midnight + ((local - midnight) // step + 1) * step
    if match := re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", spec):
        due = midnight + timedelta(hours=int(match[1]), minutes=int(match[2]))
        return due if due > local else due + timedelta(days=1)
    raise ValueError(f"not a schedule: {spec}")
