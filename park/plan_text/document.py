"""What of a text is the plan itself: its title, and where the plan ends and the web page goes on."""

import re
from typing import Final

from park.plan_text.flat import trimmed
from park.plan_text.outline import Node

_TITLE_WORDS: Final = re.compile(
    r"(?:方案|计划|意见|通知|办法|要点|清单|规划|规定|细则|举措|措施|分解表|责任书|台账|安排|纪要|部署|报告|总结|打算|思路|任务书|分工|提纲)"
    r"(?:\(.{1,14}\)|的通知)?$"
)
_WEB_WORDS: Final = re.compile(r"完整版|范文|大全|精选|\d+篇|下载|小编|供大家参考|当前位置|来源:|导读|模板")
_LONGEST_TITLE: Final = 70
_TAIL: Final = re.compile(
    r"^ *(?:(?:下|上)一(?:篇|条)[:为 ]|相关(?:阅读|文章|推荐|链接|新闻|附件)|推荐(?:阅读|访问|文章)"
    r"|责任编辑|编辑[:]|本文(?:来源|地址|链接|由|标签)|来源[:]|原文(?:链接|地址)|扫一扫|分享到|打印本页|关闭(?:窗口|本页)|版权"
    r"|(?:出席|列席|参会|参加|缺席|请假|记录)(?:人员|单位|领导)?[:]"
    r"|附件?(?: ?\d{0,2})?[:.]|附件(?: ?\d{1,2})? *$|抄送[:]|印发$|[(]此件|标签[:]|关键词[:]|TAG|tags)",
    re.MULTILINE,
)
_SIGNATURE: Final = re.compile(
    r"\n *[^\n。;,、:]{2,40}\n+ *(?:\d{4}|[二〇零○一三四五六七八九]{4}) ?年 ?[\d一二三四五六七八九十]{1,3}"
    r" ?月 ?[\d一二三四五六七八九十]{1,3} ?日 *(?=\n|$)"
)
_LONE_DATE: Final = re.compile(r"\n *\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日 *(?=\n|$)")
# What a speaker says to the hall when the last clause is over.
_FAREWELL: Final = re.compile(r"\n *(?:各位(?:代表|委员|领导|同志|来宾)|同志们)[,!:]")
_YEAR: Final = re.compile(r"(?<![\d到至较比])((?:19|20)\d{2}) ?年(?!以来|前)")
_TITLE_ON_THE_LINE: Final = re.compile(
    r"(?P<title>[^\n。;,!?]{4,60}?"
    r"(?:(?:实施|工作|行动)?方案|(?:行动|工作)?计划|实施意见|工作要点|实施细则))(?=[ \n])"
)
_PARTS_OF_TITLE: Final = 3


def plan_end(flat: str, roots: list[Node]) -> int:
    """Where the plan's own words end: before the signature, the attachments and the page's links."""
    first = _first_leaf_end(roots)
    ends = [len(flat)]
    for pattern in (_TAIL, _SIGNATURE, _LONE_DATE):
        ends += [found.start() for found in pattern.finditer(flat) if found.start() >= first][:1]
    ends += [found.start() for found in _FAREWELL.finditer(flat, _last_start(roots))][:1]
    return min(ends)


def _last_start(roots: list[Node]) -> int:
    return max((node.mark.end for root in roots for node in root.walk()), default=0)


def _first_leaf_end(roots: list[Node]) -> int:
    """Nothing before the second clause ends the plan: a date stands under the title as well."""
    marks = [node.mark.start for root in roots for node in root.walk()]
    return marks[1] if len(marks) > 1 else marks[0] if marks else 0


def title_of(text: str, flat: str, body_start: int) -> str:
    """The last heading before the body that is named like a plan; "" when there is none."""
    lines = [trimmed(flat, *span) for span in _lines(flat, body_start)]
    lines = [span for span in lines if span[0] < span[1]]
    best: tuple[int, int] | None = None
    for place, (start, end) in enumerate(lines):
        line = flat[start:end]
        if end - start > _LONGEST_TITLE or line[-1] in "。;,!?:":
            continue
        if _TITLE_WORDS.search(line) and (best is None or not _WEB_WORDS.search(line)):
            best = (_title_start(flat, lines, place), end)
    if best:
        return _one_line(text[best[0] : best[1]])
    shared = _TITLE_ON_THE_LINE.match(flat[:body_start].lstrip())
    return shared.group("title").strip() if shared else ""


def _lines(flat: str, end: int) -> list[tuple[int, int]]:
    spans, start = [], 0
    for line in flat[:end].splitlines(keepends=True):
        spans.append((start, start + len(line)))
        start += len(line)
    return spans


def _title_start(flat: str, lines: list[tuple[int, int]], place: int) -> int:
    """A title is often set in two or three short lines, broken before 的 or 实施方案."""
    start = lines[place][0]
    for before in reversed(lines[max(0, place - _PARTS_OF_TITLE + 1) : place]):
        words, below = flat[slice(*before)], flat[start : lines[place][1]]
        joined = words.startswith("关于") or below.startswith(("实施", "的", "工作方案", "行动", "方案"))
        if not joined or len(words) > 40 or words[-1] in "。;,!?:" or _TITLE_WORDS.search(words):
            break
        start = before[0]
        if words.startswith("关于"):
            break
    return start


def _one_line(text: str) -> str:
    return re.sub(r"[ \u3000]*\n[ \u3000]*", "", text).strip()


def year_of(flat: str, title: str) -> int | None:
    """The year the plan is for: of its title, else of the head of the text, else the first it names."""
    for part in (title, flat[:300], flat):
        if found := _YEAR.search(part):
            return int(found.group(1))
    return None
