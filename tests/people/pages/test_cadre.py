from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.access import Role
from core.models import AuditEvent
from people.lrmx import read_lrmx
from people.models import Appointment, Cadre, FamilyMember, Honour, ResumeEntry, Unit
from tests.factories.people import make_appointment, make_cadre

OWN_TABS = {"track", "basic", "resume", "posts", "merit", "family"}


def page(client: Client, cadre: Cadre, tab: str = "") -> str:
    return client.get(f"/cadres/{cadre.pk}/" + (f"?tab={tab}" if tab else "")).content.decode()


def test_the_head_says_who_it_is_and_masks_the_telephone(hr: Client, cadre: Cadre) -> None:
    html = page(hr, cadre)
    assert "党政办公室副主任" in html
    assert "138****5527" in html
    assert "13800005527" not in html


def test_showing_the_telephone_leaves_a_trace(hr: Client, cadre: Cadre) -> None:
    answer = hr.post(f"/cadres/{cadre.pk}/reveal/phone/", headers={"HX-Request": "true"})
    assert answer.content.decode() == "13800005527"
    assert AuditEvent.objects.get(action="cadre.read").label == "王示例·联系电话"


def test_only_named_fields_can_be_shown(hr: Client, cadre: Cadre) -> None:
    assert hr.post(f"/cadres/{cadre.pk}/reveal/name/").status_code == 404
    assert hr.get(f"/cadres/{cadre.pk}/reveal/phone/").status_code == 405


def test_opening_the_family_leaves_a_trace(hr: Client, cadre: Cadre) -> None:
    FamilyMember.objects.create(cadre=cadre, relation="妻子", name="赵示例", workplace="示例小学")
    assert "赵示例" in page(hr, cadre, "family")
    assert AuditEvent.objects.filter(action="cadre.read").count() == 1


@pytest.mark.parametrize(
    ("role", "tabs"),
    [
        (Role.HR, {"track", "basic", "resume", "posts", "merit", "family"}),
        (Role.DEPARTMENT_HEAD, {"track", "basic", "resume", "posts", "merit"}),
        (Role.PARTY, {"track", "basic", "posts"}),
    ],
)
def test_tabs_follow_the_rights_on_this_cadre(log_in, cadre: Cadre, role: Role, tabs: set[str]) -> None:
    client = log_in(role)
    shown = {key for key, _, _ in client.get(f"/cadres/{cadre.pk}/").context["tabs"]}
    assert shown & OWN_TABS == tabs
    for hidden in {"resume", "merit", "family"} - tabs:
        assert client.get(f"/cadres/{cadre.pk}/?tab={hidden}").status_code == 404


def test_every_tab_that_is_offered_opens(log_in, office: Unit) -> None:
    """On another's record as staff, and on the own one, where the staff role does not reach."""
    own = make_cadre("周示例", unit=office)
    client = log_in(Role.HR, cadre=own)
    for cadre in (own, make_cadre("吴示例", unit=office)):
        offered = [key for key, _, _ in client.get(f"/cadres/{cadre.pk}/").context["tabs"]]
        answers = {key: client.get(f"/cadres/{cadre.pk}/?tab={key}").status_code for key in offered}
        assert answers == dict.fromkeys(offered, 200)


def test_an_unknown_tab_does_not_exist(hr: Client, cadre: Cadre) -> None:
    assert hr.get(f"/cadres/{cadre.pk}/?tab=nonsense").status_code == 404


def test_a_cadre_reads_the_own_record_and_no_other(log_in, cadre: Cadre, office: Unit) -> None:
    mine = make_cadre("李示例", unit=office, phone="13900001234")
    client = log_in(cadre=mine)
    assert client.get(f"/cadres/{mine.pk}/").status_code == 200
    assert client.get(f"/cadres/{mine.pk}/?tab=family").status_code == 200
    for path in ("", "timeline/", "photo/", "edit/", "next/"):
        assert client.get(f"/cadres/{cadre.pk}/{path}").status_code == 404
    assert client.post(f"/cadres/{cadre.pk}/reveal/phone/").status_code == 404
    assert client.get(f"/cadres/{mine.pk}/edit/").status_code == 404


