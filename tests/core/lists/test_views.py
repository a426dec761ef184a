"""A list: columns, saved views, choosing all that matches, and the export of exactly what is seen."""

import re
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, DefaultView, SavedView
from core.savedviews import services
from people.access import viewer_for
from tests.factories.people import TODAY, make_account, make_cadre, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    unit = make_unit("党政办公室")
    make_cadre("王示例", unit=unit, staff_no="A1", sex="M", rank="一级科员")
    make_cadre("李样本", unit=unit, staff_no="A2", sex="F", rank="二级科员")
    return unit


@pytest.fixture
def hr():
    return make_account(Role.HR, username="hr")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client, address="/cadres/", **headers):
    response = client.get(address, **headers)
    assert response.status_code == 200, response.get("Location")
    return response.content.decode()


def heads(text):
    return re.findall(r'<td data-label="([^"]+)"', text.split("</tr>")[1])


def viewer(user):
    return viewer_for(user, on=TODAY)


# Columns


def test_columns_come_in_the_order_asked_for(hr, office) -> None:
    text = page(browser(hr), "/cadres/?col=staff_no&col=name&col=sex")
    assert heads(text) == ["工号", "姓名", "性别"]


def test_columns_that_the_reader_has_not_are_left_out(hr, office) -> None:
    assert heads(page(browser(hr), "/cadres/?col=name&col=password")) == ["姓名"]
    assert len(heads(page(browser(hr), "/cadres/?col=password"))) > 3


def test_the_picker_moves_a_column_without_script(hr, office) -> None:
    text = page(browser(hr), "/cadres/?col=name&col=sex&q=A")
    link = re.search(r'href="([^"]+)"[^>]*aria-label="性别左移"', text)[1].replace("&amp;", "&")
    moved = page(browser(hr), f"/cadres/{link}")
    assert heads(moved) == ["性别", "姓名"]
    assert '<details class="dd cols" open>' in moved


def test_filters_keep_the_columns(hr, office) -> None:
    text = page(browser(hr), "/cadres/?col=name&density=roomy")
    form = text[text.index('id="filters"') : text.index("</form>", text.index('id="filters"'))]
    assert '<input type="hidden" name="col" value="name">' in form
    assert '<input type="hidden" name="density" value="roomy">' in form
    assert "tbl-roomy" in text


# Export


