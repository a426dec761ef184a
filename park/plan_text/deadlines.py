"""By when: 2025年底前, 12月底前, 9月30日前, 三季度末, 年内, "十四五"期间, and how often: 每两月."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from park.plan_text.numerals import value_of


@dataclass(frozen=True, slots=True)
class Deadline:
    """`on` is the last day meant, None where the words name no day. `words` as they stand in the text."""

    words: str
    on: date | None
    start: int
    end: int
    sets_out: bool = False  # "到2025年": holds for what follows in the clause

    @property
    def shown(self) -> str:
        return self.on.isoformat() if self.on else self.words


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often a duty comes round: the code of park.choices.Recurrence and the usual word for it."""

    code: str
    words: str
    start: int
    end: int


_N: Final = r"[一二三四五六七八九十]{1,3}|\d{1,2}"
_BEFORE: Final = r"(?:之前|以前|前|内)?"
_PATTERNS: Final = (
    ("span", r"(?P<from>(?:19|20)\d{2}) ?年? ?(?:-{1,2}|~|至|到) ?(?P<to>(?:19|20)\d{2}) ?年"),
    ("plan", r"\"?(?P<plan>十[三四五六])五\"? ?(?:规划)?(?:期间|时期|期末|末|期内)"),
    (
        "day",
        r"(?:到|至|于|在)? ?(?:(?P<y1>(?:19|20)\d{2}) ?年 ?)?(?P<m1>\d{1,2}) ?月 ?(?P<d1>\d{1,2}) ?日"
        rf"{_BEFORE}",
    ),
    (
        "months",
        r"(?:(?P<y7>(?:19|20)\d{2}) ?年 ?)?\d{1,2} ?月 ?(?:-{1,2}|至|到) ?(?:(?P<y8>(?:19|20)\d{2}) ?年 ?)?"
        r"(?P<m7>\d{1,2}) ?月(?:份|底|末)?",
    ),
    (
        "month",
        r"(?:到|至|于|在)? ?(?P<y2>(?:19|20)\d{2}) ?年 ?(?P<m2>\d{1,2}) ?月(?:份|底|末|上旬|中旬|下旬)?"
        rf"{_BEFORE}",
    ),
    (
        "month_only",
        r"(?<!\d)(?P<m3>\d{1,2}) ?月(?:份)?"
        rf"(?:(?:底|末|中旬|上旬|下旬){_BEFORE}|{_BEFORE}(?<=[前内])|(?=完成))",
    ),
    (
        "quarter",
        rf"(?:(?P<y4>(?:19|20)\d{{2}}) ?年 ?)?(?<!每)第?(?P<q>[一二三四1234]) ?季度(?:末|底)?{_BEFORE}",
    ),
    ("half", r"(?:(?P<y5>(?:19|20)\d{2}) ?年 ?)?(?P<half>上半年|下半年)(?:末|底)?(?:前|内)?"),
    (
        "year",
        rf"(?P<to_year>到|至)? ?(?P<y6>(?:19|20)\d{{2}}) ?年(?:度)?(?:年?底|年?末)?{_BEFORE}"
        r"(?!以来|起|[初份月]|度?报告|\d)",
    ),
    ("this_year", r"(?P<this>今年年?[底末]?(?:前|内)?|本年度?内?|年(?:底|末)(?:前|之前)?|年内|全年|当年)"),
    ("next_year", r"(?P<next>明年(?:年底)?(?:前)?)"),
    ("length", rf"(?P<length>(?:{_N}) ?(?:年|个月|天|日|个工作日) ?(?:之内|以内|内))"),
)
_ANY: Final = re.compile("|".join(f"(?P<{name}_>{pattern})" for name, pattern in _PATTERNS))
_END_OF_PLAN: Final = {"十三": 2020, "十四": 2025, "十五": 2030, "十六": 2035}
_SETS_OUT: Final = re.compile(r" ?,|[^。;,:\n]{0,20}目标")  # 2025年，…；… and 2025年主要目标：…
_NOT_A_GOAL: Final = re.compile(r"(?:自|从|截至|截止|截止到|较|比) ?$")


