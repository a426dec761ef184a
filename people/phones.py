"""What counts as a telephone number, wherever one is typed or imported."""

import re

# A mobile, a landline with or without its area code, or a 400/800 number; brackets and dashes taken out.
_NUMBER = re.compile(r"1[3-9]\d{9}|0\d{2,3}[2-8]\d{6,7}|[2-8]\d{6,7}|[48]00\d{7}")
_EXTENSION = re.compile(r"(?:转|#|-)(\d{1,6})$")
_MARKS = re.compile(r"[()（）\-—–]")
WAY_OUT = "请填 11 位手机号，或带区号的座机号如 0563-8600000。"


def bare_number(text: str) -> str:
    """The number without the brackets and dashes people write into it."""
    return _MARKS.sub("", text)


def is_phone(text: str) -> bool:
    """One number without spaces; only a landline with its area code may carry an extension."""
    if _NUMBER.fullmatch(bare_number(text)):
        return True
    without = _EXTENSION.sub("", text)
    return without != text and without.startswith("0") and bool(_NUMBER.fullmatch(bare_number(without)))
