"""The pages of growth files: who finds them, what they order, and that each look leaves a trace."""

import re
from datetime import timedelta
from io import BytesIO
from unittest import mock
from uuid import uuid4

import pikepdf
import pytest
from django.urls import reverse
from django.utils.timezone import localdate as today
from pypdfium2 import PdfDocument

from core.access import Role
from core.models import AuditEvent, Job
from core.pdf import PdfResult
from growth.contracts import Edition
from growth.models import GrowthFile
from growth.queries import snapshot_of
from growth.services import read_growth_file, store_file
from people.access import viewer_for
from tests.factories.documents import blank_pdf
from tests.factories.people import make_account, make_cadre, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone():
    root = make_unit("管委会")
    return {"root": root, "finance": make_unit("财政局", parent=root)}


@pytest.fixture
def hr(client, zone):
    user = make_account(Role.HR)
    client.force_login(user)
    return user


def made(cadre, user, edition=Edition.LEADER):
    """A file as the service keeps it; its one page is blank, so that nothing is rendered here."""
    viewer = viewer_for(user, on=today())
    snapshot = snapshot_of(cadre, edition=edition, as_of=today(), viewer=viewer)
    return store_file(cadre=cadre, snapshot=snapshot, result=PdfResult(blank_pdf(), 1), by=viewer)


def test_ordering_one_file_opens_it(client, hr, zone):
    cadre = make_cadre("王一", unit=zone["finance"])
    response = client.post(reverse("growth:make", args=[cadre.pk]), {"edition": "leader", "as_of": today()})
    file = GrowthFile.objects.get()
    assert response.url == reverse("growth:file", args=[file.pk])
    page = client.get(response.url)
    assert "王一成长档案" in page.content.decode()
    image = client.get(reverse("growth:page", args=[file.pk, 1]))
    assert image["Content-Type"] == "image/png"
    assert image.content.startswith(b"\x89PNG")
    download = client.get(reverse("growth:download", args=[file.pk]))
    assert download.content.startswith(b"%PDF")
    assert AuditEvent.objects.filter(action="growth.read").count() == 2


@pytest.mark.parametrize(("role", "own", "other"), [(Role.DEPARTMENT_HEAD, 1, 0), (Role.HR, 1, 1)])
def test_the_button_stands_only_where_it_leads_somewhere(client, zone, role, own, other):
    me, colleague = make_cadre("王一", unit=zone["finance"]), make_cadre("李二", unit=zone["finance"])
    client.force_login(make_account(role, Role.CADRE, unit=zone["finance"], cadre=me))
    for cadre, buttons in ((me, own), (colleague, other)):
        page = client.get(reverse("people:cadre", args=[cadre.pk])).content.decode()
        assert page.count(reverse("growth:make", args=[cadre.pk])) == buttons
    roster = client.get(reverse("people:cadres")).content.decode()
    assert roster.count(reverse("growth:make_many")) == other


def test_a_day_in_the_future_is_refused_and_the_choice_kept(client, hr, zone):
    cadre = make_cadre("王一", unit=zone["finance"])
    form = {"edition": "archive", "as_of": today() + timedelta(days=1)}
    response = client.post(reverse("growth:make", args=[cadre.pk]), form)
    assert response.status_code == 422
    text = response.content.decode()
    assert "数据截至日期不能晚于今天" in text
    assert 'value="archive" selected' in text


def test_a_page_that_is_not_there_is_refused_with_words(client, hr, zone):
    file = made(make_cadre("王一", unit=zone["finance"]), hr)
    response = client.get(reverse("growth:page", args=[file.pk, 99]))
    assert response.status_code == 422
    assert "没有第 99 页" in response.content.decode()


