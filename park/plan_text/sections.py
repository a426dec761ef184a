"""What each clause is: goal, measure, action or requirement, by the heading it stands under."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from park.plan_text.marks import Style
from park.plan_text.outline import LONGEST_HEADING, Node

Kind = Literal["goal", "measure", "action", "requirement", "heading"]
Section = Literal["goal", "measure", "step", "requirement", "aside"]

_MORE: Final = r"(?:(?:和|及|与|、).{1,8}|分工|清单|安排|分解)?$"
_WORDS: Final[tuple[tuple[Section, re.Pattern[str]], ...]] = (
    (
        "aside",
        re.compile(
            r"背景$|现状|基本情况|存在.{0,4}问题|必要性|重要(?:性|意义)|工作(?:回顾|总结)|名词解释"
            r"|(?:主要|工作)成效|(?:工作|完成)情况$|工作进展"
        ),
    ),
    (
        "goal",
        re.compile(
            rf"^总则$|总体(?:要求|思路|安排)|指导思想|(?:基本|工作|主要)原则|目标(?:任务|要求)?{_MORE}|工作思路$|发展定位$"
            r"|主要指标$"
        ),
    ),
    (
        "requirement",
        re.compile(
            r"(?:组织|工作|机制)保障|保障(?:措施|机制)|^保障|(?:工作|有关|几点|具体|相关|纪律|推进|活动|组织|落实|其他|报送)要求"
            rf"|^要求$|组织(?:领导|实施|机构|推动){_MORE}|领导(?:机构|小组)$|考核(?:奖惩|评价|办法|机制)$"
            r"|督(?:查|导)(?:考核|问效|落实)$|(?:政府|队伍|机关)?自身建设$|责任追究|^附则|(?:实施|活动|适用)范围|(?:适用|活动)对象|^(?:工作机制|对象|范围)$"
        ),
    ),
    ("step", re.compile(r"步骤|(?:时间|进度|阶段)安排|实施阶段|推进时序|工作进度")),
    (
        "measure",
        re.compile(
            rf"(?:措施|任务|举措|重点工作|工作重点|(?:工作|主要|行动|活动|实施|整治)内容|重点行动|主要工作|工作安排"
            rf"|(?:推进|实施)路径){_MORE}"
        ),
    ),
)
_LONGEST_SECTION_TITLE: Final = 24
_STOP: Final = re.compile(r"[。;!?]")
_TITLE_STOP: Final = re.compile(r"[。:;!?\n]|\((?=责任|牵头|配合|主办|完成)")
# The heading runs into the sentence where a web page lost its line breaks: 总体目标全年新签约…
_OPENING: Final = re.compile(
    r"(?:(?:总体|工作|主要|发展)目标|总体要求|指导思想|(?:基本|工作)原则|(?:工作|有关|几点|具体)要求|保障措施"
    r"|(?:主要|重点|工作)任务|(?:工作|主要)(?:措施|举措)|组织(?:领导|保障)|(?:实施|工作)步骤)(?=[\u4e00-\u9fff\d])"
    r"(?![和及与的是])"
)
_LEAD_IN: Final = re.compile(r"(?:如下|以下.{0,12}|下列.{0,12}|方面)[:。]?$|[:]$")
# （责任领导：…；完成时限：…）behind a heading says who, not what.
_RESPONSIBLE: Final = re.compile(r"^\(?(?:责任|牵头|配合|主办|完成)[^()]*\)$")
_LONGEST_TITLE: Final = 40


@dataclass(frozen=True, slots=True)
class Words:
    """A clause's own words, parted into heading and body; both are spans into the text."""

    title: tuple[int, int]
    body: tuple[int, int]

    @property
    def has_body(self) -> bool:
        return self.body[0] < self.body[1]


def words_of(flat: str, node: Node) -> Words:
    """A heading is all of a short clause without a stop, or what stands before its first stop."""
    start, end = node.start, node.end
    own = flat[start:end]
    spoken = node.style >= Style.SAY and not node.mark.printed.startswith("第")
    if not spoken and _is_heading(own):
        return Words((start, end), (end, end))
    if node.style <= Style.BRACKET and (opening := _OPENING.match(own)):
        return Words((start, start + opening.end()), (start + opening.end(), end))
    found = _TITLE_STOP.search(own)
    if spoken or found is None or found.start() > _LONGEST_TITLE or found.start() == 0:
        return Words((start, start), (start, end))
    body = start + found.end()
    while body < end and flat[body].isspace():
        body += 1
    if not flat[body:end].strip():
        return Words((start, end), (end, end))
    return Words((start, start + found.start()), (body, end))


