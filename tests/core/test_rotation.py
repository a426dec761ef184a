from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.crypto.cipher import active_key, ensure_keyfile, key_id_of
from core.crypto.keyfile import load_keyring, with_new_key
from core.crypto.rotation import reencrypt_all
from core.models import AuditEvent
from people.models import Cadre, FamilyMember
from tests.factories.people import make_cadre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.FIELD_KEYRING = load_keyring(tmp_path / "keys.json")


def rotate() -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def key_ids() -> set[str]:
    rows = [*Cadre.objects.values_list("phone", "address"), *FamilyMember.objects.values_list("name")]
    return {key_id_of(token) for row in rows for token in row if token}


def test_everything_is_readable_under_the_new_key(settings):
    old = active_key().id
    cadre = make_cadre(phone="13900001111", address="某街1号")
    make_cadre(phone="", address="某街2号")
    FamilyMember.objects.create(cadre=cadre, name="王某")
    out = rotate()
    assert key_ids() == {active_key().id} != {old}
    assert sorted(c.address for c in Cadre.objects.all()) == ["某街1号", "某街2号"]
    assert Cadre.objects.get(pk=cadre.pk).phone == "13900001111"
    assert FamilyMember.objects.get().name == "王某"
    assert "people.Cadre 2/2" in out
    assert "已重新加密 4 个值。" in out
    event = AuditEvent.objects.first()
    assert (event.action, event.object_id, event.result) == ("keys.rotate", active_key().id, "ok")
    assert ensure_keyfile().rotating_to == ""
    assert old in ensure_keyfile().data_keys


def test_changing_the_cipher_moves_everything_to_it(settings):
    make_cadre(phone="1")
    settings.FIELD_CIPHER = "sm4gcm"
    rotate()
    assert {ensure_keyfile().data_keys[kid].suite for kid in key_ids()} == {"sm4gcm"}
    assert Cadre.objects.get().phone == "1"


def test_an_interrupted_rotation_goes_on_with_the_same_key(settings):
    make_cadre(phone="1")
    target = with_new_key(ensure_keyfile(), settings.FIELD_CIPHER).rotating_to
    assert f"继续上次未完成的轮换，密钥 {target}。" in rotate()
    assert key_ids() == {target}
    assert "已启用新密钥" in rotate()


def test_a_value_written_meanwhile_is_not_undone(settings):
    cadre = make_cadre(phone="1")
    with_new_key(ensure_keyfile(), settings.FIELD_CIPHER)

    def write(*_):
        fresh = Cadre.objects.get(pk=cadre.pk)
        fresh.phone = "2"
        fresh.save()

    assert reencrypt_all(write).unreadable == []
    assert Cadre.objects.get(pk=cadre.pk).phone == "2"
    assert key_ids() == {active_key().id}


def test_unreadable_values_are_named_and_left_and_the_rest_is_done():
    good, bad = make_cadre(phone="1"), make_cadre(phone="2")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_cadre SET address = 'enc1$x$AAAA' WHERE id = %s", [bad.pk])
    with pytest.raises(CommandError, match=rf"1 个值无法读出.*people.Cadre:{bad.pk}:address"):
        rotate()
    assert [Cadre.objects.get(pk=c.pk).phone for c in (good, bad)] == ["1", "2"]
    assert AuditEvent.objects.first().result == "failed"
    assert ensure_keyfile().rotating_to == active_key().id
