"""Pages of talks: what is on them, for whom they exist, what they cost, and drafts that save themselves."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.access import Role
from tests.factories.people import make_account, make_cadre
from tests.factories.wellbeing import (
    make_duty,
    make_follow_up,
    make_slot,
    make_talk,
    plan,
    viewer_of,
    write,
)
from tests.wellbeing.conftest import browser, text_of
from wellbeing.choices.talks import TalkState
from wellbeing.models import FollowUp, Talk, TalkDuty, TalkRule, TalkSlot
from wellbeing.services.door import open_talk

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
TEXTS = {"thinking": "想参加公文写作培训", "assessment": "踏实肯干", "summary": "谈了工作和培训"}


def url(name, *args):
    return reverse(f"wellbeing:{name}", args=args)


def cost(client, address):
    client.get(address)  # the first request may write the session
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def texts_of(talk, user):
    return open_talk(viewer=viewer_of(user), talk=talk, at=timezone.now()).texts


def today():
    return timezone.localdate()


# Lists cost the same for one row and for three


@pytest.mark.parametrize("name", ["talks", "duties", "followups", "slots", "emergencies", "my_talks"])
def test_lists_cost_the_same_at_one_and_three_rows(name, cadre, talker, own, office):
    planner = make_account(Role.PARTY, Role.TOP_LEADER)
    user = {"slots": talker, "my_talks": own, "followups": talker}.get(name, planner)

    def add(number):
        person = cadre if name == "my_talks" else make_cadre(unit=office)
        talk = make_talk(person, talker=talker, held_on=today(), texts=TEXTS)
        make_duty(person, talker=talker, occasion_key=str(number), unit=office)
        make_slot(talker, starts_at=timezone.now() + timedelta(days=number))
        make_follow_up(talk)

    add(1)
    client = browser(user)
    first = cost(client, url(name))
    add(2), add(3)
    assert cost(client, url(name)) == first <= MOST_QUERIES


@pytest.mark.parametrize("name", ["coverage", "rules", "keeping", "privacy", "talk_new", "talk_request"])
def test_other_pages_are_cheap(name, cadre, own):
    user = own if name in ("privacy", "talk_request") else make_account(Role.HR)
    assert cost(browser(user), url(name)) <= MOST_QUERIES


# What planners see


def test_planners_see_that_and_when_never_what(cadre, talker):
    talk = make_talk(cadre, talker=talker, texts=TEXTS, held_on=today())
    client = browser(make_account(Role.PARTY))
    page = text_of(client.get(url("talk", talk.pk)))
    assert "内容密封" in page
    assert "王示例" in page
    for text in TEXTS.values():
        assert text not in page
    book = load_workbook(BytesIO(client.get(url("talks") + "?export=xlsx").content))
    cells = {str(cell.value) for row in book.active.iter_rows() for cell in row}
    assert {"王示例", "李示例", "已定稿"} <= cells
    assert not [text for text in TEXTS.values() if any(text in cell for cell in cells)]


def test_a_talk_of_others_does_not_exist_for_leaders(cadre, talker):
    talk = make_talk(cadre, talker=talker)
    for role in (Role.TOP_LEADER, Role.VICE_LEADER, Role.DEPARTMENT_HEAD, Role.DISCIPLINE):
        client = browser(make_account(role))
        assert client.get(url("talk", talk.pk)).status_code == 404
        assert "王示例" not in text_of(client.get(url("talks")))


def test_lists_filter(cadre, talker, office):
    make_talk(cadre, talker=talker, kind="care", held_on=today())
    make_talk(make_cadre("赵示例", unit=office), talker=talker, kind="first", held_on=today())
    client = browser(make_account(Role.PARTY))

    def names(query):
        return [row.cadre.name for row, _ in client.get(f"{url('talks')}?{query}").context["rows"]]

    assert names("kind=care") == ["王示例"]
    assert names("q=赵示例") == ["赵示例"]
    assert len(names(f"unit={office.pk}&year={today().year}")) == 2
    assert names("mine=talker") == []


# Writing in the browser


def form(**values):
    day = today().isoformat()
    return {"version": 0, "kind": "daily", "reason": "other", "way": "individual", "held_on": day} | values


def test_plan_write_and_finish_without_javascript(cadre, talker):
    client = browser(talker)
    sent = client.post(
        f"{url('talk_new')}?cadre={cadre.pk}",
        {"cadre": "王示例", "kind": "daily", "reason": "other", "way": "individual"},
    )
    talk = Talk.objects.get()
    assert sent.url == url("record", talk.pk)
    page = client.get(sent.url)
    assert "现在谁能看到" in text_of(page)
    assert "李示例" in text_of(page)
    client.post(sent.url, form(thinking="第一稿"))
    assert texts_of(talk, talker)["thinking"] == "第一稿"
    missing = client.post(sent.url, form(version=1, held_on="", act="finish"))
    assert missing.status_code == 422
    done = client.post(sent.url, form(version=1, thinking="定稿", summary="摘要", act="finish"))
    assert done.url == url("talk", talk.pk)
    talk.refresh_from_db()
    assert talk.state == TalkState.FINAL
    assert "定稿" in text_of(client.get(done.url))
    assert client.get(sent.url).status_code == 404


def test_a_day_ahead_is_told_at_its_field_and_the_text_is_kept(cadre, talker):
    talk = plan(cadre, talker=talker)
    tomorrow = (today() + timedelta(days=1)).isoformat()
    page = browser(talker).post(
        url("record", talk.pk), form(held_on=tomorrow, thinking="不要丢", act="finish")
    )
    assert page.status_code == 422
    assert "谈话日期不能晚于今天" in text_of(page)
    assert "不要丢" in text_of(page)


def autosave(client, talk, **values):
    return client.post(url("record", talk.pk), form(**values), headers={"HX-Request": "true"})


def test_drafts_save_themselves_and_hand_back_the_version(cadre, talker):
    talk, client = plan(cadre, talker=talker), browser(talker)
    answer = autosave(client, talk, thinking="写到一半")
    assert "草稿已自动保存" in text_of(answer)
    assert 'value="1"' in text_of(answer)
    assert "写到一半" not in text_of(answer)
    assert autosave(client, talk, version=1, thinking="再写").status_code == 200
    conflict = autosave(client, talk, version=1, thinking="旧窗口")
    assert conflict.status_code == 422
    assert "别的窗口" in text_of(conflict)
    assert texts_of(talk, talker)["thinking"] == "再写"


def test_an_unfinished_form_is_saved_as_well(cadre, talker):
    """A missing day is no reason to lose what was typed."""
    talk = plan(cadre, talker=talker)
    assert autosave(browser(talker), talk, held_on="", thinking="先写着").status_code == 200
    assert texts_of(talk, talker)["thinking"] == "先写着"


def test_the_panel_follows_the_chosen_superior(cadre, talker):
    vice = make_account(Role.VICE_LEADER, name="陈主任")
    talk, client = plan(cadre, talker=talker), browser(talker)
    page = text_of(client.get(url("who_sees", talk.pk), {"superior": vice.pk}))
    assert "定稿后陈主任（指定上级）也能看到" in page
    assert "陈主任" not in text_of(client.get(url("who_sees", talk.pk), {"superior": "x"}))
    assert Talk.objects.get().superior is None


def test_attachments_go_up_and_come_down(cadre, talker, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    talk, client = plan(cadre, talker=talker), browser(talker)
    client.post(url("talk_file_new", talk.pk), {"upload": SimpleUploadedFile("家访.txt", "内容".encode())})
    page = client.get(url("record", talk.pk))
    assert "家访.txt" in text_of(page)
    pk = page.context["files"][0].pk
    answer = client.get(url("talk_file", talk.pk, pk))
    assert answer.content.decode() == "内容"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert browser(make_account(Role.HR)).get(url("talk_file", talk.pk, pk)).status_code == 404
    client.post(url("talk_file_remove", talk.pk, pk))
    assert client.get(url("talk_file", talk.pk, pk)).status_code == 404


def test_release_sign_and_archive(cadre, talker, own):
    talk = make_talk(cadre, talker=talker, texts=TEXTS, held_on=today())
    client, phone = browser(talker), browser(own)
    assert TEXTS["summary"] in text_of(client.get(url("talk_release", talk.pk)))
    client.post(url("talk_release", talk.pk), {"summary": "给本人看的话"})
    mine = text_of(phone.get(url("my_talks")))
    assert "待您签阅" in mine
    page = text_of(phone.get(url("talk_sign", talk.pk)))
    assert "给本人看的话" in page
    assert TEXTS["thinking"] not in page
    signed = phone.post(url("talk_sign", talk.pk), {"remark": "没有意见"})
    assert signed.url == url("talk", talk.pk)
    assert "给本人看的话" in text_of(phone.get(signed.url))
    assert "没有意见" in text_of(client.get(url("talk", talk.pk)))
    client.post(url("talk_correct", talk.pk), {"text": "补充一点"})
    assert "补充一点" in text_of(client.get(url("talk", talk.pk)))
    assert "补充一点" not in text_of(phone.get(url("talk", talk.pk)))


def test_archive_without_signature_and_cancel(cadre, talker):
    client = browser(talker)
    final = make_talk(cadre, talker=talker, held_on=today())
    client.post(url("talk_archive", final.pk))
    planned = plan(cadre, talker=talker)
    client.post(url("talk_cancel", planned.pk))
    states = Talk.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["archived", "cancelled"]


# Slots and requests


def test_a_cadre_books_and_asks_on_the_page(cadre, talker, own):
    slot = make_slot(talker)
    phone = browser(own)
    assert "李示例" in text_of(phone.get(url("my_talks")))
    phone.post(url("slot_book", slot.pk))
    slot.refresh_from_db()
    assert slot.cadre == cadre
    again = phone.post(url("slot_book", slot.pk), follow=True)
    assert again.status_code in (200, 404)
    phone.post(url("talk_request"), {"talker": talker.pk})
    assert TalkDuty.objects.get(code="request").talker == talker


def test_a_talker_offers_and_withdraws(talker):
    client = browser(talker)
    day = today() + timedelta(days=3)
    client.post(url("slot_new"), {"starts_at": f"{day}T09:00", "ends_at": f"{day}T09:30", "place": "三楼"})
    slot = TalkSlot.objects.get()
    assert timezone.localtime(slot.starts_at).hour == 9
    client.post(url("slot_withdraw", slot.pk))
    slot.refresh_from_db()
    assert slot.withdrawn_at is not None


# Duties and rules


def test_from_a_duty_to_a_talk(cadre, talker, office):
    duty = make_duty(cadre, talker=talker, unit=office)
    client = browser(talker)
    assert f"?duty={duty.pk}" in client.get(url("duties")).content.decode()
    page = client.get(f"{url('talk_new')}?duty={duty.pk}")
    assert page.context["form"].initial["reason"] == "commended"
    client.post(
        f"{url('talk_new')}?duty={duty.pk}",
        {"cadre": "王示例", "kind": "encourage", "reason": "commended", "way": "individual"},
    )
    duty.refresh_from_db()
    assert duty.talk == Talk.objects.get()
    stranger = browser(make_account(Role.VICE_LEADER))
    assert stranger.get(f"{url('talk_new')}?duty={duty.pk}").status_code == 404


def test_planners_assign_and_waive(cadre, talker):
    duty, client = make_duty(cadre), browser(make_account(Role.PARTY))
    client.post(url("duty_assign", duty.pk), {"talker": talker.pk})
    duty.refresh_from_db()
    assert duty.talker == talker
    client.post(url("duty_waive", duty.pk), {"reason": "just_talked"})
    duty.refresh_from_db()
    assert duty.state == "waived"


def test_a_new_version_of_a_rule(settings):
    client = browser(make_account(Role.HR))
    day = today() + timedelta(days=1)
    sent = {
        "starts_on": day,
        "relation": "vice",
        "is_on": "on",
        "lead_days": 0,
        "due_days": 10,
        "source": "办发1号",
    }
    assert client.post(url("rule_new", "commended"), sent).url == url("rules")
    old, new = TalkRule.objects.filter(code="commended").order_by("starts_on")
    assert (old.ends_on, new.relation, new.due_days) == (today(), "vice", 10)
    page = client.post(url("rule_new", "yearly"), {"starts_on": day, "relation": "top", "source": "x"})
    assert page.status_code == 422
    assert client.get(url("rule_new", "other")).status_code == 404


def test_coverage_hides_small_departments(cadre, talker, office):
    page = text_of(browser(make_account(Role.TOP_LEADER)).get(url("coverage")))
    assert "少于 5 人，不显示" in page
    for _ in range(4):
        make_cadre(unit=office)
    client = browser(make_account(Role.TOP_LEADER))
    assert "少于 5 人，不显示" not in text_of(client.get(url("coverage")))
    assert client.get(url("coverage") + "?export=xlsx").status_code == 200


# Follow-ups


def test_a_follow_up_in_the_browser(cadre, talker, own):
    owner = make_account(Role.PARTY, name="徐示例")
    talk = make_talk(cadre, talker=talker, texts=TEXTS, held_on=today())
    client, other = browser(talker), browser(owner)
    client.post(
        url("followup_new", talk.pk),
        {"category": "family", "owner": owner.pk, "due_on": today(), "matter": "子女入学"},
    )
    row = FollowUp.objects.get()
    assert "子女入学" not in text_of(other.get(url("followups")))
    assert "子女入学" in text_of(other.get(url("followup", row.pk)))
    other.post(url("followup_close", row.pk), {"solved": "1", "result": "已协调"})
    other.post(url("followup_tell", row.pk))
    assert "已协调" in text_of(browser(own).get(url("followup", row.pk)))
    assert browser(make_account(Role.HR)).get(url("followup", row.pk)).status_code == 404


# The rest of the product learns a number


def test_the_tab_of_a_cadre_says_how_often(cadre, talker):
    make_talk(cadre, talker=talker, texts=TEXTS, held_on=today())
    page = text_of(
        browser(make_account(Role.PARTY)).get(reverse("people:cadre", args=[cadre.pk]) + "?tab=talks")
    )
    assert "1 次" in page
    assert not [text for text in TEXTS.values() if text in page]


def test_the_home_page_says_what_is_owed(cadre, talker):
    make_duty(cadre, talker=talker)
    page = text_of(browser(talker).get(reverse("home")))
    assert "应谈未谈 1 项" in page
    assert browser(talker).get(url("my_duties")).url == f"{url('duties')}?mine=1&state=open"


def test_consent_and_holds_in_the_browser(cadre, own):
    client = browser(own)
    client.post(url("consent_give", "health_locker"))
    assert "已同意" in text_of(client.get(url("privacy")))
    client.post(url("consent_withdraw", "health_locker"))
    assert "已同意" not in text_of(client.get(url("privacy")))
    assert client.get(url("consent_give", "nothing")).status_code == 404
    keeper = browser(make_account(Role.DISCIPLINE))
    keeper.post(url("hold_new"), {"cadre": "王示例", "reason": "配合核查"})
    assert "王示例" in text_of(keeper.get(url("keeping")))


def test_drafts_written_elsewhere_are_there(cadre, talker):
    talk = plan(cadre, talker=talker)
    write(talk, thinking="昨天写的")
    assert "昨天写的" in text_of(browser(talker).get(url("record", talk.pk)))


def test_the_way_to_a_page_holds_no_link_that_would_be_refused() -> None:
    """Who looks after one follow-up has no list of talks: its name stands there without a link."""
    owner = make_account(cadre=make_cadre("李示例"))
    client = browser(owner)
    row = make_follow_up(make_talk(make_cadre("王示例")), owner=owner)
    crumbs = client.get(url("followup", row.pk)).context["crumbs"]
    assert ("谈心谈话", "") in crumbs
    assert [client.get(link).status_code for _, link in crumbs if link] == [200, 200]
