"""统一社会信用代码 (GB 32100-2015): 18 characters, the last one reckoned from the others."""

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")


def check_character(first: str) -> str:
    """The eighteenth character of a code that begins with these seventeen."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(first, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def normal(code: str) -> str:
    """As it is kept: half-width capitals without spaces."""
    half = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in code)
    return re.sub(r"[\s-]", "", half).upper()


def fault_of(code: str) -> str:
    """What is wrong with a code, in a sentence; "" for a good one."""
    if len(code) != 18:
        return f"统一社会信用代码应为 18 位，现在是 {len(code)} 位，请核对营业执照。"
    if not _SHAPE.fullmatch(code):
        return "统一社会信用代码里有不会出现的字符（不用 I、O、S、V、Z），请核对营业执照。"
    if check_character(code[:17]) != code[17]:
        return "统一社会信用代码的校验位不对，很可能有一位抄错，请核对营业执照。"
    return ""
