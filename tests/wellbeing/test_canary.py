"""Every sealed text of the demo carries a mark; the marks are hunted through all that anybody can get.

Allowed: talker and superior everything of their talk, the cadre the released summary with the own remark and
the own follow-ups, the owner the follow-up. Nowhere else, in no format, for no role, and in no stored byte.
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from people.demo.seeding import seed
from people.models import Cadre, RoleGrant, User
from tests.sharing import SharedRows
from tests.wellbeing.conftest import browser
from wellbeing.choices.talks import HELD_STATES, TalkState
from wellbeing.demo.words import MARK, canary
from wellbeing.models import (
    CareCase,
    CareEvent,
    CareSupport,
    CareVisit,
    CheckupCampaign,
    CheckupReport,
    DecisionNotice,
    EmergencyAccess,
    Finding,
    FollowUp,
    Inspection,
    Talk,
    TalkContent,
    TalkCorrection,
    TalkDuty,
    TalkFile,
    TalkSlot,
)
from wellbeing.sealing.fields import sealed_fields
from wellbeing.sealing.keys import key_of, open_row

pytestmark = pytest.mark.django_db
FOUND = re.compile(rf"{MARK}[A-Z0-9]{{10}}")
LINK = re.compile(r'(?:href|hx-get|src)="([^"#]+)"')
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
MOST_PAGES = 90  # for one account; beyond this the same pages come round with other numbers
READ_HERE = ("/wellbeing/",) + tuple(
    f"/api/v1/{part}"
    for part in ("talk", "follow", "findings", "inspections", "care", "activities", "checkup")
)
LOGINS = ("hr", "hr2", "party", "dh", "vl", "tl", "jj", "cadre", "sys", "sec", "aud")


@pytest.fixture(scope="module")
def marks(shared_rows: SharedRows, tmp_path_factory) -> Iterator[dict[str, set[int]]]:
    """The demo zone, and for each mark in it the accounts that may see it."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        with shared_rows():
            found = _marked_zone()
        yield found


def _marked_zone() -> dict[str, set[int]]:
    seed(size=30, seed=3, on=timezone.localdate(), say=lambda message: None, with_files=False)
    _attach_one()
    User.objects.update(must_change_password=False)
    _most_concerned()
    allowed = {**_of_talks(), **_of_follow_ups(), **_of_findings(), **_of_care(), **_of_supports()}
    allowed |= _of_lockers() | _of_decisions()
    assert len(allowed) > 100
    return allowed


def _attach_one() -> None:
    from people.demo.context import DemoContext
    from wellbeing.demo.checkups import seed_reports
    from wellbeing.demo.talks import _attachment

    context = DemoContext(on=timezone.localdate(), seed=3, size=40, say=print)
    seed_reports(context.random("reports"), context)
    _attachment(context.random("test"), context, list(Talk.objects.filter(state=TalkState.ARCHIVED)))


def _account_of(cadre_id: int) -> set[int]:
    return set(User.objects.filter(cadre_id=cadre_id).values_list("pk", flat=True))


def _of_talks() -> dict[str, set[int]]:
    allowed: dict[str, set[int]] = {}
    for model in (TalkContent, TalkCorrection, TalkFile):
        for row in model.objects.select_related("talk"):
            talk = row.talk
            readers = {talk.talker_id} | ({talk.superior_id} if talk.state in HELD_STATES else set())
            for name, text in open_row(row, key_of(talk.cadre_id), _names(model)).items():
                released = name in ("summary", "remark") and talk.released_at
                mine = _account_of(talk.cadre_id) if released else set()
                allowed |= dict.fromkeys(FOUND.findall(text), readers | mine)
            if model is TalkFile:
                allowed[canary(row.uid, "data")] = readers
    return allowed


