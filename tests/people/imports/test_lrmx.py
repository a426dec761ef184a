import time
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.imports.faults import FileRefused
from people.imports.jpeg import plain_jpeg
from people.lrmx import TAGS, AppointmentForm, FamilyLine, OtherTag, read_lrmx, write_lrmx
from people.resume import read_resume, write_resume
from people.services.records import ResumeLine
from tests.people.imports.forms import ID, RESUME, jpeg, lrmx


def refused(data):
    started = time.perf_counter()
    with pytest.raises(FileRefused) as refusal:
        read_lrmx(data)
    assert time.perf_counter() - started < 1
    return refusal.value.code


def test_all_36_tags():
    assert len(TAGS) == 36
    assert {"DaoLingNianYue", "GaiGeQianRenZhiNianLingJieXian", "JiaTingChengYuan", "ZhaoPian"} < set(TAGS)


def test_what_a_form_says():
    form = read_lrmx(lrmx())
    assert (form.name, form.birth_month, form.id_number, form.photo) == ("汪示例", "198503", ID, jpeg())
    assert form.family == (FamilyLine(relation="妻子", name="李示例", born="1986.07"),)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.decode().replace("utf-8", "GBK").encode("gbk"),
        lambda data: data.decode().encode("gb18030"),
        lambda data: data.decode().encode("utf-16"),
        lambda data: data.replace(b"</Person>", b"</Person>\r\n\x00"),
        lambda data: data.replace("汪示例".encode(), "汪示例&#11;\x0b".encode(), 1),
    ],
)
def test_files_of_every_writer_are_read_alike(change):
    assert read_lrmx(change(lrmx())) == read_lrmx(lrmx())


def test_empty_tags_in_three_ways():
    form = read_lrmx(b"<Person><MinZu /><JiGuan></JiGuan><ChuShengDi>\r\n  </ChuShengDi></Person>")
    assert form == AppointmentForm()


def test_unknown_tags_come_back_at_their_place():
    unknown = "<Neu a='1'><B>乙 &amp; 丙</B></Neu>"
    data = f"<Person><Vor>1</Vor><XingMing>甲</XingMing>{unknown}<XingBie>男</XingBie></Person>"
    form = read_lrmx(data.encode())
    assert [(other.tag, other.after) for other in form.others] == [("Vor", ""), ("Neu", "XingMing")]
    written = write_lrmx(form).decode()
    assert (
        written.index("<Vor>")
        < written.index("<XingMing>")
        < written.index("<Neu")
        < written.index("<XingBie>")
    )
    assert read_lrmx(written.encode()) == form


texts = st.text("汪示例abc12&<>\"' （）；", max_size=12).map(str.strip)
forms = st.builds(
    AppointmentForm,
    **{f.name: texts for f in fields(AppointmentForm) if f.type is str and f.name != "resume"},
    resume=st.lists(texts.filter(bool), max_size=3).map("\n".join),
    family=st.lists(st.builds(FamilyLine, relation=texts.filter(bool), name=texts), max_size=3).map(tuple),
    photo=st.binary(max_size=40),
    others=st.sampled_from([(), (OtherTag("X", "<X>1</X>", "MinZu"), OtherTag("Y", "<Y />", "MinZu"))]),
)


@given(forms)
def test_every_form_reads_back_equal(form):
    assert read_lrmx(write_lrmx(form)) == form


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<Person>" + b" " * (6 << 20) + b"</Person>", "too_big"),
        (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hosts">]><Person><XingMing>&x;</XingMing></Person>',
            "dtd",
        ),
        (b"<Person>" + b"<a>" * 200_000, "too_deep"),
        (b"<Person>" + b"<a/>" * 30_000 + b"</Person>", "too_deep"),
        (b"<Other/>", "not_lrmx"),
        (b"<Person><XingMing></Person>", "damaged_file"),
        (b"PK\x03\x04", "damaged_file"),
        (b"", "damaged_file"),
        (lrmx(ZhaoPian="%%%"), "bad_photo"),
        (lrmx(ZhaoPian="A" * (4_500_000)), "photo_too_big"),
    ],
)
def test_hostile_and_broken_forms_are_refused_at_once(data, code):
    assert refused(data) == code


def line(start, end, text, *interludes):
    return ResumeLine(date(*start, 1), date(*end, 1) if end else None, text, interludes)


def test_a_resume_with_interludes_is_read_and_written_as_it_was():
    lines = read_resume(RESUME)
    assert lines[1] == line(
        (2007, 7),
        (2012, 3),
        "示例县示例镇人民政府科员",
        line((2010, 9), (2012, 6), "省委党校在职研究生班学习"),
    )
    assert (len(lines), lines[2].ends_on) == (3, None)
    assert write_resume(lines) == RESUME


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("2003.09—2007.07 学习", [line((2003, 9), (2007, 7), "学习")]),
        ("2003年9月至2007年7月  学习", [line((2003, 9), (2007, 7), "学习")]),
        ("200309--200707学习", [line((2003, 9), (2007, 7), "学习")]),
        ("２００３．０９－－２００７．０７　学习", [line((2003, 9), (2007, 7), "学习")]),
        ("2003.09~至今 学习", [line((2003, 9), None, "学习")]),
        ("201207--  科长", [line((2012, 7), None, "科长")]),
        ("2003.09--2007.07 学习\n   （主修）\x0b 行政", [line((2003, 9), (2007, 7), "学习（主修）行政")]),
        (
            "2003.09--2007.07 甲（其间：2004.01-2004.06 挂职；2005.01～2005.02 培训）主持工作",
            [
                line(
                    (2003, 9), (2007, 7), "甲主持工作",
                    line((2004, 1), (2004, 6), "挂职"), line((2005, 1), (2005, 2), "培训"),
                )
            ],
        ),
        (
            "2003.09--2007.07 甲\n（其间：2004.01--2004.06 学习；\n2005.01--2005.02 考察（省外）",
            [
                line(
                    (2003, 9), (2007, 7), "甲",
                    line((2004, 1), (2004, 6), "学习"), line((2005, 1), (2005, 2), "考察（省外）"),
                )
            ],
        ),
        ("待业", [ResumeLine(None, None, "待业")]),
        ("", []),
    ],
)  # fmt: skip
def test_resumes_of_every_style(written, lines):
    assert read_resume(written) == lines


months = st.dates(date(1950, 1, 1), date(2049, 12, 31)).map(lambda day: day.replace(day=1))
words = st.text("任示例县局科长副", min_size=1, max_size=20)
periods = st.builds(ResumeLine, months, st.none() | months, words)
resumes = st.lists(
    st.builds(replace, periods, interludes=st.lists(periods, max_size=2).map(tuple)), max_size=4
)


@given(resumes)
def test_every_resume_reads_back_equal(lines):
    assert read_resume(write_resume(lines)) == lines


def test_a_plain_jpeg_stays_as_it_is_and_loses_what_is_not_picture():
    plain = jpeg()
    assert plain_jpeg(plain) == plain
    assert plain_jpeg(plain + b"<script>") == plain
    with_comment = plain[:2] + b"\xff\xfe\x00\x06evil" + plain[2:]
    assert plain_jpeg(with_comment) == plain
    assert plain_jpeg(jpeg(progressive=True)) == jpeg(progressive=True)


def test_what_has_to_be_turned_or_is_no_jpeg_is_left_to_be_encoded():
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    assert plain_jpeg(jpeg(exif=exif)) is None
    assert plain_jpeg(b"\xff\xd8 no picture") is None
    assert plain_jpeg(b"GIF89a") is None
