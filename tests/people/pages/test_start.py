"""The first steps of an office: what is there counts as done, the next one is the red button."""

from django.test import Client
from django.urls import reverse

from core.access import Role
from people.contracts import first_steps
from tests.factories.people import make_cadre, make_viewer


def titles(page) -> list[str]:
    return [shown.step.title for shown in page.context["left"]]


def test_an_empty_office_begins_with_the_roster(log_in) -> None:
    page = log_in(Role.HR).get("/start/")
    assert titles(page)[0] == "导入干部花名册"
    assert "核对学时规则" not in titles(page)  # the rules in force come with the product
    assert page.content.decode().count("btn-p") == 1


def test_what_is_there_is_done(log_in) -> None:
    make_cadre()
    page = log_in(Role.HR).get("/start/")
    assert "导入干部花名册" not in titles(page)
    assert "打印第一份成长档案" in titles(page)


def test_every_step_leads_to_a_page_that_opens(log_in) -> None:
    client: Client = log_in(Role.HR)
    for shown in client.get("/start/").context["steps"]:
        assert client.get(shown.url, follow=True).status_code == 200, shown.step.title
        if shown.step.help:
            manual = client.get(reverse("help_part", args=[shown.step.help])).context["part"]
            anchors = {heading.anchor for heading in manual.headings}
            assert shown.step.section in {"", *anchors}, shown.step.title


def test_what_comes_with_the_product_is_not_called_done(log_in) -> None:
    page = log_in(Role.HR).get("/start/").content.decode()
    assert page.count("（已设好）") == 1
    assert "（已办）" not in page


def test_the_home_page_offers_the_next_step_until_all_are_done(log_in) -> None:
    client: Client = log_in(Role.HR)
    assert "/home/people.start/" in client.get("/").content.decode()
    part = client.get("/home/people.start/", headers={"HX-Request": "true"}).content.decode()
    assert "下一步：导入干部花名册" in part
    assert "已办 1/7 步" in part


def test_others_have_no_such_page(log_in) -> None:
    assert log_in(Role.DEPARTMENT_HEAD).get("/start/").status_code == 404
    viewer = make_viewer(Role.PARTY)
    assert [c.key for c in first_steps.for_viewer(viewer)] == ["training.activity"]
