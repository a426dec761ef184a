"""Figures a clause sets: number, unit, direction, what it is of, what it was before and by when.

A figure counts when a unit of measure follows it. Dates, numbers of documents, phases (二期), slogans in
figures (三会一课) and what had been reached already (截至目前已引进30家) are no targets.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from park.plan_text.deadlines import Deadline, find_deadlines, rhythm_before
from park.plan_text.naming import name_of, names_shared
from park.plan_text.numerals import CHARACTERS, value_of

_UNITS: Final = (
    "万余元|万多元|亿余元|亿多元|万余人|万余亩|万余吨|万㎡|㎡|km²|亿立方米|万立方米|立方米|万平方公里|平方公里|平方千米|万平方米|平方米|公里|千米|公顷|万亩|亩|万亿元|亿元|万元|千元|元|亿美元|万美元|美元|亿"
    "|万吨标准煤|吨标准煤|万吨|吨|亿千瓦时|万千瓦时|千瓦时|万千瓦|兆瓦|千瓦|万人次|人次|万人|万户|万件|万套|万条|万台"
    "|兆瓦时|个基点|基点|个百分点|百分点|%|‰|个工作日|工作日|分钟|小时|课时|学时|户次|家次|场次|批次|人|名|位|家|户|个|项|件|篇|条|宗|处|座|公斤|万头|头|羽|枚|面|门"
    "|栋|幢|套|台|辆|部|艘|期|次|场|批|支|所|间|片|块|株|棵|盏|份|种|类|只|对|组|倍|天|米|张|册|起|轮|例|分|万|微克/立方米|毫克/升"
)
# The longest first: 亿千瓦时 is not 亿.
UNITS: Final = "|".join(sorted(_UNITS.split("|"), key=len, reverse=True))
_NUMBER: Final = r"(?<![\d.A-Za-z第\-×])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_RELATIVE: Final = ("%", "个百分点", "百分点", "个基点", "基点", "倍", "‰")
SAME_UNIT: Final = {"㎡": "平方米", "万㎡": "万平方米", "km²": "平方公里"}
_AFTER_UNIT: Final = (
    r"(?!月|季度|星期|周(?![末边])|方面|环节|阶段|维度|层面|坚持|确保|结合|意识|维护|自信|确立|统筹|必须|体系|一批|钟(?!以)|之一|别|体户"
    r"|人所得)"
)
_QUANTITY: Final = re.compile(
    rf"(?P<number>{_NUMBER})(?: ?(?:-|~|至|到) ?(?P<upto>\d+(?:\.\d+)?))? ?(?P<some>余|多)?"
    rf"(?P<unit>(?:{UNITS})(?:/(?:立方米|平方米|亩|人|吨|千瓦时|度|月|年|天|家|万元))?){_AFTER_UNIT}"
)
_COUNTED: Final = (
    "个|家|项|场|次|期|名|处|座|条|件|支|篇|批次|人|批|所|类|种|亩|公里|倍|户|天|成|张|幅|套|本|份|栋"
)
_SPELT: Final = re.compile(
    rf"(?P<number>[{CHARACTERS}]{{1,5}}) ?(?:(?P<unit>{_COUNTED}){_AFTER_UNIT}(?!大|会|线|把手|体|代|级))"
)
_PERCENT_WORDS: Final = re.compile(rf"百分之(?P<number>[{CHARACTERS}]+|\d+)")
_PART_WORDS: Final = re.compile(
    r"(?P<of>[二三四五六七八九十])分之(?P<part>[一二两三四五六七八九])|(?P<half>[一过]半以上|半数以上)"
)
# 突破百亿元大关: a round sum in words, where a bound or a goal makes it a figure.
_ROUND: Final = re.compile(
    rf"(?P<number>[{CHARACTERS}]{{1,5}}) ?"
    r"(?P<unit>万亿元|亿元|万元|亿美元|万美元|亿|万亩|亩|万吨|万人)(?!级)"
)
_ROUND_AFTER: Final = re.compile(r"^(?:大关|及?以上|左右|目标)")
_CLASS: Final = re.compile(
    r"^的?(?:[\u4e00-\u9fff]{0,6})(?:项目|企业|村|园区|产业|集群|乡镇|镇街|农户|家庭|主体)"
)
_MORE_THAN: Final = re.compile(r"(?:超|超过|突破|达)$")
_WHOLE: Final = re.compile(r"全(?:面)?覆盖")
_DOUBLE: Final = re.compile(
    r"翻(?P<times>[一两二三]|\d)?番|翻(?P<twice>两|一|二)番|实现翻番|(?P<double>倍增)(?!行动|计划|工程|专项)"
)
_MAKERS: Final = re.compile(
    r"(?:建成|新建|改建|引进|培育|打造|新增|新签约?|举办|开展|组织|召开|完成|实施|创建|认定|盘活|签约|开工|竣工|投产|申报"
    r"|争取|选派|形成|建设|建立|推出|储备|谋划|招引|落地|评选|选树|发布|编制|制定|报送|刊发|走访|集中攻坚)"
    r"(?:不少于|至少|超过|约|各|了|一批)?$"
)
_BOUND_BEFORE: Final = re.compile(r"(?:不少于|不低于|至少|不小于|不超过|达到|突破|超过|控制在)$")
_BOUND_AFTER: Final = re.compile(r"^(?:及?以上|以内|以下|左右)")
_ALREADY: Final = re.compile(
    r"截至|截止|(?<![由从])目前(?!标)|现有|已(?:经)?(?:建成|完成|引进|签约|投产|实现|达到|入驻|累计|有)|(?<![较比同])(?:去年|上年|上一年)|过去|原有"
)
_FARTHEST: Final = 300  # how far a clause is looked through, whatever its length
_HELD: Final = re.compile(r"(?:班|会|活动|讲座|论坛|沙龙|课|赛|简报|刊)$")
_LIST_GOES_ON: Final = re.compile(r"[。;!?\n,、)]|(?:以上)|$")
_MAKES: Final = re.compile(
    r"完成|建成|新建|打造|培育|编制|绘制|制定|形成|举办|开展|建设|实施|出台|推出|引进|创建"
)
_PAUSE: Final = re.compile(r"[。;!?\n,:]")
_CLAUSE: Final = re.compile(r"[。;!?\n,、:(){}\[\]]")
_SENTENCE: Final = re.compile(r"[。;!?\n]")
# 亿元以上项目 is a class of projects; 1.2亿元以上支持产业发展 is a sum.
_DOING: Final = "支持|用于|投入|扶持|保障|推动|打造|培育|引进|助力|服务"
_SUBSTANTIVE: Final = (
    rf"的?(?:(?!{_DOING})[\u4e00-\u9fff]){{0,8}}?(?:项目|企业|大项目|产业|工程|园区|集群|平台|主体)"
)
# 其中10亿元以上5个: which of the projects named before, and how many of them.
_QUALIFIER: Final = re.compile(
    rf"^(?:及?以上|以下|级){_SUBSTANTIVE}|^级(?!别)"
    rf"|^(?:及?以上|以下)的? ?(?:\d+|[{CHARACTERS}]{{1,3}}) ?(?:个|家|项)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with what it says. `start`/`end` span number and unit in the text."""

    name: str
    value: Decimal
    unit: str
    comparison: str
    baseline: Decimal | None
    deadline: Deadline | None
    rhythm: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Found:
    value: Decimal
    unit: str
    start: int
    end: int
    comparison: str = ""
    number_start: int = -1