def test_lanes_and_timeline_tell_the_career(hr: Client, cadre: Cadre) -> None:
    make_appointment(
        cadre,
        kind="secondment",
        organisation="市发展和改革委",
        title="科长助理",
        starts_on=date(2025, 3, 1),
        ends_on=date(2025, 9, 30),
    )
    Honour.objects.create(cadre=cadre, title="优秀共产党员", awarded_on=date(2024, 7, 1))
    assert "挂职：2025.03至2025.09市发展和改革委 科长助理" in page(hr, cadre)
    html = hr.get(f"/cadres/{cadre.pk}/timeline/").content.decode()
    years = [html.index(f"{year}年</div>") for year in (2025, 2024, 2020)]
    assert years == sorted(years)
    assert "优秀共产党员" in html


@pytest.mark.parametrize("tab", ["track", "basic", "resume", "posts", "merit", "family"])
def test_each_tab_costs_the_same_at_one_row_and_at_three(hr: Client, cadre: Cadre, tab: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            page(hr, cadre, tab)
        return len([q for q in found if "core_auditevent" not in q["sql"] and "SAVEPOINT" not in q["sql"]])

    def rows(year: int) -> None:
        Honour.objects.create(cadre=cadre, title="优秀", awarded_on=date(year, 7, 1))
        ResumeEntry.objects.create(cadre=cadre, starts_on=date(year, 7, 1), text="学习")
        FamilyMember.objects.create(cadre=cadre, relation="妻子", name="赵示例")
        make_appointment(cadre, kind="loan", organisation="市委", starts_on=date(year, 1, 1))

    rows(2021)
    one = queries()
    rows(2022), rows(2023)
    assert queries() == one
    assert one <= 13  # the timeline of the first tab asks every app; the other tabs stay within 12


def test_neighbours_follow_the_roster(hr: Client, office: Unit) -> None:
    first, second, third = (make_cadre(name, unit=office) for name in ("安一", "白二", "陈三"))
    assert hr.get(f"/cadres/{second.pk}/next/?tab=posts")["Location"] == f"/cadres/{third.pk}/?tab=posts"
    assert hr.get(f"/cadres/{second.pk}/previous/")["Location"] == f"/cadres/{first.pk}/"
    assert hr.get(f"/cadres/{third.pk}/next/")["Location"] == f"/cadres/{third.pk}/"


# -- changes ---------------------------------------------------------------------------------------


def full_form(client: Client, cadre: Cadre, **changed: str) -> dict[str, str]:
    form = client.get(f"/cadres/{cadre.pk}/edit/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else str(value) for name, value in shown.items()}
    return values | {"seen_at": cadre.updated_at.isoformat()} | changed


def test_an_edit_is_saved_and_blank_sensitive_fields_stay(hr: Client, cadre: Cadre) -> None:
    answer = hr.post(
        f"/cadres/{cadre.pk}/edit/", full_form(hr, cadre, rank="二级主任科员", birth_month="1985-03")
    )
    assert answer["Location"] == f"/cadres/{cadre.pk}/?tab=basic"
    cadre = Cadre.objects.get()
    assert (cadre.rank, cadre.birth_month, cadre.phone) == ("二级主任科员", date(1985, 3, 1), "13800005527")


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(hr: Client, cadre: Cadre) -> None:
    typed = full_form(hr, cadre, native_place="安徽宣城", birth_month="2090-01")
    answer = hr.post(f"/cadres/{cadre.pk}/edit/", typed)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "出生年月不能晚于今天" in answer.context["form"].errors["birth_month"][0]
    assert 'value="安徽宣城"' in html
    assert "<title>错误：编辑基本情况" in html


def test_a_change_by_someone_else_is_not_overwritten(hr: Client, cadre: Cadre) -> None:
    typed = full_form(hr, cadre, name="王改名")
    cadre.save()
    answer = hr.post(f"/cadres/{cadre.pk}/edit/", typed)
    assert answer.status_code == 422
    assert "被其他人改过" in answer.content.decode()
    assert Cadre.objects.get().name == "王示例"


def test_a_new_cadre_goes_on_to_the_post(hr: Client, office: Unit) -> None:
    answer = hr.post("/cadres/new/", {"name": "新示例", "status": "active", "display_order": "0"})
    made = Cadre.objects.get()
    assert answer["Location"] == f"/cadres/{made.pk}/posts/new/"
    post = {"kind": "post", "unit": office.pk, "title": "科员", "is_main": "on", "starts_on": "2024-05-01"}
    hr.post(answer["Location"], post)
    assert str(Appointment.objects.get()) == "党政办公室科员"


@pytest.mark.parametrize(
    ("kind", "values", "tab"),
    [
        ("education", {"mode": "full_time", "level": "大学"}, "basic"),
        ("appraisal", {"year": "2025", "grade": "excellent"}, "merit"),
        ("honour", {"kind": "award", "title": "先进个人", "awarded_on": "2025-07-01"}, "merit"),
        ("family", {"relation": "妻子", "name": "赵示例", "birth_month": "1990-01"}, "family"),
    ],
)
def test_records_are_added_changed_and_removed(hr: Client, cadre: Cadre, kind: str, values: dict, tab: str):
    base = f"/cadres/{cadre.pk}/{kind}/"
    assert hr.post(f"{base}new/", values)["Location"] == f"/cadres/{cadre.pk}/?tab={tab}"
    related = {"education": "education", "appraisal": "appraisals", "honour": "honours", "family": "family"}
    rows = getattr(cadre, related[kind])
    row = rows.get()
    assert hr.get(f"{base}{row.pk}/").status_code == 200
    assert hr.post(f"{base}{row.pk}/", values).status_code == 302
    assert "删除" in hr.get(f"{base}{row.pk}/remove/").content.decode()
    hr.post(f"{base}{row.pk}/remove/")
    assert not rows.exists()


def test_the_same_year_twice_is_refused_at_the_form(hr: Client, cadre: Cadre) -> None:
    values = {"year": "2025", "grade": "excellent"}
    hr.post(f"/cadres/{cadre.pk}/appraisal/new/", values)
    answer = hr.post(f"/cadres/{cadre.pk}/appraisal/new/", values)
    assert answer.status_code == 422
    assert "该年度考核结果已登记" in answer.content.decode()


def test_the_resume_is_edited_as_text(hr: Client, cadre: Cadre) -> None:
    text = "2003.09--2007.07 示例大学学习（其间：2005.09--2006.07 示例公司实习）\n2007.07-- 党政办公室科员"
    assert hr.post(f"/cadres/{cadre.pk}/resume/", {"text": text}).status_code == 302
    lines = [
        (e.starts_on, e.ends_on, e.text, e.parent_id is not None) for e in cadre.resume.order_by("starts_on")
    ]
    assert lines == [
        (date(2003, 9, 1), date(2007, 7, 1), "示例大学学习", False),
        (date(2005, 9, 1), date(2006, 7, 1), "示例公司实习", True),
        (date(2007, 7, 1), None, "党政办公室科员", False),
    ]
    shown = hr.get(f"/cadres/{cadre.pk}/resume/").context["form"]["text"].value()
    assert hr.post(f"/cadres/{cadre.pk}/resume/", {"text": shown}).status_code == 302
    assert [e.text for e in cadre.resume.order_by("starts_on")] == [text for _, _, text, _ in lines]


@pytest.mark.parametrize(
    ("line", "words"),
    [("没有年月的一行", "第 1 行读不出起止年月"), ("2003.13--2004.01 学习", "月份“13”应在")],
)
def test_a_resume_line_that_cannot_be_read_is_named(hr: Client, cadre: Cadre, line: str, words: str) -> None:
    answer = hr.post(f"/cadres/{cadre.pk}/resume/", {"text": line})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_no_one_edits_the_own_record_as_staff(log_in, cadre: Cadre) -> None:
    client = log_in(Role.HR, cadre=cadre)
    assert client.get(f"/cadres/{cadre.pk}/").status_code == 200
    assert client.get(f"/cadres/{cadre.pk}/edit/").status_code == 404


def test_the_appointment_form_leaves_with_a_trace(hr: Client, cadre: Cadre) -> None:
    answer = hr.get(f"/cadres/{cadre.pk}/form.lrmx")
    assert read_lrmx(answer.content).name == cadre.name
    assert AuditEvent.objects.get(action="export").label == "王示例·任免审批表"
