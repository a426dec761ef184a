"""Five people whose growth files are kept as golden: thin, full, rare characters, thirty years, a guest."""

from collections.abc import Callable
from datetime import date

from people.choices import AppointmentKind, AppraisalGrade, EducationMode, HonourKind
from people.models import AnnualAppraisal, Cadre, Education, FamilyMember, Honour, ResumeEntry
from tests.factories.people import identity_number, make_appointment, make_cadre, make_unit
from tests.factories.training import credit, make_class

AS_OF = date(2026, 6, 30)


def thin() -> Cadre:
    """A newcomer of whom little is known yet."""
    return make_cadre("丁新", unit=make_unit("综合办公室", code="G01"), staff_no="G0001")


def full() -> Cadre:
    cadre = _person("汪晓峰", "G0002", born=date(1988, 4, 1), unit="经济发展局", title="局长")
    _schooling(cadre)
    _resume(
        cadre,
        (2010, "示例县发展和改革委员会科员"),
        (2016, "示例经济开发区管委会科员"),
        (2021, "示例经济开发区经济发展局局长"),
    )
    _years(cadre, range(2021, 2026))
    for month, hours in ((3, 24), (5, 40), (11, 16)):
        for year in (2024, 2025):
            _class(cadre, date(year, month, 10), hours, hours // 8)
    _class(cadre, date(2026, 4, 14), 40, 5)
    Honour.objects.create(
        cadre=cadre,
        title="招商引资先进个人",
        kind=HonourKind.TITLE,
        awarded_on=date(2024, 3, 1),
        awarding_body="示例市人民政府",
    )
    FamilyMember.objects.create(
        cadre=cadre,
        position=1,
        relation="妻子",
        name="李示例",
        birth_month=date(1989, 9, 1),
        political_status="群众",
        workplace="示例小学教师",
    )
    return cadre


def rare() -> Cadre:
    """Characters outside GB 2312, a name with a middle dot."""
    cadre = _person("阿不都热西提·买买提", "G0003", born=date(1992, 1, 1), unit="㛃䶮𬱖项目部", title="干事")
    _resume(cadre, (2015, "示例县㛃水镇人民政府科员"), (2020, "示例经济开发区䶮山项目部干事"))
    _years(cadre, range(2023, 2026))
    FamilyMember.objects.create(
        cadre=cadre,
        position=1,
        relation="父亲",
        name="𬱖㛃䶮",
        birth_month=date(1965, 2, 1),
        political_status="群众",
        workplace="务农",
    )
    return cadre


def career() -> Cadre:
    """Thirty years, twelve posts, a long resume that must break well."""
    cadre = _person("欧阳建国", "G0004", born=date(1970, 8, 1), unit="招商局", title="局长")
    posts = [(year, f"示例县第{number}镇人民政府科员") for number, year in enumerate(range(1994, 2024, 3), 1)]
    _resume(cadre, *posts)
    for number, year in enumerate(range(1994, 2018, 4)):
        make_appointment(
            cadre,
            organisation=f"示例县第{number}镇人民政府",
            title="科员",
            starts_on=date(year, 1, 1),
            ends_on=date(year + 3, 12, 31),
        )
    _years(cadre, range(2006, 2026))
    for number in range(12):
        Honour.objects.create(
            cadre=cadre,
            title=f"年度先进工作者（第{number + 1}次）",
            kind=HonourKind.TITLE,
            awarded_on=date(2010 + number, 1, 15),
            awarding_body="示例县人民政府",
        )
    for year in range(2018, 2026):
        _class(cadre, date(year, 9, 3), 90, 12)
    return cadre


def guest() -> Cadre:
    """Here on secondment from elsewhere."""
    cadre = _person("苏来挂", "G0005", born=date(1990, 12, 1), unit="规划建设局", title="副局长（挂职）")
    make_appointment(
        cadre,
        kind=AppointmentKind.SECONDMENT,
        organisation="示例省发展和改革委员会",
        title="主任科员",
        starts_on=date(2025, 9, 1),
    )
    _years(cadre, range(2024, 2026))
    return cadre


GOLDEN: dict[str, Callable[[], Cadre]] = {
    "thin": thin,
    "full": full,
    "rare": rare,
    "career": career,
    "guest": guest,
}


def _person(name: str, staff_no: str, *, born: date, unit: str, title: str) -> Cadre:
    return make_cadre(
        name,
        unit=make_unit(unit, code=f"U{staff_no}"),
        title=title,
        staff_no=staff_no,
        post_since=date(2021, 3, 1),
        sex="M",
        birth_month=born,
        ethnicity="汉族",
        native_place="安徽示例",
        birthplace="安徽示例",
        political_status="party_member",
        party_joined_on=date(2012, 6, 1),
        health="healthy",
        work_started_on=date(born.year + 22, 7, 1),
        staff_type="civil_servant",
        rank="一级主任科员",
        id_number=identity_number(born.replace(day=3)),
    )


def _schooling(cadre: Cadre) -> None:
    Education.objects.create(
        cadre=cadre,
        mode=EducationMode.FULL_TIME,
        level="大学",
        degree="管理学学士",
        level_school="示例大学行政管理专业",
    )


def _resume(cadre: Cadre, *lines: tuple[int, str]) -> None:
    ends = [year for year, _ in lines[1:]] + [0]
    for place, ((year, text), end) in enumerate(zip(lines, ends, strict=True), start=1):
        ResumeEntry.objects.create(
            cadre=cadre,
            position=place,
            starts_on=date(year, 7, 1),
            text=text,
            ends_on=date(end, 7, 1) if end else None,
        )


def _years(cadre: Cadre, years: range) -> None:
    grades = (AppraisalGrade.COMPETENT, AppraisalGrade.EXCELLENT)
    for year in years:
        AnnualAppraisal.objects.create(cadre=cadre, year=year, grade=grades[year % 2])


def _class(cadre: Cadre, on: date, hours: int, days: int) -> None:
    credit(cadre, make_class(f"{on.year}年{on.month}月专题培训班", starts_on=on, hours=hours, days=days))
