"""职级 in order, and which of them fall under the five-year hours rule.

Order: 综合管理类公务员 ranks high to low, then 事业单位管理岗 and others (公务员职务与职级并行规定).
Rank text outside the list is kept as written and sorts last.
"""

from people.choices import LeadershipLevel

CIVIL_RANKS = (
    "一级巡视员",
    "二级巡视员",
    "一级调研员",
    "二级调研员",
    "三级调研员",
    "四级调研员",
    "一级主任科员",
    "二级主任科员",
    "三级主任科员",
    "四级主任科员",
    "一级科员",
    "二级科员",
)
INSTITUTION_RANKS = (
    "管理岗五级",
    "管理岗六级",
    "管理岗七级",
    "管理岗八级",
    "管理岗九级",
    "管理岗十级",
)
_TECHNICAL_LEVELS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三")
TECHNICAL_RANKS = tuple(f"专业技术{level}级" for level in _TECHNICAL_LEVELS)
RANKS = CIVIL_RANKS + INSTITUTION_RANKS + TECHNICAL_RANKS
UNKNOWN_RANK_ORDER = 999

_ORDER = {rank: number for number, rank in enumerate(RANKS, start=1)}
_LAST_COUNTY_RANK = _ORDER["四级调研员"]
_COUNTY_EQUIVALENT = frozenset({"管理岗五级", "管理岗六级"})
_COUNTY_LEVELS = frozenset(
    {
        LeadershipLevel.BUREAU_CHIEF,
        LeadershipLevel.BUREAU_DEPUTY,
        LeadershipLevel.COUNTY_CHIEF,
        LeadershipLevel.COUNTY_DEPUTY,
    }
)


def rank_order(rank: str) -> int:
    """1 is the highest; `UNKNOWN_RANK_ORDER` for text outside the list."""
    return _ORDER.get(rank, UNKNOWN_RANK_ORDER)


def is_county_level(rank: str, leadership_level: str = "") -> bool:
    """县处级及以上领导职务，或四级调研员及相当层次职级以上（干部教育培训工作条例第十四条）."""
    if leadership_level in _COUNTY_LEVELS or rank in _COUNTY_EQUIVALENT:
        return True
    return rank_order(rank) <= _LAST_COUNTY_RANK
