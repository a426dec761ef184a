"""Which request the running code serves; audit events and error answers quote it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`ip` is "" where no address is behind the act: a command, a job, a scheduled run."""

    request_id: str
    ip: str


SYSTEM = RequestContext(request_id="", ip="")

request_context: ContextVar[RequestContext] = ContextVar("request_context", default=SYSTEM)


@contextmanager
def within(context: RequestContext) -> Iterator[None]:
    """Run a block as part of `context`."""
    token = request_context.set(context)
    try:
        yield
    finally:
        request_context.reset(token)
