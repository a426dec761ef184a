"""One cadre with everything a growth file shows."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from people.choices import AppointmentKind, AppraisalGrade, EducationMode, HonourKind
from people.models import AnnualAppraisal, Cadre, Education, FamilyMember, Honour, ResumeEntry, Unit
from people.services.photos import set_photo
from tests.factories.people import identity_number, make_appointment, make_cadre, make_unit

AS_OF = date(2026, 6, 30)


@pytest.fixture
def unit(db: None) -> Unit:
    return make_unit("经济发展局")


@pytest.fixture
def cadre(unit: Unit) -> Cadre:
    found = make_cadre(
        "汪晓峰", unit=unit, title="副局长", staff_no="A0012", post_since=date(2023, 9, 1), sex="M",
        birth_month=date(1990, 8, 1), ethnicity="汉族", native_place="安徽示例", birthplace="安徽示例",
        political_status="party_member", party_joined_on=date(2011, 6, 1), health="healthy",
        work_started_on=date(2014, 7, 1), professional_title="经济师", specialty="产业规划",
        staff_type="civil_servant", rank="一级主任科员", id_number=identity_number(date(1990, 8, 3)),
        phone="13900001234", address="示例市示例路8号",
    )  # fmt: skip
    make_appointment(
        found, unit=make_unit("招商服务局"), title="综合科科长",
        starts_on=date(2020, 1, 1), ends_on=date(2023, 8, 31), document_no="示开组〔2020〕3号",
    )  # fmt: skip
    make_appointment(
        found, kind=AppointmentKind.SECONDMENT, organisation="示例县兴隆镇人民政府", title="镇长助理",
        starts_on=date(2021, 3, 1), ends_on=date(2021, 8, 31),
    )  # fmt: skip
    add_records(found)
    return found


def add_records(cadre: Cadre) -> None:
    Education.objects.create(
        cadre=cadre, mode=EducationMode.FULL_TIME, level="大学", degree="管理学学士",
        level_school="示例大学行政管理专业",
    )  # fmt: skip
    first = ResumeEntry.objects.create(
        cadre=cadre, position=1, starts_on=date(2014, 7, 1), ends_on=date(2020, 1, 1), text="示例局科员"
    )
    ResumeEntry.objects.create(
        cadre=cadre, parent=first, position=2, starts_on=date(2016, 9, 1), ends_on=date(2019, 6, 1),
        text="示例工业大学在职研究生学习",
    )  # fmt: skip
    ResumeEntry.objects.create(cadre=cadre, position=3, starts_on=date(2020, 1, 1), text="示例经开区干部")
    FamilyMember.objects.create(
        cadre=cadre, position=1, relation="妻子", name="李家属", birth_month=date(1991, 5, 1),
        political_status="群众", workplace="示例小学教师",
    )  # fmt: skip
    for year, grade in ((2023, AppraisalGrade.EXCELLENT), (2024, AppraisalGrade.COMPETENT)):
        AnnualAppraisal.objects.create(cadre=cadre, year=year, grade=grade)
    Honour.objects.create(
        cadre=cadre, kind=HonourKind.TITLE, title="招商引资先进个人", awarded_on=date(2025, 12, 1),
        awarding_body="示例市委",
    )  # fmt: skip


@pytest.fixture
def photo(cadre: Cadre) -> Cadre:
    output = BytesIO()
    Image.new("RGB", (70, 98), "#3366aa").save(output, "JPEG")
    set_photo(cadre=cadre, data=output.getvalue(), by=None)
    return cadre
