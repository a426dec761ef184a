"""What a figure is of: the words around it without verbs of doing, dates and bounds."""

import re
from typing import Final

LONGEST_NAME: Final = 30
_STOP: Final = re.compile(r"[。;!?\n,、:(){}\[\]]")
_LEADING: Final = re.compile(
    r"^(?:\"?十[三四五六]五\"?(?:期间|末|时期)|(?:到|至|在|于)?(?:19|20)\d{2} ?年(?:度)?(?:年?[底末])?"
    r"(?:之?前|内)?|\d{1,2}月(?:\d{1,2}日)?(?:底|末)?(?:前|之前)?|年[底内末](?:前)?|今年|全年|全区|全县|每(?:年|月|季度|周|两月|半年)"
    r"|每[^,。;]{1,4}?(?=开展|举办|组织|召开|至少|不少于|走访|报送)"
    r"|力争|确保|争取|预计|计划|实现|完成|达到|达|要|将|把|使|其中|累计|总计|以及|并|同时|逐步|进一步|不断|加快|全面|大力"
    r"|积极|努力|推动|促进|由|从|向|对|使得|至少|年均|开展|举办|组织|召开|有|约|共)"
)
_TRAILING: Final = re.compile(
    r"(?:不少于|不低于|不小于|至少|不超过|不高于|控制在|达到|达|突破|超过|超|(?<![签履预违邀集])约|近|保持在|稳定在|力争|确保|分别|共|为|到|至|在"
    r"|由|从|目前的|现在的|原来的|各|总计|累计|同比|环比|比上年|较上年|平均|再|均|提升|提高|增加|增长|扩大|下降|降低|减少|压缩"
    r"|缩短|压减|每年|每月|每季度|每周|以|以上|的|了|总数|数量(?=达)|新增(?=$)"
    r"|完成|实现|一般|原则上|应当|必须|须|(?<![供响])应|[较比](?:19|20)\d{2} ?年(?:度|底|末)?)+$"
)
_BOUND_AFTER: Final = re.compile(r"^(?:及?以上|以内|以下|左右|上下|多|余|之内|的|余个)+")
_MANNER: Final = re.compile(r"^.*?等(?:主题|方面|领域|方式|内容|工作|活动)(?=..)")
_SHARED: Final = re.compile(r"(?P<names>[^\d:]{2,40})分别[^\d、]{0,6}(?=\d|$)")
_CLASS: Final = re.compile(r"^\d+(?:\.\d+)?[百千万]*亿?元及?以[上下]$")  # which projects: 10亿元以上5个
_NEXT_FIGURE: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})\d")  # 80家企业解决用工需求5000人次
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_VERB: Final = re.compile(r"实现|达到|完成|投产|开工|竣工|落地|纳入|集中|参加|入驻|通过|用于|率先|全部")
_NUMBERED: Final = re.compile(r"^(?:\(?\d{1,2}[.、)]|\(?[一二三四五六七八九十]{1,3}[、)])+")
_JOINED: Final = re.compile(r"^(?:和|与|及|以及|并|或|到|至|提升|用于|作为|进行|时|内|后|前|中|来|为|,)")
_MAKING: Final = re.compile(
    r"^(?:新?引进|培育|新增|新建|建成|打造|盘活|签约|开工|招引|申报|创成|创建|谋划|储备|选派|走访|争取|落地|认定|新签约?"
    r"|竣工|投产|供应|完成|实施|建设|形成|推进|改造|发布|评选|选树)(?:工业|重点|优质|各类)?$"
)


def name_of(flat: str, clause_start: int, number_start: int, number_end: int, sentence_end: int) -> str:
    """The noun behind the figure where there is one (2000亩扩园空间), else the words before it."""
    before, behind = _before(_clause_before(flat, clause_start, number_start)), flat[number_end:sentence_end]
    after = _after(behind)
    quoted = _BOUND_AFTER.sub("", behind).startswith('"')
    if after and not (quoted and len(before) > 2):
        whole = f"{before}{after}" if _MAKING.match(before) else after
        return whole[:LONGEST_NAME]
    if before:
        return before[-LONGEST_NAME:]
    earlier = _before(_previous_clause(flat, clause_start))
    return earlier[-LONGEST_NAME:] or "目标值"


def names_shared(words: str, count: int) -> str:
    """A率、B率分别达到90%、65%: the name of a figure behind these words, `count` others among them."""
    if (found := _SHARED.search(words)) is None:
        return ""
    names = [_before(part) for part in re.split("、|和|及|与", found["names"])]
    return names[count][-LONGEST_NAME:] if count < len(names) else ""


def _clause_before(flat: str, clause_start: int, number_start: int) -> str:
    """The words of the clause before a figure, also across a bracket: 智能工厂(数字化车间)20个."""
    if flat[number_start - 1 : number_start] != ")":
        return flat[clause_start:number_start]
    words = _BRACKETS.sub("", flat[max(0, number_start - 80) : number_start])
    stops = [found.end() for found in _STOP.finditer(words)]
    return words[stops[-1] if stops else 0 :]


def _before(words: str) -> str:
    words = _MANNER.sub("", words.strip(' "'))
    while (shorter := _LEADING.sub("", words, count=1).strip()) != words and shorter:
        words = shorter
    if _LEADING.fullmatch(words):
        return ""
    if _CLASS.search(words):
        return words
    return _TRAILING.sub("", words).replace('"', "").strip()


def _after(words: str) -> str:
    stop = _STOP.search(words)
    words = _NEXT_FIGURE.split(words[: stop.start()] if stop else words, maxsplit=1)[0]
    words = _VERB.split(_BOUND_AFTER.sub("", words.strip()), maxsplit=1)[0].replace('"', "").strip()
    return "" if _JOINED.match(words) or len(words) < 2 or words[:1].isdecimal() else words[:LONGEST_NAME]


def _previous_clause(flat: str, end: int) -> str:
    head = flat[max(0, end - 60) : max(0, end - 1)]
    stops = [found.end() for found in _STOP.finditer(head)]
    clause = head[stops[-1] if stops else 0 :]
    clause = _NUMBERED.sub("", clause.strip())
    return re.sub(r"\d+(?:[.,]\d+)* ?(?:[万亿]?[\u4e00-\u9fff]|%)", "", clause)