def test_people_chosen_in_the_roster_become_one_job(client, hr, zone):
    cadres = [make_cadre(unit=zone["finance"]) for _ in range(2)]
    chosen = [cadre.pk for cadre in cadres]
    opened = client.post(reverse("growth:make_many"), {"chosen": chosen})
    assert opened.status_code == 200
    assert "名册中选定的 2 人" in opened.content.decode()
    assert not Job.objects.exists()
    order = {"chosen": chosen, "scope": "chosen", "edition": "leader", "as_of": today()}
    response = client.post(reverse("growth:make_many"), order)
    job = Job.objects.get()
    assert response.url == reverse("job", args=[job.uid])
    assert sorted(job.params["cadres"]) == sorted(chosen)


def test_all_that_match_a_filter_of_the_roster_become_one_job(client, hr, zone):
    """Those of other pages travel with the page, and on to the form that orders their files."""
    here = [make_cadre(unit=zone["finance"]).pk for _ in range(21)]
    make_cadre(unit=zone["root"])
    page = client.get(reverse("people:cadres"), {"unit": zone["finance"].pk, "all": 1})
    chosen = re.findall(r'name="chosen" value="(\d+)"', page.content.decode())
    assert sorted(map(int, chosen)) == sorted(here)
    stranger = max(here) + 1000
    opened = client.post(reverse("growth:make_many"), {"chosen": [*chosen, stranger]}).content.decode()
    assert "名册中选定的 21 人（另有 1 人不由您生成，未列入）" in opened
    carried = re.findall(r'name="chosen" value="(\d+)"', opened)
    order = {"chosen": carried, "scope": "chosen", "edition": "leader", "as_of": today()}
    with mock.patch("growth.services.making.start", return_value=mock.Mock(uid=uuid4())) as started:
        assert client.post(reverse("growth:make_many"), order).status_code == 302
    assert sorted(started.call_args.kwargs["params"]["cadres"]) == sorted(here)


def test_a_book_has_a_bookmark_for_each_person_in_the_order_asked_for(client, hr, zone, monkeypatch):
    monkeypatch.setattr("growth.jobs.render_file", lambda snapshot: PdfResult(blank_pdf(2), 2))
    names = ("丁一", "王二", "于三")  # strokes: 丁 2, 于 3, 王 4
    chosen = [make_cadre(name, unit=zone["finance"]).pk for name in names]
    order = {"chosen": chosen, "scope": "chosen", "edition": "leader", "as_of": today()}
    client.post(reverse("growth:make_many"), order | {"output": "book", "order": "strokes"})
    data = client.get(reverse("job-download", args=[Job.objects.get().uid])).getvalue()
    with pikepdf.open(BytesIO(data)) as book, book.open_outline() as outline:
        assert [item.title.split("（")[0] for item in outline.root] == ["丁一", "于三", "王二"]
        assert len(book.pages) == 6


def test_a_paused_batch_goes_on_without_making_anything_twice(client, hr, zone, monkeypatch):
    rendered = []

    def render(snapshot):
        rendered.append(snapshot.identity.name)
        return PdfResult(blank_pdf(), 1)

    monkeypatch.setattr("growth.jobs.render_file", render)
    chosen = [make_cadre(name, unit=zone["finance"]).pk for name in ("甲", "乙")]
    order = {"chosen": chosen, "scope": "chosen", "edition": "leader", "as_of": today()}
    client.post(reverse("growth:make_many"), order)
    Job.objects.update(state="cancelled")
    job = Job.objects.get()
    assert "继续" in client.get(reverse("job", args=[job.uid])).content.decode()
    client.post(reverse("job-resume", args=[job.uid]))
    assert [job.state for job in Job.objects.order_by("pk")] == ["cancelled", "done"]
    assert rendered == ["甲", "乙"]


