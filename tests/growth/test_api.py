"""Growth files over HTTP: each edition for its own readers, one at once, many as a job."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Job
from core.pdf import PdfResult
from growth import storage
from growth.contracts import Edition
from growth.models import GrowthFile, GrowthReading
from people.models import Cadre
from tests.factories.api import client_of
from tests.factories.documents import blank_pdf, title_of
from tests.factories.people import make_account, make_cadre, make_unit

pytestmark = pytest.mark.django_db
API = "/api/v1/growth-files/"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path) -> None:
    """Rendering has its own tests; a name with a rare character fails here as it would there."""

    def render(snapshot: Any) -> PdfResult:
        if "𬎆" in snapshot.identity.name:
            raise DomainError("字体中没有这些字：“𬎆”。", code="missing_glyphs")
        return PdfResult(blank_pdf(3, title=snapshot.identity.name), 3)

    monkeypatch.setattr("growth.services.making.render_file", render)
    monkeypatch.setattr("growth.jobs.render_file", render)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(db) -> dict[str, Any]:
    finance, works = make_unit("财政局"), make_unit("建设局")
    return {
        "finance": finance,
        "zhang": make_cadre("张启明", unit=finance, staff_no="A1"),
        "li": make_cadre("李文博", unit=works, staff_no="A2"),
    }


@pytest.fixture
def hr(office: dict[str, Any]) -> APIClient:
    return client_of(make_account(Role.HR))


def order(client: APIClient, *cadres: Cadre, edition: str = "archive", **values: Any) -> Any:
    body = {"cadres": [cadre.pk for cadre in cadres], "edition": edition} | values
    return client.post(API, body, format="json")


def test_one_file_is_made_at_once_and_downloaded(office: dict[str, Any], hr: APIClient) -> None:
    made = order(hr, office["zhang"], as_of="2026-06-30")
    assert made.status_code == 201, made.data
    assert [made.data[key] for key in ("cadre_name", "edition", "as_of", "pages")] == [
        "张启明",
        "archive",
        "2026-06-30",
        3,
    ]
    answer = hr.get(f"{API}{made.data['id']}/download/", headers={"accept": "application/pdf"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert title_of(answer.content) == "张启明"
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["growth.make", "growth.read"]
    again = order(hr, office["zhang"], as_of="2026-06-30")
    assert again.data["id"] == made.data["id"]


def test_each_edition_has_its_readers(office: dict[str, Any], hr: APIClient) -> None:
    files = {edition: order(hr, office["li"], edition=edition).data["id"] for edition in Edition.values}

    def seen_by(client: APIClient) -> list[str]:
        listed = client.get(API)
        downloads = {
            edition: client.get(f"{API}{pk}/download/?purpose=研究人选") for edition, pk in files.items()
        }
        opened = [edition for edition, answer in downloads.items() if answer.status_code == 200]
        if listed.status_code == 200:
            assert sorted(row["edition"] for row in listed.data["results"]) == sorted(opened)
        return sorted(opened)

    assert seen_by(client_of(make_account(cadre=office["li"]))) == ["self"]
    colleague = client_of(make_account(cadre=office["zhang"]))
    assert seen_by(colleague) == []
    assert seen_by(client_of(make_account(Role.VICE_LEADER))) == []
    assert seen_by(client_of(make_account(Role.VICE_LEADER, unit=office["finance"]))) == []
    assert seen_by(client_of(make_account(Role.TOP_LEADER))) == ["archive"]
    assert seen_by(client_of(make_account(Role.SYSADMIN))) == []
    answers = [colleague.get(f"{API}{pk}/download/") for pk in (files["archive"], 99999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["message"] == answers[1].json()["message"]


def test_a_leader_opens_the_archive_edition_with_a_reason(office: dict[str, Any], hr: APIClient) -> None:
    pk = order(hr, office["li"]).data["id"]
    leader = client_of(make_account(Role.TOP_LEADER))
    refused = leader.get(f"{API}{pk}/download/")
    assert (refused.status_code, refused.json()["code"]) == (422, "purpose_needed")
    assert leader.get(f"{API}{pk}/download/?purpose=研究人选").status_code == 200
    assert leader.get(f"{API}{pk}/download/").status_code == 200  # the same errand
    assert list(GrowthReading.objects.values_list("purpose", flat=True)) == ["研究人选", "研究人选"]


def test_a_cadre_makes_the_own_edition_only(office: dict[str, Any]) -> None:
    me = client_of(make_account(cadre=office["li"]))
    assert order(me, office["li"], edition="self").status_code == 201
    refused = order(me, office["li"])
    assert (refused.status_code, refused.data["code"]) == (403, "not_allowed")
    assert order(me, office["zhang"], edition="self").status_code == 404
    assert order(me, office["li"], office["zhang"], edition="self").status_code == 404
    assert Job.objects.count() == 0


def test_many_become_a_job_with_a_zip(office: dict[str, Any], hr: APIClient) -> None:
    rare = make_cadre("𬎆某", unit=office["finance"])
    started = order(hr, office["zhang"], rare, office["li"], as_of="2026-06-30")
    assert started.status_code == 202, started.data
    job = hr.get(f"/api/v1/jobs/{started.data['uid']}/").data
    assert (job["state"], job["done"], job["label"]) == ("partial", 3, "归档版 3 人")
    assert [dict(item) for item in job["failures"]] == [
        {"name": "𬎆某", "reason": "字体中没有这些字：“𬎆”。"}
    ]
    answer = hr.get(f"/api/v1/jobs/{job['uid']}/download/")
    with ZipFile(BytesIO(answer.getvalue())) as archive:
        contents = {name: title_of(archive.read(name)) for name in archive.namelist()}
    assert contents == {
        "张启明_A1_归档版.pdf": "张启明",
        "李文博_A2_归档版.pdf": "李文博",
    }
    ended = hr.post(f"/api/v1/jobs/{job['uid']}/cancel/")
    assert (ended.status_code, ended.data["code"]) == (409, "job_finished")

    stranger = client_of(make_account(Role.HR))
    for path in ("", "download/"):
        assert stranger.get(f"/api/v1/jobs/{job['uid']}/{path}").status_code == 404
    assert stranger.get("/api/v1/jobs/").data["count"] == 0


def test_a_refusal_is_json_whatever_was_asked_for(office: dict[str, Any], hr: APIClient) -> None:
    made = order(hr, office["zhang"]).data
    for path in tuple(GrowthFile.objects.values_list("path", flat=True)):
        storage.remove(path)
    answer = hr.get(f"{API}{made['id']}/download/", headers={"accept": "application/pdf"})
    assert (answer.status_code, answer["Content-Type"]) == (410, "application/json")
    assert answer.json()["code"] == "file_gone"


@pytest.mark.parametrize(
    "body",
    [
        {"cadres": [], "edition": "self"},
        {"cadres": [10**30], "edition": "self"},
        {"cadres": ["x"], "edition": "self"},
        {"cadres": {"a": 1}, "edition": "self"},
        {"cadres": [1] * 5001, "edition": "self"},
        {"cadres": [1], "edition": "secret"},
        {"cadres": [1], "edition": "self", "as_of": "2026-02-30"},
        {"cadres": [1], "edition": "self", "by": 1},
        {"edition": "self"},
    ],
)
def test_a_wrong_order_is_refused(hr: APIClient, body: dict[str, Any]) -> None:
    answer = hr.post(API, json.dumps(body), content_type="application/json")
    assert answer.status_code == 400, answer.content


@pytest.mark.parametrize(
    "query", ["cadre__id_number=1", "sha256=x", "ordering=path", "edition=x", "cadre=1e999"]
)
def test_hidden_filters_are_refused(hr: APIClient, query: str) -> None:
    assert hr.get(f"{API}?{query}").status_code == 400


@pytest.mark.parametrize("path", [API, "/api/v1/jobs/"])
def test_a_list_costs_the_same_at_one_row_and_at_three(
    office: dict[str, Any], hr: APIClient, path: str
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert hr.get(path).status_code == 200
        return len(queries)

    order(hr, office["zhang"])
    order(hr, office["zhang"], office["li"], edition="self")
    first = cost()
    order(hr, office["zhang"], office["li"], edition="leader")
    order(hr, office["li"])
    assert cost() == first


def test_a_file_is_verified_by_its_code_and_by_its_bytes(office: dict[str, Any], hr: APIClient) -> None:
    order(hr, office["li"])
    file = GrowthFile.objects.get()
    assert hr.get(f"{API}verify/?code=AAAA-BBBB-CCCC").data["status"] == "unknown"
    upload = SimpleUploadedFile("x.pdf", b"%PDF-1.7 nothing", content_type="application/pdf")
    refused = hr.post(f"{API}verify/", {"file": upload}, format="multipart")
    assert (refused.status_code, refused.data["status"], refused.data["file"]) == (200, "tampered", None)
    assert hr.post(f"{API}verify/", {}, format="multipart").status_code == 400
    stranger = client_of(make_account(cadre=office["zhang"]))
    assert stranger.get(f"{API}verify/?code={file.code}").data["status"] == "unknown"


def test_completeness_names_what_is_missing_and_who_has_it(office: dict[str, Any], hr: APIClient) -> None:
    path = f"{API}completeness/{office['li'].pk}/"
    answer = hr.get(path).data
    assert {"label": "证件照", "supplier": "本人"} in [dict(item) for item in answer["missing"]]
    assert 0 <= answer["percent"] < 100
    assert client_of(make_account(cadre=office["li"])).get(path).data == answer
    assert client_of(make_account(cadre=office["zhang"])).get(path).status_code == 404
