from datetime import date
from decimal import Decimal

import pytest

from people.choices import StaffType
from people.imports.dates import BadValue
from people.imports.values import (
    is_blank,
    read_choice,
    read_days,
    read_hours,
    read_id,
    read_name,
    read_phone,
    read_sex,
    read_staff_no,
    read_text,
)
from people.imports.words import STAFF_TYPES, normal_ethnicity, normal_rank
from tests.people.imports.books import id_number

TODAY = date(2026, 11, 24)


def code_of(read, value, **options):
    with pytest.raises(BadValue) as refusal:
        read(value, **options)
    assert refusal.value.message.endswith(("。", "？"))
    return refusal.value.code


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 三", "张三"),
        ("欧阳　震华", "欧阳震华"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("王芳（女）", "王芳"),
        ("\u200b李四\n", "李四"),
        ("𠮷田", "𠮷田"),
    ],
)
def test_names(written, name):
    assert read_name(written) == name


@pytest.mark.parametrize("written", ["张三1", "张三、李四", "张三（挂职）", 5.0, "很" * 31])
def test_what_is_no_name(written):
    assert code_of(read_name, written) == "bad_name"


@pytest.mark.parametrize(
    ("written", "number"), [(1001.0, "1001"), (" JK 001 ", "JK001"), ("ＪＫ００１", "JK001"), ("'007", "007")]
)
def test_staff_numbers(written, number):
    assert read_staff_no(written) == number


def test_an_identity_number_is_read_however_it_is_written():
    number = id_number("19800512", 5)
    for written in (number, f"'{number}", f" {number[:6]} {number[6:]} ", number.lower()):
        assert read_id(written, on=TODAY).number == number


def test_a_number_of_15_digits_becomes_its_18_character_form():
    first_17 = id_number("19800512", 5)[:17]
    assert read_id(first_17[:6] + first_17[8:], on=TODAY).born_on == date(1980, 5, 12)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (9.9999919800512e17, "id_as_number"),
        ("9.99999198005120E+17", "id_as_number"),
        ("99999919800512001", "id_length"),
        ("9999991980051200AX", "id_characters"),
        ("999999198013120018", "id_birth_date"),
    ],
)
def test_what_is_no_identity_number(written, code):
    assert code_of(read_id, written, on=TODAY) == code


def test_a_wrong_check_character_is_told():
    number = id_number()
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    assert code_of(read_id, wrong, on=TODAY) == "id_checksum"


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        (13900000001.0, "13900000001"),
        ("139 0000 0001", "13900000001"),
        ("139-0000-0001", "13900000001"),
        ("+86 13900000001", "13900000001"),
        ("0563-8600000", "0563-8600000"),
        ("(0563)8600000", "(0563)8600000"),
        ("8600000", "8600000"),
        ("0563-8600000转801", "0563-8600000转801"),
        ("13900000001、0563-8600000", "13900000001、0563-8600000"),
    ],
)
def test_phones(written, phone):
    assert read_phone(written) == phone


@pytest.mark.parametrize(
    "written", ["1390000000", "139000000012", "12345", "02900000001", "无人接听", "12345678901"]
)
def test_what_is_no_phone(written):
    assert code_of(read_phone, written) == "phone_format"


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("8", "8"), ("8学时", "8"), (8.0, "8"), (8, "8"), ("８", "8"), ("4小时", "4"), ("0.25", "0.25"),
        ("每人16学时", "16"), ("7.5课时", "7.5"), (0.25, "0.25"),
    ],
)  # fmt: skip
def test_hours_are_exact(written, hours):
    assert read_hours(written) == Decimal(hours)


@pytest.mark.parametrize("written", ["-8", "abc", "8天", "1000", "7.33", "8+8", True])
def test_what_is_no_amount_of_hours(written):
    assert code_of(read_hours, written) == "bad_hours"


@pytest.mark.parametrize(("written", "days"), [("半天", "0.5"), ("两天", "2"), ("3天", "3"), (1.5, "1.5")])
def test_days(written, days):
    assert read_days(written) == Decimal(days)


def test_sex():
    assert [read_sex(text) for text in ("男", "女性", "M", 2.0)] == ["M", "F", "M", "F"]
    assert code_of(read_sex, "不详") == "bad_sex"


@pytest.mark.parametrize(
    ("written", "choice"),
    [
        ("公务员", StaffType.CIVIL_SERVANT),
        ("行政编制", StaffType.CIVIL_SERVANT),
        ("参公事业人员", StaffType.EQUIVALENT),
        ("全额拨款事业编制", StaffType.INSTITUTION),
        ("编外人员（劳务派遣）", StaffType.OFF_ESTABLISHMENT),
    ],
)
def test_choices_know_the_words_of_offices(written, choice):
    options = {"what": "身份", "code": "unknown_staff_type", "options": "公务员"}
    assert read_choice(written, STAFF_TYPES, **options) == choice
    assert code_of(read_choice, "外星人", words=STAFF_TYPES, **options) == "unknown_staff_type"


@pytest.mark.parametrize(
    ("written", "rank"),
    [
        ("八级职员", "管理岗八级"), ("管理8级", "管理岗八级"), ("管理岗位八级", "管理岗八级"),
        ("4级主任科员", "四级主任科员"), ("专技十级", "专业技术十级"), ("专业技术岗位10级", "专业技术十级"),
        ("高级工", "高级工"),
    ],
)  # fmt: skip
def test_ranks_take_the_form_of_the_list(written, rank):
    assert normal_rank(written) == rank


def test_ethnicities():
    assert [normal_ethnicity(text) for text in ("汉", "汉族", "维吾尔", "其他")] == [
        "汉族",
        "汉族",
        "维吾尔族",
        "其他",
    ]


@pytest.mark.parametrize("written", [None, "", "  ", "\u3000", "/", "无", "—", "N/A"])
def test_marks_for_nothing(written):
    assert is_blank(written)


def test_text_that_would_be_cut_is_refused():
    assert read_text("说明\n第二行", longest=10) == "说明 第二行"
    assert code_of(read_text, "长" * 61, longest=60) == "too_long"
