"""The first steps of an office that belong to training and study."""

from core.access import Permission, Viewer
from people.contracts import FirstStep, Link, first_steps
from training.choices import StudyKind
from training.models import HourEntry, HourRule, StudyActivity


@first_steps.register("training.rules", order=20, permission=Permission.EDIT_RULES)
def look_at_the_rules(*, viewer: Viewer) -> FirstStep:
    return FirstStep(
        title="核对学时规则",
        why="每年 90 学时、党员 32 学时等已按现行规定设好；本地有不同要求的，新增一版并写明生效日期。",
        link=Link("training:rules"),
        act="去核对",
        help="学时",
        section="学时规则组织人事部",
        ready=True,
        done=HourRule.objects.all(),
    )


@first_steps.register("training.ledger", order=30, permission=Permission.IMPORT)
def import_the_ledger(*, viewer: Viewer) -> FirstStep:
    return FirstStep(
        title="导入今年的培训台账",
        why="导入后每人的学时自动算好，谁还差多少一目了然；以后的培训直接在系统里办。",
        link=Link("people:import_new"),
        query="kind=ledger",
        act="去导入",
        help="操作手册",
        section="导入花名册台账任免审批表",
        done=HourEntry.objects.all(),
    )


@first_steps.register("training.activity", order=40, permission=Permission.EDIT_STUDY)
def plan_an_activity(*, viewer: Viewer) -> FirstStep:
    return FirstStep(
        title="排第一期学习型组织活动",
        why="按方案每两月一期，全年六期；选主题和时间，应到名单自动列好；当天登记考勤，学时随即入账。",
        link=Link("training:activity_new"),
        query=f"kind={StudyKind.LEARNING}",
        act="去安排",
        help="学习活动",
        section="安排一场活动",
        done=StudyActivity.objects.filter(kind=StudyKind.LEARNING),
    )