def _of_follow_ups() -> dict[str, set[int]]:
    allowed: dict[str, set[int]] = {}
    for row in FollowUp.objects.select_related("talk"):
        own = _account_of(row.cadre_id)
        staff = {row.owner_id, row.talk.talker_id, row.talk.superior_id}
        for name, text in open_row(row, key_of(row.cadre_id), ["matter", "result"]).items():
            readers = staff | (own if name == "matter" or row.told_at else set())
            allowed |= dict.fromkeys(FOUND.findall(text), readers)
    return allowed


def _of_findings() -> dict[str, set[int]]:
    """The inspectors and top leaders of the unit, and the two officials; never the person it is about."""
    held = RoleGrant.objects.covering(timezone.localdate()).filter(role__in=("JJ", "TL"))
    grants = list(held.values_list("user_id", "unit__path"))
    allowed: dict[str, set[int]] = {}
    for row in Finding.objects.select_related("unit"):
        readers = {user for user, path in grants if row.unit.path.startswith(path or "")}
        readers = (readers | {row.lead_id, row.owner_id}) - (
            _account_of(row.cadre_id) if row.cadre_id else set()
        )
        for name in ("problem", "measure", "progress", "review", "decision"):
            allowed |= dict.fromkeys(FOUND.findall(getattr(row, name)), readers)
    return allowed


def _of_care() -> dict[str, set[int]]:
    """The reason is the handler's; the opinion also the approver's, the receipt also the recipient's."""
    allowed: dict[str, set[int]] = {}
    for event in _told_events():
        own = _account_of(event.cadre_id)
        wrote = {event.reported_by_id} & own
        readers = ({event.handler_id} - own) | wrote
        allowed |= dict.fromkeys(FOUND.findall(event.detail), readers)
    for case in CareCase.objects.all():
        own = _account_of(case.cadre_id)
        allowed |= dict.fromkeys(FOUND.findall(case.reason), {case.handler_id} - own)
        decided = {case.handler_id, case.approver_id} - own
        allowed |= dict.fromkeys(FOUND.findall(case.opinion), decided)
        if case.receipt_id:
            allowed[canary(case.uid, "receipt")] = {case.handler_id} | own
    return allowed


def _of_supports() -> dict[str, set[int]]:
    allowed: dict[str, set[int]] = {}
    for row in CareSupport.objects.all():
        readers = {row.helper_id, row.handler_id} - _account_of(row.cadre_id)
        words = [row.situation, *(visit.note for visit in CareVisit.objects.filter(support=row))]
        allowed |= dict.fromkeys(FOUND.findall(" ".join(map(str, words))), readers)
    return allowed


def _of_lockers() -> dict[str, set[int]]:
    """A report belongs to the cadre's own account, name and content, and to nobody else at all."""
    allowed: dict[str, set[int]] = {}
    for row in CheckupReport.objects.all():
        own = _account_of(row.cadre_id)
        name = open_row(row, key_of(row.cadre_id), ["name"])["name"]
        allowed |= dict.fromkeys([*FOUND.findall(name), canary(row.uid, "data")], own)
    assert len(allowed) >= 2
    return allowed


def _of_decisions() -> dict[str, set[int]]:
    """What was delivered and what was answered: the person and the inspectors, not the officials."""
    findings = _of_findings()
    allowed: dict[str, set[int]] = {}
    for row in DecisionNotice.objects.select_related("finding"):
        finding = row.finding
        seers = set().union(*(findings.get(mark, set()) for mark in FOUND.findall(str(finding.problem))))
        readers = (seers - {finding.lead_id, finding.owner_id}) | _account_of(row.cadre_id)
        for text in (row.notice, row.statement):
            allowed |= dict.fromkeys(FOUND.findall(str(text)), readers)
    return allowed


def _names(model) -> list[str]:
    return [field.name for field in sealed_fields(model)]


# What an answer says, whatever its format


