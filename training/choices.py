"""Closed lists of cadre training (domain.md 1 and 4.4)."""

from django.db.models import TextChoices


class ClassKind(TextChoices):
    DISPATCHED = "dispatched", "上级调训"
    TOPICAL = "topical", "专题培训班"
    ON_THE_JOB = "on_the_job", "在岗培训"
    CONTINUING = "continuing", "继续教育"
    STUDY_VISIT = "study_visit", "外出考察"
    ONLINE = "online", "网络培训"


class Theme(TextChoices):
    PARTY_BUILDING = "party_building", "党建创新"
    INDUSTRY = "industry", "产业发展"
    INVESTMENT = "investment", "招商引资"
    PROJECTS = "projects", "项目建设"
    SAFETY = "safety", "安全生产"
    ENVIRONMENT = "environment", "生态环保"
    WRITING = "writing", "公文及政务信息写作"
    OTHER = "other", "其他"


class Ledger(TextChoices):
    """Hours are kept in separate ledgers: online hours do not count toward 集中培训 by default."""

    CONCENTRATED = "concentrated", "集中培训"
    ONLINE = "online", "网络培训"
    PARTY = "party", "党员学习"

    @classmethod
    def of(cls, kind: str) -> "Ledger":
        return cls.ONLINE if kind == ClassKind.ONLINE else cls.CONCENTRATED


class ResultGrade(TextChoices):
    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


class HourRegime(TextChoices):
    """Which requirement a cadre is under: one of the first two (干部教育培训工作条例第十四条), by rank.

    Members of the party are under the third as well; it is reckoned from the party-member ledger alone.
    """

    ANNUAL = "annual", "年度学时"
    FIVE_YEAR = "five_year", "五年学时"
    PARTY = "party", "党员学习"


class HoursStatus(TextChoices):
    """Where a cadre stands against the requirement on a day (ui.md 2.4)."""

    MET = "met", "达标"
    ON_PACE = "on_pace", "达到进度"
    BEHIND = "behind", "滞后"
    NO_RULE = "no_rule", "未设要求"


