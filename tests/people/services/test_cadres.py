from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent
from people.choices import Sex
from people.identity import IdentityError, check_character, mask_identity, read_identity
from people.models import Cadre
from people.services.cadres import create_cadre, update_cadre
from tests.factories.people import TODAY, identity_number, make_cadre, make_viewer


@pytest.fixture
def staff(db):
    return make_viewer(Role.HR)


def values(**changes):
    return {"name": "单 海涛", "staff_no": " A01 ", "sex": Sex.MALE, "rank": "三级主任科员"} | changes


def test_a_new_record_gets_its_keys_and_leaves_an_event(staff):
    cadre = create_cadre(values=values(id_number=identity_number()), by=staff)
    cadre.refresh_from_db()
    assert (cadre.name, cadre.staff_no, cadre.name_initials) == ("单海涛", "A01", "sht")
    assert cadre.name_pinyin.startswith("shan")
    assert cadre.rank_order == 9
    assert len(cadre.id_number_index) == 64
    event = AuditEvent.objects.get(action="cadre.create")
    assert event.object_id == str(cadre.pk)
    assert "999999" not in str(event.changes)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"id_number": "99999919850312001"}, "id_number", "id_length"),
        ({"id_number": identity_number()[:17] + "Q"}, "id_number", "id_characters"),
        ({"id_number": identity_number(sequence=2)}, "sex", "sex_mismatch"),
        ({"id_number": identity_number(), "birth_month": date(1985, 4, 1)}, "birth_month", "birth_mismatch"),
        ({"birth_month": TODAY + timedelta(days=40)}, "birth_month", "future_date"),
        (
            {"birth_month": date(1990, 5, 1), "work_started_on": date(2004, 4, 1)},
            "work_started_on",
            "work_before_14",
        ),
        ({"name": "  "}, "name", "invalid"),
    ],
)
def test_what_cannot_be_true_is_refused_at_its_field(staff, changes, field, code):
    with pytest.raises(DomainError) as refusal:
        create_cadre(values=values(**changes), by=staff)
    assert (refusal.value.field, refusal.value.code) == (field, code)
    assert not Cadre.objects.exists()
    assert not AuditEvent.objects.filter(action="cadre.create").exists()


def test_all_that_cannot_be_true_is_said_at_once(staff):
    wrong = values(
        id_number=identity_number(sequence=2), birth_month=date(1986, 4, 1), party_joined_on=date(1986, 3, 1)
    )
    with pytest.raises(DomainError) as refusal:
        create_cadre(values=wrong, by=staff)
    assert [(one.field, one.code) for one in refusal.value.all()] == [
        ("sex", "sex_mismatch"),
        ("birth_month", "birth_mismatch"),
        ("party_joined_on", "before_birth"),
    ]


def test_exactly_fourteen_may_work(staff):
    cadre = create_cadre(
        values=values(birth_month=date(1990, 5, 1), work_started_on=date(2004, 5, 1)), by=staff
    )
    assert cadre.work_started_on == date(2004, 5, 1)


def test_one_identity_number_belongs_to_one_cadre(staff):
    create_cadre(values=values(id_number=identity_number()), by=staff)
    with pytest.raises(DomainError) as refusal:
        create_cadre(values=values(staff_no="A02", id_number=identity_number().lower()), by=staff)
    assert refusal.value.code == "id_taken"


def test_one_staff_number_belongs_to_one_cadre(staff):
    create_cadre(values=values(), by=staff)
    with pytest.raises(DomainError) as refusal:
        create_cadre(values=values(name="别人"), by=staff)
    assert refusal.value.field == "staff_no"


def test_an_update_records_only_what_changed(staff):
    cadre = make_cadre("王一", rank="四级主任科员", phone="19900000001")
    update_cadre(
        cadre=cadre, values={"rank": "三级主任科员", "phone": "19900000002", "name": "王一"}, by=staff
    )
    event = AuditEvent.objects.get(action="cadre.update")
    assert sorted(event.changes) == ["phone", "rank"]
    assert "19900000002" not in str(event.changes)
    assert "三级主任科员" in str(event.changes)


def test_the_second_of_two_writers_is_told(staff):
    cadre = make_cadre("王一")
    seen = cadre.updated_at
    update_cadre(cadre=Cadre.objects.get(), values={"note": "先"}, by=staff, seen_at=seen)
    with pytest.raises(DomainError) as refusal:
        update_cadre(cadre=Cadre.objects.get(), values={"note": "后"}, by=staff, seen_at=seen)
    assert refusal.value.code == "conflict"
    assert Cadre.objects.get().note == "先"


@given(born=st.dates(date(1900, 1, 1), TODAY), sequence=st.integers(0, 999))
def test_every_well_formed_number_reads_back(born, sequence):
    number = identity_number(born, sequence)
    identity = read_identity(number.lower(), on=TODAY)
    assert (identity.born_on, identity.sex) == (born, Sex.MALE if sequence % 2 else Sex.FEMALE)


@given(born=st.dates(date(1900, 1, 1), TODAY), place=st.integers(0, 16), shift=st.integers(1, 9))
def test_one_wrong_digit_is_always_found(born, place, shift):
    number = identity_number(born, 7)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(IdentityError):
        read_identity(wrong, on=TODAY)


def test_the_check_character_can_be_x():
    numbers = [identity_number(date(1985, 3, 1) + timedelta(days=day), 1) for day in range(28)]
    assert any(number.endswith("X") for number in numbers)
    assert check_character(numbers[0][:17]) == numbers[0][17]


def test_masks_show_too_little_to_use():
    assert mask_identity("999999198503120018") == "9999************18"


@pytest.mark.parametrize("phone", ["13800005527", "0563-8600000", "13800005527、0563-8600000", "8600000", ""])
def test_phones_people_write(staff, phone):
    assert create_cadre(values=values(phone=phone), by=staff).phone == phone


@pytest.mark.parametrize("phone", ["123", "1380000552", "电话", "13800005527x"])
def test_what_is_no_phone_is_refused(staff, phone):
    with pytest.raises(DomainError) as refusal:
        create_cadre(values=values(phone=phone), by=staff)
    assert (refusal.value.field, refusal.value.code) == ("phone", "phone_format")