def find_quantities(flat: str, start: int, end: int, *, year: int) -> list[Quantity]:
    """All figures between the offsets, in order."""
    return list(_Finder(flat, start, end, year).run())


class _Finder:
    def __init__(self, flat: str, start: int, end: int, year: int) -> None:
        self.flat, self.start, self.end = flat, start, end
        self.dated = [d for d in find_deadlines(flat, start, end, year=year) if d.on]
        self.set_out = [d for d in self.dated if d.sets_out]
        self.stops = [found.start() for found in _SENTENCE.finditer(flat, start, end)]

    def run(self) -> Iterator[Quantity]:
        found = self._without_overlap()
        baselines = {}
        for before, after in pairwise(found):
            if self._is_baseline(before, after):
                baselines[after.start] = before
        earlier = {id(before) for before in baselines.values()}
        aims = [each for each in found if id(each) not in earlier]
        for place, each in enumerate(aims):
            quantity = self._quantity(each, baselines.get(each.start))
            yield replace(quantity, name=self._name_shared(aims, place) or quantity.name)

    def _name_shared(self, aims: Sequence[_Found], place: int) -> str:
        figure = aims[place].start
        begin = max(self._sentence_start(figure), figure - _FARTHEST)
        begin = max(begin, self.flat.rfind(",", begin, figure) + 1)
        before = sum(1 for each in aims[max(0, place - 5) : place] if each.start >= begin)
        return names_shared(self.flat[begin:figure], before)

    def _without_overlap(self) -> list[_Found]:
        ordered = sorted([*self._all()], key=lambda each: (each.start, -each.end))
        kept: list[_Found] = []
        for each in ordered:
            if not kept or each.start >= kept[-1].end:
                kept.append(each)
        return kept

    def _all(self) -> Iterator[_Found]:
        yield from self._figures()
        yield from self._bare_baselines()
        yield from self._in_words()
        for found in _PERCENT_WORDS.finditer(self.flat, self.start, self.end):
            yield _Found(Decimal(value_of(found["number"])), "%", found.start(), found.end())
        yield from self._parts()
        for found in _WHOLE.finditer(self.flat, self.start, self.end):
            yield _Found(Decimal(100), "%", found.start(), found.end(), "equal")
        for found in _DOUBLE.finditer(self.flat, self.start, self.end):
            word = found["times"] or found["twice"] or "一"
            yield _Found(Decimal(2) ** value_of(word), "倍", found.start(), found.end(), "multiply")

    def _parts(self) -> Iterator[_Found]:
        """三分之二 as a percentage: what was reached is compared with it later."""
        for found in _PART_WORDS.finditer(self.flat, self.start, self.end):
            part, of = (1, 2) if found["half"] else (value_of(found["part"]), value_of(found["of"]))
            value = (Decimal(100 * part) / of).quantize(Decimal("0.01")).normalize()
            yield _Found(value, "%", found.start(), found.end(), "at_least" if found["half"] else "")

    def _figures(self) -> Iterator[_Found]:
        for found in _QUANTITY.finditer(self.flat, self.start, self.end):
            if self._refused(found):
                continue
            value = Decimal(found["number"].replace(",", ""))
            unit = re.sub("(?<=[万亿])[余多]", "", found["unit"])
            some = found["upto"] or found["some"] or unit != found["unit"]
            yield _Found(
                value, SAME_UNIT.get(unit, unit), found.start(), found.end(), "at_least" if some else ""
            )

    def _bare_baselines(self) -> Iterator[_Found]:
        """由2.67提升到4.5平方公里: the first number borrows the unit of the second."""
        for found in _BARE_FROM.finditer(self.flat, self.start, self.end):
            yield _Found(
                Decimal(found["number"].replace(",", "")), "", found.start("number"), found.end("number")
            )

    def _in_words(self) -> Iterator[_Found]:
        for found in _SPELT.finditer(self.flat, self.start, self.end):
            if self._means_a_number(found):
                yield _Found(Decimal(value_of(found["number"])), found["unit"], found.start(), found.end())
        for found in _HALF.finditer(self.flat, self.start, self.end):
            yield _Found(Decimal("0.5"), found["unit"], found.start(), found.end())
        for found in _ROUND.finditer(self.flat, self.start, self.end):
            if self._is_round_goal(found):
                yield _Found(Decimal(value_of(found["number"])), found["unit"], found.start(), found.end())

    def _is_round_goal(self, found: re.Match[str]) -> bool:
        before = self.flat[max(self.start, found.start() - 6) : found.start()]
        after = self.flat[found.end() : min(self.end, found.end() + 12)]
        if self._qualifies(found, after) or self._is_history(found.start()):
            return False
        return bool(_ROUND_AFTER.match(after) or _BOUND_BEFORE.search(before) or _MAKERS.search(before))

    def _refused(self, found: re.Match[str]) -> bool:
        flat, after = self.flat, self.flat[found.end() : found.end() + 12]
        before = flat[max(self.start, found.start() - 6) : found.start()]
        if (
            found["unit"] == "期"
            and not self._rhythm(found.start())
            and re.match("工程|项目|厂房|建设|用地", after)
        ):
            return True
        if found["unit"] in ("小时", "天") and found["number"] in ("24", "365"):
            return True
        if found["unit"] == "分" and not re.search("达|到|低于|高于|超|得|评", before):
            return True
        if re.search(r"[GSXKZNo]$|No\.$|第 ?$|\d\+$", before) or after.startswith(("+", "×")):
            return True
        return self._is_history(found.start()) or self._qualifies(found, after)

    def _qualifies(self, found: re.Match[str], after: str) -> bool:
        """投资5亿元以上项目10个: the first figure says which projects, the second how many."""
        if "元" not in found["unit"] and found["unit"] != "亿":
            return False
        before = self.flat[max(self.start, found.start() - 2) : found.start()]
        more = _MORE_THAN.search(before) and _CLASS.match(after)
        return bool(more) or _QUALIFIER.match(after) is not None

    def _is_history(self, place: int) -> bool:
        clause = self.flat[self._clause_start(place) : place]
        sentence = self.flat[max(self._sentence_start(place), place - _FARTHEST) : place]
        return bool(_ALREADY.search(clause) or re.search(r"截至|截止(?!日期)", sentence))

    def _means_a_number(self, found: re.Match[str]) -> bool:
        """一期 in 每两月开展一期 is a number, in 园区一期 it is a name."""
        before = self.flat[self._clause_start(found.start()) : found.start()]
        after = self.flat[found.end() : min(self.end, found.end() + 6)]
        if before.endswith(
            ("第", "前", "这", "哪", "同", "任", "每", "百分之", "统", "唯", "进")
        ) and not _MAKERS.search(before):
            return False
        if self._rhythm(found.start()):
            return True
        if _BOUND_BEFORE.search(before) or _BOUND_AFTER.match(after):
            return True
        if found["unit"] == "期":
            return found["number"] == "两" or _HELD.search(before) is not None
        if value_of(found["number"]) <= 1:
            return False
        return bool(_MAKERS.search(before)) or self._sums_up(found) or self._stands_behind(found, after)

    def _stands_behind(self, found: re.Match[str], after: str) -> bool:
        """举办推介会三场: what is counted stands between the doing and the count."""
        return _LIST_GOES_ON.match(after) is not None and _MAKES.search(self._listed(found)) is not None

    def _sums_up(self, found: re.Match[str]) -> bool:
        """完成甲、乙、丙三张图谱: as many as are named before it, and something is to be made of them."""
        listed = self._listed(found)
        named = listed.count("、") + 1
        return named == value_of(found["number"]) and _MAKES.search(listed) is not None

    def _listed(self, found: re.Match[str]) -> str:
        begin = max(self.start, found.start() - 80)
        pauses = list(_PAUSE.finditer(self.flat, begin, found.start()))
        return self.flat[pauses[-1].end() if pauses else begin : found.start()]

    def _rhythm(self, place: int) -> str:
        found = rhythm_before(self.flat, self._clause_start(place), place)
        near = found is not None and place - found.end <= 14
        return found.words if found and near else ""

    # -- what a figure says --

    def _is_baseline(self, before: _Found, after: _Found) -> bool:
        if before.unit not in ("", after.unit):
            return False
        between = self.flat[before.end : after.start]
        lead = self.flat[max(self.start, before.start - 12) : before.start]
        moved = _MOVED.match(between)
        return bool(moved and (re.search(r"[由从](?:[^,。;]{0,10})$", lead) or moved["plain"]))

    def _quantity(self, found: _Found, baseline: _Found | None) -> Quantity:
        clause_start = self._clause_start(baseline.start if baseline else found.start)
        rhythm = self._rhythm(found.start)
        return Quantity(
            name=name_of(
                self.flat, clause_start, (baseline or found).start, found.end, self._sentence_end(found.end)
            ),
            value=found.value,
            unit=found.unit,
            comparison=found.comparison or self._comparison(found),
            baseline=baseline.value if baseline else None,
            deadline=self._deadline(found),
            rhythm=rhythm,
            start=found.start,
            end=found.end,
        )

    def _comparison(self, found: _Found) -> str:
        before = self.flat[max(self.start, found.start - 10) : found.start]
        after = self.flat[found.end : min(self.end, found.end + 5)]
        relative = found.unit in _RELATIVE
        if relative and re.search(
            r"(?:增长|增幅|增速|提高|提升|增加|上升|上浮|增收|递增)(?:率|约|不低于|超过|超|保持在)*$", before
        ):
            return "increase_by"
        if relative and re.search(
            r"(?:下降|降低|减少|压减|压缩|下浮|削减|降幅)(?:率|约|不低于|超过|超)*$", before
        ):
            return "decrease_by"
        bound = _BOUND.search(self.flat, max(self._clause_start(found.start), found.start - 18), found.start)
        if bound:
            return "at_least" if bound["least"] or bound["least_of"] else "at_most"
        if re.match(r"(?:及|或)?以上|多|余|以上", after):
            return "at_least"
        if re.match(r"以内|以下|之内|之下|内(?!容|部)", after) or re.search(
            r"(?:控制在|(?:缩短|压缩|压减|减少|下降|降低|控制)(?:到|至))$",
            before,
        ):
            return "at_most"
        about = re.match(r"左右|上下", after) or re.search(r"(?:(?<![签履预违邀集])约|近)$", before)
        return "about" if about else "equal"

    def _deadline(self, found: _Found) -> Deadline | None:
        """The nearest before it in its sentence, else behind it in its clause, else what 到2025年 set out."""
        begin, end = self._sentence_start(found.start), self._clause_end(found.end)
        inside = _last_before(self.dated, found.start)
        if inside and begin <= inside.start:
            return inside
        place = bisect_left(self.dated, found.end, key=_start_of)
        if place < len(self.dated) and self.dated[place].end <= end:
            return self.dated[place]
        return _last_before(self.set_out, found.start)

    # -- where clauses and sentences begin and end --

    def _clause_start(self, place: int) -> int:
        ends = [m.end() for m in _CLAUSE.finditer(self.flat, max(self.start, place - 80), place)]
        return ends[-1] if ends else max(self.start, place - 80)

    def _clause_end(self, place: int) -> int:
        limit = min(self.end, place + _FARTHEST)
        found = _CLAUSE.search(self.flat, place, limit)
        return found.start() if found else limit

    def _sentence_start(self, place: int) -> int:
        before = bisect_left(self.stops, place)
        return self.stops[before - 1] + 1 if before else self.start

    def _sentence_end(self, place: int) -> int:
        after = bisect_left(self.stops, place)
        return self.stops[after] if after < len(self.stops) else self.end


