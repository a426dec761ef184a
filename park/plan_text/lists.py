"""Projects and enterprises that a clause names: A、B、C等项目, A路、B路和C桥“白改黑”工程, A、B等企业."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from park.plan_text.numerals import value_of

_STOP: Final = re.compile(r"[。;!?\n,:]")
_NAME: Final = r"[^。;!?\n,:、()]{2,40}"
_BARE: Final = r"[^。;!?\n,:、()\"]{1,30}"
_ENTERPRISE_HEAD: Final = r"(?:企业|公司|龙头|厂家|厂区|工厂)"
_LIST: Final = re.compile(rf"(?P<list>{_NAME}(?:、{_NAME})*)$")
_LIST_ENDS: Final = re.compile(
    rf"等(?P<between>[^。;!?\n,:、]{{0,16}}?)(?P<head>{_ENTERPRISE_HEAD}|项目|工程|载体|园区)"
)
# 甲、乙、丙三个项目: as many names as the number says.
_COUNTED: Final = re.compile(
    rf"(?P<count>[两二三四五六七八九十]|\d{{1,2}}) ?(?:个|家|项|户)(?:[^。;!?\n,:、]{{0,6}}?)"
    rf"(?P<head>{_ENTERPRISE_HEAD}|项目|工程|载体|园区)"
)
_LIST_STOP: Final = re.compile(r"[。;!?\n,:()]")
_LONGEST_LIST: Final = 400
_LONGEST_WORKS: Final = 200
_PLACE: Final = (
    r"(?:路|大道|街|桥|河|湖|渠|管网|泵站|水厂|污水厂|电站|厂|园|中心|基地|广场|公园|楼|馆|站|期|片区|区块|专线"
    r"|出入口)"
)
_WORKS: Final = re.compile(
    rf"(?P<list>{_BARE}{_PLACE}(?:、{_BARE}{_PLACE})*(?:和|及|与|以及)(?:{_BARE})?{_PLACE})"
    r"(?:\"[^\"\n]{1,8}\")?(?:等)?[^。;!?\n,:、]{0,8}?(?:工程|项目|建设|改造)"
)
_COMPANY: Final = re.compile(
    r"(?P<name>[\u4e00-\u9fffA-Za-z()]{2,24}(?:有限责任公司|股份有限公司|有限公司|集团公司|集团))"
)
_VERBS: Final = re.compile(
    r"^(?:继续|持续|加快|全力|大力|重点|积极|扎实|统筹|全面|有序|着力|抓紧|尽快|深入|强力|高标准|高质量|进一步|及时|做好|抓好"
    r"|推进|推动|完成|实施|启动|建设|建成|开工|谋划|用好|服务|支持|引导|帮助|依托|围绕|聚焦|创成|培育|引进|招引|打造|促进|确保"
    r"|力争|争取|组织|鼓励|指导|走访|联系|包保|扶持|壮大|发挥|借助|对接|跟进|盯紧|紧盯|突出|全程|协调|保障|配合|加速|稳步|同步|督促|调度|助力|参与|强化|加强|包括|涵盖|如|以|对|将|把|及|和|与"
    r"|年内|今年|以及|其中|新建|续建|改造|提升|完善|落地|投产|竣工|储备|申报|好|抓)+"
)
_DATED: Final = re.compile(
    r"^(?:(?:19|20)\d{2} ?年)?(?:第?[一二三四1-4] ?季度|[上下]半年|年)?"
    r"(?:\d{1,2} ?月)?(?:\d{1,2} ?日)?[底末]?(?:之?前|内)?"
)
_NOT_NAMES: Final = re.compile(r"^(?:的|等|各类|一批|若干|上述|其他|相关|有关|工作|活动|方式|形式)")
# "安全、环保等项目": words for kinds of thing are not names of things.
_PLAIN_WORDS: Final = re.compile(
    r"^(?:安全(?:生产)?|环保|消防|用电|用水|土地|资金|人才|技术|产业|生态|环境|交通|水利|能源|科技|民生|教育|医疗|养老|文化|旅游"
    r"|基础设施|公共服务|道路|绿化|亮化|供水|供电|供气|污水|电力|燃气|通信|通讯|专项债|中央预算内|招商|重点|工业|农业|服务业)$"
)
_QUOTES: Final = "\"'《》 "


def find_projects(flat: str, start: int, end: int) -> list[str]:
    found = list(_listed(flat, start, end, projects=True))
    for chunk in _chunks(flat, start, end):
        for match in _WORKS.finditer(flat, *chunk):
            found += _names(match["list"])
    return _once(found)


def _chunks(flat: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """What stands between two stops, long ones in pieces: the pattern goes back and forth in it."""
    ends = [found.start() for found in _STOP.finditer(flat, start, end)]
    for first, last in pairwise([start - 1, *ends, end]):
        for place in range(first + 1, last, _LONGEST_WORKS):
            yield place, min(last, place + _LONGEST_WORKS)


def find_enterprises(flat: str, start: int, end: int) -> list[str]:
    found = list(_listed(flat, start, end, projects=False))
    found += [_bare(match["name"]) for match in _COMPANY.finditer(flat, start, end)]
    return _once(found)


def _listed(flat: str, start: int, end: int, *, projects: bool) -> Iterator[str]:
    taken = start
    for match in _LIST_ENDS.finditer(flat, start, end):
        listed = _before(flat, max(taken, match.start() - _LONGEST_LIST), match.start())
        taken = match.end()
        enterprises = re.fullmatch(_ENTERPRISE_HEAD, match["head"]) is not None
        if enterprises is not projects and _fits(match["between"]):
            yield from _names(listed)
    yield from _counted(flat, start, end, projects=projects)


def _counted(flat: str, start: int, end: int, *, projects: bool) -> Iterator[str]:
    for match in _COUNTED.finditer(flat, start, end):
        names = _names(_before(flat, max(start, match.start() - _LONGEST_LIST), match.start()))
        enterprises = re.fullmatch(_ENTERPRISE_HEAD, match["head"]) is not None
        if enterprises is not projects and len(names) == value_of(match["count"]) > 1:
            yield from names


def _before(flat: str, start: int, end: int) -> str:
    """The names that stand before 等, back to the last stop."""
    stops = list(_LIST_STOP.finditer(flat, start, end))
    found = _LIST.search(flat[stops[-1].end() if stops else start : end])
    return found["list"] if found else ""


def _fits(between: str) -> bool:
    """等一批"美丽厂区"企业 and 等10个重点项目 go on to their noun; 等服务设施短板，…项目 does not."""
    return not re.search(
        r"方面|领域|产业(?!园)|措施|方式|政策|内容|设施|服务|标准|要求|精神|活动|问题|因素|岗位|部门|单位",
        between,
    )


def _names(listed: str) -> list[str]:
    parts = re.split(r"、|(?<=[\u4e00-\u9fff\"])(?:以及|和|及|与)(?=[\u4e00-\u9fff\"A-Z])", listed)
    names = [_bare(part) for part in parts if part]
    if sum(1 for name in names if _PLAIN_WORDS.match(name)) * 2 >= len(names):
        return []
    return [name for name in names if 2 <= len(name) <= 30 and not _NOT_NAMES.match(name)]


def _bare(name: str) -> str:
    name = name.strip(_QUOTES)
    shorter = _VERBS.sub("", _DATED.sub("", _VERBS.sub("", name)))
    return shorter.strip(_QUOTES) if len(shorter.strip(_QUOTES)) >= 2 else name


def _once(names: list[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))
