"""The numbers that may open a clause: 一、（一）1.（1）① a. 第一条 一是 1.1 and dashes, anywhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from park.plan_text.flat import SENTENCE_ENDS, SPACES
from park.plan_text.numerals import value_of


class Style(IntEnum):
    """Ordered as the official numbering nests."""

    PART = 0  # 第一部分, 第一章
    SECTION = 1  # 第一节
    ARTICLE = 2  # 第一条
    COMMA = 3  # 一、
    BRACKET = 4  # （一）
    DOT = 5  # 1.
    DECIMAL = 6  # 1.1
    DECIMAL_3 = 7  # 1.1.1
    DIGIT_BRACKET = 8  # （1） 1）
    CIRCLE = 9  # ①
    LETTER = 10  # a. A、
    SAY = 11  # 一是 第一，
    DASH = 12  # —— •
    ROW = 13  # a row of a table of tasks


class Footing(IntEnum):
    """How well a number stands as the beginning of a clause."""

    INSIDE = 0  # in the middle of a line, without a stop before it
    AFTER_PAUSE = 1  # after a comma: enough for 一是 alone
    AFTER_STOP = 2  # after 。；： or a gap
    LINE_START = 3


@dataclass(frozen=True, slots=True)
class Row:
    """Where in a row of a table the number and the words of the clause stand, and where the row ends."""

    number: tuple[int, int]
    words: tuple[int, int]
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """`start`/`end` span the number as printed, with its own punctuation."""

    style: Style
    value: int
    start: int
    end: int
    printed: str
    footing: Footing
    row: Row | None = None

    @property
    def number(self) -> tuple[int, int]:
        return self.row.number if self.row else (self.start, self.end)


_NUMERAL: Final = "[一二三四五六七八九十百〇零]{1,4}"
# 一、二期工程 and 三、四级 are lists of numerals, not the clause 一、.
_NOT_A_LIST: Final = "(?![一二三四五六七八九十]+[期级季号批次线类产等个项家年月])"
_PATTERNS: Final = (
    (Style.PART, rf"第 ?(?P<part>{_NUMERAL}|\d{{1,2}}) ?(?:部分|章|篇)[、,:. ]?"),
    (Style.SECTION, rf"第 ?(?P<section>{_NUMERAL}|\d{{1,2}}) ?节[、,:. ]?"),
    (Style.ARTICLE, rf"第 ?(?P<article>{_NUMERAL}|\d{{1,3}}) ?条[、,:. ]?"),
    (
        Style.SAY,
        rf"第(?P<phase>{_NUMERAL})阶段[:、,]|第(?P<ordinal>{_NUMERAL})[,、]|其(?P<among>[一二三四五六七八九])[,、是]",
    ),
    (Style.BRACKET, rf"\( ?(?P<bracket>{_NUMERAL}) ?\)[、.]?|(?P<tiny>[㈠-㈩])[、.]?"),
    (
        Style.DIGIT_BRACKET,
        r"\( ?(?P<digit>\d{1,2}) ?\)[、.]?|(?<![\d(])(?P<half>\d{1,2}) ?\)|(?P<ring>[⑴-⒇])",
    ),
    (Style.CIRCLE, r"(?P<circle>[①-⑳❶-❿])[、.]?"),
    (Style.SAY, r"(?P<say>[一二三四五六七八九十])(?:是|要)"),
    (Style.COMMA, rf"(?P<comma>{_NUMERAL}) ?[、.]{_NOT_A_LIST}"),
    (Style.DECIMAL_3, r"(?<![\d.])(?P<d3>\d{1,2}\.\d{1,2}\.\d{1,2})[.、 ]?(?=[ \u4e00-\u9fff])"),
    (Style.DECIMAL, r"(?<![\d.])(?P<d2>\d{1,2}\.\d{1,2})[.、]?(?= ?[\u4e00-\u9fff])"),
    (Style.DOT, r"(?<![\d.])(?P<dot>\d{1,2}) ?[.、](?!\d)|(?P<dotted>[⒈-⒛])"),
    (Style.LETTER, r"(?<![A-Za-z\d])\(?(?P<letter>[a-hA-H])[.、)](?=[ \"\u4e00-\u9fff])"),
    (Style.DASH, r"(?P<dash>--|[-•●◆■▪★※*○◇►▶·])(?=[^\d\-])"),
)
_STYLE_OF: Final = {
    group: style for style, pattern in _PATTERNS for group in re.findall(r"\(\?P<(\w+)>", pattern)
}
_ANY: Final = re.compile("|".join(f"(?:{pattern})" for _, pattern in _PATTERNS))
# …编制。（责任单位：经发局）2、争取资金: who answers for a clause stands behind its stop.
_BEHIND_STOP: Final = re.compile(
    r"(?:[。;!?] ?\([^()\n]*|\((?:责任|牵头|配合|主办|完成时限|负责)[^()\n]*)\)$"
)
_LONGEST_REMARK: Final = 80
_LINE_ONLY: Final = (Style.DASH, Style.DECIMAL, Style.DECIMAL_3, Style.PART, Style.SECTION)
# A figure reads like a decimal number of a clause: 2.67平方公里.
_CONTENTS: Final = re.compile(r"^[^\n]*(?:\.{3,}|…{2,}|·{3,}) *\d* *$", re.MULTILINE)  # 一、总体要求……1
_UNIT_NEXT: Final = re.compile(
    r" ?(?:平方|万|亿|公里|公顷|亩|米|元|吨|家|个|项|倍|%|千|人|户|次|期|场|件|处|座|条|名|小时|天)"
)


def find_marks(flat: str) -> Iterator[Mark]:
    """Every possible opening number in order; which of them open clauses is for `outline` to say."""
    contents = [found.span() for found in _CONTENTS.finditer(flat)]
    line = 0
    for found in _ANY.finditer(flat):
        while line < len(contents) and contents[line][1] <= found.start():
            line += 1
        if line < len(contents) and contents[line][0] <= found.start():
            continue
        group = found.lastgroup or ""
        style = _STYLE_OF[group]
        footing = _footing(flat, found.start())
        if style in _LINE_ONLY and footing is not Footing.LINE_START:
            continue
        if style is Style.DECIMAL and _UNIT_NEXT.match(flat, found.end()):
            continue
        value = _value(group, found[group])
        if value:
            yield Mark(style, value, found.start(), found.end(), found.group().strip(), footing)


def _footing(flat: str, start: int) -> Footing:
    place = start
    while place and flat[place - 1] in SPACES:
        place -= 1
    if place == 0 or flat[place - 1] == "\n":
        return Footing.LINE_START
    before = flat[place - 1]
    if before in SENTENCE_ENDS + ":" or (
        before in '")』」》' and flat[place - 2 : place - 1] in SENTENCE_ENDS
    ):
        return Footing.AFTER_STOP
    if start - place >= 1 or (
        before == ")" and _BEHIND_STOP.search(flat[max(0, place - _LONGEST_REMARK) : place])
    ):
        return Footing.AFTER_STOP
    return Footing.AFTER_PAUSE if before == "," else Footing.INSIDE


def _value(group: str, text: str) -> int:
    first = {"tiny": "㈠", "circle": "①", "ring": "⑴", "dotted": "⒈"}.get(group)
    if group == "circle" and "❶" <= text <= "❿":
        return ord(text) - ord("❶") + 1
    if first:
        return ord(text) - ord(first) + 1
    if group == "dash":
        return 1
    if group == "letter":
        return ord(text.lower()) - ord("a") + 1
    return value_of(text.rpartition(".")[2] if group in ("d2", "d3") else text)
