"""Resident identity numbers: what they say and whether they can be true.

GB 11643: 17 digits and a check character, Σ digit·2^(17−i) mod 11 (domain.md 8). No library is used:
python-stdnum refuses valid numbers whose area code changed and raises KeyError for some areas.
"""

from dataclasses import dataclass
from datetime import date

from people.choices import Sex

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
EARLIEST_BIRTH = date(1900, 1, 1)


class IdentityError(ValueError):
    """Why a text is no identity number; the message is a Chinese sentence with the way out."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Identity:
    number: str
    born_on: date
    sex: Sex


def check_character(first_17: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def read_identity(text: str, *, on: date) -> Identity:
    """The identity that an 18-character number states; `on` is today, no one is born later."""
    number = text.strip().upper()
    _check_shape(number)
    born_on = _birth_date(number, on)
    if check_character(number[:17]) != number[17]:
        raise IdentityError("id_checksum", "身份证号校验位不对，请对照证件核对每一位数字。")
    return Identity(number, born_on, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def _check_shape(number: str) -> None:
    if len(number) != 18:
        way = "不足" if len(number) < 18 else "超过"
        raise IdentityError("id_length", f"身份证号应为 18 位，现有 {len(number)} 位，{way} 18 位，请核对。")
    if not (number[:17].isascii() and number[:17].isdigit() and number[17] in "0123456789X"):
        raise IdentityError("id_characters", "身份证号前 17 位应为数字，末位为数字或 X，请核对。")


def _birth_date(number: str, on: date) -> date:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        message = f"身份证号中的出生日期“{number[6:14]}”不存在，请核对第 7–14 位。"
        raise IdentityError("id_birth_date", message) from None
    if not EARLIEST_BIRTH <= born_on <= on:
        message = f"身份证号中的出生日期“{number[6:14]}”不在 1900 年至今之间，请核对第 7–14 位。"
        raise IdentityError("id_birth_date", message)
    return born_on


def mask_identity(number: str) -> str:
    """First four and last two characters; the rest as stars."""
    return f"{number[:4]}{'*' * 12}{number[-2:]}" if len(number) == 18 else "*" * len(number)


def mask_phone(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 9 else "*" * len(number)