def _text(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    if body[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(body)) as package:
            body = b"\n".join(package.read(name) for name in package.namelist())
    return headers + body.decode("utf-8", "replace")


def _visit(client: Client, address: str, seen: dict[str, str], headers=None) -> str:
    response = client.get(address, headers=headers or {})
    text = _text(response)
    if response.status_code == 200 or FOUND.search(text):
        seen[address] = text
    return text if response.status_code == 200 and "html" in response.get("Content-Type", "") else ""


def _follow(client: Client, starts: list[str], seen: dict[str, str]) -> None:
    """Breadth first over the links of every page, each shape of address a few times."""
    waiting, known = list(starts), set(starts)
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        text = _visit(client, address, seen)
        if text and "?" not in address:
            _visit(client, address, seen, {"HX-Request": "true"})
            for kind in ("xlsx", "csv"):
                if "export=" in text:
                    _visit(client, f"{address}?export={kind}", seen)
        for found in LINK.findall(text.replace("&amp;", "&")):
            target = found if found.startswith("/") else address.split("?")[0] + found
            if (
                found.startswith(("/", "?"))
                and not target.startswith(("/static", "/logout"))
                and target not in known
            ):
                known.add(target)
                waiting.append(target)


def _routes(patterns, prefix="/"):
    for entry in patterns:
        route = prefix + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route


def _direct() -> list[str]:
    """Every address of this room and of the API's share in it, with every number there is."""
    numbers = {
        "talks": [(talk.pk,) for talk in Talk.objects.order_by("-held_on")[:6]],
        "emergency": [(pk,) for pk in EmergencyAccess.objects.values_list("pk", flat=True)],
        "followups": [(pk,) for pk in FollowUp.objects.values_list("pk", flat=True)[:3]],
        "findings": [(pk,) for pk in Finding.objects.values_list("pk", flat=True)[:6]],
        "inspections": [(pk,) for pk in Inspection.objects.values_list("pk", flat=True)[:2]],
        "follow-ups": [(pk,) for pk in FollowUp.objects.values_list("pk", flat=True)[:3]],
        "talk-duties": [(pk,) for pk in TalkDuty.objects.values_list("pk", flat=True)[:1]],
        "slots": [(pk,) for pk in TalkSlot.objects.values_list("pk", flat=True)[:1]],
        "events": [(event.pk,) for event in _told_events()[-3:]],  # taken by nobody, and by a handler
        "cases": _written_cases(),
        "care-events": [(event.pk,) for event in _told_events()[:2]],
        "care-cases": _written_cases()[:2],
        "supports": [(pk,) for pk in CareSupport.objects.values_list("pk", flat=True)],
        "mine": [
            *_written_cases()[:2],
            *((pk,) for pk in DecisionNotice.objects.values_list("pk", flat=True)),
        ],
        "locker": [(pk,) for pk in CheckupReport.objects.values_list("pk", flat=True)],
        "checkups": [(pk,) for pk in CheckupCampaign.objects.values_list("pk", flat=True)],
        "files": [(row.talk_id, row.pk) for row in TalkFile.objects.all()],
    }
    addresses = []
    for route in _routes(get_resolver().url_patterns):
        found = route.replace("\\.", ".").removesuffix("$").removesuffix("\\Z").replace("/?", "/")
        if not found.startswith(READ_HERE):
            continue
        parts = [part for part in found.split("/") if part in numbers]
        holes = len(PARAMETER.findall(found))
        if not holes:
            addresses.append(found)
        elif parts:
            fitting = [n for n in numbers["files" if holes == 2 else parts[-1]] if len(n) >= holes]
            addresses += [_filled(found, values) for values in fitting]
    return addresses


def _written_cases() -> list[tuple[int]]:
    """One of each state that was written about, and the one with a receipt."""
    rows = [case for case in CareCase.objects.order_by("pk") if case.reason]
    found = {case.state: case.pk for case in rows}
    signed = {case.pk for case in rows if case.receipt_id}
    return [(pk,) for pk in sorted({*found.values(), *sorted(signed)[:1]})]


def _told_events() -> list[CareEvent]:
    return [event for event in CareEvent.objects.order_by("pk") if event.detail]


def _filled(route: str, values: tuple[int, ...]) -> str:
    rest = iter(values)
    return PARAMETER.sub(lambda _: str(next(rest)), route)


def _leaks(user: User, seen: dict[str, str], marks: dict[str, set[int]]) -> list[tuple[str, str, str]]:
    return [
        (user.username, address, mark)
        for address, text in seen.items()
        for mark in set(FOUND.findall(text))
        if user.pk not in marks.get(mark, set())
    ]


@pytest.mark.crawl
def test_marks_are_seen_by_those_who_may_and_by_nobody_else(marks, caplog):
    """Every role of the demo, a talker and a cadre of every kind; each address as page, part and file."""
    users = [*User.objects.filter(username__in=LOGINS).order_by("pk"), *_most_concerned()]
    direct, leaks, reached = _direct(), [], defaultdict(set)
    for user in users:
        client, seen = browser(user), {}
        client.raise_request_exception = False  # what is hunted here are marks, on pages of faults as well
        for address in direct:
            _visit(client, address, seen)
        _follow(
            client,
            [
                "/",
                "/wellbeing/talks/records/",
                "/wellbeing/talks/mine/",
                "/wellbeing/checkups/locker/",
                "/cadres/",
                "/api/v1/talks/",
            ],
            seen,
        )
        leaks += _leaks(user, seen, marks)
        for text in seen.values():
            reached[user.pk] |= set(FOUND.findall(text))
    assert leaks == []
    assert not FOUND.search(caplog.text)
    # The hunt would find nothing if it did not get anywhere: those who may, do see.
    talkers = {content.talk.talker_id for content in TalkContent.objects.select_related("talk")}
    assert any(reached[pk] for pk in talkers)
    assert sum(map(len, reached.values())) > 20


def _most_concerned() -> list[User]:
    """The busiest talkers, and cadres who have a summary to read; accounts are made for these."""
    talkers = list(Talk.objects.order_by("pk").values_list("talker_id", flat=True)[:2])
    subjects = (
        Talk.objects.filter(released_at__isnull=False).order_by("pk").values_list("cadre_id", flat=True)[:2]
    )
    users = list(User.objects.filter(pk__in=talkers).exclude(username__in=LOGINS))
    for cadre in Cadre.objects.filter(pk__in=list(subjects)):
        user, made = User.objects.get_or_create(
            cadre=cadre,
            defaults={"username": f"own{cadre.pk}", "name": cadre.name, "must_change_password": False},
        )
        if made:
            user.grants.create(role="ME", starts_on=date(2020, 1, 1))
        users.append(user)
    return users


def _known(text: str, marks: dict[str, set[int]]) -> set[str]:
    """Marks that were given out; ciphertext may look like one by chance."""
    return set(FOUND.findall(text)) & marks.keys()


def test_nothing_stored_holds_a_mark_in_clear(marks):
    """The database table by table, every file of the data folder, and the files beside it."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert _known(" ".join(str(row) for row in cursor.fetchall()), marks) == set(), table
    stored = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert [path for path in stored if "sealed" in path.parts]
    assert not [path for path in stored if _known(path.read_bytes().decode("latin-1"), marks)]
    assert not [path for path in stored if FOUND.search(path.name)]


def test_rotating_the_keys_and_the_checks_print_no_mark(marks):
    out = StringIO()
    call_command("rotate_keys", stdout=out, stderr=out)
    call_command("verify_audit", stdout=out, stderr=out)
    assert not FOUND.search(out.getvalue())


def test_a_forgotten_mark_would_be_found(marks):
    """The hunt itself works: a page with a mark for a stranger is a leak."""
    mark, readers = next(iter(marks.items()))
    stranger = User.objects.exclude(pk__in=readers - {None}).first()
    assert _leaks(stranger, {"/x/": f"<p>{mark}</p>"}, marks) == [(stranger.username, "/x/", mark)]
