"""Contests: entries with files, hidden scores, ranking, honours that come and go."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.access import Role
from core.errors import DomainError
from core.models import Notification, StoredFile
from core.templatetags.ui import cn_date
from growth.contracts import Edition, SectionContext
from people.access import viewer_for
from people.models import Honour
from tests.factories.documents import blank_pdf
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer
from tests.factories.reading import make_contest, make_entry, make_judge, noon
from training.choices import ContestKind, ContestState
from training.contributions.contests import contests_section
from training.models import ContestEntry, ContestScore
from training.queries.contests import open_for, published_entries, to_score
from training.services.contests import (
    change_contest,
    create_contest,
    enter_contest,
    remove_entry_file,
    remove_judge,
    set_judge,
    withdraw_entry,
)
from training.services.judging import (
    cancel_contest,
    close_judging,
    missing_scores,
    publish_contest,
    remind_judges,
    reopen_judging,
    score_entry,
    start_judging,
    unpublish_contest,
)

pytestmark = pytest.mark.django_db
NOW = noon(TODAY)


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


def viewer_of(judge):
    return viewer_for(judge.user, on=TODAY)


def pdf(name="作品.pdf"):
    return SimpleUploadedFile(name, blank_pdf())


def judged(hr, *scores, **values):
    """A contest in which each entry got the row of points, one per judge; still being judged."""
    contest = make_contest(**values)
    entries = [make_entry(contest) for _ in scores]
    judges = [make_judge(contest) for _ in scores[0]]
    start_judging(contest=contest, by=hr, on=TODAY)
    for entry, row in zip(entries, scores, strict=True):
        for judge, points in zip(judges, row, strict=True):
            give(entry, judge, points)
    return contest, entries, judges


def give(entry, judge, points):
    return score_entry(entry=entry, judge=judge, points=Decimal(points), by=viewer_of(judge), at=NOW)


def test_the_whole_way_to_the_honour_and_back(hr):
    contest, entries, _ = judged(
        hr, ["90", "80"], ["95", "95"], ["85", "85"], first_prizes=1, second_prizes=1, third_prizes=0
    )
    close_judging(contest=contest, by=hr, on=TODAY)
    ranked = ContestEntry.objects.order_by("rank", "pk").values_list("pk", "score", "rank", "award")
    assert list(ranked) == [
        (entries[1].pk, Decimal(95), 1, "first"),
        (entries[0].pk, Decimal(85), 2, "second"),
        (entries[2].pk, Decimal(85), 2, "second"),
    ]
    contest.refresh_from_db()
    assert publish_contest(contest=contest, body="管委会", by=hr, on=TODAY) == 3
    honour = Honour.objects.get(cadre=entries[1].cadre)
    assert (honour.title, honour.awarding_body, honour.awarded_on) == (
        f"“{contest.title}”一等奖",
        "管委会",
        TODAY,
    )
    assert honour.deed == f"演讲比赛作品《{entries[1].title}》"
    contest.refresh_from_db()
    assert unpublish_contest(contest=contest, reason="分数有误", by=hr) == 3
    contest.refresh_from_db()
    assert (Honour.objects.count(), contest.state, contest.published_on) == (0, "closed", None)
    reopen_judging(contest=contest, reason="分数有误", by=hr)
    assert set(ContestEntry.objects.values_list("score", "rank", "award")) == {(None, None, "")}


def test_five_judges_lose_the_highest_and_the_lowest(hr):
    contest, (entry,), _ = judged(hr, ["100", "90", "80", "70", "0"])
    close_judging(contest=contest, by=hr, on=TODAY)
    entry.refresh_from_db()
    assert entry.score == 80


def test_judging_closes_only_when_everyone_has_scored_everything(hr):
    contest, entries, judges = judged(hr, ["90", "80"])
    ContestScore.objects.filter(judge=judges[1]).delete()
    assert missing_scores(contest) == {judges[1]: 1}
    with pytest.raises(DomainError) as refusal:
        close_judging(contest=contest, by=hr, on=TODAY)
    assert f"{judges[1].user.name}（1 件）" in refusal.value.message
    assert remind_judges(contest=contest, by=hr, on=TODAY) == 0  # told when judging began, today
    assert remind_judges(contest=contest, by=hr, on=TODAY + timedelta(days=1)) == 1


def test_a_judge_never_scores_the_own_entry(hr):
    cadre = make_cadre()
    contest = make_contest()
    own = make_entry(contest, cadre)
    other = make_entry(contest)
    judge = make_judge(contest, user=make_account(Role.VICE_LEADER, cadre=cadre))
    start_judging(contest=contest, by=hr, on=TODAY)
    with pytest.raises(DomainError) as refusal:
        give(own, judge, "100")
    assert refusal.value.code == "own_record"
    give(other, judge, "90")
    assert missing_scores(contest) == {}
    with pytest.raises(DomainError) as refusal:
        close_judging(contest=contest, by=hr, on=TODAY)
    assert refusal.value.message == "有作品没有任何评委的评分，请增加评委后再评定。"


@pytest.mark.parametrize("points", ["85.3", "100.5", "-1"])
def test_points_go_in_steps_of_a_half(hr, points):
    contest, (entry,), (judge,) = judged(hr, ["90"])
    with pytest.raises(DomainError) as refusal:
        give(entry, judge, points)
    assert refusal.value.field == "points"


def test_a_score_can_be_changed_until_closed(hr):
    contest, (entry,), (judge,) = judged(hr, ["90"])
    give(entry, judge, "91.5")
    assert ContestScore.objects.get().points == Decimal("91.5")
    close_judging(contest=contest, by=hr, on=TODAY)
    with pytest.raises(DomainError) as refusal:
        give(entry, judge, "50")
    assert refusal.value.code == "wrong_state"


def test_only_the_judge_scores(hr):
    contest, (entry,), (judge,) = judged(hr, ["90"])
    with pytest.raises(DomainError) as refusal:
        score_entry(entry=entry, judge=judge, points=Decimal(1), by=hr, at=NOW)
    assert refusal.value.code == "not_allowed"


def test_scores_are_hidden_until_closed(hr):
    contest, (entry,), judges = judged(hr, ["90", "80"])
    assert ContestScore.objects.visible_to(hr).count() == 0
    assert ContestScore.objects.visible_to(viewer_of(judges[0])).get().points == 90
    close_judging(contest=contest, by=hr, on=TODAY)
    assert ContestScore.objects.visible_to(hr).count() == 2
    assert ContestScore.objects.visible_to(viewer_of(judges[0])).count() == 1


def test_staff_who_entered_do_not_decide():
    cadre = make_cadre()
    staff = viewer_for(make_account(Role.HR, cadre=cadre), on=TODAY)
    contest = make_contest()
    entry, judge = make_entry(contest, cadre), make_judge(contest)
    start_judging(contest=contest, by=staff, on=TODAY)
    give(entry, judge, "90")
    with pytest.raises(DomainError) as refusal:
        close_judging(contest=contest, by=staff, on=TODAY)
    assert refusal.value.code == "own_record"


def test_an_own_entry_with_files():
    unit = make_unit()
    cadre = make_cadre(unit=unit)
    viewer = viewer_for(make_account(cadre=cadre), on=TODAY)
    contest = make_contest()
    values = {"title": "我的演讲", "note": ""}
    entry = enter_contest(
        contest=contest, cadre=cadre, values=values, uploads=[pdf(), pdf("二.pdf")], by=viewer, at=NOW
    )
    assert (entry.unit, entry.files.count()) == (unit, 2)
    remove_entry_file(kept=entry.files.first(), by=viewer, at=NOW)
    assert StoredFile.objects.get().name == "二.pdf"
    with pytest.raises(DomainError) as refusal:
        enter_contest(contest=contest, cadre=cadre, values=values, uploads=[], by=viewer, at=NOW)
    assert "已有作品" in refusal.value.message
    withdraw_entry(entry=entry, by=viewer, at=NOW)
    enter_contest(contest=contest, cadre=cadre, values=values, uploads=[], by=viewer, at=NOW)
    assert contest.entries.count() == 2


def test_a_wrong_file_refuses_the_entry():
    cadre = make_cadre()
    viewer = viewer_for(make_account(cadre=cadre), on=TODAY)
    bad = SimpleUploadedFile("作品.pdf", b"<html>")
    with pytest.raises(DomainError) as refusal:
        enter_contest(
            contest=make_contest(),
            cadre=cadre,
            values={"title": "甲"},
            uploads=[bad],
            by=viewer,
            at=NOW,
        )
    assert refusal.value.field == "files"
    assert ContestEntry.objects.count() == 0


def test_staff_hand_in_for_others_and_never_for_themselves(hr):
    cadre = make_cadre()
    staff = viewer_for(make_account(Role.HR, cadre=make_cadre()), on=TODAY)
    contest = make_contest()
    entry = enter_contest(
        contest=contest, cadre=cadre, values={"title": "代交"}, uploads=[], by=staff, at=NOW
    )
    assert entry.cadre == cadre
    stranger = viewer_for(make_account(cadre=make_cadre()), on=TODAY)
    with pytest.raises(DomainError) as refusal:
        withdraw_entry(entry=entry, by=stranger, at=NOW)
    assert refusal.value.code == "not_allowed"


def test_late_entries_are_refused(hr):
    cadre, contest = make_cadre(), make_contest(entries_until=TODAY - timedelta(days=1))
    with pytest.raises(DomainError) as refusal:
        enter_contest(contest=contest, cadre=cadre, values={"title": "迟"}, uploads=[], by=hr, at=NOW)
    assert refusal.value.code == "too_late"


def test_judging_starts_with_entries_and_judges(hr):
    contest = make_contest()
    for code, prepare in (("no_entries", make_entry), ("no_judges", make_judge)):
        with pytest.raises(DomainError) as refusal:
            start_judging(contest=contest, by=hr, on=TODAY)
        assert refusal.value.code == code
        prepare(contest)
    start_judging(contest=contest, by=hr, on=TODAY)
    assert Notification.objects.get().recipient_id == contest.judges.get().user_id


def test_judges_come_go_and_weigh(hr):
    contest, user = make_contest(), make_account(Role.VICE_LEADER)
    set_judge(contest=contest, user=user, weight=Decimal(1), by=hr)
    judge = set_judge(contest=contest, user=user, weight=Decimal(2), by=hr)
    assert contest.judges.get().weight == 2
    remove_judge(judge=judge, by=hr)
    contest, _, (judge,) = judged(hr, ["90"])
    with pytest.raises(DomainError) as refusal:
        remove_judge(judge=judge, by=hr)
    assert refusal.value.code == "has_scored"


def test_rules_stand_once_judging_began(hr):
    values = {"title": "演讲", "kind": ContestKind.SPEECH, "entries_until": TODAY}
    contest = create_contest(values=values, by=hr)
    change_contest(contest=contest, values={"first_prizes": 2}, by=hr)
    contest.state = ContestState.JUDGING
    contest.save()
    with pytest.raises(DomainError):
        change_contest(contest=contest, values={"first_prizes": 3}, by=hr)
    change_contest(contest=contest, values={"judging_until": TODAY + timedelta(days=9)}, by=hr)
    cancel_contest(contest=contest, reason="改期", by=hr)
    with pytest.raises(DomainError):
        change_contest(contest=contest, values={"title": "新"}, by=hr)


def test_what_is_due_for_a_judge_and_open_for_a_cadre(hr):
    contest, entries, judges = judged(hr, ["90"], ["80"])
    ContestScore.objects.filter(entry=entries[0]).delete()
    assert [(found.pk, found.left) for found in to_score(viewer_of(judges[0]))] == [(contest.pk, 1)]
    cadre = make_cadre()
    viewer = viewer_for(make_account(cadre=cadre), on=TODAY)
    running = make_contest()
    make_contest(entries_until=TODAY - timedelta(days=1))
    assert list(open_for(viewer)) == [running]
    make_entry(running, cadre)
    assert list(open_for(viewer)) == []


def test_the_growth_file_shows_published_results_only(hr):
    contest, (entry,), _ = judged(hr, ["90"])
    close_judging(contest=contest, by=hr, on=TODAY)
    contest.refresh_from_db()
    assert published_entries([entry.cadre], TODAY) == {}
    publish_contest(contest=contest, body="管委会", by=hr, on=TODAY)
    found = published_entries([entry.cadre], TODAY)[entry.cadre_id]
    section = contests_section(SectionContext(entry.cadre, TODAY, Edition.LEADER), found)
    assert section.title == "能力展示"
    assert section.blocks[0].rows[0].cells == (
        cn_date(TODAY),
        contest.title,
        "演讲比赛",
        entry.title,
        "90",
        "第 1 名",
        "一等奖",
    )
    assert contests_section(SectionContext(make_cadre(), TODAY, Edition.LEADER), None) is None
