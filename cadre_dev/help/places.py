"""Which part of the manual tells of which page."""

from cadre_dev.help.manual import MAIN

# Longest address first in effect: the part of the longest prefix that the page lies under.
PLACES = {
    "/": (MAIN, "首页"),
    "/cadres/": (MAIN, "干部名册"),
    "/units/": (MAIN, "机构与岗位"),
    "/statistics/": ("统计报表", ""),
    "/imports/": (MAIN, "导入花名册台账任免审批表"),
    "/accounts/": (MAIN, "用户与授权三员"),
    "/audit/": (MAIN, "审计日志"),
    "/jobs/": (MAIN, "后台任务"),
    "/password/": (MAIN, "登录与密码"),
    "/notifications/": ("通知", ""),
    "/search/": ("查找与列表", ""),
    "/training/": ("培训班次", ""),
    "/training/hours/": ("学时", ""),
    "/training/self-filed/": ("学时", ""),
    "/training/study/": ("学习活动", ""),
    "/training/checkin/": ("签到与日历", ""),
    "/training/calendar/": ("签到与日历", ""),
    "/training/articles/": ("引学比拼需求", ""),
    "/training/contests/": ("引学比拼需求", ""),
    "/training/needs/": ("引学比拼需求", ""),
    "/training/quizzes/": ("引学比拼需求", ""),
    "/bulk/": ("查找与列表", "成批修改撤销"),
    "/growth/": ("成长档案", ""),
    "/growth/campaigns/": ("信息核对", ""),
    "/growth/check/": ("信息核对", ""),
    "/growth/windows/": ("信息核对", ""),
    "/park/": ("园区任务", ""),
    "/park/projects/": ("项目企业", ""),
    "/park/enterprises/": ("项目企业", ""),
    "/park/assignments/": ("项目企业", ""),
    "/park/visits/": ("项目企业", ""),
    "/wellbeing/": ("谈话", ""),
    "/wellbeing/inspections/": ("督查体检", ""),
    "/wellbeing/findings/": ("督查体检", ""),
    "/wellbeing/checkups/": ("督查体检", ""),
    "/wellbeing/care/": ("关心关爱", ""),
    "/wellbeing/activities/": ("关心关爱", ""),
    "/rotation/": ("轮岗方案", ""),
    "/rotation/secondments/": ("挂职", ""),
    "/rotation/tenure/": ("任职年限", ""),
    "/rotation/cases/": ("会议研究", ""),
}


def place_of(path: str) -> tuple[str, str]:
    """(part, anchor) for an address; the main manual for what no part tells of."""
    under = [prefix for prefix in PLACES if path.startswith(prefix) and (prefix != "/" or path == "/")]
    return PLACES[max(under, key=len)] if under else (MAIN, "")
