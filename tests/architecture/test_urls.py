import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from core.access import Role
from core.audit import record
from core.models import Job, Notification
from growth import storage
from growth.contracts import Edition
from growth.models import CorrectionRequest, GrowthFile
from people.models import Cadre, Honour, ImportBatch, Post, RoleGrant
from tests.architecture.url_access import EVERYONE, Access, World
from tests.architecture.url_access import TABLE as COMMON
from tests.architecture.url_rows import checks, park, rotation, training, wellbeing
from tests.factories.documents import blank_pdf
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.training import attend
from tests.sharing import SharedRows


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns:
        route = prefix + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, route)
        else:
            yield route, entry


# <int:pk>, <pk> and (?P<pk>[0-9]{1,18}) as routers write it
PARAMETER = re.compile(r"<(?:\w+:)?(?P<name>\w+)>|\(\?P<(?P<regex_name>\w+)>(?:[^()]|\([^()]*\))*\)")
TURNED_AWAY = {302, 401, 404}
ROUTES = dict(routes(get_resolver().url_patterns))
APPS = (checks, training, park, wellbeing, rotation)
TABLE = COMMON | {route: access for app in APPS for route, access in app.ROWS.items()}


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    assert (sorted(set(ROUTES) - set(TABLE)), sorted(set(TABLE) - set(ROUTES))) == ([], [])


def test_few_urls_are_open_to_anyone() -> None:
    """security.md A13: logging in, the health of the process, and what a phone reads before it logs in."""
    open_to_all = {route for route, access in TABLE.items() if access.anonymous not in TURNED_AWAY}
    assert open_to_all == {
        "login/",
        "healthz",
        "api/v1/auth/login/",
        "manifest.webmanifest",
        "sw.js",
    }


def make_world() -> World:
    unit = make_unit("综合办公室")
    cadre = make_cadre("李示例", unit=unit)
    someone = make_account(username="someone")
    return World(
        unit=unit,
        cadre=cadre,
        own=make_cadre("王示例", unit=unit),
        user=someone,
        post=Post.objects.create(unit=unit, title="主任"),
        appointment=cadre.appointments.get(),
        notification=Notification.objects.create(
            recipient=someone, kind="example", title="示例通知", key="example:1", on=date(2026, 1, 1)
        ),
        job=Job.objects.create(key="example", title="示例任务", owner=someone),
        honour=Honour.objects.create(cadre=cadre, title="先进个人", awarded_on=date(2025, 7, 1)),
        grant=RoleGrant.objects.create(user=someone, role=Role.PARTY, starts_on=date(2020, 1, 1)),
        event=record(action="login.ok", by=None, label="someone"),
        batch=ImportBatch.objects.create(
            kind="roster", file_name="花名册.xlsx", applied_at=timezone.now(), applied_by=someone
        ),
        participation=attend(cadre, date(2025, 7, 1), 8),
        growth_file=keep_file(cadre),
        correction=CorrectionRequest.objects.create(
            cadre=cadre,
            key="people.honour:1",
            label="奖励荣誉",
            line="先进个人",
            wanted="先进工作者",
            asked_at=timezone.now(),
        ),
    )


def keep_file(cadre: Cadre) -> GrowthFile:
    """A leader's edition, with bytes that can be handed out."""
    uid = uuid4()
    return GrowthFile.objects.create(
        uid=uid,
        number="CZ-1",
        cadre=cadre,
        edition=Edition.LEADER,
        as_of=date(2026, 1, 1),
        made_at=timezone.now(),
        pages=1,
        size=4,
        path=storage.write(uid, blank_pdf()),
    )


def address(route: str, values: dict[str, str], world: World) -> str:
    """The route with its parameters filled in; works for `<int:pk>` and for `(?P<pk>...)` alike."""
    filled = {name: value_of(where, world) for name, where in values.items()}
    path = PARAMETER.sub(lambda found: filled[found["regex_name"] or found["name"]], route)
    return "/" + path.replace("\\.", ".").removesuffix("$").removesuffix("\\Z").replace("/?", "/")


def value_of(where: str, world: World) -> str:
    return where[1:] if where.startswith("=") else str(attrgetter(where)(world))


def session_of(role: Role, world: World) -> str:
    """Logged in as such a one; a cadre is the world's own."""
    client = Client()
    user = make_account(role, cadre=world.own if role == Role.CADRE else None)
    client.force_login(user, backend="people.backends.AccountBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@dataclass(frozen=True)
class Asked:
    """What the whole table is asked of; each row's changes are undone before the next."""

    worlds: dict[str, World]  # one for each app, whose things have the names of its rows
    sessions: dict[Role, str]

    def world_of(self, route: str) -> World:
        return next((self.worlds[app.__name__] for app in APPS if route in app.ROWS), self.worlds[""])

    def client_of(self, role: Role | None) -> Client:
        client = Client()
        if role is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client


@pytest.fixture(scope="module")
def asked(shared_rows: SharedRows) -> Asked:
    with shared_rows():
        world = make_world()
        worlds = {"": world}
        for app in APPS:
            worlds[app.__name__] = copy(world)
            vars(worlds[app.__name__]).update(app.things(world))
        return Asked(worlds, {role: session_of(role, world) for role in EVERYONE})


# The description of the API takes a second for each role, and reads nothing of the database.
ONCE = "api/v1/schema/"
ROWS = [pytest.param(route, marks=pytest.mark.crawl) if route == ONCE else route for route in TABLE]


@pytest.mark.parametrize("route", ROWS)
def test_answers(route: str, asked: Asked, db: None) -> None:
    access = TABLE[route]
    url = address(route, access.parameters, asked.world_of(route))
    expected = {role: access.answer if role in access.allowed else access.denied for role in EVERYONE}
    expected |= dict.fromkeys(access.forbidden, 403)
    got = {role: ask_and_undo(asked.client_of(role), access, url) for role in EVERYONE}
    assert got == expected
    assert ask(asked.client_of(None), access, url) == access.anonymous


def ask_and_undo(client: Client, access: Access, url: str) -> int:
    """Each role finds the rows as they were: what one has done, another could not do again."""
    around = transaction.atomic()
    around._from_testcase = True  # what must be outermost may run in it
    with around:
        answer = ask(client, access, url)
        transaction.set_rollback(True)
    return answer


def ask(client: Client, access: Access, url: str) -> int:
    """An empty request; JSON because that is what the API takes, and an empty form to a page."""
    if access.method == "post":
        kind = {"content_type": "application/json"} if url.startswith("/api/") else {}
        return client.post(url, {}, **kind).status_code
    return client.get(url).status_code
