"""Asks a page as a browser would, without the network between, and says what it took."""

import gzip
import io
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Page:
    """Who asks for what, and what it may take in ms of CPU time; `floor` is the bare page beside it."""

    label: str
    account: str
    path: str
    goal: float = 0
    floor: str = ""
    dear: bool = False  # asked less often


@dataclass
class Measured:
    """`cpu` of this process; that of PostgreSQL is only known in steps of 10 ms, so its mean is added."""

    cpu: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    queries: int = 0
    kilobytes: float = 0

    @property
    def median(self) -> float:
        return statistics.median(self.cpu) + statistics.mean(self.server)


class Browser:
    """The session of one account, with one WSGI application. An empty name is a stranger."""

    def __init__(self, application: Any, username: str) -> None:
        self.application = application
        self.cookie = session_cookie(username) if username else ""

    def get(self, path: str) -> tuple[str, bytes]:
        """The status line and the whole answer, as the server would send it."""
        head: list[str] = []
        answer = self.application(_environ(path, self.cookie), lambda status, *rest: head.append(status))
        try:
            return head[0], b"".join(answer)
        finally:
            answer.close()


def session_cookie(username: str) -> str:
    from django.conf import settings
    from django.test import Client

    from people.models import User

    user = User.objects.get(username=username)
    if user.must_change_password:
        User.objects.filter(pk=user.pk).update(must_change_password=False)
    client = Client()
    client.force_login(user, backend="people.backends.AccountBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _environ(path: str, cookie: str) -> dict[str, Any]:
    from wsgiref.util import setup_testing_defaults

    place, _, query = path.partition("?")
    environ: dict[str, Any] = {"PATH_INFO": place, "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1"}
    setup_testing_defaults(environ)
    environ |= {"HTTP_HOST": "127.0.0.1:8000", "wsgi.input": io.BytesIO()}
    return environ | ({"HTTP_COOKIE": cookie} if cookie else {})


def weigh(browser: Browser, path: str) -> Measured:
    """How many queries a page asks and how large it is; asked twice, so that it is warm as well."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        status, body = browser.get(path)
    if not status.startswith("200"):
        raise SystemExit(f"{path}: {status}")
    return Measured(queries=len(asked), kilobytes=len(gzip.compress(body, 6)) / 1024)


def milliseconds(act: Callable[[], Any]) -> float:
    """CPU time of this process; SQLite works in it."""
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


def database_seconds() -> float:
    """What the server process of this connection has used so far; SQLite works in this process."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
