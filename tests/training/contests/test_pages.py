"""Pages of contests: entering, judging, closing, publishing; each sees what is theirs."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate as today

from core.access import Role
from people.models import Honour
from tests.factories.documents import blank_pdf
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.reading import make_contest, make_entry, make_judge
from tests.training.reading_pages import MOST_QUERIES, client_of, cost, text_of
from training.models import Contest, ContestEntry, ContestScore, EntryFile

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def hr():
    return client_of(Role.HR)


def url_of(name, *args):
    return reverse(f"training:{name}", args=args)


def test_a_contest_from_the_call_to_the_honour(hr):
    sent = {"title": "春季演讲", "kind": "speech", "theme": "other", "entries_until": f"{today() + WEEK}"}
    sent |= {"drops_extremes": "on", "first_prizes": "1", "second_prizes": "0", "third_prizes": "0"}
    response = hr.post(url_of("contest_new"), sent)
    contest = Contest.objects.get()
    page = url_of("contest", contest.pk)
    assert response.url == page
    judge = make_account(Role.VICE_LEADER, name="评委甲")
    hr.post(url_of("contest_judges", contest.pk), {"who": "评委甲", "weight": "1"})

    cadre = make_cadre("参赛者", unit=make_unit())
    mine = client_of(cadre=cadre)
    assert "提交作品" in text_of(mine.get(page))
    files = [SimpleUploadedFile(name, blank_pdf()) for name in ("一.pdf", "二.pdf")]
    mine.post(url_of("entry_new", contest.pk), {"title": "我的演讲", "note": "", "files": files})
    entry = ContestEntry.objects.get()
    assert (entry.cadre, entry.files.count()) == (cadre, 2)
    kept = EntryFile.objects.first()
    assert mine.get(url_of("entry_file", entry.pk, kept.pk)).status_code == 200

    hr.post(url_of("contest_start", contest.pk))
    bench = client_of(user=judge)
    assert "还有 1 件未评" in text_of(bench.get(page))
    assert bench.get(url_of("entry_file", entry.pk, kept.pk)).status_code == 200
    bench.post(url_of("entry_score", entry.pk), {"points": "88.5", "comment": "好"})
    assert "88.5" not in text_of(hr.get(url_of("entry", entry.pk)))
    hr.post(url_of("contest_close", contest.pk))
    assert "88.5" in text_of(hr.get(url_of("entry", entry.pk)))
    assert "88.5" not in text_of(mine.get(url_of("entry", entry.pk)))
    hr.post(url_of("contest_publish", contest.pk), {"body": "管委会"})
    assert Honour.objects.get().cadre == cadre
    assert "第 1 名" in text_of(client_of(cadre=make_cadre()).get(url_of("entry", entry.pk)))
    hr.post(url_of("contest_unpublish", contest.pk), {"reason": "有误"})
    hr.post(url_of("contest_reopen", contest.pk), {"reason": "有误"})
    contest.refresh_from_db()
    assert (contest.state, Honour.objects.count()) == ("judging", 0)


def test_staff_hand_in_for_others_by_name(hr):
    contest = make_contest(entries_until=today() + WEEK)
    make_cadre("张三", staff_no="A1")
    make_cadre("张三", staff_no="A2")
    url = url_of("entry_new_for", contest.pk)
    response = hr.post(url, {"who": "张三", "title": "作品"})
    assert response.context["form"].errors["who"] == ["有 2 人同名，请填工号：A1、A2。"]
    hr.post(url, {"who": "A2", "title": "作品"})
    entry = ContestEntry.objects.get()
    assert entry.cadre.staff_no == "A2"
    hr.post(url_of("entry_edit", entry.pk), {"title": "改名"})
    hr.post(url_of("entry_withdraw", entry.pk))
    entry.refresh_from_db()
    assert (entry.title, entry.withdrawn_at is None) == ("改名", False)


def test_judges_are_named_exactly(hr):
    contest = make_contest()
    url = url_of("contest_judges", contest.pk)
    for username in ("li1", "li2"):
        make_account(Role.VICE_LEADER, name="李四", username=username)
    response = hr.post(url, {"who": "李四", "weight": "1"})
    assert response.context["form"].errors["who"] == ["有 2 个账号叫这个名字，请填登录名：li1、li2。"]
    assert "没有这个姓名" in text_of(hr.post(url, {"who": "无此人", "weight": "1"}))
    hr.post(url, {"who": "li2", "weight": "1.5"})
    row = contest.judges.get()
    hr.post(url_of("judge_remove", contest.pk, row.pk))
    assert contest.judges.count() == 0


def test_a_cadre_sees_no_other_entry_before_publication():
    contest = make_contest(entries_until=today() + WEEK)
    mine, other = make_cadre(), make_cadre()
    own, theirs = make_entry(contest, mine), make_entry(contest, other)
    client = client_of(cadre=mine)
    assert [row.pk for row in client.get(url_of("contest", contest.pk)).context["entries"]] == [own.pk]
    assert client.get(url_of("entry", theirs.pk)).status_code == 404
    assert client.get(url_of("entry_edit", theirs.pk)).status_code == 404
    assert client.get(url_of("entry_edit", own.pk)).status_code == 200
    assert client.get(url_of("entry_score", theirs.pk)).status_code == 404


def test_a_judge_finds_no_way_to_score_the_own_entry():
    contest = make_contest(state="judging")
    cadre = make_cadre()
    entry = make_entry(contest, cadre)
    account = make_account(Role.VICE_LEADER, cadre=cadre)
    make_judge(contest, user=account)
    client = client_of(user=account)
    assert client.get(url_of("entry_score", entry.pk)).status_code == 404
    assert "本人作品不评" in text_of(client.get(url_of("contest", contest.pk)))


def test_a_refused_score_stands_at_its_field():
    contest = make_contest(state="judging")
    judge, entry = make_judge(contest), make_entry(contest)
    client = client_of(user=judge.user)
    response = client.post(url_of("entry_score", entry.pk), {"points": "88.3"})
    assert response.context["form"].errors == {"points": ["分数应在 0 到 100 之间，以 0.5 为一档。"]}
    assert ContestScore.objects.count() == 0


def test_the_list_filters(hr):
    make_contest("写作", kind="writing")
    make_contest("演讲", kind="speech", state="judging")
    url = url_of("contests")

    def names(query):
        return [row.title for row, _ in hr.get(f"{url}?{query}").context["rows"]]

    assert names("kind=writing") == ["写作"]
    assert names("state=judging") == ["演讲"]
    assert names("q=讲") == ["演讲"]


def test_pages_cost_the_same_at_one_and_three_rows(hr):
    contest = make_contest()
    make_entry(contest, make_cadre(unit=make_unit()))
    make_judge(contest)
    pages = [url_of("contests"), url_of("contest", contest.pk), url_of("contest_judges", contest.pk)]
    one = [cost(hr, url) for url in pages]
    for _ in range(2):
        make_entry(contest, make_cadre(unit=make_unit()))
        make_judge(contest)
        make_entry(make_contest())
    assert one == [cost(hr, url) for url in pages]
    assert max(one) <= MOST_QUERIES