def _is_heading(own: str) -> bool:
    """One short line; a stop at its end is let pass where it can hardly be a sentence."""
    if "\n" in own or len(own) > LONGEST_HEADING or _STOP.search(own[:-1]) or ":" in own[:-1]:
        return False
    return own[-1:] not in "。;" or (len(own) <= _LONGEST_SECTION_TITLE and "," not in own)


def heading_text(flat: str, words: Words) -> str:
    return flat[slice(*words.title)].rstrip("。:;,. ：；，．")


def section_of(title: str) -> Section | None:
    """What a heading announces; None for a heading that speaks of the matter itself."""
    if len(title) > _LONGEST_SECTION_TITLE:
        return None
    return next((section for section, pattern in _WORDS if pattern.search(title)), None)


def says_something(flat: str, words: Words) -> bool:
    """Whether the words before the first child are more than "重点做好以下工作：".

    Such a clause is an item of its own beside its children.
    """
    body = _RESPONSIBLE.sub("", flat[slice(*words.body)].strip())
    return bool(body) and not (_LEAD_IN.search(body) and len(body) <= 90)


class Sorter:
    """Assigns a kind to every clause of a forest."""

    def __init__(self, flat: str, roots: Sequence[Node]) -> None:
        self.flat = flat
        self.words = {id(node): words_of(flat, node) for root in roots for node in root.walk()}
        self.kinds: dict[int, Kind | None] = {}

    def sort(self, roots: Sequence[Node]) -> dict[int, Kind | None]:
        """Kind by id(node); None for what is no part of the plan (background)."""
        self._level(roots)
        return self.kinds

    def _level(self, nodes: Sequence[Node]) -> None:
        """Clauses side by side: runs of those whose headings announce nothing are measures together."""
        run: list[Node] = []
        for node in nodes:
            section = section_of(self._title(node))
            if section is None:
                run.append(node)
                continue
            self._measures(run)
            run = []
            self._section(node, section)
        self._measures(run)

    def _section(self, node: Node, section: Section) -> None:
        if section == "measure":
            self._measure_section(node)
        elif section == "aside":
            self._all(node, None)
        else:
            kind: Kind = "action" if section == "step" else section
            self.kinds[id(node)] = kind if self._stands_alone(node) else "heading"
            for child in node.children:
                self._inside(child, kind)

    def _inside(self, node: Node, kind: Kind) -> None:
        """A part of a goal or requirement section; 总体要求 may hold 重点任务 all the same."""
        inner = section_of(self._title(node)) if node.children else None
        if inner == "measure" and kind == "goal":
            self._measure_section(node)
            return
        self.kinds[id(node)] = kind
        for child in node.children:
            self._inside(child, kind)

    def _measure_section(self, node: Node) -> None:
        self.kinds[id(node)] = "measure" if self._stands_alone(node) else "heading"
        self._measures(node.children)

    def _measures(self, nodes: Sequence[Node]) -> None:
        """The measures are the first level that says something, or is counted without a break."""
        if not nodes:
            return
        if self._only_headings(nodes) and (len(nodes) == 1 or _counted_through(nodes)):
            for node in nodes:
                self.kinds[id(node)] = "heading"
            self._measures([child for node in nodes for child in node.children])
            return
        for node in nodes:
            self.kinds[id(node)] = "measure"
            for child in node.children:
                self._all(child, "action")

    def _only_headings(self, nodes: Sequence[Node]) -> bool:
        return all(node.children and not self._body(node) for node in nodes)

    def _all(self, node: Node, kind: Kind | None) -> None:
        for each in node.walk():
            self.kinds[id(each)] = kind

    # -- words --

    def _title(self, node: Node) -> str:
        return heading_text(self.flat, self.words[id(node)])

    def _body(self, node: Node) -> bool:
        return says_something(self.flat, self.words[id(node)])

    def _stands_alone(self, node: Node) -> bool:
        """A section's own sentences are an item; a bare heading with nothing under it is not."""
        return self._body(node)


def _counted_through(nodes: Iterable[Node]) -> bool:
    """Whether the numbers go on from one parent to the next: 1–5 under （一）, 6–8 under （二）."""
    groups = [node.children for node in nodes]
    pairs = list(pairwise(groups))
    return bool(pairs) and all(
        one[-1].style is other[0].style and one[-1].value + 1 == other[0].value for one, other in pairs
    )
