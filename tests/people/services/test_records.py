from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent
from people.choices import AppraisalGrade
from people.models import AnnualAppraisal, FamilyMember
from people.services.photos import PHOTO_SIZE, read_photo, set_photo
from people.services.records import (
    ResumeLine,
    add_record,
    change_record,
    remove_record,
    replace_resume,
    resume_lines,
)
from tests.factories.people import make_cadre, make_viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_viewer(Role.HR)


RESUME = [
    ResumeLine(date(2008, 9, 1), date(2016, 8, 1), "示例县科员"),
    ResumeLine(
        date(2016, 8, 1),
        None,
        "管委会副局长",
        (ResumeLine(date(2019, 3, 1), date(2020, 3, 1), "挂职任副科长"),),
    ),
]


def test_a_resume_reads_back_as_written(staff):
    cadre = make_cadre()
    replace_resume(cadre=cadre, lines=RESUME, by=staff)
    assert resume_lines(cadre) == RESUME
    replace_resume(cadre=cadre, lines=RESUME[:1], by=staff)
    assert resume_lines(cadre) == RESUME[:1]
    assert AuditEvent.objects.filter(action="cadre.update").count() == 2


def test_writing_the_same_resume_again_leaves_no_event(staff):
    cadre = make_cadre()
    replace_resume(cadre=cadre, lines=RESUME, by=staff)
    replace_resume(cadre=cadre, lines=RESUME, by=staff)
    assert AuditEvent.objects.filter(action="cadre.update").count() == 1


def test_a_resume_line_that_ends_before_it_starts_is_refused_and_nothing_is_lost(staff):
    cadre = make_cadre()
    replace_resume(cadre=cadre, lines=RESUME, by=staff)
    wrong = ResumeLine(date(2020, 1, 1), date(2019, 1, 1), "倒着走")
    with pytest.raises(DomainError):
        replace_resume(cadre=cadre, lines=[wrong], by=staff)
    assert resume_lines(cadre) == RESUME


def test_one_appraisal_a_year(staff):
    cadre = make_cadre()
    values = {"year": 2024, "grade": AppraisalGrade.EXCELLENT}
    row = add_record(model=AnnualAppraisal, cadre=cadre, values=values, by=staff)
    with pytest.raises(DomainError) as refusal:
        add_record(model=AnnualAppraisal, cadre=cadre, values=values, by=staff)
    assert "该年度考核结果已登记" in refusal.value.message
    change_record(row=row, values={"grade": AppraisalGrade.COMPETENT}, by=staff)
    assert cadre.appraisals.get().grade == AppraisalGrade.COMPETENT
    remove_record(row=row, by=staff)
    assert not cadre.appraisals.exists()


def test_family_names_never_reach_the_audit_log(staff):
    cadre = make_cadre()
    row = add_record(
        model=FamilyMember,
        cadre=cadre,
        values={"relation": "妻子", "name": "李示例", "workplace": "示例小学"},
        by=staff,
    )
    remove_record(row=row, by=staff)
    log = "".join(str(event.changes) + event.label for event in AuditEvent.objects.all())
    assert "李示例" not in log
    assert "示例小学" not in log


def picture(kind="PNG", size=(800, 600), colour="navy"):
    output = BytesIO()
    Image.new("RGB", size, colour).save(output, kind)
    return output.getvalue()


def test_a_photo_is_cut_to_the_form_and_kept_encrypted(staff, settings):
    cadre = make_cadre()
    set_photo(cadre=cadre, data=picture() + b"<script>tail</script>", by=staff)
    stored = read_photo(cadre)
    assert Image.open(BytesIO(stored)).size == PHOTO_SIZE
    assert b"script" not in stored
    on_disk = (settings.MEDIA_ROOT / cadre.photo_path).read_bytes()
    assert stored[:20] not in on_disk


def test_a_photo_loses_the_comment_of_its_file(staff):
    output = BytesIO()
    Image.new("RGB", (800, 600)).save(output, "JPEG", comment=b"secret comment")
    cadre = make_cadre()
    set_photo(cadre=cadre, data=output.getvalue(), by=staff)
    assert b"secret" not in read_photo(cadre)


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", picture()[:200]]
)
def test_what_is_no_photo_is_refused(staff, data):
    with pytest.raises(DomainError) as refusal:
        set_photo(cadre=make_cadre(), data=data, by=staff)
    assert refusal.value.field == "photo"


def test_a_picture_of_too_many_pixels_is_refused_before_decoding(staff):
    with pytest.raises(DomainError) as refusal:
        set_photo(cadre=make_cadre(), data=picture(size=(9000, 9000)), by=staff)
    assert refusal.value.code == "too_big"
