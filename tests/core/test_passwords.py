import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from core.passwords import CharacterClassesValidator, matches_any, one_time_password


def test_hasher_profile(real_hashers):
    encoded = make_password("Abcdef-123")
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("Abcdef-123", encoded)
    assert not identify_hasher(encoded).must_update(encoded)


@pytest.mark.parametrize(
    "password", ["abcdefghij", "ABCDEFGHIJ", "abcdEFGHij", "12345abcde", "干部 学习 abc"]
)
def test_fewer_than_three_classes_are_refused(password):
    with pytest.raises(ValidationError, match="至少三类"):
        CharacterClassesValidator().validate(password)


@pytest.mark.parametrize("password", ["Abcdefgh12", "abc-def-12", "ABC DEF 12", "干部abc2026学习"])
def test_three_classes_pass(password):
    CharacterClassesValidator().validate(password)


def test_one_time_passwords_pass_the_rules_and_differ():
    passwords = {one_time_password() for _ in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        validate_password(password)
        assert len(password) == 14
        assert not set(password) & set("0Oo1lI5Ss2Zz")


def test_earlier_passwords_are_recognised():
    earlier = [make_password(f"Old-pass-{n}") for n in range(3)]
    assert matches_any("Old-pass-1", earlier)
    assert not matches_any("New-pass-1", earlier)
    assert not matches_any("x", [])
