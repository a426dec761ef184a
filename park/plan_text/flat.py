"""One form for the many widths of digits and punctuation, character for character.

NFKC would do the same and change lengths (⑴ becomes three characters), and every offset with them.
"""

from typing import Final

_WIDE: Final = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # ！ to ～
_ALIKE: Final = {
    **dict.fromkeys("［〔【", "["),
    **dict.fromkeys("］〕】", "]"),
    **dict.fromkeys("–—―－﹣−─～~", "-"),
    **dict.fromkeys("\u3000\u00a0\t\u2002\u2003\u2009", " "),
    **dict.fromkeys("“”„‟〝〞＂", '"'),
    "﹪": "%",
}
_TABLE: Final = str.maketrans(_WIDE | _ALIKE)

SENTENCE_ENDS: Final = "。;!?"
SPACES: Final = " \u200b\ufeff"


def flatten(text: str) -> str:
    """The text in half width, of the same length."""
    return text.translate(_TABLE)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    while start < end and (text[start].isspace() or text[start] in SPACES):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in SPACES):
        end -= 1
    return start, end
