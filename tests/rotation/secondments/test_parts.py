"""Monthly notes, opinions, the host's link, return plans, what is brought home, study while away."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent
from park.models import Task
from people.access import viewer_for
from people.contracts import duties_of, obstacles_to, study_while_away
from people.models import Post, User
from rotation.choices.secondments import OpinionParty, OpinionStage, Outcome
from rotation.models import HostForm, MonthlyNote, Opinion, Secondment
from rotation.queries.secondments import missing_notes, months_due
from rotation.services import secondments as services
from rotation.services.secondments.hosts import digest_of
from tests.factories.documents import photo_upload
from tests.factories.park import make_plan
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer
from tests.factories.secondments import END, START, S, appraise, hop, make_secondment, noon, staff
from tests.factories.study import hold, make_activity
from training.models import Attendance

pytestmark = pytest.mark.django_db
BACKEND = "people.backends.AccountBackend"
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def own(row: Secondment, on: date = START):
    account = User.objects.filter(cadre=row.cadre).first() or make_account(cadre=row.cadre)
    return viewer_for(account, on=on)


def keys(viewer, prefix: str) -> list[str]:
    return [duty.key for duty in duties_of(viewer) if duty.key.startswith(prefix)]


class TestNotes:
    def test_each_month_begun_is_due_in_the_month_after(self):
        row = make_secondment(S.ACTIVE)
        assert months_due(row, date(2026, 4, 4), 5) == []
        assert months_due(row, date(2026, 4, 5), 5) == [MARCH]
        assert months_due(row, date(2026, 6, 30), 5) == [MARCH, APRIL, date(2026, 5, 1)]

    def test_none_is_due_after_the_end(self):
        row = make_secondment(S.ENDED)
        assert months_due(row, date(2028, 1, 1), 5)[-1] == date(2027, 3, 1)

    def test_sent_by_the_person_and_read_by_the_head(self):
        row = make_secondment(S.ACTIVE)
        when = noon(date(2026, 4, 2))
        send = {"secondment": row, "month": MARCH, "wants_help": "请协调车辆", "at": when}
        with pytest.raises(DomainError) as refusal:
            services.send_note(text="走访企业", by=make_viewer(Role.HR), **send)
        assert refusal.value.code == "not_own"
        note = services.send_note(text="走访企业", by=own(row), **send)
        assert services.send_note(text="走访企业 12 家", by=own(row), **send).pk == note.pk
        head = make_viewer(Role.DEPARTMENT_HEAD, unit=row.cadre.appointments.get(kind="post").unit)
        services.read_note(note=note, answer="继续", by=head, at=when)
        assert MonthlyNote.objects.get().text == "走访企业 12 家"
        with pytest.raises(DomainError, match="已经审阅"):
            services.send_note(text="再改", by=own(row), **send)

    def test_a_month_ahead_or_before_cannot_be_written(self):
        row = make_secondment(S.ACTIVE)
        for month in (date(2026, 2, 1), date(2026, 5, 1), date(2026, 3, 2)):
            with pytest.raises(DomainError) as refusal:
                services.send_note(
                    secondment=row, month=month, text="内容", wants_help="", by=own(row), at=noon(APRIL)
                )
            assert refusal.value.field == "month"

    def test_whoever_is_behind_has_a_duty_that_goes_up(self):
        row = make_secondment(S.ACTIVE)
        on = date(2026, 5, 6)
        assert missing_notes([row], on) == {row.pk: [MARCH, APRIL]}
        duty = next(d for d in duties_of(own(row, on)) if d.key.startswith("rotation.note"))
        assert (duty.due_on, duty.count, duty.escalates) == (date(2026, 4, 5), 2, True)


class TestOpinions:
    def test_the_person_writes_the_own_summary_and_nothing_else(self):
        row = make_secondment(S.ACTIVE)
        say = {"secondment": row, "stage": OpinionStage.FINAL, "values": {"text": "总结"}}
        found = services.record_opinion(party=OpinionParty.SELF, hop=hop(own(row)), **say)
        assert found.text == "总结"
        with pytest.raises(DomainError) as refusal:
            services.record_opinion(party=OpinionParty.HOST, hop=hop(own(row)), **say)
        assert refusal.value.code == "own_case"

    def test_an_appraisal_needs_all_four_and_a_grade(self):
        row, hr = make_secondment(S.ENDED), make_viewer(Role.HR)
        with pytest.raises(DomainError, match="鉴定还缺：个人总结、接收单位意见"):
            services.complete(secondment=row, hop=hop(hr, END))
        with pytest.raises(DomainError) as refusal:
            services.record_opinion(
                secondment=row,
                stage=OpinionStage.FINAL,
                party=OpinionParty.ORGANISATION,
                values={"text": "同意"},
                hop=hop(hr, END),
            )
        assert refusal.value.field == "grade"
        appraise(row, hr)
        row.refresh_from_db()
        assert row.state == S.APPRAISED

    def test_the_words_are_ciphertext_in_the_database_and_no_audit_event_has_them(self):
        make_secondment(S.APPRAISED)
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM rotation_opinion")
            stored = [str(text) for (text,) in cursor.fetchall()]
        assert (len(stored), [text for text in stored if "内容" in text]) == (4, [])
        assert not any("总结的内容" in str(event.changes) for event in AuditEvent.objects.all())

    def test_who_reads_what(self):
        row = make_secondment(S.ENDED)
        hr = make_viewer(Role.HR)
        unit = row.cadre.appointments.get(kind="post").unit
        services.record_opinion(
            secondment=row,
            stage=OpinionStage.FINAL,
            party=OpinionParty.HOST,
            values={"text": "好"},
            hop=hop(hr, END),
        )
        seen = Opinion.objects.filter(secondment=row)
        readers = {
            "本人": own(row),
            "部门负责人": make_viewer(Role.DEPARTMENT_HEAD, unit=unit),
            "别的部门负责人": make_viewer(Role.DEPARTMENT_HEAD, unit=make_unit()),
            "党务": make_viewer(Role.PARTY),
            "主要领导": make_viewer(Role.TOP_LEADER),
            "审计": make_viewer(Role.AUDITOR),
        }
        found = {name: Opinion.objects.visible_to(v).count() for name, v in readers.items()}
        assert found == {
            "本人": 0,
            "部门负责人": 1,
            "别的部门负责人": 0,
            "党务": 0,
            "主要领导": 1,
            "审计": 0,
        }
        Secondment.objects.filter(pk=row.pk).update(state=S.APPRAISED)
        assert Opinion.objects.visible_to(own(row)).count() == seen.count()


class TestTheHost:
    @pytest.fixture
    def link(self):
        row = make_secondment(S.ACTIVE)
        form, token = services.make_host_form(
            secondment=row, stage=OpinionStage.FINAL, hop=hop(make_viewer(Role.HR), timezone.localdate())
        )
        return row, form, token, f"/rotation/host/{token}/"

    def answer(self, **values):
        signed = {"signer": "周镇长", "signer_title": "镇长", "signed_on": timezone.localdate()}
        return {"text": "工作扎实", **signed, **values}

    def test_the_form_is_usable_once_without_an_account(self, link):
        row, form, _, url = link
        client = Client()
        page = client.get(url)
        assert page.status_code == 200
        assert (page["X-Robots-Tag"], page["Cache-Control"]) == ("noindex, nofollow", "no-store")
        assert row.cadre.name in page.content.decode()
        sent = client.post(url, {**self.answer(), "scan": photo_upload()})
        assert sent.status_code == 200
        opinion = Opinion.objects.get(secondment=row)
        assert (opinion.text, opinion.signer, opinion.by_form) == ("工作扎实", "周镇长", True)
        assert opinion.scan is not None
        again = [client.get(url), client.post(url, self.answer(text="再写"))]
        assert [r.status_code for r in again] == [404, 404]
        assert "工作扎实" not in again[0].content.decode()
        assert row.cadre.name not in again[0].content.decode()
        form.refresh_from_db()
        assert form.used_at is not None

    def test_only_the_hash_of_the_token_is_kept(self, link):
        _, form, token, _ = link
        assert form.token_hash == digest_of(token)
        assert token not in str(HostForm.objects.values().get())

    def test_a_signer_is_asked_for_and_nothing_is_lost(self, link):
        row, _, _, url = link
        answer = Client().post(url, self.answer(signer=""))
        assert (answer.status_code, Opinion.objects.filter(secondment=row).count()) == (422, 0)
        assert "工作扎实" in answer.content.decode()

    def test_expired_revoked_replaced_and_unknown_links_answer_alike(self, link):
        row, form, _, url = link
        hr = make_viewer(Role.HR)
        services.make_host_form(secondment=row, stage=OpinionStage.FINAL, hop=hop(hr, timezone.localdate()))
        late, token = services.make_host_form(
            secondment=row, stage=OpinionStage.MIDTERM, hop=hop(hr, timezone.localdate())
        )
        HostForm.objects.filter(pk=late.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
        pages = [Client().get(u) for u in (url, f"/rotation/host/{token}/", "/rotation/host/unknown/")]
        assert {page.status_code for page in pages} == {404}
        assert len({page.content.partition(b"<main")[2].partition(b"</main")[0] for page in pages}) == 1

    def test_the_link_is_shown_once(self):
        row = make_secondment(S.ACTIVE)
        client = Client()
        client.force_login(make_account(Role.HR), backend=BACKEND)
        made = client.post(f"/rotation/secondments/{row.pk}/host/final/")
        token = HostForm.objects.get().token_hash
        assert "/rotation/host/" in made.content.decode()
        assert token not in made.content.decode()
        assert "/rotation/host/" not in client.get(f"/rotation/secondments/{row.pk}/").content.decode()

    def test_too_many_addresses_tried_are_turned_away(self, link):
        _, _, _, url = link
        client = Client()
        for _ in range(30):
            client.get("/rotation/host/guess-guess-guess-guess-guess/")
        assert client.get(url).status_code == 404

    def test_what_the_host_wrote_is_not_rewritten(self, link):
        row, _, _, url = link
        Client().post(url, self.answer())
        with pytest.raises(DomainError) as refusal:
            services.record_opinion(
                secondment=row,
                stage=OpinionStage.FINAL,
                party=OpinionParty.HOST,
                values={"text": "改写"},
                hop=hop(make_viewer(Role.HR)),
            )
        assert refusal.value.code == "by_form"


class TestComingHome:
    @pytest.mark.parametrize(
        ("left", "notice"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-3, 7)]
    )
    def test_a_missing_return_plan_is_a_duty_at_ninety_thirty_and_seven_days(self, left, notice):
        row = make_secondment(S.ACTIVE)
        hr = make_viewer(Role.HR, on=END - timedelta(days=left))
        expected = [f"rotation.return:{row.pk}:{notice}"] if notice else []
        assert keys(hr, "rotation.return") == expected

    def test_the_duty_escalates_and_ends_with_the_plan(self):
        row, hr = make_secondment(S.ACTIVE), make_viewer(Role.HR, on=END - timedelta(days=20))
        duty = next(d for d in duties_of(hr) if d.key.startswith("rotation.return"))
        assert (duty.escalates, duty.cadre_id, duty.due_on) == (True, row.cadre_id, END - timedelta(days=30))
        services.arrange_return(
            secondment=row, values={"outcome": Outcome.RETURN, "position": "回原岗位"}, hop=hop(hr)
        )
        assert keys(hr, "rotation.return") == []

    def test_kept_or_returned(self):
        row = make_secondment(S.KEPT)
        assert row.steps.order_by("pk").last().act == "keep"

    def test_what_was_brought_home_becomes_a_task_once(self):
        row, hr = make_secondment(S.ACTIVE), make_viewer(Role.HR)
        item = services.bring_home(secondment=row, title="一窗受理", text="经验做法", hop=hop(own(row)))
        plan = make_plan()
        task = services.make_task(item=item, plan=plan, by=hr, on=START)
        assert (task.name, task.measures) == ("一窗受理", "经验做法")
        with pytest.raises(DomainError):
            services.make_task(item=item, plan=plan, by=hr, on=START)
        assert Task.objects.count() == 1


@pytest.mark.parametrize(("rule", "absences"), [("excused", 0), ("remote", 0), ("normal", 3)])
def test_no_absence_arises_while_away_whatever_the_clock_says(rule, absences):
    """Monday after Monday, past the planned end, until somebody has written down the last day."""
    hr, boss = staff()
    cadre, colleague = (make_cadre(f"{name}示例", unit=make_unit()) for name in "李王")
    row = make_secondment(S.DISPATCHED, cadre=cadre, by=hr, leader=boss, study_rule=rule)
    services.report_in(secondment=row, hop=hop(hr, date(2026, 3, 4)))
    mondays = [date(2026, 3, 2), date(2026, 3, 9), date(2026, 9, 7), date(2027, 3, 8), date(2027, 3, 29)]
    for day in mondays:
        if day == mondays[-1]:
            services.end(secondment=row, hop=hop(hr, END))
        hold(make_activity(day), came=[colleague])
    rows = Attendance.objects.filter(cadre=cadre).order_by("slot__starts_at")
    states = list(rows.values_list("state", flat=True))
    assert (states[0], states[-1]) == ("absent", "absent")  # before and after, at home
    assert states[1:-1].count("absent") == absences
    if rule == "remote":
        assert {row.note[-8:] for row in rows[1:4]} == {"（远程参加学习）"}


def test_being_away_speaks_against_a_move():
    row = make_secondment(S.ACTIVE)
    post = Post.objects.create(unit=make_unit(), title="科长")
    found = obstacles_to(row.cadre, post, on=date(2026, 6, 1))
    mine = [o for o in found if o.code == "secondment_in_progress"]
    assert [(o.severity, o.cadre_id) for o in mine] == [("blocks", row.cadre_id)]
    assert "2027年3月1日期满" in mine[0].message


def test_how_study_goes_on_is_asked_through_the_contract():
    row = make_secondment(S.ACTIVE, study_rule="remote")
    other = make_secondment(S.APPROVED)
    ids = [row.cadre_id, other.cadre_id]
    assert study_while_away(ids, on=date(2026, 6, 1)) == {row.cadre_id: "remote"}
    assert study_while_away(ids, on=START - timedelta(days=1)) == {}
