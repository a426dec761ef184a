import base64
import hashlib
import hmac

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.crypto import DecryptionError, blind_index, decrypt_bytes, encrypt_bytes
from core.crypto.cipher import decrypt_text, encrypt_text, ensure_keyfile, key_id_of
from core.crypto.keyfile import load_keyring, with_new_key
from core.crypto.mac import hmac_sm3

texts = st.text(st.characters(exclude_categories=["Cs"]))
few = hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=["aes256gcm", "sm4gcm"])
def cipher(request, settings):
    settings.FIELD_CIPHER = request.param
    return request.param


@few
@given(text=texts, context=texts)
def test_text_comes_back(cipher, text, context):
    token = encrypt_text(text, context=context)
    assert decrypt_text(token, context=context) == text
    assert ensure_keyfile().data_keys[key_id_of(token)].suite == cipher


@few
@given(data=st.binary(max_size=3000), context=texts)
def test_bytes_come_back(cipher, data, context):
    assert decrypt_bytes(encrypt_bytes(data, context=context), context=context) == data


def test_every_flipped_byte_of_a_token_is_detected(cipher):
    token = encrypt_text("340000", context="c")
    for place in range(len(token)):
        changed = token[:place] + chr(ord(token[place]) ^ 1) + token[place + 1 :]
        with pytest.raises(DecryptionError):
            decrypt_text(changed, context="c")


def test_every_flipped_bit_of_sealed_bytes_is_detected(cipher):
    sealed = encrypt_bytes(b"talk", context="c")
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            with pytest.raises(DecryptionError):
                decrypt_bytes(bytes(changed), context="c")


@few
@given(cut=st.integers(0, 60))
def test_a_shortened_value_is_detected(cipher, cut):
    sealed = encrypt_bytes(b"x" * 20, context="c")
    with pytest.raises(DecryptionError):
        decrypt_bytes(sealed[: min(cut, len(sealed) - 1)], context="c")


def test_another_context_or_another_key_does_not_open(cipher):
    ring = ensure_keyfile()
    token = encrypt_text("x", context="people.cadre:1:phone")
    with pytest.raises(DecryptionError, match="被改动过，或被挪到了别的记录"):
        decrypt_text(token, context="people.cadre:2:phone")
    other = next(key for key in ring.data_keys if key != key_id_of(token))
    with pytest.raises(DecryptionError):
        decrypt_text(token.replace(key_id_of(token), other), context="people.cadre:1:phone")


def test_a_missing_key_is_named(tmp_path, settings):
    token = encrypt_text("x", context="c")
    settings.FIELD_KEYRING = load_keyring(tmp_path / "other.json")
    with pytest.raises(DecryptionError, match=f"编号 {key_id_of(token)}.*恢复原来的密钥文件"):
        decrypt_text(token, context="c")


@pytest.mark.parametrize("text", ["", "x", "enc1$$", "enc1$a$b$c", "enc2$k$AAAA", "enc1$密$é", "enc1$k$A A="])
def test_what_is_no_token_is_refused(text):
    with pytest.raises(DecryptionError):
        decrypt_text(text, context="c")


def test_nonces_do_not_repeat():
    tokens = {base64.b64decode(encrypt_text("", context="").rpartition("$")[2])[:12] for _ in range(5000)}
    assert len(tokens) == 5000


def test_a_running_process_sees_a_key_added_by_another_one(tmp_path, settings):
    settings.FIELD_KEYRING = load_keyring(tmp_path / "keys.json")
    before = encrypt_text("x", context="c")
    other_process = with_new_key(load_keyring(tmp_path / "keys.json"), settings.FIELD_CIPHER)
    after = encrypt_text("x", context="c")
    assert key_id_of(after) == other_process.rotating_to != key_id_of(before)
    assert [decrypt_text(token, context="c") for token in (before, after)] == ["x", "x"]


def test_a_key_file_out_of_reach_does_not_stop_a_running_process(tmp_path, settings):
    settings.FIELD_KEYRING = load_keyring(tmp_path / "keys.json")
    token = encrypt_text("x", context="c")
    (tmp_path / "keys.json").unlink()
    assert decrypt_text(token, context="c") == "x"


def test_both_builds_of_sm3_agree():
    assert hmac_sm3(b"k" * 32, b"a") == hmac.digest(b"k" * 32, b"a", "sm3")
    assert hmac_sm3(b"k" * 32, b"a").hex().startswith("ced1406f")


def test_blind_index_is_keyed_and_repeatable(tmp_path, settings):
    number = "999999198001010011"
    index = blind_index(number)
    assert index == blind_index(number) != blind_index("999999198001010038")
    assert index != hashlib.new("sm3", number.encode()).hexdigest()
    assert blind_index("") == ""
    settings.FIELD_KEYRING = load_keyring(tmp_path / "other.json")
    assert blind_index(number) != index