def sheet(client, address):
    response = client.get(address)
    book = openpyxl.load_workbook(BytesIO(response.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows(min_row=3)]


def test_the_export_is_exactly_the_view(hr, office) -> None:
    rows = sheet(browser(hr), "/cadres/?col=sex&col=name&sort=-name&export=xlsx")
    assert rows == [["性别", "姓名"], ["男", "王示例"], ["女", "李样本"]]


def test_the_usual_columns_as_seen_or_all(hr, office) -> None:
    seen = sheet(browser(hr), "/cadres/?export=xlsx&columns=shown")[0]
    everything = sheet(browser(hr), "/cadres/?export=xlsx")[0]
    assert "工号" not in seen
    assert "工号" in everything
    assert sheet(browser(hr), "/cadres/?col=sex&export=xlsx&columns=all")[0] == everything


# Choosing all that matches


def test_all_that_match_are_chosen_over_all_pages(hr, office) -> None:
    for number in range(20):
        make_cadre(f"赵样本{number}", unit=office)
    client = browser(hr)
    text = page(client)
    assert "选中全部 22 人" in text
    chosen = page(client, "/cadres/?all=1&q=赵")
    ids = re.findall(r'name="chosen" value="(\d+)"', chosen)
    assert len(ids) == len(set(ids)) == 20
    assert chosen.count("data-other") == 5
    assert '已选 <b class="num" data-n>20</b>' in chosen


# Saved views


def save(client, name, address="/cadres/?q=A1&col=name&sort=-name&page=3", **values):
    return client.post("/views/new/", {"name": name, **values}, query_params={"next": address})


def test_a_view_keeps_filters_columns_and_order(hr, office) -> None:
    client = browser(hr)
    response = save(client, "示例视图")
    view = SavedView.objects.get()
    assert (view.list_key, view.query, view.columns) == ("people:cadres", "q=A1&sort=-name", ["name"])
    text = page(client, response["Location"])
    link = f"?q=A1&amp;sort=-name&amp;col=name&amp;saved={view.pk}"
    assert f'<a href="{link}" aria-current="page">示例视图' in text
    assert heads(text) == ["姓名"]
    assert AuditEvent.objects.filter(action="view.change").count() == 1


def test_a_view_may_be_the_first(hr, office) -> None:
    client = browser(hr)
    save(client, "先看", first="on")
    opened = client.get("/cadres/")
    assert opened.status_code == 302
    assert opened["Location"].startswith("/cadres/?q=A1")
    text = page(client, "/cadres/?saved=all")
    assert "李样本" in text
    assert 'href="?saved=all"' in page(client, opened["Location"])  # the way back to the whole list
    assert browser(make_account(Role.HR)).get("/cadres/").status_code == 200


def test_a_changed_view_can_be_kept_again(hr, office) -> None:
    client = browser(hr)
    save(client, "示例视图")
    view = SavedView.objects.get()
    now = f"/cadres/?q=A2&saved={view.pk}&col=sex"
    assert "更新或修改视图" in page(client, now)
    client.post(f"/views/{view.pk}/edit/", {"name": "新名", "replace": "on"}, query_params={"next": now})
    view.refresh_from_db()
    assert (view.name, view.query, view.columns) == ("新名", "q=A2", ["sex"])
    client.post(f"/views/{view.pk}/edit/", {"name": "只改名"}, query_params={"next": "/cadres/"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("只改名", "q=A2")


def test_a_view_is_deleted_after_a_question(hr, office) -> None:
    client = browser(hr)
    save(client, "示例视图", first="on")
    view = SavedView.objects.get()
    response = client.post(f"/views/{view.pk}/delete/", query_params={"next": "/cadres/?q=A1"})
    assert response["Location"] == "/cadres/?saved=all"
    assert not SavedView.objects.exists()
    assert not DefaultView.objects.exists()


def test_a_shared_view_shows_each_reader_their_own(hr, office) -> None:
    other = make_unit("财政金融局")
    make_cadre("钱样本", unit=other)
    services.save_view(
        list_key="people:cadres", name="全体", query_string="sort=-name", by=viewer(hr), roles=["DH"]
    )
    head = browser(make_account(Role.DEPARTMENT_HEAD, unit=other))
    text = page(head, f"/cadres/?sort=-name&saved={SavedView.objects.get().pk}")
    assert "全体" in text
    assert "钱样本" in text
    assert "王示例" not in text
    assert "全体" not in page(browser(make_account(Role.VICE_LEADER)))


def test_a_shared_view_says_that_something_is_left_out(hr, office) -> None:
    view = services.save_view(
        list_key="people:cadres",
        name="学时",
        query_string="secret=1&col=name&col=secret_column",
        by=viewer(hr),
        roles=["DH"],
    )
    head = browser(make_account(Role.DEPARTMENT_HEAD, unit=office))
    text = page(head, f"/cadres/?secret=1&col=name&col=secret_column&saved={view.pk}")
    assert "有 2 处列或条件不在你的查看范围内" in text
    assert "secret_column" not in re.sub(r"<(input|a) [^>]*>", "", text)


def test_nobody_changes_the_view_of_another(hr, office) -> None:
    view = services.save_view(
        list_key="people:cadres", name="全体", query_string="", by=viewer(hr), roles=["HR"]
    )
    other = make_account(Role.HR)
    assert browser(other).get(f"/views/{view.pk}/edit/?next=/cadres/").status_code == 404
    assert browser(other).post(f"/views/{view.pk}/delete/?next=/cadres/").status_code == 404
    with pytest.raises(DomainError, match="别人共享的视图"):
        services.update_view(view=view, values={"name": "改"}, by=viewer(other))


def test_a_reader_may_open_with_a_shared_view(hr, office) -> None:
    view = services.save_view(
        list_key="people:cadres", name="全体", query_string="sort=-name", by=viewer(hr), roles=["HR"]
    )
    client = browser(make_account(Role.HR))
    assert client.post(f"/views/{view.pk}/first/", {"next": "/cadres/"})["Location"] == "/cadres/"
    assert client.get("/cadres/").status_code == 302
    client.post(f"/views/{view.pk}/first/", {"next": "//evil.example/"})
    assert client.get("/cadres/").status_code == 200


def test_only_some_may_share(office) -> None:
    head = make_account(Role.DEPARTMENT_HEAD, unit=office)
    with pytest.raises(DomainError, match="没有共享视图的权限"):
        services.save_view(
            list_key="people:cadres", name="共享", query_string="", by=viewer(head), roles=["HR"]
        )
    assert 'name="roles"' not in page(browser(head), "/views/new/?next=/cadres/")


def test_names_are_taken_once_and_views_are_few(hr, office) -> None:
    client = browser(hr)
    save(client, "示例视图")
    again = save(client, "示例视图")
    assert again.status_code == 422
    assert "已有同名的视图" in again.content.decode()
    SavedView.objects.bulk_create(
        SavedView(list_key="people:cadres", name=str(n), owner_id=hr.pk) for n in range(services.MOST_VIEWS)
    )
    assert "请先删除不用的" in save(client, "又一个").content.decode()


@pytest.mark.parametrize("address", ["", "https://evil.example/", "//evil.example", "/nowhere/"])
def test_a_view_comes_from_a_list_of_ours(hr, address) -> None:
    assert browser(hr).get("/views/new/", {"next": address}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_at_any_length(hr, rows) -> None:
    unit = make_unit()
    for number in range(rows):
        make_cadre(f"孙样本{number}", unit=unit)
    for number in range(rows):
        services.save_view(list_key="people:cadres", name=f"视图{number}", query_string="", by=viewer(hr))
    client = browser(hr)
    page(client)
    with CaptureQueriesContext(connection) as asked:
        page(client)
    assert len(asked) <= 12