class ClassState(TextChoices):
    """Where a class stands; the arrows between the states are in training.services."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    ENROLLING = "enrolling", "报名中"
    CLOSED = "closed", "报名截止"
    RUNNING = "running", "进行中"
    ASSESSING = "assessing", "待评定"
    ARCHIVED = "archived", "已归档"
    CANCELLED = "cancelled", "已取消"


class EnrolmentWay(TextChoices):
    """How people come into a class."""

    OPEN = "open", "本人报名，报上即确认"
    APPROVED = "approved", "本人报名，经办审批"
    SIGNED = "signed", "本人报名，部门同意后审批"
    NOMINATED = "nominated", "单位推荐，经办审批"


class LeaveState(TextChoices):
    REQUESTED = "requested", "待批"
    GRANTED = "granted", "已准假"
    REFUSED = "refused", "未准假"
    WITHDRAWN = "withdrawn", "已撤回"


class ParticipationState(TextChoices):
    NOMINATED = "nominated", "已推荐"
    APPLIED = "applied", "待审批"
    WAITING = "waiting", "候补"
    CONFIRMED = "confirmed", "已确认"
    DISPATCHED = "dispatched", "已派出"
    REJECTED = "rejected", "未通过"
    WITHDRAWN = "withdrawn", "已退出"
    COMPLETED = "completed", "结业"
    NOT_COMPLETED = "failed", "未结业"
    DROPPED = "dropped", "退学"


# States that hold a seat of the class.
SEATED_STATES = frozenset(
    {
        ParticipationState.CONFIRMED,
        ParticipationState.DISPATCHED,
        ParticipationState.COMPLETED,
        ParticipationState.NOT_COMPLETED,
        ParticipationState.DROPPED,
    }
)


class ParticipationOrigin(TextChoices):
    APPLICATION = "application", "本人报名"
    NOMINATION = "nomination", "单位推荐"
    REGISTERED = "registered", "经办登记"
    IMPORTED = "imported", "台账导入"


class HourSource(TextChoices):
    """Where an entry of the hours ledger comes from."""

    CLASS = "class", "培训班次"
    ACTIVITY = "activity", "学习活动"
    ONLINE = "online", "网络学习"
    SELF_FILED = "self_filed", "自学填报"
    TEACHING = "teaching", "授课"
    READING = "reading", "引学阅读"
    MAKE_UP = "make_up", "补学"


class ConversionBasis(TextChoices):
    DAY = "day", "每天"
    HALF_DAY = "half_day", "每半天"
    HOUR = "hour", "每小时"
    ITEM = "item", "每次"
    ONLINE_LONG = "online_long", "30 分钟以上课件"
    ONLINE_MEDIUM = "online_medium", "15 至 30 分钟课件"
    ONLINE_SHORT = "online_short", "15 分钟以内课件"
    ONLINE_TEST = "online_test", "通过测试"


class StudyKind(TextChoices):
    """Study activities (domain.md 4.2, 4.4)."""

    MONDAY = "monday", "周一学习例会"
    CENTRE_GROUP = "centre_group", "理论学习中心组"
    BRANCH_ASSEMBLY = "branch_assembly", "支部党员大会"
    BRANCH_COMMITTEE = "branch_committee", "支部委员会"
    GROUP_MEETING = "group_meeting", "党小组会"
    PARTY_LECTURE = "party_lecture", "党课"
    THEME_PARTY_DAY = "theme_party_day", "主题党日"
    ORGANISATIONAL_LIFE = "organisational_life", "组织生活会"
    LEARNING = "learning", "学习型组织活动"
    INTEGRITY = "integrity", "廉政教育"
    DOCUMENT = "document", "文件会议精神传达"


class StudyTheme(TextChoices):
    DEVELOPMENT = "development", "高质量发展"
    INDUSTRY = "industry", "产业"
    SHARING = "sharing", "分享"
    OATH = "oath", "重温入党誓词"
    WARNING_FILM = "warning_film", "警示教育片"
    INTEGRITY_HALL = "integrity_hall", "廉政纪念馆"
    REVOLUTION_HALL = "revolution_hall", "革命纪念馆"


LEARNING_THEMES = (StudyTheme.DEVELOPMENT, StudyTheme.INDUSTRY, StudyTheme.SHARING)
INTEGRITY_THEMES = (
    StudyTheme.OATH,
    StudyTheme.WARNING_FILM,
    StudyTheme.INTEGRITY_HALL,
    StudyTheme.REVOLUTION_HALL,
)


class ActivityState(TextChoices):
    PLANNED = "planned", "未开展"
    HELD = "held", "已开展"
    CANCELLED = "cancelled", "已取消"


class GroupKind(TextChoices):
    """Who is expected at study activities."""

    BRANCH = "branch", "党支部"
    COMMITTEE = "committee", "支部委员会"
    PARTY_GROUP = "party_group", "党小组"
    CENTRE = "centre", "理论学习中心组"
    OTHER = "other", "其他学习组"


class Frequency(TextChoices):
    """How often something must be held; `two_months` is the six periods of a year."""

    WEEK = "week", "每周"
    MONTH = "month", "每月"
    TWO_MONTHS = "two_months", "每两月"
    QUARTER = "quarter", "每季度"
    YEAR = "year", "每年"


class HolidayShift(TextChoices):
    SKIP = "skip", "遇节假日停一次"
    NEXT = "next", "顺延到下一个工作日"
    PREVIOUS = "previous", "提前到上一个工作日"


class DayKind(TextChoices):
    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "调休上班"


class AttendanceState(TextChoices):
    EXPECTED = "expected", "应到"
    PRESENT = "present", "到课"
    LATE = "late", "迟到"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺席"
    EXCUSED = "excused", "免训"


class AttendanceSource(TextChoices):
    """How a state of attendance came about."""

    NONE = "", "未签到"
    QR = "qr", "扫码签到"
    CODE = "code", "签到码"
    OFFLINE = "offline", "离线补传"
    MANUAL = "manual", "人工登记"
    IMPORTED = "imported", "名单导入"


class LeaveReason(TextChoices):
    DUTY = "duty", "公务"
    SICK = "sick", "病假"
    PERSONAL = "personal", "事假"
    SECONDED = "seconded", "挂职在外"
    OTHER = "other", "其他"


class CheckInResult(TextChoices):
    """What became of an attempt to check in; stable codes, also in the API."""

    PRESENT = "present", "签到成功"
    LATE = "late", "签到成功（迟到）"
    SIGNED_OUT = "signed_out", "签退成功"
    ALREADY = "already", "已经签到"
    EXPIRED = "expired", "签到码已过期"
    UNKNOWN = "unknown", "签到码不对"
    NOT_OPEN = "not_open", "还没开始签到"
    CLOSED = "closed", "签到已经截止"
    NOT_EXPECTED = "not_expected", "不在应到名单"
    CANCELLED = "cancelled", "活动已取消"
    TOO_MANY = "too_many", "尝试次数过多"


CHECKED_IN = frozenset({CheckInResult.PRESENT, CheckInResult.LATE})


class TimetableState(TextChoices):
    WAITING = "waiting", "计算中"
    SOLVED = "solved", "已有方案"
    INFEASIBLE = "infeasible", "排不开"
    STOPPED = "stopped", "已停止"
    ADOPTED = "adopted", "已采用"


class MakeUpState(TextChoices):
    """Where a make-up study stands; only an accepted one is done."""

    ASSIGNED = "assigned", "待补学"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    ACCEPTED = "accepted", "已补学"


class Audience(TextChoices):
    """Whom an article or a quiz is meant for."""

    ALL = "all", "全体在职干部"
    UNIT = "unit", "部门"
    GROUP = "group", "学习组"


class ArticleCategory(TextChoices):
    """引学 and the passing on of documents (product.md: 公众号引学, 文件/会议精神传达)."""

    DOCUMENT = "document", "文件会议精神"
    THEORY = "theory", "政治理论"
    POLICY = "policy", "政策法规"
    BUSINESS = "business", "业务知识"
    EXPERIENCE = "experience", "先进经验"
    INTEGRITY = "integrity", "廉政教育"


class ReadingWay(TextChoices):
    ONLINE = "online", "本人确认"
    PAPER = "paper", "纸质登记"


class NeedOrigin(TextChoices):
    """Who filed a need; what evidence says is a `people.choices.NeedKind`."""

    UNIT = "unit", "部门填报"
    CADRE = "cadre", "本人提出"


class NeedMoment(TextChoices):
    BEFORE = "before", "办班前 60 天"
    AFTER = "after", "办班后 60 天"


class ContestKind(TextChoices):
    WRITING = "writing", "主题信息写作"
    SPEECH = "speech", "演讲比赛"
    LECTURE = "lecture", "微党课"
    OTHER = "other", "其他比拼"


class ContestState(TextChoices):
    OPEN = "open", "征集作品"
    JUDGING = "judging", "评分中"
    CLOSED = "closed", "已评定"
    PUBLISHED = "published", "已公布"
    CANCELLED = "cancelled", "已取消"


class Award(TextChoices):
    FIRST = "first", "一等奖"
    SECOND = "second", "二等奖"
    THIRD = "third", "三等奖"


class QuestionKind(TextChoices):
    SINGLE = "single", "单选题"
    MULTIPLE = "multiple", "多选题"
    JUDGE = "judge", "判断题"


class AttemptSource(TextChoices):
    ONLINE = "online", "在线答题"
    PAPER = "paper", "纸质考试"


class AnswerKind(TextChoices):
    """How a question of an evaluation is answered."""

    SCALE = "scale", "评分（1–5 分）"
    TEXT = "text", "文字"


class EvaluationSubject(TextChoices):
    """Whom a question of an evaluation is about."""

    CLASS = "class", "班次"
    LECTURER = "lecturer", "师资"


class SelfFiledKind(TextChoices):
    """What a cadre files for credit; the codes are those of the conversion rules."""

    ON_THE_JOB = "on_the_job", "在岗培训"
    CONTINUING = "continuing", "继续教育"
    ONLINE = "online", "网络课件"


class SelfFiledMeasure(TextChoices):
    DAY = "day", "天"
    HALF_DAY = "half_day", "半天"
    HOUR = "hour", "小时"
    LESSON = "lesson", "个课件"


class SelfFiledState(TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审批"
    APPROVED = "approved", "已通过"
    RETURNED = "returned", "已退回"


# Kinds that are held by one kind of group; a kind that is missing here may be held by anyone.
GROUP_KIND_OF = {
    StudyKind.CENTRE_GROUP: GroupKind.CENTRE,
    StudyKind.BRANCH_ASSEMBLY: GroupKind.BRANCH,
    StudyKind.BRANCH_COMMITTEE: GroupKind.COMMITTEE,
    StudyKind.GROUP_MEETING: GroupKind.PARTY_GROUP,
    StudyKind.THEME_PARTY_DAY: GroupKind.BRANCH,
    StudyKind.ORGANISATIONAL_LIFE: GroupKind.BRANCH,
}
THEMES_OF = {StudyKind.LEARNING: LEARNING_THEMES, StudyKind.INTEGRITY: INTEGRITY_THEMES}