def find_deadlines(flat: str, start: int, end: int, *, year: int) -> Iterator[Deadline]:
    """Deadlines in order; a day or month without a year is one of `year`."""
    for found in _ANY.finditer(flat, start, end):
        if _NOT_A_GOAL.search(flat, max(start, found.start() - 4), found.start()):
            continue
        on = _day(found, year)
        words = found.group().strip()
        sets_out = bool(found["to_year"] or found["span_"] or words in ("全年", "今年"))
        sets_out = sets_out or bool(found["year_"] and _SETS_OUT.match(flat, found.end(), end))
        yield Deadline(words, on, found.start(), found.end(), sets_out)


def _day(found: re.Match[str], year: int) -> date | None:
    if found["span_"]:
        return date(int(found["to"]), 12, 31)
    if found["plan_"]:
        return date(_END_OF_PLAN[found["plan"]], 12, 31)
    if found["day_"]:
        return _date(int(found["y1"] or year), int(found["m1"]), int(found["d1"]))
    if found["month_"] or found["month_only_"]:
        return _month_end(int(found["y2"] or year), int(found["m2"] or found["m3"]))
    if found["months_"]:
        return _month_end(int(found["y8"] or found["y7"] or year), int(found["m7"]))
    if found["quarter_"]:
        return _month_end(int(found["y4"] or year), 3 * value_of(found["q"]))
    if found["half_"]:
        return _month_end(int(found["y5"] or year), 6 if found["half"] == "上半年" else 12)
    return _year_end(found, year)


def _year_end(found: re.Match[str], year: int) -> date | None:
    if found["year_"]:
        return date(int(found["y6"]), 12, 31)
    if found["this_year_"]:
        return date(year, 12, 31)
    return date(year + 1, 12, 31) if found["next_year_"] else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date | None:
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 else None


_OFTEN: Final = (
    ("daily", "每天", r"每(?:天|日)|每个?工作日"),
    ("fortnightly", "每两周", r"每(?:两|2|二) ?(?:个)?(?:周|星期)|每半(?:个)?月|每旬"),
    ("weekly", "每周", r"每(?:个)?(?:周|星期)(?!岁)|(?:按|逐)周(?!期)"),
    ("two_monthly", "每两月", r"每(?:两|2|二) ?(?:个)?月|双月|隔月"),
    ("half_yearly", "每半年", r"每半年|每(?:六|6) ?个月"),
    ("quarterly", "每季度", r"每(?:个)?季(?:度)?|每(?:三|3) ?个月|按季(?:度)?|逐季"),
    ("monthly", "每月", r"每(?:个)?月|按月|逐月|(?<![\d一二三四五六七八九十])月(?:调度|通报|例会)"),
    ("yearly", "每年", r"每年度?|按年度?|逐年|每一年"),
    (
        "standing",
        "常态化",
        r"常态化|经常性|不定期|定期|长期坚持|持续(?:开展|推进|引入|深化|做好|抓好|加强)|坚持(?:定期|经常)",
    ),
)
_OFTEN_PATTERNS: Final = tuple((code, words, re.compile(pattern)) for code, words, pattern in _OFTEN)


def find_recurrence(flat: str, start: int, end: int) -> Recurrence | None:
    """The first fixed rhythm named in the span, else that something is done 常态化."""
    found = [
        Recurrence(code, words, match.start(), match.end())
        for code, words, pattern in _OFTEN_PATTERNS
        if (match := pattern.search(flat, start, end))
    ]
    fixed = [each for each in found if each.code != "standing"]
    return min(fixed or found, key=lambda each: (each.start, -each.end), default=None)


def rhythm_before(flat: str, start: int, end: int) -> Recurrence | None:
    """The fixed rhythm that a count at `end` belongs to: 每季度至少召开一次."""
    found = [
        Recurrence(code, words, match.start(), match.end())
        for code, words, pattern in _OFTEN_PATTERNS
        if code != "standing"
        for match in pattern.finditer(flat, start, end)
    ]
    return max(found, key=lambda each: (each.start, each.end), default=None)
