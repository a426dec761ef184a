"""Chinese numerals up to the hundreds of thousands, as plans use them."""

import re
from typing import Final

DIGITS: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
CHARACTERS: Final = "零〇一二两三四五六七八九十百千"
NUMERAL: Final = f"[{CHARACTERS}]"
_SPELT = re.compile(rf"{NUMERAL}+")


def value_of(text: str) -> int:
    """12 for 十二 or "12"; ValueError for anything else."""
    if text.isdecimal():
        return int(text)
    if not _SPELT.fullmatch(text):
        raise ValueError(text)
    if not any(place in text for place in _PLACES):  # 二〇二五: digit by digit
        return int("".join(str(DIGITS[c]) for c in text))
    total, digit = 0, None
    for character in text:
        if character in _PLACES:
            total += (1 if digit is None else digit) * _PLACES[character]
            digit = None
        else:
            digit = DIGITS[character]
    return total + (digit or 0)


def spelt(value: int) -> str:
    """十二 for 12, up to 99: the numbers of clauses."""
    tens, ones = divmod(value, 10)
    names = "零一二三四五六七八九"
    if tens == 0:
        return names[ones]
    head = "十" if tens == 1 else f"{names[tens]}十"
    return head + (names[ones] if ones else "")
