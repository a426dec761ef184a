"""Plans without any numbers: headings are short lines, every paragraph is a clause."""

import re
from typing import Final

from park.plan_text.flat import trimmed
from park.plan_text.marks import Footing, Mark, Style
from park.plan_text.outline import Node
from park.plan_text.sections import section_of

_SHORTEST: Final = 8
_LONGEST_HEADING: Final = 30
_NAMED: Final = re.compile(r"^ *([^:。,;\n]{2,12}):(?=.{8})")
# 全年工作的主要预期目标是：地区生产总值增长6.5%；…。
_PREFACE_AIM: Final = re.compile(
    r"(?:^|[。;!?\n,:…])(?P<aim>[^。;!?\n,:…]{0,30}目标(?:任务)?(?:是|为|:)[^。!?\n]{8,}[。!?]?)"
)


def paragraphs(flat: str, start: int, end: int) -> list[Node]:
    """Headings with their paragraphs; "工作目标：到2025年……" is a heading that shares its line."""
    roots: list[Node] = []
    heading: Node | None = None
    place = start
    for line in flat[start:end].splitlines(keepends=True):
        first, last = trimmed(flat, place, place + len(line))
        place += len(line)
        if last - first < 2:
            continue
        words = flat[first:last]
        if _is_heading(words):
            heading = _node(first, last, Style.COMMA)
            roots.append(heading)
        elif named := _NAMED.match(words):
            heading = _named(flat, first, last, named, roots) or heading
        elif last - first >= _SHORTEST:
            (heading.children if heading else roots).append(_node(first, last))
    return [node for node in roots if node.children or not _is_heading(flat[node.start : node.end])]


def aims_of_preface(flat: str, end: int) -> list[Node]:
    """The sentences before the first number that say what is to be reached: 主要预期目标是：…"""
    return [_node(*trimmed(flat, *found.span("aim"))) for found in _PREFACE_AIM.finditer(flat, 0, end)]


def _named(flat: str, first: int, last: int, named: re.Match[str], roots: list[Node]) -> Node | None:
    if section_of(named.group(1)) is None:
        (roots[-1].children if roots and roots[-1].children else roots).append(_node(first, last))
        return None
    heading = _node(first, first + named.end(), Style.COMMA)
    heading.children.append(_node(*trimmed(flat, first + named.end(), last)))
    roots.append(heading)
    return heading


def _is_heading(words: str) -> bool:
    return (
        len(words) <= _LONGEST_HEADING
        and words[-1] not in "。;,!?"
        and ";" not in words
        and "。" not in words
    )


def _node(start: int, end: int, style: Style = Style.DASH) -> Node:
    return Node(Mark(style, 1, start, start, "", Footing.LINE_START), start, end)
