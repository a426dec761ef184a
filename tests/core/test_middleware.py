from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from core.context import SYSTEM, request_context
from core.crypto import DecryptionError
from core.errors import DomainError
from core.models import AuditEvent
from core.web.middleware import DomainErrorMiddleware, RequestContextMiddleware, client_ip

requests = RequestFactory()


def test_the_view_sees_its_request_and_nothing_stays_behind():
    seen = []

    def view(request):
        seen.append(request_context.get())
        return HttpResponse("ok")

    frame = RequestContextMiddleware(view)
    answers = [frame(requests.get("/", REMOTE_ADDR="10.0.0.7", HTTP_X_REQUEST_ID="forged")) for _ in range(2)]
    assert [a["X-Request-Id"] for a in answers] == [c.request_id for c in seen]
    assert len({c.request_id for c in seen} | {"forged"}) == 3
    assert {c.ip for c in seen} == {"10.0.0.7"}
    assert request_context.get() is SYSTEM


def test_nothing_past_the_account_is_cached_but_static_files_are():
    def page(request):
        request.user = SimpleNamespace(is_authenticated=True)
        return HttpResponse("x", headers={"Cache-Control": "max-age=60"})

    def static(request):
        return HttpResponse("x", headers={"Cache-Control": "max-age=60"})

    assert RequestContextMiddleware(page)(requests.get("/"))["Cache-Control"] == "no-store"
    assert RequestContextMiddleware(static)(requests.get("/"))["Cache-Control"] == "max-age=60"


ADDRESSES = [
    (False, "10.0.0.7", "1.2.3.4", "10.0.0.7"),
    (True, "10.0.0.7", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
    (True, "10.0.0.7", "2001:db8::1", "2001:db8::1"),
    (True, "10.0.0.7", "<script>", "10.0.0.7"),
    (True, "10.0.0.7", "", "10.0.0.7"),
    (False, "", "", ""),
    (False, "unix:", "", ""),
]


@pytest.mark.parametrize(("behind_proxy", "remote", "forwarded", "expected"), ADDRESSES)
def test_address(settings, behind_proxy, remote, forwarded, expected):
    settings.BEHIND_PROXY = behind_proxy
    request = requests.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_ip(request) == expected


def test_a_refusal_becomes_a_calm_page():
    frame = DomainErrorMiddleware(lambda request: HttpResponse())
    response = frame.process_exception(requests.get("/"), DomainError("第3行缺少姓名，请补上<b>。"))
    assert response.status_code == 422
    assert "第3行缺少姓名，请补上&lt;b&gt;。" in response.content.decode()
    assert frame.process_exception(requests.get("/"), ValueError("x")) is None


@pytest.mark.django_db
def test_a_damaged_value_is_on_record_once_and_without_its_content(caplog):
    frame = DomainErrorMiddleware(lambda request: HttpResponse())
    damage = DecryptionError("数据校验失败：密文无法读出。")
    page = frame.process_exception(requests.get("/cadres/7/"), damage)
    assert "数据校验失败" in page.content.decode()
    assert [r.getMessage() for r in caplog.records] == ["stored value does not open: GET /cadres/7/"]
    damage.noted = True  # beside what it belongs to
    frame.process_exception(requests.get("/cadres/7/"), damage)
    events = AuditEvent.objects.values_list("action", "label", "result")
    assert list(events) == [("data.damaged", "GET /cadres/7/", "failed")]
