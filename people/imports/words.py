"""Words that offices use for the closed lists, normalised: squeezed, upper case."""

import re

from people.choices import HealthState, LeadershipLevel, PoliticalStatus, StaffType
from people.ranks import RANKS

STAFF_TYPES = {
    "公务员": StaffType.CIVIL_SERVANT,
    "行政": StaffType.CIVIL_SERVANT,
    "行政编": StaffType.CIVIL_SERVANT,
    "行政编制": StaffType.CIVIL_SERVANT,
    "参公": StaffType.EQUIVALENT,
    "参照": StaffType.EQUIVALENT,
    "参照公务员": StaffType.EQUIVALENT,
    "参照公务员法管理": StaffType.EQUIVALENT,
    "事业": StaffType.INSTITUTION,
    "事业编": StaffType.INSTITUTION,
    "事业编制": StaffType.INSTITUTION,
    "事业人员": StaffType.INSTITUTION,
    "全额": StaffType.INSTITUTION,
    "差额": StaffType.INSTITUTION,
    "自收自支": StaffType.INSTITUTION,
    "工勤": StaffType.WORKER,
    "工人": StaffType.WORKER,
    "机关工勤": StaffType.WORKER,
    "选调生": StaffType.SELECTED_GRADUATE,
    "岗位聘用": StaffType.POST_HIRED,
    "聘用": StaffType.POST_HIRED,
    "聘用制": StaffType.POST_HIRED,
    "聘任制": StaffType.POST_HIRED,
    "聘任": StaffType.POST_HIRED,
    "国企": StaffType.STATE_FIRM,
    "国有企业": StaffType.STATE_FIRM,
    "企业编制": StaffType.STATE_FIRM,
    "编外": StaffType.OFF_ESTABLISHMENT,
    "编制外": StaffType.OFF_ESTABLISHMENT,
    "编外聘用": StaffType.OFF_ESTABLISHMENT,
    "劳务派遣": StaffType.OFF_ESTABLISHMENT,
    "派遣": StaffType.OFF_ESTABLISHMENT,
    "临聘": StaffType.OFF_ESTABLISHMENT,
    "临时": StaffType.OFF_ESTABLISHMENT,
    "合同工": StaffType.OFF_ESTABLISHMENT,
    "合同制": StaffType.OFF_ESTABLISHMENT,
    "政府购买服务": StaffType.OFF_ESTABLISHMENT,
    "企业": StaffType.STATE_FIRM,
    "公益性岗位": StaffType.OFF_ESTABLISHMENT,
    "三支一扶": StaffType.OFF_ESTABLISHMENT,
    "政府雇员": StaffType.OFF_ESTABLISHMENT,
    "雇员": StaffType.OFF_ESTABLISHMENT,
    "挂职": StaffType.SECONDED_IN,
    "挂职来": StaffType.SECONDED_IN,
    "借调": StaffType.LOANED_IN,
    "借调来": StaffType.LOANED_IN,
    "借用": StaffType.LOANED_IN,
}
POLITICAL_STATUSES = {
    "中共党员": PoliticalStatus.PARTY_MEMBER,
    "党员": PoliticalStatus.PARTY_MEMBER,
    "中共正式党员": PoliticalStatus.PARTY_MEMBER,
    "正式党员": PoliticalStatus.PARTY_MEMBER,
    "中国共产党党员": PoliticalStatus.PARTY_MEMBER,
    "中共": PoliticalStatus.PARTY_MEMBER,
    "是": PoliticalStatus.PARTY_MEMBER,
    "预备党员": PoliticalStatus.PROBATIONARY,
    "中共预备党员": PoliticalStatus.PROBATIONARY,
    "共青团员": PoliticalStatus.YOUTH_LEAGUE,
    "团员": PoliticalStatus.YOUTH_LEAGUE,
    "民革": PoliticalStatus.RCCK,
    "民革党员": PoliticalStatus.RCCK,
    "民革会员": PoliticalStatus.RCCK,
    "民盟": PoliticalStatus.CDL,
    "民盟盟员": PoliticalStatus.CDL,
    "民建": PoliticalStatus.CNDCA,
    "民建会员": PoliticalStatus.CNDCA,
    "民进": PoliticalStatus.CAPD,
    "民进会员": PoliticalStatus.CAPD,
    "农工党": PoliticalStatus.CPWDP,
    "农工党党员": PoliticalStatus.CPWDP,
    "农工民主党": PoliticalStatus.CPWDP,
    "致公党": PoliticalStatus.ZHIGONG,
    "致公党党员": PoliticalStatus.ZHIGONG,
    "九三": PoliticalStatus.JIUSAN,
    "九三学社": PoliticalStatus.JIUSAN,
    "九三学社社员": PoliticalStatus.JIUSAN,
    "台盟": PoliticalStatus.TDSGL,
    "台盟盟员": PoliticalStatus.TDSGL,
    "无党派": PoliticalStatus.NON_PARTY,
    "无党派人士": PoliticalStatus.NON_PARTY,
    "群众": PoliticalStatus.MASSES,
    "普通群众": PoliticalStatus.MASSES,
    "否": PoliticalStatus.MASSES,
}
HEALTH_STATES = {
    "健康": HealthState.HEALTHY,
    "良好": HealthState.HEALTHY,
    "健康或良好": HealthState.HEALTHY,
    "一般": HealthState.FAIR,
    "一般或较弱": HealthState.FAIR,
    "较差": HealthState.POOR,
    "较弱": HealthState.POOR,
    "1": HealthState.HEALTHY,
    "3": HealthState.FAIR,
    "4": HealthState.POOR,
}
LEADERSHIP_LEVELS = {
    "厅局级正职": LeadershipLevel.BUREAU_CHIEF,
    "正厅": LeadershipLevel.BUREAU_CHIEF,
    "厅局级副职": LeadershipLevel.BUREAU_DEPUTY,
    "副厅": LeadershipLevel.BUREAU_DEPUTY,
    "县处级正职": LeadershipLevel.COUNTY_CHIEF,
    "正处": LeadershipLevel.COUNTY_CHIEF,
    "正县": LeadershipLevel.COUNTY_CHIEF,
    "县处级副职": LeadershipLevel.COUNTY_DEPUTY,
    "副处": LeadershipLevel.COUNTY_DEPUTY,
    "副县": LeadershipLevel.COUNTY_DEPUTY,
    "乡科级正职": LeadershipLevel.TOWNSHIP_CHIEF,
    "正科": LeadershipLevel.TOWNSHIP_CHIEF,
    "乡科级副职": LeadershipLevel.TOWNSHIP_DEPUTY,
    "副科": LeadershipLevel.TOWNSHIP_DEPUTY,
    "科员": "",  # no leading post
    "办事员": "",
    "一般干部": "",
    "股级": "",
    "正股": "",
    "副股": "",
    "无级别": "",
    "工作人员": "",
}