def _start_of(deadline: Deadline) -> int:
    return deadline.start


def _last_before(deadlines: list[Deadline], place: int) -> Deadline | None:
    """The last that ends before the place."""
    before = bisect_right(deadlines, place, key=_end_of)
    return deadlines[before - 1] if before else None


def _end_of(deadline: Deadline) -> int:
    return deadline.end


_HALF: Final = re.compile(r"(?<!每)半(?:个)?(?P<unit>天|小时|工作日)")
_MOST: Final = "不超过|不得超过|不高于|不多于|不大于"
_LEAST: Final = "不少于|不低于|不小于|不下于|至少"
# The plain bounds may stand before the verb: 每月至少召开1次.
_BOUND: Final = re.compile(
    rf"(?P<most>{_MOST}|不超|最多|(?<!不)(?:低|少)于)(?:了|达)?$"
    rf"|(?P<least>{_LEAST}|(?<!不)(?:高|多)于|(?<!不)(?<!不得)超过|突破|(?<!不)超|力争达到)(?:了|达)?$"
    rf"|(?P<most_of>{_MOST})[\u4e00-\u9fff]{{1,8}}$|(?P<least_of>{_LEAST})[\u4e00-\u9fff]{{1,8}}(?<![到至为由从])$"
)
_MOVES: Final = (
    "提升|提高|增加|增长|扩大|上升|扩展|拓展|扩充|下降|降低|减少|压缩|压减|缩短|缩减|调整|扩容|降|增|升|攀升"
)
_BARE_FROM: Final = re.compile(
    rf"[由从](?:目前的|现在的|原来的|现有)?(?P<number>{_NUMBER})(?= ?(?:{_MOVES})(?:到|至|为))"
)
_MOVED: Final = re.compile(
    rf"^ ?(?:左右|以上|的)?,? ?(?:(?:逐步|进一步|稳步)?(?:{_MOVES})(?P<plain>到|至|为)|到|至|变为)"
    r"(?:约|不低于|不少于)? ?$"
)
