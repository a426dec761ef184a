import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from core.web import errors


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/")
    request.viewer = None
    return request


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (errors.bad_request, 400, "请求的内容无法识别"),
        (errors.forbidden, 403, "这一步需要相应的权限"),
        (errors.not_found, 404, "没有找到这个页面"),
        (errors.csrf_failed, 403, "页面已失效"),
    ],
)
def test_error_pages_say_what_to_do_and_lead_home(view, status, words, request_) -> None:
    page = view(request_)
    assert page.status_code == status
    assert words in page.content.decode()
    assert 'href="/"' in page.content.decode()


def test_the_500_page_needs_no_database_and_names_the_request(rf: RequestFactory) -> None:
    page = errors.server_error(rf.get("/", headers={"X-Request-ID": "abc123"}))
    assert page.status_code == 500
    assert "编号 abc123" in page.content.decode()


def test_the_500_page_stands_even_without_templates(rf, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> str:
        raise OSError

    monkeypatch.setattr(errors, "render_to_string", broken)
    assert "页面暂时打不开" in errors.server_error(rf.get("/")).content.decode()


@pytest.mark.django_db
def test_an_unknown_address_of_a_stranger_leads_to_the_login() -> None:
    assert Client().get("/cadres/1/").status_code == 302