_NUMERALS = {str(n): c for n, c in enumerate("零一二三四五六七八九")} | {
    "10": "十",
    "11": "十一",
    "12": "十二",
    "13": "十三",
}
_GRADE = r"(1[0-3]|[1-9]|十[一二三]?|[一二三四五六七八九])"
_CIVIL = re.compile(_GRADE + r"级(巡视员|调研员|主任科员|科员)$")
_MANAGEMENT = re.compile(
    rf"(?:事业)?管理(?:岗位?|人员)?{_GRADE}级?(?:岗位?|职员)?$|{_GRADE}级?管理岗?位?$|{_GRADE}级职员$"
)
_TECHNICAL = re.compile(
    rf"(?:专业技术|专技|专业技术岗位?|专技岗位?)(?:岗位?)?{_GRADE}级?(?:岗位?)?$|{_GRADE}级专(?:业)?技(?:术)?岗?位?$"
)


def normal_rank(text: str) -> str:
    """The rank as the list writes it (管理八级 and 八级职员 are 管理岗八级); other text as it stands."""
    if match := _CIVIL.match(text):
        return _listed(f"{_hanzi(match.group(1))}级{match.group(2)}", text)
    if match := _MANAGEMENT.match(text):
        return _listed(f"管理岗{_hanzi(_found(match))}级", text)
    if match := _TECHNICAL.match(text):
        return _listed(f"专业技术{_hanzi(_found(match))}级", text)
    return text


def _found(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group)


def _hanzi(number: str) -> str:
    return _NUMERALS.get(number, number)


def _listed(rank: str, text: str) -> str:
    return rank if rank in RANKS else text


def normal_ethnicity(text: str) -> str:
    """汉 is 汉族."""
    return text if text.endswith("族") or text in ("其他", "外籍") or not text.isalpha() else f"{text}族"
