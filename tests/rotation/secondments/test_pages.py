"""Pages of secondments: the whole way pressed through, what each reader finds, letters, the growth file."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document
from pypdf import PdfReader

from core.access import Role
from core.models import AuditEvent
from growth.contracts import Edition, SectionContext, Table, sections_for
from people.choices import StaffType
from people.models import Cadre
from rotation.choices.secondments import Direction, OpinionParty
from rotation.models import MonthlyNote, Secondment
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.secondments import END, START, S, make_secondment, noon

pytestmark = pytest.mark.django_db
BACKEND = "people.backends.AccountBackend"


def client_of(*roles, **scope):
    client = Client()
    client.force_login(make_account(*roles, **scope), backend=BACKEND)
    return client


def cost(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def placed(cadre, as_of):
    return Cadre.objects.with_position(as_of).get(pk=cadre.pk)


def with_note(row):
    MonthlyNote.objects.create(
        secondment=row, month=date(2026, 3, 1), text="走访企业", sent_at=noon(date(2026, 4, 2))
    )
    return row


@pytest.mark.parametrize(
    "url",
    [
        "/rotation/secondments/",
        "/rotation/secondments/board/",
        "/rotation/secondments/plans/",
        "/rotation/secondments/notes/",
    ],
)
def test_a_page_costs_the_same_at_one_and_three(url):
    hr = client_of(Role.HR)
    with_note(make_secondment(S.ACTIVE))
    one = cost(hr, url)
    for _ in range(2):
        with_note(make_secondment(S.ACTIVE))
    assert (cost(hr, url), one <= 12) == (one, True)


def test_one_secondment_costs_the_same_whatever_hangs_on_it():
    hr = client_of(Role.HR)
    row = make_secondment(S.ACTIVE)
    url = f"/rotation/secondments/{row.pk}/"
    one = cost(hr, url)
    for month in (3, 4, 5):
        MonthlyNote.objects.create(
            secondment=row, month=date(2026, month, 1), text="内容", sent_at=noon(date(2026, 6, 1))
        )
    assert (cost(hr, url), one <= 12) == (one, True)


def test_the_whole_way_by_hand():
    """From the recommendation to the letter of return, each step by whoever may take it."""
    today = timezone.localdate()
    hr, boss = client_of(Role.HR), client_of(Role.TOP_LEADER)
    cadre = make_cadre("李示例", unit=make_unit("招商局"))
    values = {
        "cadre": "李示例",
        "direction": "out",
        "partner_kind": "township",
        "organisation": "示例县兴隆镇人民政府",
        "title": "镇长助理",
        "starts_on": today - timedelta(days=30),
        "planned_end_on": today,
        "study_rule": "excused",
        "released": "on",
        "into_resume": "on",
    }
    made = hr.post("/rotation/secondments/new/", values)
    row = Secondment.objects.get()
    url = f"/rotation/secondments/{row.pk}/"
    assert made["Location"] == url
    assert hr.post(f"{url}approve/", {"approved": "1"}).status_code == 404
    assert "需关注" in boss.get(f"{url}approve/").content.decode()
    boss.post(f"{url}approve/", {"approved": "1"})
    hr.post(f"{url}dispatch/", {"document_no": "组派〔2026〕5号"})
    hr.post(f"{url}report/", {"on": today - timedelta(days=30)})
    hr.post(f"{url}end/", {"on": today})
    for party in ("1_self", "2_host", "3_home", "4_organisation"):
        grade = {"grade": "excellent"} if party == "4_organisation" else {}
        answer = hr.post(f"{url}opinions/final/{party}/", {"text": "表现良好", **grade})
        assert answer.status_code == 302
    hr.post(f"{url}complete/", {})
    hr.post(f"{url}return-plan/", {"outcome": "return", "position": "回原岗位"})
    hr.post(f"{url}settle/", {"outcome": "return", "document_no": "组返〔2026〕1号"})
    row.refresh_from_db()
    assert (row.state, row.return_document_no, row.resume_entered) == ("returned", "组返〔2026〕1号", True)
    page = hr.get(url).content.decode()
    for words in ("出具派遣函", "回原岗位", "返岗通知（Word）"):
        assert words in page
    assert cadre.appointments.get(kind="secondment").ends_on == today


class TestLetters:
    def test_the_letter_of_dispatch_in_both_forms_says_the_same(self):
        row = make_secondment(S.DISPATCHED, cadre=make_cadre("李示例", unit=make_unit()))
        hr = client_of(Role.HR)
        base = f"/rotation/secondments/{row.pk}/letters/dispatch"
        word = Document(BytesIO(hr.get(f"{base}.docx").content))
        lines = [p.text for p in word.paragraphs if p.text]
        assert lines[:3] == ["组派〔2026〕1号", "挂职干部派遣函", "示例县兴隆镇人民政府："]
        assert "选派李示例同志到你单位挂任镇长助理，挂职时间为2026年3月2日至2027年3月1日" in lines[3]
        assert lines[-1] == "2026年3月2日"
        pages = PdfReader(BytesIO(hr.get(f"{base}.pdf").content)).pages
        text = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
        for line in lines:
            assert line.replace(" ", "") in text

    def test_the_letter_of_return_and_the_blank_form(self):
        row = make_secondment(S.RETURNED)
        hr = client_of(Role.HR)
        word = Document(BytesIO(hr.get(f"/rotation/secondments/{row.pk}/letters/return.docx").content))
        assert "挂职干部返岗通知" in [p.text for p in word.paragraphs]
        live = make_secondment(S.ACTIVE)
        blank = hr.get(f"/rotation/secondments/{live.pk}/host/final/blank.pdf")
        text = PdfReader(BytesIO(blank.content)).pages[0].extract_text()
        assert "接收单位" in text
        paper = hr.post(f"/rotation/secondments/{live.pk}/host/final/", {"paper": "1"})
        assert paper["Content-Type"] == "application/pdf"

    def test_no_letter_before_its_time(self):
        row = make_secondment(S.RECOMMENDED)
        hr = client_of(Role.HR)
        for kind in ("dispatch", "return"):
            assert hr.get(f"/rotation/secondments/{row.pk}/letters/{kind}.pdf").status_code == 404


class TestTheCadre:
    def test_a_recommendation_is_not_known_to_the_person(self):
        row = make_secondment(S.RECOMMENDED)
        me = client_of(cadre=row.cadre)
        assert row.organisation not in me.get("/rotation/mine/").content.decode()
        assert me.get(f"/rotation/mine/{row.pk}/").status_code == 404

    def test_the_note_takes_one_form_with_the_month_chosen(self):
        row = make_secondment(S.ACTIVE)
        me = client_of(cadre=row.cadre)
        url = f"/rotation/mine/{row.pk}/note/"
        assert '<option value="2026-03-01" selected>' in me.get(url).content.decode()
        me.post(url, {"month": "2026-03-01", "text": "走访企业", "wants_help": ""})
        assert MonthlyNote.objects.get().text == "走访企业"
        assert '<option value="2026-04-01" selected>' in me.get(url).content.decode()

    def test_the_appraisal_is_read_once_it_is_complete_and_leaves_a_trace(self):
        row = make_secondment(S.APPRAISED)
        me = client_of(cadre=row.cadre)
        page = me.get(f"/rotation/secondments/{row.pk}/appraisal/").content.decode()
        assert "组织部门意见的内容" in page
        assert AuditEvent.objects.filter(action="secondment.open").count() == 1

    def test_staff_do_not_find_their_own_case_as_staff(self):
        row = make_secondment(S.ACTIVE)
        both = client_of(Role.HR, cadre=row.cadre)
        assert both.get(f"/rotation/secondments/{row.pk}/").status_code == 404
        assert both.get(f"/rotation/secondments/{row.pk}/end/").status_code == 404
        assert both.get(f"/rotation/mine/{row.pk}/").status_code == 200


def test_a_head_sees_the_people_of_the_unit_and_who_is_hosted_there():
    unit, other = make_unit("招商局"), make_unit("财政局")
    out = make_secondment(S.ACTIVE, cadre=make_cadre("陈甲", unit=unit))
    make_secondment(S.ACTIVE, cadre=make_cadre("陈乙", unit=other))
    guest = make_cadre("陈丙", staff_type=StaffType.SECONDED_IN)
    make_secondment(S.APPROVED, cadre=guest, direction=Direction.IN, host_unit=unit)
    head = client_of(Role.DEPARTMENT_HEAD, unit=unit)
    page = head.get("/rotation/secondments/").content.decode()
    assert [name in page for name in ("陈甲", "陈乙", "陈丙")] == [True, False, True]
    assert head.get(f"/rotation/secondments/{out.pk}/end/").status_code == 404
    answer = head.post(f"/rotation/secondments/{out.pk}/opinions/final/3_home/", {"text": "好"})
    assert (answer.status_code, "期满以后填写" in answer.content.decode()) == (422, True)


def test_the_appraisal_is_one_sheet_for_those_who_may_read_it():
    unit = make_unit("招商局")
    row = make_secondment(S.APPRAISED, cadre=make_cadre("王示例", unit=unit))
    url = f"/rotation/secondments/{row.pk}/appraisal"
    head = client_of(Role.DEPARTMENT_HEAD, unit=unit)
    pages = PdfReader(BytesIO(head.get(f"{url}.pdf").content)).pages
    text = "".join(page.extract_text() for page in pages)
    parts = [party.label for party in OpinionParty]
    assert all(words in text for words in ("王示例", "示例县兴隆镇人民政府", "等次：优秀", *parts))
    word = Document(BytesIO(client_of(cadre=row.cadre).get(f"{url}.docx").content))
    (table,) = word.tables
    told = [table.rows[n].cells[0].text for n in range(3, 7)]
    assert told == parts
    assert "等次：优秀" in table.rows[6].cells[1].text
    label = f"下载挂职干部鉴定表：{row}"
    assert AuditEvent.objects.filter(action="secondment.open", label=label).count() == 2
    assert "鉴定表（PDF）" in head.get(f"{url}/").content.decode()
    assert client_of(Role.PARTY).get(f"{url}.pdf").status_code == 404  # no resume, no appraisal
    assert head.get(f"/rotation/secondments/{make_secondment(S.ACTIVE).pk}/appraisal.pdf").status_code == 404


def test_the_growth_file_tells_the_grade_and_the_notes():
    row = with_note(make_secondment(S.RETURNED))

    def cells(as_of):
        context = SectionContext(placed(row.cadre, as_of), as_of=as_of, edition=Edition.LEADER)
        found = {section.key: section for section in sections_for(context)}
        chapter = found["secondments"]
        return [line.cells for block in chapter.blocks if isinstance(block, Table) for line in block.rows]

    assert cells(START - timedelta(days=1)) == []
    known = cells(END + timedelta(days=30))
    assert known == [
        ("2026年3月—2027年3月", "示例县兴隆镇人民政府镇长助理", "挂职（乡镇）", "1年", "1/12", "优秀")
    ]


def test_the_growth_file_tells_the_tenure():
    cadre = make_cadre(unit=make_unit("招商局"), title="科员", post_since=date(2020, 1, 1))
    as_of = date(2026, 11, 2)
    context = SectionContext(placed(cadre, as_of), as_of=as_of, edition=Edition.SELF)
    chapter = next(s for s in sections_for(context) if s.key == "tenure")
    facts = [(fact.label, fact.value) for fact in chapter.blocks[0].rows]
    assert facts == [("现任岗位", "招商局科员"), ("同一岗位连续任职", "6年10个月（2020年1月1日起）")]


def test_the_api_reads_by_scope_and_takes_the_own_note():
    row = make_secondment(S.ACTIVE)
    me = client_of(cadre=row.cadre)
    assert [r["id"] for r in me.get("/api/v1/secondments/").json()["results"]] == [row.pk]
    sent = me.post(
        "/api/v1/secondment-notes/",
        {"secondment": row.pk, "month": "2026-03-01", "text": "走访", "wants_help": ""},
        content_type="application/json",
    )
    assert (sent.status_code, sent.json()["text"]) == (201, "走访")
    hr = client_of(Role.HR)
    refused = hr.post(
        "/api/v1/secondment-notes/",
        {"secondment": row.pk, "month": "2026-04-01", "text": "代写"},
        content_type="application/json",
    )
    assert refused.json()["code"] == "not_own"
    found = hr.get("/api/v1/tenures/?state=late").json()["results"]
    assert found == []
