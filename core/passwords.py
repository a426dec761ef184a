"""How passwords are stored, which are good enough, and the one-time ones that are handed out."""

import secrets
import string
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.core.exceptions import ValidationError

# Without the characters that are mistaken for one another on paper: 0 O o, 1 l I, 5 S s, 2 Z z.
READABLE = "ABCDEFGHJKLMNPQRTUVWXYabcdefghijkmnpqrtuvwxy346789"
GROUPS, GROUP_LENGTH = 3, 4
CLASSES_NEEDED = 3
OWN_NAME = "密码中不能含有登录名或姓名，请换一个。"
WEAK = "密码须包含大写字母、小写字母、数字、符号四类中的至少三类，请补充后再提交。"


class Argon2Small(Argon2PasswordHasher):
    """19 MiB per log-in (the OWASP minimum): twenty at once must not need gigabytes (security.md 0.10)."""

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1


class CharacterClassesValidator:
    """Three of four classes, as the level-protection evaluators ask; Chinese characters count as symbols."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(_classes(password)) < CLASSES_NEEDED:
            raise ValidationError(WEAK, code="password_too_simple")

    def get_help_text(self) -> str:
        return "密码须包含大写字母、小写字母、数字、符号四类中的至少三类。"


class OwnNameValidator:
    """Neither the login name nor the name inside: the first thing that anyone tries."""

    def validate(self, password: str, user: Any = None) -> None:
        names = (getattr(user, name, "") for name in ("username", "name"))
        if any(len(name) > 1 and name.casefold() in password.casefold() for name in names):
            raise ValidationError(OWN_NAME, code="password_has_name")

    def get_help_text(self) -> str:
        return OWN_NAME


def _classes(password: str) -> set[str]:
    return {_class_of(character) for character in password}


def _class_of(character: str) -> str:
    if character in string.ascii_uppercase:
        return "upper"
    if character in string.ascii_lowercase:
        return "lower"
    return "digit" if character in string.digits else "symbol"


def matches_any(raw: str, encoded_list: Iterable[str]) -> bool:
    """Whether `raw` is the password behind any of the stored hashes."""
    return any(check_password(raw, encoded) for encoded in encoded_list)


def one_time_password() -> str:
    """Three groups of four characters, easy to read out; passes the validators."""
    while True:
        groups = ["".join(secrets.choice(READABLE) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)]
        password = "-".join(groups)
        if len(_classes(password)) == 4:
            return password