def test_two_people_of_one_number_keep_their_own_files(client, hr, zone):
    """Without a staff number the key stands for it, and may be somebody's staff number."""
    nameless = make_cadre("无工号", unit=zone["finance"], staff_no=None)
    other = make_cadre("有工号", unit=zone["finance"], staff_no=f"{nameless.pk:06d}")
    order = {"chosen": [nameless.pk, other.pk], "scope": "chosen", "edition": "leader", "as_of": today()}
    client.post(reverse("growth:make_many"), order)
    viewer = viewer_for(hr, on=today())
    for cadre in (nameless, other):
        pdf = PdfDocument(read_growth_file(file=GrowthFile.objects.get(cadre=cadre), by=viewer))
        assert cadre.name in pdf[0].get_textpage().get_text_bounded().replace("　", "")


def test_the_zip_is_not_for_someone_who_lost_the_right_meanwhile(client, hr, zone):
    order = {"scope": "unit", "unit": zone["finance"].pk, "edition": "leader", "as_of": today()}
    make_cadre(unit=zone["finance"])
    client.post(reverse("growth:make_many"), order)
    job = Job.objects.get()
    download = reverse("job-download", args=[job.uid])
    assert client.get(download).getvalue().startswith(b"PK")
    hr.grants.update(unit=make_unit("别的局"))
    assert client.get(download).status_code == 302
    assert client.get(f"/api/v1/jobs/{job.uid}/download/").status_code == 403


def test_a_unit_means_everyone_below_it(client, hr, zone):
    make_cadre(unit=zone["finance"])
    make_cadre(unit=zone["root"])
    order = {"scope": "unit", "unit": zone["finance"].pk, "edition": "leader", "as_of": today()}
    client.post(reverse("growth:make_many"), order)
    assert len(Job.objects.get().params["cadres"]) == 1


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"scope": "unit"}, "请选择部门"),
        ({"scope": "unit", "unit": "empty"}, "没有您可以生成成长档案的干部"),
    ],
)
def test_an_order_for_nobody_is_refused(client, hr, zone, order, words):
    if order.get("unit") == "empty":
        order = order | {"unit": make_unit("空壳局", parent=zone["root"]).pk}
    response = client.post(reverse("growth:make_many"), order | {"edition": "leader", "as_of": today()})
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_cadre_finds_only_the_own_self_edition(client, hr, zone):
    own, other = make_cadre("本人", unit=zone["finance"]), make_cadre("他人", unit=zone["finance"])
    files = {
        "own": made(own, hr, Edition.SELF),
        "own leader": made(own, hr),
        "other": made(other, hr, Edition.SELF),
    }
    client.force_login(make_account(cadre=own))
    assert client.get(reverse("growth:file", args=[files["own"].pk])).status_code == 200
    listed = client.get(reverse("growth:files")).content.decode()
    assert "他人" not in listed
    for hidden in (files["own leader"], files["other"]):
        for name, args in (("file", []), ("page", [1]), ("download", [])):
            url = reverse(f"growth:{name}", args=[hidden.pk, *args])
            assert client.get(url).status_code == 404
    assert client.get(reverse("growth:make", args=[other.pk])).status_code == 404
    assert client.get(reverse("growth:make_many")).status_code == 404


def test_staff_never_make_the_leader_edition_of_their_own_record(client, zone):
    own = make_cadre("本人", unit=zone["finance"])
    client.force_login(make_account(Role.HR, cadre=own))
    page = client.get(reverse("growth:make", args=[own.pk])).content.decode()
    assert 'value="self"' in page
    assert 'value="leader"' not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_any_length(client, hr, zone, rows, django_assert_max_num_queries):
    for _ in range(rows):
        made(make_cadre(unit=zone["finance"]), hr)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("growth:files")).status_code == 200


def test_files_are_found_by_initials_and_unit(client, hr, zone):
    made(make_cadre("单海涛", unit=zone["finance"]), hr)
    made(make_cadre("王一", unit=zone["root"]), hr)
    assert "王一" not in client.get(reverse("growth:files"), {"q": "sht"}).content.decode()
    found = client.get(reverse("growth:files"), {"unit": zone["finance"].pk}).content.decode()
    assert "单海涛" in found
    assert ">王一<" not in found
