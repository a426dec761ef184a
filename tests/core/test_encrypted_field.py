import copy
import json
import pickle
import uuid

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat
from django.test.utils import isolate_apps

from core.crypto import DecryptionError, EncryptedTextField
from core.crypto.fields import Sealed
from people.models import Cadre
from tests.factories.people import make_cadre

pytestmark = pytest.mark.django_db
PHONE = "13900001111"


def stored(cadre: Cadre, column: str = "phone") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM people_cadre WHERE id = %s", [cadre.pk])
        return cursor.fetchone()[0]


def test_plain_text_is_only_on_the_attribute():
    cadre = make_cadre(phone=PHONE)
    assert cadre.phone == PHONE
    loaded = Cadre.objects.get(pk=cadre.pk)
    assert loaded.phone == PHONE
    assert stored(cadre).startswith("enc1$")
    assert PHONE not in repr(loaded.__dict__)


def test_empty_stays_empty():
    assert stored(make_cadre(phone="")) == ""


def test_saving_an_unread_value_keeps_its_ciphertext():
    cadre = make_cadre(phone=PHONE)
    before = stored(cadre)
    loaded = Cadre.objects.get(pk=cadre.pk)
    loaded.name = "王改"
    loaded.save()
    assert stored(cadre) == before
    loaded.phone = "13900002222"
    loaded.save(update_fields=["phone"])
    assert Cadre.objects.get(pk=cadre.pk).phone == "13900002222"


def test_bulk_create_and_bulk_update():
    first, second = Cadre.objects.bulk_create(
        [Cadre(name="王甲", phone=PHONE), Cadre(name="王乙", phone=PHONE, address="某街1号")]
    )
    assert [stored(c).startswith("enc1$") for c in (first, second)] == [True, True]
    first.phone, second.phone = "1", ""
    second.address = first.phone
    Cadre.objects.bulk_update([first, second], ["phone", "address"])
    rows = {c.name: (c.phone, c.address) for c in Cadre.objects.all()}
    assert rows == {"王甲": ("1", ""), "王乙": ("", "1")}
    assert stored(second, "address").startswith("enc1$")


def test_bulk_create_that_updates_on_conflict():
    cadre = make_cadre(phone=PHONE, staff_no="A1")
    cadre.phone = "2"
    Cadre.objects.bulk_create(
        [cadre], update_conflicts=True, update_fields=["phone"], unique_fields=["staff_no"]
    )
    assert Cadre.objects.get(pk=cadre.pk).phone == "2"


@pytest.mark.parametrize(
    "value",
    [
        PHONE,
        Value(PHONE),
        F("name"),
        Concat(F("name"), Value("x")),
        Case(When(pk__gt=0, then=Value(PHONE)), default=Value("")),
        Case(
            When(pk__gt=0, then=Value(PHONE, output_field=Cadre._meta.get_field("phone"))),
            output_field=models.TextField(),
        ),
    ],
)
def test_update_cannot_carry_plain_text_past_the_field(value):
    cadre = make_cadre(phone="1")
    with pytest.raises(FieldError, match="不能用 update"), transaction.atomic():
        Cadre.objects.update(phone=value)
    assert Cadre.objects.get(pk=cadre.pk).phone == "1"


def test_update_cannot_spread_one_row_s_value_over_others():
    cadre = make_cadre(phone=PHONE)
    make_cadre(phone="1")
    token = Cadre.objects.values_list("phone", flat=True)[0]
    with pytest.raises(FieldError, match="不能用 update"), transaction.atomic():
        Cadre.objects.update(phone=cadre.phone)
    with pytest.raises(FieldError, match="不能用 update"), transaction.atomic():
        Cadre.objects.update(phone=token)
    assert Cadre.objects.filter(pk=cadre.pk).update(phone="") == 1
    assert Cadre.objects.get(pk=cadre.pk).phone == ""


def test_an_expression_on_the_instance_is_refused():
    cadre = make_cadre(phone=PHONE)
    cadre.phone = F("name")
    with pytest.raises(FieldError):
        cadre.save()


@pytest.mark.parametrize("lookup", ["phone", "phone__exact", "phone__contains", "phone__in", "phone__regex"])
def test_search_by_content_is_refused(lookup):
    with pytest.raises(FieldError, match="不能按内容查找"):
        Cadre.objects.filter(**{lookup: PHONE}).exists()
    with pytest.raises(FieldError):
        Cadre.objects.filter(phone__length__gt=3).exists()
    assert Cadre.objects.filter(phone__isnull=True).count() == 0


def test_values_give_ciphertext():
    make_cadre(phone=PHONE)
    (row,) = Cadre.objects.values("phone")
    assert type(row["phone"]) is Sealed
    assert row["phone"].startswith("enc1$")


def test_a_value_moved_to_another_row_or_column_does_not_open():
    one, two = make_cadre(phone=PHONE, address="x"), make_cadre(phone="1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_cadre SET phone = %s WHERE id = %s", [stored(one), two.pk])
        cursor.execute("UPDATE people_cadre SET address = phone WHERE id = %s", [one.pk])
    with pytest.raises(DecryptionError):
        _ = Cadre.objects.get(pk=two.pk).phone
    with pytest.raises(DecryptionError):
        _ = Cadre.objects.get(pk=one.pk).address
    assert Cadre.objects.get(pk=one.pk).phone == PHONE


def test_a_copied_object_with_a_new_uid_is_not_saved_unreadable():
    cadre = Cadre.objects.get(pk=make_cadre(phone=PHONE).pk)
    cadre.pk, cadre.uid, cadre.staff_no = None, uuid.uuid4(), None
    with pytest.raises(DecryptionError):
        cadre.save()


def test_value_of_another_object_may_be_assigned():
    one, two = make_cadre(phone=PHONE), make_cadre()
    two.phone = one.phone
    two.save()
    assert Cadre.objects.get(pk=two.pk).phone == PHONE
    assert stored(one) != stored(two)


def test_refresh_deferred_pickle_and_deepcopy():
    cadre = make_cadre(phone=PHONE)
    cadre.refresh_from_db()
    assert cadre.phone == PHONE
    assert Cadre.objects.defer("phone").get(pk=cadre.pk).phone == PHONE
    assert Cadre.objects.only("phone", "uid").get(pk=cadre.pk).phone == PHONE
    for twin in (pickle.loads(pickle.dumps(cadre)), copy.deepcopy(cadre)):
        assert twin.phone == PHONE
    assert type(pickle.loads(pickle.dumps(cadre.phone))) is str
    assert json.dumps({"phone": cadre.phone}) == f'{{"phone": "{PHONE}"}}'


def test_full_clean_keeps_the_value():
    cadre = Cadre.objects.get(pk=make_cadre(phone=PHONE).pk)
    cadre.full_clean()
    cadre.save()
    assert Cadre.objects.get(pk=cadre.pk).phone == PHONE


@isolate_apps("core")
def test_check_asks_for_the_uid_and_forbids_an_index():
    class Bare(models.Model):  # noqa: DJ008
        secret = EncryptedTextField(db_index=True)

        class Meta:
            app_label = "core"

    assert {e.id for e in Bare._meta.get_field("secret").check()} == {"crypto.E001", "crypto.E002"}
    assert Cadre._meta.get_field("phone").check() == []
