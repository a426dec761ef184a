import base64
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from people.imports import service
from people.imports.lrmx_export import form_of
from people.lrmx import read_lrmx, write_lrmx
from people.models import AnnualAppraisal, Appointment, AppointmentForm, Cadre, ImportBatch
from people.services.photos import read_photo
from people.services.records import resume_lines
from tests.factories.people import make_cadre, make_unit
from tests.people.imports.forms import ID, jpeg, lrmx

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def check(data):
    return service.dry_run("lrmx", data, "汪示例.lrmx", by=None, on=TODAY)


def apply(data):
    return service.apply("lrmx", data, "汪示例.lrmx", by=None, on=TODAY)


def labels(report):
    return [change.label for change in report.rows[0].changes]


def test_a_form_becomes_a_record_with_all_that_hangs_on_it():
    make_unit("招商发展局")
    report = apply(lrmx())
    assert report.summary == {"cadres": 1, "resume": 3, "interludes": 1, "family": 1}
    cadre = Cadre.objects.get()
    assert (cadre.name, cadre.birth_month, cadre.political_status) == (
        "汪示例",
        date(1985, 3, 1),
        "party_member",
    )
    assert (cadre.id_number, read_photo(cadre), cadre.education.get().level) == (ID, jpeg(), "大学")
    assert [len(line.interludes) for line in resume_lines(cadre)] == [0, 1, 0]
    assert (cadre.family.get().name, cadre.family.get().birth_month) == ("李示例", date(1986, 7, 1))
    assert list(AnnualAppraisal.objects.order_by("year").values_list("year", "grade")) == [
        (2023, "excellent"),
        (2024, "competent"),
    ]
    post = Appointment.objects.get()
    assert (post.unit.name, post.title, post.starts_on) == ("招商发展局", "副局长", date(2012, 3, 1))


def test_a_second_apply_changes_nothing():
    apply(lrmx())
    report = apply(lrmx())
    assert (report.counts["unchanged"], report.batch) == (1, None)


def test_a_place_outside_the_zone_is_an_organisation():
    report = apply(lrmx())
    assert [warning.code for warning in report.warnings] == ["unknown_unit"]
    post = Appointment.objects.get()
    assert (post.organisation, post.title) == ("示例经济开发区管理委员会招商发展局", "副局长")


def test_only_what_is_filled_changes_and_lists_change_as_a_whole():
    apply(lrmx())
    report = apply(
        lrmx(MinZu="", XianRenZhiWu="", JianLi="2003.09--2007.07  学习", JianKangZhuangKuang="一般")
    )
    assert labels(report) == ["健康状况", "简历"]
    cadre = Cadre.objects.get()
    assert (cadre.ethnicity, [line.text for line in resume_lines(cadre)]) == ("汉族", ["学习"])


def test_undo_brings_back_the_lists_the_photo_and_the_texts():
    apply(lrmx())
    cadre = Cadre.objects.get()
    before = form_of(cadre, on=TODAY)
    photo = base64.b64encode(jpeg("red")).decode()
    apply(
        lrmx(
            JianLi="2003.09--2007.07  学习",
            JiaTingChengYuan="<Item><ChengWei>父亲</ChengWei></Item>",
            ZhaoPian=photo,
        )
    )
    cadre.refresh_from_db()
    assert (form_of(cadre, on=TODAY) != before, read_photo(cadre)) == (True, jpeg("red"))
    service.undo(ImportBatch.objects.latest("pk"), by=None)
    cadre.refresh_from_db()
    assert form_of(cadre, on=TODAY) == before


@pytest.mark.parametrize(
    ("texts", "tag", "code"),
    [
        ({"XingMing": ""}, "XingMing", "missing_name"),
        ({"ShenFenZheng": ID[:17] + ("0" if ID[17] != "0" else "1")}, "ShenFenZheng", "id_checksum"),
        ({"XingBie": "女"}, "XingBie", "sex_mismatch"),
        ({"ChuShengNianYue": "198504"}, "ChuShengNianYue", "birth_mismatch"),
        ({"ChuShengNianYue": "1985.13"}, "ChuShengNianYue", "bad_month"),
        ({"CanJiaGongZuoShiJian": "199707"}, "CanJiaGongZuoShiJian", "work_before_14"),
        ({"CanJiaGongZuoShiJian": "203001"}, "CanJiaGongZuoShiJian", "future_date"),
        ({"JianLi": "2007.09--2003.07  学习"}, "JianLi", "end_before_start"),
        ({"JianKangZhuangKuang": "不明"}, "JianKangZhuangKuang", "unknown_health"),
    ],
)
def test_every_fault_names_its_tag(texts, tag, code):
    report = apply(lrmx(**texts))
    assert [(fault.cell, fault.code) for fault in report.faults] == [(tag, code)]
    assert (Cadre.objects.count(), report.exit_status) == (0, 1)


def test_a_name_alone_finds_nobody():
    make_cadre("汪示例")
    assert [fault.code for fault in check(lrmx(drop="ShenFenZheng")).faults] == ["ambiguous_name"]
    assert [fault.code for fault in check(lrmx()).faults] == ["ambiguous_name"]


@pytest.mark.parametrize(
    ("written", "joined", "note", "status"),
    [
        ("200606", date(2006, 6, 1), "", "party_member"),
        ("2006.06.15", date(2006, 6, 15), "", "party_member"),
        ("200606；民建", date(2006, 6, 1), "200606；民建", "cndca"),
        ("九三", None, "九三", "jiusan"),
        ("无党派", None, "无党派", "non_party"),
    ],
)
def test_the_joining_date_may_be_words(written, joined, note, status):
    apply(lrmx(RuDangShiJian=written))
    found = Cadre.objects.values_list("party_joined_on", "party_note", "political_status").get()
    assert found == (joined, note, status)


def test_the_export_reads_back_equal(tmp_path):
    make_unit("招商发展局")
    data = lrmx(Neu="<A>1</A>", RenMianLiYou="工作需要", TianBiaoShiJian="20250601", DaoLingNianYue="204803")
    apply(data)
    call_command("export_lrmx", "--out", str(tmp_path), "--all", stdout=StringIO())
    written = (tmp_path / "汪示例.lrmx").read_bytes()
    original = read_lrmx(data)
    assert replace_family_dates(read_lrmx(written)) == replace_family_dates(original)
    assert check(written).counts["unchanged"] == 1
    assert write_lrmx(read_lrmx(written)) == written


def replace_family_dates(form):
    """1986.07 comes back as 198607, as the format wants it."""
    return repr(form).replace("1986.07", "198607")


def test_a_record_without_a_form_is_exported_from_what_is_known():
    unit = make_unit("招商发展局", parent=make_unit("示例经济开发区", kind="zone"))
    cadre = make_cadre("李示例", unit=unit, title="局长", sex="F", political_status="cndca")
    AnnualAppraisal.objects.create(cadre=cadre, year=2024, grade="excellent")
    form = form_of(cadre, on=TODAY)
    assert (form.sex, form.current_post, form.party_joined) == (
        "女",
        "示例经济开发区招商发展局局长",
        "民建会员",
    )
    assert (form.appraisals, form.version) == ("2024年度优秀", "3.2.1.16")


def test_the_stored_form_keeps_the_unknown_tags():
    apply(lrmx(Neu="<A>1</A>"))
    assert AppointmentForm.objects.get().other_tags == [["Neu", "<Neu><A>1</A></Neu>", "Version"]]
