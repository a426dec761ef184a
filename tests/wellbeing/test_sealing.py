"""The seal itself: what it hides, and what it notices."""

import secrets
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core.classification import Sensitivity, sensitivity_of
from core.crypto import DecryptionError
from core.crypto.suites import SUITES
from tests.factories.people import make_cadre
from tests.factories.wellbeing import make_talk
from wellbeing.models import CadreKey, Talk, TalkContent
from wellbeing.purposes import PURPOSES
from wellbeing.sealing.cipher import SealingKey, open_bytes, open_text, padded, seal_bytes, seal_text
from wellbeing.sealing.fields import sealed_fields
from wellbeing.sealing.keys import ErasedError, key_for, key_of, open_row

KEYS = {"wellbeing.cadrekey.wrapped"}  # asked of nobody


def a_key(suite: str = "aes256gcm") -> SealingKey:
    return SealingKey(uuid4(), suite, secrets.token_bytes(SUITES[suite].key_bytes))


@given(text=st.text(), suite=st.sampled_from(sorted(SUITES)))
def test_what_is_sealed_opens_again(text, suite):
    key = a_key(suite)
    text = text.encode("utf-8", "ignore").decode()
    assert open_text(key, seal_text(key, text, context="x"), context="x") == text


@given(st.binary(max_size=5000))
def test_bytes_open_again_and_lengths_are_buckets(data):
    key = a_key()
    assert open_bytes(key, seal_bytes(key, data, context="x"), context="x") == data
    size = len(padded(data))
    assert size >= 512
    assert size & (size - 1) == 0


def test_nothing_and_a_sentence_look_the_same():
    key = a_key()
    assert len(seal_text(key, "", context="x")) == len(seal_text(key, "家里老人住院" * 20, context="x"))


@given(st.data())
def test_every_flipped_bit_is_noticed(data):
    key = a_key()
    token = bytearray(seal_bytes(key, b"text", context="x"))
    place = data.draw(st.integers(0, len(token) - 1))
    token[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DecryptionError):
        open_bytes(key, bytes(token), context="x")


def test_another_context_or_key_does_not_open():
    key, token = a_key(), None
    token = seal_text(key, "text", context="a")
    for other, context in ((key, "b"), (a_key(), "a")):
        with pytest.raises(DecryptionError):
            open_text(other, token, context=context)
    with pytest.raises(DecryptionError):
        open_text(key, token[:-4] + "AAAA", context="a")
    with pytest.raises(DecryptionError):
        open_text(key, "plain text", context="a")


@pytest.mark.django_db
def test_one_key_for_a_cadre_wrapped_by_the_key_file():
    cadre = make_cadre()
    key = key_for(cadre)
    assert key_for(cadre) == key_of(cadre.pk) == key
    with connection.cursor() as cursor:
        cursor.execute("SELECT wrapped FROM wellbeing_cadrekey")
        (stored,) = cursor.fetchone()
    assert stored.startswith("enc1$")
    assert repr(key.secret) not in repr(key)


@pytest.mark.django_db
def test_a_destroyed_key_opens_and_seals_nothing():
    cadre = make_cadre()
    key_for(cadre)
    CadreKey.objects.get().delete()
    with pytest.raises(DecryptionError):
        key_of(cadre.pk)
    CadreKey.objects.create(cadre=cadre, suite="aes256gcm", wrapped="")
    with pytest.raises(ErasedError):
        key_for(cadre)


@pytest.mark.django_db
def test_the_column_takes_only_tokens_and_answers_no_search():
    talk = make_talk(make_cadre())
    content = TalkContent.objects.get(talk=talk)
    with pytest.raises(FieldError):
        TalkContent.objects.filter(pk=content.pk).update(thinking="想法")
    content.thinking = "想法"
    with pytest.raises(FieldError):
        content.save()
    for lookup in (
        "thinking",
        "thinking__contains",
        "thinking__startswith",
        "thinking__isnull",
        "thinking__length",
    ):
        with pytest.raises(FieldError):
            TalkContent.objects.filter(**{lookup: "想"}).exists()


@pytest.mark.django_db
def test_tokens_carried_to_another_field_row_or_cadre_do_not_open():
    one, other = (TalkContent.objects.get(talk=make_talk(make_cadre())) for _ in range(2))
    thinking, work = one.thinking, one.work
    one.thinking, one.work = work, thinking
    with pytest.raises(DecryptionError):
        open_row(one, key_of(one.talk.cadre_id), ["thinking"])
    other.thinking = thinking
    with pytest.raises(DecryptionError):
        open_row(other, key_of(other.talk.cadre_id), ["thinking"])
    keys = {key.cadre_id: key for key in CadreKey.objects.all()}
    first, second = keys[one.talk.cadre_id], keys[other.talk.cadre_id]
    Talk.objects.filter(pk=one.talk_id).update(cadre_id=second.cadre_id)
    one.talk.refresh_from_db()
    one.thinking = thinking
    with pytest.raises(DecryptionError):
        open_row(one, key_of(one.talk.cadre_id), ["thinking"])
    assert first.uid != second.uid


def test_every_sensitive_field_says_what_it_is_for():
    models = list(apps.get_app_config("wellbeing").get_models())
    sensitive = {
        f"{model._meta.label_lower}.{field.name}"
        for model in models
        for field in model._meta.concrete_fields
        if sensitivity_of(model, field.name) == Sensitivity.SENSITIVE
    }
    sealed = {f"{model._meta.label_lower}.{field.name}" for model in models for field in sealed_fields(model)}
    assert sealed <= sensitive
    assert set(PURPOSES) == sensitive - KEYS
