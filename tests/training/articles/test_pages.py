"""Pages of articles: reading on a phone, confirming, chasing, registering."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate as today
from openpyxl import load_workbook

from core.access import Role
from tests.factories.documents import blank_pdf
from tests.factories.people import make_cadre, make_unit
from tests.factories.reading import make_article
from tests.training.reading_pages import MOST_QUERIES, client_of, cost, text_of
from training.models import Article, Reading

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def hr():
    return client_of(Role.HR)


@pytest.fixture
def office():
    return make_unit("党政办公室")


def test_an_article_is_published_changed_and_withdrawn(hr):
    sent = {"title": "新精神", "category": "document", "theme": "other", "text": "正文", "audience": "all"}
    sent |= {"is_must_read": "on", "due_on": f"{today() + WEEK}"}
    response = hr.post(reverse("training:article_new"), sent)
    article = Article.objects.get()
    assert response.url == reverse("training:article", args=[article.pk])
    assert (article.is_must_read, article.due_on) == (True, today() + WEEK)
    edit = reverse("training:article_edit", args=[article.pk])
    assert 'value="新精神"' in text_of(hr.get(edit))
    hr.post(edit, sent | {"title": "改后", "is_must_read": ""})
    article.refresh_from_db()
    assert (article.title, article.is_must_read, article.due_on) == ("改后", False, None)
    hr.post(reverse("training:article_withdraw", args=[article.pk]), {"reason": "有误"})
    assert "已撤下" in text_of(hr.get(response.url))
    assert client_of(cadre=make_cadre()).get(response.url).status_code == 404
    hr.post(reverse("training:article_restore", args=[article.pk]))
    article.refresh_from_db()
    assert article.withdrawn_at is None


def test_faults_stand_at_their_fields(hr):
    sent = {"title": "空", "category": "document", "theme": "other", "audience": "unit"}
    response = hr.post(reverse("training:article_new"), sent | {"is_must_read": "on", "text": "文"})
    assert response.status_code == 422
    assert response.context["form"].errors["unit"] == ["对象为部门时，请选择部门。"]
    response = hr.post(
        reverse("training:article_new"), sent | {"audience": "all", "is_must_read": "on", "text": "文"}
    )
    assert response.context["form"].errors == {"due_on": ["必读须填写阅读期限。"]}
    response = hr.post(reverse("training:article_new"), sent | {"audience": "all"})
    assert response.context["form"].errors == {"text": ["请粘贴正文、上传附件，或填写原文链接，至少一项。"]}


def test_a_pdf_is_kept_and_given_out(hr):
    sent = {"title": "通知", "category": "document", "theme": "other", "audience": "all"}
    hr.post(reverse("training:article_new"), sent | {"upload": SimpleUploadedFile("通知.pdf", blank_pdf())})
    article = Article.objects.get()
    response = client_of(cadre=make_cadre()).get(reverse("training:article_file", args=[article.pk]))
    assert response.getvalue() == blank_pdf()
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_cadre_reads_and_confirms(office):
    cadre = make_cadre(unit=office)
    client = client_of(cadre=cadre)
    article = make_article("必读一", due_on=today() + WEEK, published_on=today())
    assert [
        row.title for row, _ in client.get(reverse("training:articles") + "?duty=mine").context["rows"]
    ] == ["必读一"]
    url = reverse("training:article", args=[article.pk])
    page = text_of(client.get(url))
    assert "我已读完" in page
    assert "阅读情况" not in page
    assert client.post(reverse("training:article_confirm", args=[article.pk])).url == url
    assert Reading.objects.get().cadre == cadre
    page = text_of(client.get(url))
    assert ("我已读完" in page, "已读" in page) == (False, True)
    assert list(client.get(reverse("training:articles") + "?duty=mine").context["rows"]) == []


def test_text_is_shown_as_text():
    article = make_article(text="<script>alert(1)</script>")
    page = client_of(cadre=make_cadre()).get(reverse("training:article", args=[article.pk]))
    assert "&lt;script&gt;" in page.content.decode()


def test_staff_see_who_has_not_read_and_register_paper(hr, office):
    names = ("甲", "乙", "丙")
    people = [make_cadre(name, unit=office) for name in names]
    article = make_article(due_on=today() + WEEK, published_on=today())
    url = reverse("training:article_readers", args=[article.pk])
    assert {row.name for row in hr.get(url).context["not_read"]} == set(names)
    response = hr.post(url, {"chosen": [people[0].pk, people[1].pk]})
    assert response.url == url
    page = hr.get(url)
    assert [row.name for row in page.context["not_read"]] == ["丙"]
    assert page.context["progress"].words == "2 / 3"
    assert hr.post(url, {"chosen": [people[0].pk]}).status_code == 422
    assert [r.name for r in hr.get(f"{url}?unit={make_unit().pk}").context["not_read"]] == []
    hr.post(reverse("training:article_remind", args=[article.pk]))
    row = Reading.objects.filter(cadre=people[0]).get()
    hr.post(reverse("training:reading_cancel", args=[article.pk, row.pk]), {"reason": "登记错了"})
    assert Reading.objects.count() == 1


def test_a_head_sees_the_own_people_and_registers_nobody(office):
    make_cadre("本部门", unit=office)
    make_cadre("外部门", unit=make_unit())
    article = make_article(due_on=today() + WEEK, published_on=today())
    client = client_of(Role.DEPARTMENT_HEAD, unit=office)
    url = reverse("training:article_readers", args=[article.pk])
    assert [row.name for row in client.get(url).context["not_read"]] == ["本部门"]
    assert client.post(url, {"chosen": []}).status_code == 404


def test_the_own_reading_cannot_be_registered_or_cancelled_as_staff(office):
    own = make_cadre(unit=office)
    client = client_of(Role.HR, cadre=own)
    article = make_article(due_on=today() + WEEK, published_on=today())
    url = reverse("training:article_readers", args=[article.pk])
    assert own not in client.get(url).context["not_read"]
    client.post(reverse("training:article_confirm", args=[article.pk]))
    row = Reading.objects.get()
    assert client.get(reverse("training:reading_cancel", args=[article.pk, row.pk])).status_code == 404


def test_the_list_as_a_workbook(hr):
    make_article("甲文", due_on=today() + WEEK, published_on=today())
    sheet = load_workbook(BytesIO(hr.get(reverse("training:articles") + "?export=xlsx").getvalue())).active
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0]]
    assert rows[-1][0] == "甲文"


@pytest.mark.parametrize("query", ["", "?duty=must&sort=-due", "?duty=mine", "?q=文"])
def test_the_list_costs_the_same_at_one_and_three_rows(office, query):
    client = client_of(Role.HR, cadre=make_cadre(unit=office))
    url = reverse("training:articles") + query
    make_article("文一", due_on=today() + WEEK, published_on=today())
    one = cost(client, url)
    make_article("文二", due_on=today() + WEEK, published_on=today(), audience="unit", unit=office)
    make_article("文三", due_on=today() + WEEK, published_on=today())
    assert one == cost(client, url) <= MOST_QUERIES


@pytest.mark.parametrize("name", ["article", "article_readers"])
def test_a_page_costs_the_same_at_one_and_three_people(hr, office, name):
    article = make_article(due_on=today() + WEEK, published_on=today())
    url = reverse(f"training:{name}", args=[article.pk])

    def people():
        make_cadre(unit=office)
        Reading.objects.create(
            article=article, cadre=make_cadre(unit=make_unit()), unit=office, read_at=timezone.now()
        )

    people()
    one = cost(hr, url)
    people()
    people()
    assert one == cost(hr, url) <= MOST_QUERIES
